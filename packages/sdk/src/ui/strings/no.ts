import type { Texts } from "./index.ts";

export default [
  "Tilbake", // nav.back
  "Henter abonnementer", // modal.loading
  "Sjekker abonnementet ditt", // modal.verifying_subscription
  "Dette kunne ikke lastes inn", // modal.error_generic
  "Sjekk tilkoblingen og prøv igjen.", // modal.error_hint
  "Prøv igjen", // modal.retry
  "Fortsett", // modal.continue
  "Lukk", // modal.close_aria
  "Testmodus: ingen ekte penger", // modal.test_mode
  "Alt er klart", // modal.purchase_success_title
  "Betalingen har kommet frem, og alt er låst opp.", // modal.purchase_success_subtitle
  "Velkommen tilbake", // modal.purchase_restored_title
  "Vi fant abonnementet ditt. Alt er låst opp.", // modal.purchase_restored_subtitle
  "Fullfør i den andre fanen", // payment.awaiting_title
  "Betalingen er åpen i en ny fane. Siden låses opp av seg selv når du har betalt.", // payment.awaiting_subtitle
  "Jeg har betalt", // payment.ive_paid
  "Sjekker …", // payment.checking
  "Ikke bekreftet ennå. Det kan ta litt tid, så prøv igjen snart.", // payment.still_processing
  "Ser du ikke fanen?", // payment.popup_help_text
  "Åpne den igjen", // payment.open_checkout_again
  "Start på nytt", // payment.tab_closed_retry
  "Ett klikk til", // payment.popup_blocked_title
  "Nettleseren stoppet betalingen fra å åpnes i en ny fane.", // payment.popup_blocked_message
  "Åpne betalingen", // payment.open_checkout_button
  "Betalingen kunne ikke starte. Du er ikke belastet.", // payment.failed
  "Nettstedet må logge deg inn før du kan kjøpe.", // payment.who
  "E-post", // auth.email
  "Passord", // auth.password
  "Velg et passord", // auth.new_password
  "Minst 6 tegn", // auth.password_hint
  "6-sifret kode", // auth.code
  "Vis passord", // auth.show_password
  "Skjul passord", // auth.hide_password
  "Logg inn", // auth.log_in
  "Opprett konto", // auth.create_account
  "Send lenke", // auth.send_reset
  "Send meg en kode", // auth.send_code
  "Send meg en kode i stedet", // auth.send_code_instead
  "Bruk passord", // auth.use_password
  "Fortsett", // auth.verify
  "eller", // auth.or
  "Tilbake til innlogging", // auth.back_to_login
  "Glemt?", // auth.forgot_password
  "Send en ny kode", // auth.resend_code
  "Ny kode om {n} s", // auth.resend_in
  "Send igjen", // auth.resend_mail
  "Bruk en annen adresse", // auth.other_email
  "Ingen konto ennå?", // auth.no_account
  "Opprett en", // auth.sign_up_link
  "Har du en konto?", // auth.have_account
  "Logg inn", // auth.log_in_link
  "Logg inn", // auth.welcome
  "Opprett kontoen din", // auth.welcome_signup
  "Så du har abonnementet ditt på alle enhetene dine.", // auth.default_subtitle
  "Tilbakestill passordet", // auth.forgot_password_title
  "Vi sender en lenke så du kan velge et nytt.", // auth.forgot_subtitle
  "Sjekk innboksen", // auth.check_email_title
  "Hvis {email} har en konto, er lenken på vei. Den virker i én time.", // auth.reset_sent_subtitle
  "Åpne lenken vi sendte til {email}. Siden logger deg inn av seg selv.", // auth.signup_sent_subtitle
  "Skriv inn koden", // auth.otp_verify_title
  "Vi sendte den til {email}.", // auth.otp_verify_subtitle
  "Gjenopprett kjøpet", // auth.restore_purchases_heading
  "Logg inn med adressen du kjøpte med.", // auth.restore_purchases_subheading
  "Logg inn for å fortsette", // auth.login_continue_purchase
  "Så du har abonnementet ditt på alle enhetene dine.", // auth.link_purchase_subheading
  "Logget inn som {email}", // auth.signed_in
  "En ny kode er på vei.", // auth.code_resent
  "Sendt igjen.", // auth.mail_resent
  "Skriv inn en gyldig e-postadresse.", // auth.invalid_email
  "Skriv inn passordet ditt.", // auth.password_required
  "Det gikk ikke. Prøv igjen.", // auth.signin_failed
  "E-post og passord stemmer ikke overens.", // auth.invalid_credentials
  "Bekreft e-posten først: åpne lenken vi sendte deg.", // auth.email_not_confirmed
  "Adressen har allerede en konto. Logg inn.", // auth.email_already_registered
  "Velg et lengre passord.", // auth.weak_password
  "Koden er feil eller utløpt.", // auth.invalid_otp
  "For mange forsøk. Vent et minutt og prøv igjen.", // auth.rate_limited
  "Ingen tilkobling. Sjekk nettverket og prøv igjen.", // auth.network_error
  "Tjenesten er opptatt. Prøv igjen om litt.", // auth.service_unavailable
  "Nettstedet er ikke ferdig med å sette opp innloggingen.", // auth.custom_domain_required
  "Logg ut", // session.sign_out
  "Gjenopprett kjøp", // session.restore_purchases
  "Kontakt kundestøtte", // session.contact_support
  "Lukk", // cta.close
  "Fortsett", // cta.continue
  "Åpner betalingen …", // cta.opening
  "Prøv gratis i {days|# dag|# dager}", // cta.start_trial
  "Kjøp livstidstilgang", // cta.get_lifetime
  "Velg dagsabonnement", // cta.get_day
  "Velg ukesabonnement", // cta.get_week
  "Velg månedsabonnement", // cta.get_month
  "Velg årsabonnement", // cta.get_year
  "Ingenting er til salgs her ennå.", // pricing.no_prices
  "Abonnementer", // pricing.plans_aria
  "Mest populær", // pricing.most_popular
  "Spar {percent} %", // pricing.save
  "Før", // pricing.was
  "Dag", // pricing.plan_label.day
  "Uke", // pricing.plan_label.week
  "Måned", // pricing.plan_label.month
  "År", // pricing.plan_label.year
  "Livstid", // pricing.plan_label.lifetime
  "per dag", // pricing.per.day
  "per uke", // pricing.per.week
  "per måned", // pricing.per.month
  "per år", // pricing.per.year
  "hver {n}. dag", // pricing.every.day
  "hver {n}. uke", // pricing.every.week
  "hver {n}. måned", // pricing.every.month
  "hvert {n}. år", // pricing.every.year
  "engangsbetaling", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dag|# dager} gratis", // pricing.trial
  "Gratis i {days|# dag|# dager}, deretter {amount} {period} til du sier opp.", // pricing.sum_trial
  "{amount} i dag, deretter {amount} {period} til du sier opp.", // pricing.sum_recurring
  "{amount} i dag. Fornyes {period} til du sier opp.", // pricing.sum_discounted
  "hver dag", // pricing.renews.day
  "hver uke", // pricing.renews.week
  "hver måned", // pricing.renews.month
  "hvert år", // pricing.renews.year
  "{amount} én gang. Ingen fornyelse.", // pricing.sum_once
  "Sikker betaling", // pricing.secure
  "Betalingen åpnes i en ny fane.", // pricing.secure_hint
  "Inkludert {period}", // pricing.included_per
  "Inkludert", // pricing.included_total
  "Tidsbegrenset tilbud", // offer.limited_time
  "Slutter om", // offer.ends_in
  "Hvordan kan vi hjelpe?", // support.heading
  "Skriv til oss, så svarer vi på e-post.", // support.instruction
  "Emne", // support.subject
  "Melding", // support.message
  "Send melding", // support.send_button
  "Ferdig", // support.done_button
  "Send en melding til", // support.send_another
  "Meldingen er sendt", // support.success_heading
  "Vi svarer til {email}.", // support.success_message
  "Legg til skjermbilder", // support.attachments_label
  "Opptil {max} bilder på {size} MB hver", // support.file_requirements
  "Velg høyst {max} bilder.", // support.too_many_files
  "Bare JPEG, PNG eller WebP på opptil {size} MB.", // support.invalid_file
  "Fjern {filename}", // support.remove_file_aria
  "Mellom {min} og {max} tegn.", // support.subject_length
  "Du har allerede skrevet to ganger i dag. Vent på svaret vårt.", // support.rate_limited
  "Meldingen ble ikke sendt. Prøv igjen.", // support.failed
  "Last siden på nytt", // modal.reload
  "Fortsett med {provider}", // auth.continue_with
  "Sist brukt: {email}", // auth.last_used
  "Sist brukt", // auth.last_used_no_email
  "Fortsett i vinduet som nettopp åpnet seg.", // auth.oauth_waiting
  "Nettleseren stoppet innloggingsvinduet. Tillat det for nettstedet og prøv igjen.", // auth.popup_blocked
  "Denne {provider}-kontoen tilhører allerede noen andre her.", // auth.identity_already_linked
  "Logg inn med den kontoen", // auth.switch_account
  "Fortsett", // auth.sign_up
  "Andre måter å logge inn på", // auth.other_ways
  "Logger ut …", // session.signing_out
  "Mellom {min} og {max} tegn.", // support.message_length
  "Sender …", // support.sending
  "Prøv igjen litt senere.", // modal.error_later
] satisfies Texts;
