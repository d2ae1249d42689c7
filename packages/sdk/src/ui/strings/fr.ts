import type { Texts } from "./index.ts";

export default [
  "Retour", // nav.back
  "Chargement des offres", // modal.loading
  "Vérification de votre abonnement", // modal.verifying_subscription
  "Le chargement a échoué", // modal.error_generic
  "Vérifiez votre connexion et réessayez.", // modal.error_hint
  "Réessayer", // modal.retry
  "Continuer", // modal.continue
  "Fermer", // modal.close_aria
  "Mode test : aucun paiement réel", // modal.test_mode
  "C’est tout bon", // modal.purchase_success_title
  "Votre paiement est arrivé et tout est débloqué.", // modal.purchase_success_subtitle
  "Heureux de vous revoir", // modal.purchase_restored_title
  "Nous avons retrouvé votre abonnement. Tout est débloqué.", // modal.purchase_restored_subtitle
  "Terminez dans l’autre onglet", // payment.awaiting_title
  "Le paiement est ouvert dans un nouvel onglet. Cette page se débloquera toute seule une fois le paiement effectué.", // payment.awaiting_subtitle
  "J’ai payé", // payment.ive_paid
  "Vérification…", // payment.checking
  "Pas encore confirmé. Cela peut prendre un instant, réessayez bientôt.", // payment.still_processing
  "Vous ne voyez pas l’onglet ?", // payment.popup_help_text
  "L’ouvrir à nouveau", // payment.open_checkout_again
  "Recommencer", // payment.tab_closed_retry
  "Encore un clic", // payment.popup_blocked_title
  "Votre navigateur a bloqué l’ouverture du paiement dans un nouvel onglet.", // payment.popup_blocked_message
  "Ouvrir le paiement", // payment.open_checkout_button
  "Le paiement n’a pas pu s’ouvrir. Rien ne vous a été débité.", // payment.failed
  "Ce site doit vous identifier avant l’achat.", // payment.who
  "E-mail", // auth.email
  "Mot de passe", // auth.password
  "Choisissez un mot de passe", // auth.new_password
  "6 caractères minimum", // auth.password_hint
  "Code à 6 chiffres", // auth.code
  "Afficher le mot de passe", // auth.show_password
  "Masquer le mot de passe", // auth.hide_password
  "Se connecter", // auth.log_in
  "Créer un compte", // auth.create_account
  "Envoyer le lien", // auth.send_reset
  "Recevoir un code par e-mail", // auth.send_code
  "Recevoir plutôt un code par e-mail", // auth.send_code_instead
  "Utiliser un mot de passe", // auth.use_password
  "Continuer", // auth.verify
  "ou", // auth.or
  "Retour à la connexion", // auth.back_to_login
  "Oublié ?", // auth.forgot_password
  "Envoyer un nouveau code", // auth.resend_code
  "Nouveau code dans {n} s", // auth.resend_in
  "Renvoyer", // auth.resend_mail
  "Utiliser une autre adresse", // auth.other_email
  "Pas encore de compte ?", // auth.no_account
  "Créez-en un", // auth.sign_up_link
  "Déjà un compte ?", // auth.have_account
  "Connectez-vous", // auth.log_in_link
  "Connexion", // auth.welcome
  "Créez votre compte", // auth.welcome_signup
  "Pour retrouver votre abonnement sur tous vos appareils.", // auth.default_subtitle
  "Réinitialisez votre mot de passe", // auth.forgot_password_title
  "Nous vous enverrons un lien pour en choisir un nouveau.", // auth.forgot_subtitle
  "Consultez votre messagerie", // auth.check_email_title
  "Si un compte existe pour {email}, un lien est en route. Il est valable une heure.", // auth.reset_sent_subtitle
  "Ouvrez le lien envoyé à {email}. Cette page vous connectera toute seule.", // auth.signup_sent_subtitle
  "Saisissez le code", // auth.otp_verify_title
  "Nous l’avons envoyé à {email}.", // auth.otp_verify_subtitle
  "Restaurez votre achat", // auth.restore_purchases_heading
  "Connectez-vous avec l’adresse utilisée lors de l’achat.", // auth.restore_purchases_subheading
  "Connectez-vous pour continuer", // auth.login_continue_purchase
  "Pour retrouver votre abonnement sur tous vos appareils.", // auth.link_purchase_subheading
  "Connecté avec {email}", // auth.signed_in
  "Un nouveau code est en route.", // auth.code_resent
  "E-mail renvoyé.", // auth.mail_resent
  "Saisissez une adresse e-mail valide.", // auth.invalid_email
  "Saisissez votre mot de passe.", // auth.password_required
  "Cela n’a pas fonctionné. Veuillez réessayer.", // auth.signin_failed
  "L’e-mail et le mot de passe ne correspondent pas.", // auth.invalid_credentials
  "Confirmez d’abord votre e-mail : ouvrez le lien que nous vous avons envoyé.", // auth.email_not_confirmed
  "Cette adresse a déjà un compte. Connectez-vous.", // auth.email_already_registered
  "Choisissez un mot de passe plus long.", // auth.weak_password
  "Ce code est incorrect ou a expiré.", // auth.invalid_otp
  "Trop de tentatives. Patientez une minute, puis réessayez.", // auth.rate_limited
  "Pas de connexion. Vérifiez votre réseau et réessayez.", // auth.network_error
  "Le service est saturé. Réessayez dans un instant.", // auth.service_unavailable
  "Ce site n’a pas fini de configurer la connexion.", // auth.custom_domain_required
  "Se déconnecter", // session.sign_out
  "Restaurer un achat", // session.restore_purchases
  "Contacter l’assistance", // session.contact_support
  "Fermer", // cta.close
  "Continuer", // cta.continue
  "Ouverture du paiement…", // cta.opening
  "Essayer {days|# jour|# jours} gratuitement", // cta.start_trial
  "Obtenir l’accès à vie", // cta.get_lifetime
  "Choisir l’offre à la journée", // cta.get_day
  "Choisir l’offre hebdomadaire", // cta.get_week
  "Choisir l’offre mensuelle", // cta.get_month
  "Choisir l’offre annuelle", // cta.get_year
  "Rien n’est encore en vente ici.", // pricing.no_prices
  "Offres", // pricing.plans_aria
  "Le plus choisi", // pricing.most_popular
  "{percent} % d’économie", // pricing.save
  "Prix initial", // pricing.was
  "Journalier", // pricing.plan_label.day
  "Hebdomadaire", // pricing.plan_label.week
  "Mensuel", // pricing.plan_label.month
  "Annuel", // pricing.plan_label.year
  "À vie", // pricing.plan_label.lifetime
  "par jour", // pricing.per.day
  "par semaine", // pricing.per.week
  "par mois", // pricing.per.month
  "par an", // pricing.per.year
  "tous les {n} jours", // pricing.every.day
  "toutes les {n} semaines", // pricing.every.week
  "tous les {n} mois", // pricing.every.month
  "tous les {n} ans", // pricing.every.year
  "paiement unique", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# jour offert|# jours offerts}", // pricing.trial
  "{days|# jour gratuit|# jours gratuits}, puis {amount} {period} jusqu’à résiliation.", // pricing.sum_trial
  "{amount} aujourd’hui, puis {amount} {period} jusqu’à résiliation.", // pricing.sum_recurring
  "{amount} aujourd’hui. Renouvelé {period} jusqu’à résiliation.", // pricing.sum_discounted
  "chaque jour", // pricing.renews.day
  "chaque semaine", // pricing.renews.week
  "chaque mois", // pricing.renews.month
  "chaque année", // pricing.renews.year
  "{amount} une seule fois. Sans renouvellement.", // pricing.sum_once
  "Paiement sécurisé", // pricing.secure
  "Le paiement s’ouvre dans un nouvel onglet.", // pricing.secure_hint
  "Inclus {period}", // pricing.included_per
  "Inclus", // pricing.included_total
  "Offre à durée limitée", // offer.limited_time
  "Fin dans", // offer.ends_in
  "Comment pouvons-nous vous aider ?", // support.heading
  "Écrivez-nous, nous vous répondrons par e-mail.", // support.instruction
  "Objet", // support.subject
  "Message", // support.message
  "Envoyer le message", // support.send_button
  "Terminé", // support.done_button
  "Envoyer un autre message", // support.send_another
  "Message envoyé", // support.success_heading
  "Nous répondrons à {email}.", // support.success_message
  "Ajouter des captures d’écran", // support.attachments_label
  "Jusqu’à {max} images de {size} Mo chacune", // support.file_requirements
  "Choisissez {max} images au maximum.", // support.too_many_files
  "Uniquement JPEG, PNG ou WebP, {size} Mo au maximum.", // support.invalid_file
  "Retirer {filename}", // support.remove_file_aria
  "Entre {min} et {max} caractères.", // support.subject_length
  "Vous avez déjà écrit deux fois aujourd’hui. Merci d’attendre notre réponse.", // support.rate_limited
  "Votre message n’a pas été envoyé. Veuillez réessayer.", // support.failed
  "Recharger la page", // modal.reload
  "Continuer avec {provider}", // auth.continue_with
  "Dernière utilisation : {email}", // auth.last_used
  "Dernière utilisation", // auth.last_used_no_email
  "Poursuivez dans la fenêtre qui vient de s’ouvrir.", // auth.oauth_waiting
  "Votre navigateur a bloqué la fenêtre de connexion. Autorisez-la pour ce site et réessayez.", // auth.popup_blocked
  "Ce compte {provider} appartient déjà à un autre utilisateur.", // auth.identity_already_linked
  "Se connecter avec ce compte", // auth.switch_account
  "Continuer", // auth.sign_up
  "Autres façons de se connecter", // auth.other_ways
  "Déconnexion…", // session.signing_out
  "Entre {min} et {max} caractères.", // support.message_length
  "Envoi…", // support.sending
  "Veuillez réessayer un peu plus tard.", // modal.error_later
] satisfies Texts;
