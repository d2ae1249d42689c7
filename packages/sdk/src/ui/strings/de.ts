import type { Texts } from "./index.ts";

export default [
  "Zurück", // nav.back
  "Angebote werden geladen", // modal.loading
  "Dein Abo wird geprüft", // modal.verifying_subscription
  "Das konnte nicht geladen werden", // modal.error_generic
  "Prüfe deine Verbindung und versuche es noch einmal.", // modal.error_hint
  "Noch einmal versuchen", // modal.retry
  "Weiter", // modal.continue
  "Schließen", // modal.close_aria
  "Testmodus: Es fließt kein echtes Geld", // modal.test_mode
  "Alles bereit", // modal.purchase_success_title
  "Deine Zahlung ist da und alles ist freigeschaltet.", // modal.purchase_success_subtitle
  "Willkommen zurück", // modal.purchase_restored_title
  "Wir haben dein Abo gefunden. Alles ist freigeschaltet.", // modal.purchase_restored_subtitle
  "Schließe die Zahlung im anderen Tab ab", // payment.awaiting_title
  "Die Kasse ist in einem neuen Tab geöffnet. Nach der Zahlung wird diese Seite von selbst freigeschaltet.", // payment.awaiting_subtitle
  "Ich habe bezahlt", // payment.ive_paid
  "Wird geprüft …", // payment.checking
  "Noch nicht bestätigt. Das kann einen Moment dauern, versuche es gleich noch einmal.", // payment.still_processing
  "Tab nicht zu sehen?", // payment.popup_help_text
  "Erneut öffnen", // payment.open_checkout_again
  "Neu beginnen", // payment.tab_closed_retry
  "Noch ein Klick", // payment.popup_blocked_title
  "Dein Browser hat den neuen Tab mit der Kasse blockiert.", // payment.popup_blocked_message
  "Zur Kasse", // payment.open_checkout_button
  "Die Kasse ließ sich nicht öffnen. Dir wurde nichts berechnet.", // payment.failed
  "Diese Website muss dich anmelden, bevor du kaufen kannst.", // payment.who
  "E-Mail", // auth.email
  "Passwort", // auth.password
  "Passwort wählen", // auth.new_password
  "Mindestens 6 Zeichen", // auth.password_hint
  "6-stelliger Code", // auth.code
  "Passwort anzeigen", // auth.show_password
  "Passwort verbergen", // auth.hide_password
  "Anmelden", // auth.log_in
  "Konto erstellen", // auth.create_account
  "Link zum Zurücksetzen senden", // auth.send_reset
  "Code per E-Mail senden", // auth.send_code
  "Stattdessen Code per E-Mail", // auth.send_code_instead
  "Mit Passwort anmelden", // auth.use_password
  "Weiter", // auth.verify
  "oder", // auth.or
  "Zurück zur Anmeldung", // auth.back_to_login
  "Vergessen?", // auth.forgot_password
  "Neuen Code senden", // auth.resend_code
  "Neuer Code in {n} s", // auth.resend_in
  "Noch einmal senden", // auth.resend_mail
  "Andere Adresse", // auth.other_email
  "Noch kein Konto?", // auth.no_account
  "Jetzt erstellen", // auth.sign_up_link
  "Schon ein Konto?", // auth.have_account
  "Anmelden", // auth.log_in_link
  "Anmelden", // auth.welcome
  "Konto erstellen", // auth.welcome_signup
  "Damit du dein Abo auf all deinen Geräten hast.", // auth.default_subtitle
  "Passwort zurücksetzen", // auth.forgot_password_title
  "Wir senden dir einen Link, mit dem du ein neues wählst.", // auth.forgot_subtitle
  "Sieh in dein Postfach", // auth.check_email_title
  "Falls {email} ein Konto hat, ist der Link unterwegs. Er gilt eine Stunde.", // auth.reset_sent_subtitle
  "Öffne den Link, den wir an {email} gesendet haben. Diese Seite meldet dich dann von selbst an.", // auth.signup_sent_subtitle
  "Code eingeben", // auth.otp_verify_title
  "Wir haben ihn an {email} gesendet.", // auth.otp_verify_subtitle
  "Kauf wiederherstellen", // auth.restore_purchases_heading
  "Melde dich mit der Adresse an, mit der du gekauft hast.", // auth.restore_purchases_subheading
  "Melde dich an, um fortzufahren", // auth.login_continue_purchase
  "Damit du dein Abo auf all deinen Geräten hast.", // auth.link_purchase_subheading
  "Angemeldet als {email}", // auth.signed_in
  "Ein neuer Code ist unterwegs.", // auth.code_resent
  "Noch einmal gesendet.", // auth.mail_resent
  "Gib eine gültige E-Mail-Adresse ein.", // auth.invalid_email
  "Gib dein Passwort ein.", // auth.password_required
  "Das hat nicht geklappt. Bitte versuche es noch einmal.", // auth.signin_failed
  "E-Mail und Passwort passen nicht zusammen.", // auth.invalid_credentials
  "Bestätige zuerst deine E-Mail-Adresse: Öffne den Link, den wir dir gesendet haben.", // auth.email_not_confirmed
  "Für diese Adresse gibt es schon ein Konto. Melde dich an.", // auth.email_already_registered
  "Wähle ein längeres Passwort.", // auth.weak_password
  "Der Code ist falsch oder abgelaufen.", // auth.invalid_otp
  "Zu viele Versuche. Warte eine Minute und versuche es dann noch einmal.", // auth.rate_limited
  "Keine Verbindung. Prüfe dein Netz und versuche es noch einmal.", // auth.network_error
  "Der Dienst ist ausgelastet. Versuche es gleich noch einmal.", // auth.service_unavailable
  "Diese Website hat die Anmeldung noch nicht fertig eingerichtet.", // auth.custom_domain_required
  "Abmelden", // session.sign_out
  "Kauf wiederherstellen", // session.restore_purchases
  "Support kontaktieren", // session.contact_support
  "Schließen", // cta.close
  "Weiter", // cta.continue
  "Kasse wird geöffnet …", // cta.opening
  "{days} Tage kostenlos testen", // cta.start_trial
  "Dauerhaften Zugang kaufen", // cta.get_lifetime
  "Tagesabo abschließen", // cta.get_day
  "Wochenabo abschließen", // cta.get_week
  "Monatsabo abschließen", // cta.get_month
  "Jahresabo abschließen", // cta.get_year
  "Hier gibt es noch nichts zu kaufen.", // pricing.no_prices
  "Angebote", // pricing.plans_aria
  "Am beliebtesten", // pricing.most_popular
  "{percent} % sparen", // pricing.save
  "Vorher", // pricing.was
  "Täglich", // pricing.plan_label.day
  "Wöchentlich", // pricing.plan_label.week
  "Monatlich", // pricing.plan_label.month
  "Jährlich", // pricing.plan_label.year
  "Für immer", // pricing.plan_label.lifetime
  "pro Tag", // pricing.per.day
  "pro Woche", // pricing.per.week
  "pro Monat", // pricing.per.month
  "pro Jahr", // pricing.per.year
  "alle {n} Tage", // pricing.every.day
  "alle {n} Wochen", // pricing.every.week
  "alle {n} Monate", // pricing.every.month
  "alle {n} Jahre", // pricing.every.year
  "einmalige Zahlung", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# Tag|# Tage} gratis", // pricing.trial
  "{days|# Tag|# Tage} gratis, danach {amount} {period}, bis du kündigst.", // pricing.sum_trial
  "Heute {amount}, danach {amount} {period}, bis du kündigst.", // pricing.sum_recurring
  "Heute {amount}. Verlängert sich {period}, bis du kündigst.", // pricing.sum_discounted
  "täglich", // pricing.renews.day
  "wöchentlich", // pricing.renews.week
  "monatlich", // pricing.renews.month
  "jährlich", // pricing.renews.year
  "Einmalig {amount}. Keine Verlängerung.", // pricing.sum_once
  "Sichere Zahlung", // pricing.secure
  "Die Zahlung öffnet sich in einem neuen Tab.", // pricing.secure_hint
  "Enthalten {period}", // pricing.included_per
  "Enthalten", // pricing.included_total
  "Nur für kurze Zeit", // offer.limited_time
  "Endet in", // offer.ends_in
  "Wie können wir helfen?", // support.heading
  "Schreib uns, wir antworten per E-Mail.", // support.instruction
  "Betreff", // support.subject
  "Nachricht", // support.message
  "Nachricht senden", // support.send_button
  "Fertig", // support.done_button
  "Weitere Nachricht schreiben", // support.send_another
  "Nachricht gesendet", // support.success_heading
  "Wir antworten an {email}.", // support.success_message
  "Screenshots hinzufügen", // support.attachments_label
  "Bis zu {max} Bilder mit je {size} MB", // support.file_requirements
  "Wähle höchstens {max} Bilder.", // support.too_many_files
  "Nur JPEG, PNG oder WebP bis {size} MB.", // support.invalid_file
  "{filename} entfernen", // support.remove_file_aria
  "Zwischen {min} und {max} Zeichen.", // support.subject_length
  "Du hast heute schon zweimal geschrieben. Bitte warte auf unsere Antwort.", // support.rate_limited
  "Deine Nachricht wurde nicht gesendet. Bitte versuche es noch einmal.", // support.failed
  "Seite neu laden", // modal.reload
  "Weiter mit {provider}", // auth.continue_with
  "Zuletzt verwendet: {email}", // auth.last_used
  "Zuletzt verwendet", // auth.last_used_no_email
  "Mach in dem Fenster weiter, das sich gerade geöffnet hat.", // auth.oauth_waiting
  "Dein Browser hat das Anmeldefenster blockiert. Erlaube es für diese Website und versuche es noch einmal.", // auth.popup_blocked
  "Dieses {provider}-Konto gehört hier schon jemand anderem.", // auth.identity_already_linked
  "Mit diesem Konto anmelden", // auth.switch_account
  "Weiter", // auth.sign_up
  "Andere Anmeldemöglichkeiten", // auth.other_ways
  "Wird abgemeldet …", // session.signing_out
  "Zwischen {min} und {max} Zeichen.", // support.message_length
  "Wird gesendet …", // support.sending
  "Bitte versuche es etwas später noch einmal.", // modal.error_later
] satisfies Texts;
