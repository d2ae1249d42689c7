import type { Texts } from "./index.ts";

export default [
  "Terug", // nav.back
  "Abonnementen laden", // modal.loading
  "Je abonnement controleren", // modal.verifying_subscription
  "Dit kon niet worden geladen", // modal.error_generic
  "Controleer je verbinding en probeer het opnieuw.", // modal.error_hint
  "Opnieuw proberen", // modal.retry
  "Doorgaan", // modal.continue
  "Sluiten", // modal.close_aria
  "Testmodus: er wordt niets echt betaald", // modal.test_mode
  "Alles is klaar", // modal.purchase_success_title
  "Je betaling is binnen en alles is ontgrendeld.", // modal.purchase_success_subtitle
  "Welkom terug", // modal.purchase_restored_title
  "We hebben je abonnement gevonden. Alles is ontgrendeld.", // modal.purchase_restored_subtitle
  "Rond af in het andere tabblad", // payment.awaiting_title
  "De betaling staat open in een nieuw tabblad. Deze pagina ontgrendelt vanzelf zodra je hebt betaald.", // payment.awaiting_subtitle
  "Ik heb betaald", // payment.ive_paid
  "Controleren…", // payment.checking
  "Nog niet bevestigd. Het kan even duren, probeer het zo opnieuw.", // payment.still_processing
  "Zie je het tabblad niet?", // payment.popup_help_text
  "Opnieuw openen", // payment.open_checkout_again
  "Opnieuw beginnen", // payment.tab_closed_retry
  "Nog één klik", // payment.popup_blocked_title
  "Je browser hield de betaling in een nieuw tabblad tegen.", // payment.popup_blocked_message
  "Betaling openen", // payment.open_checkout_button
  "De betaling kon niet starten. Er is niets afgeschreven.", // payment.failed
  "Deze site moet je inloggen voordat je kunt kopen.", // payment.who
  "E-mail", // auth.email
  "Wachtwoord", // auth.password
  "Kies een wachtwoord", // auth.new_password
  "Minimaal 6 tekens", // auth.password_hint
  "6-cijferige code", // auth.code
  "Wachtwoord tonen", // auth.show_password
  "Wachtwoord verbergen", // auth.hide_password
  "Inloggen", // auth.log_in
  "Account maken", // auth.create_account
  "Herstellink sturen", // auth.send_reset
  "Mail me een code", // auth.send_code
  "Mail me liever een code", // auth.send_code_instead
  "Wachtwoord gebruiken", // auth.use_password
  "Doorgaan", // auth.verify
  "of", // auth.or
  "Terug naar inloggen", // auth.back_to_login
  "Vergeten?", // auth.forgot_password
  "Nieuwe code sturen", // auth.resend_code
  "Nieuwe code over {n} s", // auth.resend_in
  "Opnieuw sturen", // auth.resend_mail
  "Ander adres gebruiken", // auth.other_email
  "Nog geen account?", // auth.no_account
  "Maak er een", // auth.sign_up_link
  "Al een account?", // auth.have_account
  "Inloggen", // auth.log_in_link
  "Inloggen", // auth.welcome
  "Maak je account", // auth.welcome_signup
  "Zo heb je je abonnement op al je apparaten.", // auth.default_subtitle
  "Stel je wachtwoord opnieuw in", // auth.forgot_password_title
  "We mailen je een link om een nieuw wachtwoord te kiezen.", // auth.forgot_subtitle
  "Kijk in je inbox", // auth.check_email_title
  "Als {email} een account heeft, is de link onderweg. Hij werkt een uur.", // auth.reset_sent_subtitle
  "Open de link die we naar {email} hebben gestuurd. Deze pagina logt je vanzelf in.", // auth.signup_sent_subtitle
  "Voer de code in", // auth.otp_verify_title
  "We hebben hem naar {email} gestuurd.", // auth.otp_verify_subtitle
  "Herstel je aankoop", // auth.restore_purchases_heading
  "Log in met het adres waarmee je hebt gekocht.", // auth.restore_purchases_subheading
  "Log in om door te gaan", // auth.login_continue_purchase
  "Zo heb je je abonnement op al je apparaten.", // auth.link_purchase_subheading
  "Ingelogd als {email}", // auth.signed_in
  "Een nieuwe code is onderweg.", // auth.code_resent
  "Opnieuw verstuurd.", // auth.mail_resent
  "Voer een geldig e-mailadres in.", // auth.invalid_email
  "Voer je wachtwoord in.", // auth.password_required
  "Dat werkte niet. Probeer het opnieuw.", // auth.signin_failed
  "E-mail en wachtwoord horen niet bij elkaar.", // auth.invalid_credentials
  "Bevestig eerst je e-mail: open de link die we je hebben gestuurd.", // auth.email_not_confirmed
  "Dit adres heeft al een account. Log in.", // auth.email_already_registered
  "Kies een langer wachtwoord.", // auth.weak_password
  "Die code is onjuist of verlopen.", // auth.invalid_otp
  "Te veel pogingen. Wacht een minuut en probeer het opnieuw.", // auth.rate_limited
  "Geen verbinding. Controleer je netwerk en probeer het opnieuw.", // auth.network_error
  "Het is nu erg druk. Probeer het zo opnieuw.", // auth.service_unavailable
  "Deze site heeft inloggen nog niet volledig ingesteld.", // auth.custom_domain_required
  "Uitloggen", // session.sign_out
  "Aankoop herstellen", // session.restore_purchases
  "Contact opnemen", // session.contact_support
  "Sluiten", // cta.close
  "Doorgaan", // cta.continue
  "Betaling openen…", // cta.opening
  "{days|# dag|# dagen} gratis proberen", // cta.start_trial
  "Levenslange toegang kopen", // cta.get_lifetime
  "Dagabonnement nemen", // cta.get_day
  "Weekabonnement nemen", // cta.get_week
  "Maandabonnement nemen", // cta.get_month
  "Jaarabonnement nemen", // cta.get_year
  "Hier is nog niets te koop.", // pricing.no_prices
  "Abonnementen", // pricing.plans_aria
  "Meest gekozen", // pricing.most_popular
  "Bespaar {percent}%", // pricing.save
  "Eerst", // pricing.was
  "Per dag", // pricing.plan_label.day
  "Per week", // pricing.plan_label.week
  "Per maand", // pricing.plan_label.month
  "Per jaar", // pricing.plan_label.year
  "Levenslang", // pricing.plan_label.lifetime
  "per dag", // pricing.per.day
  "per week", // pricing.per.week
  "per maand", // pricing.per.month
  "per jaar", // pricing.per.year
  "elke {n} dagen", // pricing.every.day
  "elke {n} weken", // pricing.every.week
  "elke {n} maanden", // pricing.every.month
  "elke {n} jaar", // pricing.every.year
  "eenmalige betaling", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dag|# dagen} gratis", // pricing.trial
  "{days|# dag|# dagen} gratis, daarna {amount} {period} tot je opzegt.", // pricing.sum_trial
  "Vandaag {amount}, daarna {amount} {period} tot je opzegt.", // pricing.sum_recurring
  "Vandaag {amount}. Wordt {period} verlengd tot je opzegt.", // pricing.sum_discounted
  "dagelijks", // pricing.renews.day
  "wekelijks", // pricing.renews.week
  "maandelijks", // pricing.renews.month
  "jaarlijks", // pricing.renews.year
  "Eenmalig {amount}. Geen verlenging.", // pricing.sum_once
  "Veilig betalen", // pricing.secure
  "De betaling opent in een nieuw tabblad.", // pricing.secure_hint
  "Inbegrepen {period}", // pricing.included_per
  "Inbegrepen", // pricing.included_total
  "Tijdelijke aanbieding", // offer.limited_time
  "Eindigt over", // offer.ends_in
  "Hoe kunnen we helpen?", // support.heading
  "Schrijf ons, we antwoorden per e-mail.", // support.instruction
  "Onderwerp", // support.subject
  "Bericht", // support.message
  "Bericht versturen", // support.send_button
  "Klaar", // support.done_button
  "Nog een bericht sturen", // support.send_another
  "Bericht verstuurd", // support.success_heading
  "We antwoorden naar {email}.", // support.success_message
  "Schermafbeeldingen toevoegen", // support.attachments_label
  "Tot {max} afbeeldingen van elk {size} MB", // support.file_requirements
  "Kies hoogstens {max} afbeeldingen.", // support.too_many_files
  "Alleen JPEG, PNG of WebP tot {size} MB.", // support.invalid_file
  "{filename} verwijderen", // support.remove_file_aria
  "Tussen {min} en {max} tekens.", // support.subject_length
  "Je hebt vandaag al twee keer geschreven. Wacht even op ons antwoord.", // support.rate_limited
  "Je bericht is niet verstuurd. Probeer het opnieuw.", // support.failed
  "Pagina opnieuw laden", // modal.reload
  "Doorgaan met {provider}", // auth.continue_with
  "Laatst gebruikt: {email}", // auth.last_used
  "Laatst gebruikt", // auth.last_used_no_email
  "Ga verder in het venster dat net is geopend.", // auth.oauth_waiting
  "Je browser hield het inlogvenster tegen. Sta het toe voor deze site en probeer het opnieuw.", // auth.popup_blocked
  "Dit {provider}-account is hier al van iemand anders.", // auth.identity_already_linked
  "Met dat account inloggen", // auth.switch_account
  "Doorgaan", // auth.sign_up
  "Andere manieren om in te loggen", // auth.other_ways
  "Uitloggen…", // session.signing_out
  "Tussen {min} en {max} tekens.", // support.message_length
  "Versturen…", // support.sending
  "Probeer het iets later opnieuw.", // modal.error_later
] satisfies Texts;
