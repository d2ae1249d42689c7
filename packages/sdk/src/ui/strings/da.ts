import type { Texts } from "./index.ts";

export default [
  "Tilbage", // nav.back
  "Henter abonnementer", // modal.loading
  "Tjekker dit abonnement", // modal.verifying_subscription
  "Det kunne ikke hentes", // modal.error_generic
  "Tjek din forbindelse, og prøv igen.", // modal.error_hint
  "Prøv igen", // modal.retry
  "Fortsæt", // modal.continue
  "Luk", // modal.close_aria
  "Testtilstand: ingen rigtige penge", // modal.test_mode
  "Så er alt klar", // modal.purchase_success_title
  "Din betaling er modtaget, og alt er låst op.", // modal.purchase_success_subtitle
  "Velkommen tilbage", // modal.purchase_restored_title
  "Vi fandt dit abonnement. Alt er låst op.", // modal.purchase_restored_subtitle
  "Gør det færdigt i den anden fane", // payment.awaiting_title
  "Betalingen er åben i en ny fane. Siden låses op af sig selv, når du har betalt.", // payment.awaiting_subtitle
  "Jeg har betalt", // payment.ive_paid
  "Tjekker …", // payment.checking
  "Ikke bekræftet endnu. Det kan tage et øjeblik, så prøv igen om lidt.", // payment.still_processing
  "Kan du ikke se fanen?", // payment.popup_help_text
  "Åbn den igen", // payment.open_checkout_again
  "Start forfra", // payment.tab_closed_retry
  "Et klik mere", // payment.popup_blocked_title
  "Din browser stoppede betalingen i at åbne i en ny fane.", // payment.popup_blocked_message
  "Åbn betaling", // payment.open_checkout_button
  "Betalingen kunne ikke starte. Du er ikke blevet trukket.", // payment.failed
  "Siden skal logge dig ind, før du kan købe.", // payment.who
  "E-mail", // auth.email
  "Adgangskode", // auth.password
  "Vælg en adgangskode", // auth.new_password
  "Mindst 6 tegn", // auth.password_hint
  "6-cifret kode", // auth.code
  "Vis adgangskode", // auth.show_password
  "Skjul adgangskode", // auth.hide_password
  "Log ind", // auth.log_in
  "Opret konto", // auth.create_account
  "Send link", // auth.send_reset
  "Send mig en kode", // auth.send_code
  "Send mig en kode i stedet", // auth.send_code_instead
  "Brug adgangskode", // auth.use_password
  "Fortsæt", // auth.verify
  "eller", // auth.or
  "Tilbage til login", // auth.back_to_login
  "Glemt?", // auth.forgot_password
  "Send en ny kode", // auth.resend_code
  "Ny kode om {n} s", // auth.resend_in
  "Send igen", // auth.resend_mail
  "Brug en anden adresse", // auth.other_email
  "Ingen konto endnu?", // auth.no_account
  "Opret en", // auth.sign_up_link
  "Har du en konto?", // auth.have_account
  "Log ind", // auth.log_in_link
  "Log ind", // auth.welcome
  "Opret din konto", // auth.welcome_signup
  "Så du har dit abonnement på alle dine enheder.", // auth.default_subtitle
  "Nulstil din adgangskode", // auth.forgot_password_title
  "Vi sender et link, så du kan vælge en ny.", // auth.forgot_subtitle
  "Tjek din indbakke", // auth.check_email_title
  "Hvis {email} har en konto, er linket på vej. Det virker i en time.", // auth.reset_sent_subtitle
  "Åbn linket, vi sendte til {email}. Siden logger dig ind af sig selv.", // auth.signup_sent_subtitle
  "Indtast koden", // auth.otp_verify_title
  "Vi sendte den til {email}.", // auth.otp_verify_subtitle
  "Gendan dit køb", // auth.restore_purchases_heading
  "Log ind med den adresse, du købte med.", // auth.restore_purchases_subheading
  "Log ind for at fortsætte", // auth.login_continue_purchase
  "Så du har dit abonnement på alle dine enheder.", // auth.link_purchase_subheading
  "Logget ind som {email}", // auth.signed_in
  "En ny kode er på vej.", // auth.code_resent
  "Sendt igen.", // auth.mail_resent
  "Indtast en gyldig e-mailadresse.", // auth.invalid_email
  "Indtast din adgangskode.", // auth.password_required
  "Det lykkedes ikke. Prøv igen.", // auth.signin_failed
  "E-mail og adgangskode passer ikke sammen.", // auth.invalid_credentials
  "Bekræft først din e-mail: åbn linket, vi sendte dig.", // auth.email_not_confirmed
  "Adressen har allerede en konto. Log ind.", // auth.email_already_registered
  "Vælg en længere adgangskode.", // auth.weak_password
  "Koden er forkert eller udløbet.", // auth.invalid_otp
  "For mange forsøg. Vent et minut, og prøv igen.", // auth.rate_limited
  "Ingen forbindelse. Tjek dit netværk, og prøv igen.", // auth.network_error
  "Tjenesten har travlt. Prøv igen om lidt.", // auth.service_unavailable
  "Webstedet er ikke færdigt med at sætte login op.", // auth.custom_domain_required
  "Log ud", // session.sign_out
  "Gendan køb", // session.restore_purchases
  "Kontakt support", // session.contact_support
  "Luk", // cta.close
  "Fortsæt", // cta.continue
  "Åbner betaling …", // cta.opening
  "Prøv gratis i {days|# dag|# dage}", // cta.start_trial
  "Køb adgang for livet", // cta.get_lifetime
  "Vælg dagsabonnement", // cta.get_day
  "Vælg ugeabonnement", // cta.get_week
  "Vælg månedsabonnement", // cta.get_month
  "Vælg årsabonnement", // cta.get_year
  "Her er ikke noget til salg endnu.", // pricing.no_prices
  "Abonnementer", // pricing.plans_aria
  "Mest populær", // pricing.most_popular
  "Spar {percent} %", // pricing.save
  "Før", // pricing.was
  "Dag", // pricing.plan_label.day
  "Uge", // pricing.plan_label.week
  "Måned", // pricing.plan_label.month
  "År", // pricing.plan_label.year
  "For livet", // pricing.plan_label.lifetime
  "pr. dag", // pricing.per.day
  "pr. uge", // pricing.per.week
  "pr. måned", // pricing.per.month
  "pr. år", // pricing.per.year
  "hver {n}. dag", // pricing.every.day
  "hver {n}. uge", // pricing.every.week
  "hver {n}. måned", // pricing.every.month
  "hvert {n}. år", // pricing.every.year
  "engangsbetaling", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dag|# dage} gratis", // pricing.trial
  "Gratis i {days|# dag|# dage}, derefter {amount} {period}, til du opsiger.", // pricing.sum_trial
  "{amount} i dag, derefter {amount} {period}, til du opsiger.", // pricing.sum_recurring
  "{amount} i dag. Fornyes {period}, til du opsiger.", // pricing.sum_discounted
  "hver dag", // pricing.renews.day
  "hver uge", // pricing.renews.week
  "hver måned", // pricing.renews.month
  "hvert år", // pricing.renews.year
  "{amount} én gang. Ingen fornyelse.", // pricing.sum_once
  "Sikker betaling", // pricing.secure
  "Betalingen åbner i en ny fane.", // pricing.secure_hint
  "Inkluderet {period}", // pricing.included_per
  "Inkluderet", // pricing.included_total
  "Tidsbegrænset tilbud", // offer.limited_time
  "Slutter om", // offer.ends_in
  "Hvordan kan vi hjælpe?", // support.heading
  "Skriv til os, så svarer vi på e-mail.", // support.instruction
  "Emne", // support.subject
  "Besked", // support.message
  "Send besked", // support.send_button
  "Færdig", // support.done_button
  "Send en besked mere", // support.send_another
  "Beskeden er sendt", // support.success_heading
  "Vi svarer til {email}.", // support.success_message
  "Tilføj skærmbilleder", // support.attachments_label
  "Op til {max} billeder på {size} MB hver", // support.file_requirements
  "Vælg højst {max} billeder.", // support.too_many_files
  "Kun JPEG, PNG eller WebP på højst {size} MB.", // support.invalid_file
  "Fjern {filename}", // support.remove_file_aria
  "Mellem {min} og {max} tegn.", // support.subject_length
  "Du har allerede skrevet to gange i dag. Vent venligst på vores svar.", // support.rate_limited
  "Din besked blev ikke sendt. Prøv igen.", // support.failed
  "Genindlæs siden", // modal.reload
  "Fortsæt med {provider}", // auth.continue_with
  "Sidst brugt: {email}", // auth.last_used
  "Sidst brugt", // auth.last_used_no_email
  "Fortsæt i vinduet, der lige åbnede.", // auth.oauth_waiting
  "Din browser stoppede login-vinduet. Tillad det for siden, og prøv igen.", // auth.popup_blocked
  "Denne {provider}-konto tilhører allerede en anden her.", // auth.identity_already_linked
  "Log ind med den konto", // auth.switch_account
  "Fortsæt", // auth.sign_up
  "Andre måder at logge ind på", // auth.other_ways
  "Logger ud …", // session.signing_out
  "Mellem {min} og {max} tegn.", // support.message_length
  "Sender …", // support.sending
  "Prøv igen lidt senere.", // modal.error_later
] satisfies Texts;
