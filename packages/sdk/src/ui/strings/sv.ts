import type { Texts } from "./index.ts";

export default [
  "Tillbaka", // nav.back
  "Hämtar erbjudanden", // modal.loading
  "Kontrollerar ditt abonnemang", // modal.verifying_subscription
  "Det gick inte att hämta", // modal.error_generic
  "Kontrollera anslutningen och försök igen.", // modal.error_hint
  "Försök igen", // modal.retry
  "Fortsätt", // modal.continue
  "Stäng", // modal.close_aria
  "Testläge: inga riktiga pengar", // modal.test_mode
  "Klart", // modal.purchase_success_title
  "Din betalning har kommit fram och allt är upplåst.", // modal.purchase_success_subtitle
  "Välkommen tillbaka", // modal.purchase_restored_title
  "Vi hittade ditt abonnemang. Allt är upplåst.", // modal.purchase_restored_subtitle
  "Slutför i den andra fliken", // payment.awaiting_title
  "Betalningen är öppen i en ny flik. Sidan låses upp av sig själv när du har betalat.", // payment.awaiting_subtitle
  "Jag har betalat", // payment.ive_paid
  "Kontrollerar …", // payment.checking
  "Inte bekräftad än. Det kan ta en stund, försök igen snart.", // payment.still_processing
  "Ser du inte fliken?", // payment.popup_help_text
  "Öppna den igen", // payment.open_checkout_again
  "Börja om", // payment.tab_closed_retry
  "Ett klick till", // payment.popup_blocked_title
  "Webbläsaren hindrade betalningen från att öppnas i en ny flik.", // payment.popup_blocked_message
  "Öppna betalningen", // payment.open_checkout_button
  "Betalningen kunde inte starta. Inget har dragits.", // payment.failed
  "Webbplatsen måste logga in dig innan du kan köpa.", // payment.who
  "E-post", // auth.email
  "Lösenord", // auth.password
  "Välj ett lösenord", // auth.new_password
  "Minst 6 tecken", // auth.password_hint
  "6-siffrig kod", // auth.code
  "Visa lösenord", // auth.show_password
  "Dölj lösenord", // auth.hide_password
  "Logga in", // auth.log_in
  "Skapa konto", // auth.create_account
  "Skicka länk", // auth.send_reset
  "Mejla mig en kod", // auth.send_code
  "Mejla mig en kod i stället", // auth.send_code_instead
  "Använd lösenord", // auth.use_password
  "Fortsätt", // auth.verify
  "eller", // auth.or
  "Tillbaka till inloggningen", // auth.back_to_login
  "Glömt?", // auth.forgot_password
  "Skicka en ny kod", // auth.resend_code
  "Ny kod om {n} s", // auth.resend_in
  "Skicka igen", // auth.resend_mail
  "Använd en annan adress", // auth.other_email
  "Inget konto än?", // auth.no_account
  "Skapa ett", // auth.sign_up_link
  "Har du redan ett konto?", // auth.have_account
  "Logga in", // auth.log_in_link
  "Logga in", // auth.welcome
  "Skapa ditt konto", // auth.welcome_signup
  "Så att du har ditt abonnemang på alla enheter.", // auth.default_subtitle
  "Återställ lösenordet", // auth.forgot_password_title
  "Vi mejlar en länk så att du kan välja ett nytt.", // auth.forgot_subtitle
  "Titta i inkorgen", // auth.check_email_title
  "Om {email} har ett konto är länken på väg. Den gäller i en timme.", // auth.reset_sent_subtitle
  "Öppna länken som vi skickade till {email}. Sidan loggar in dig av sig själv.", // auth.signup_sent_subtitle
  "Ange koden", // auth.otp_verify_title
  "Vi skickade den till {email}.", // auth.otp_verify_subtitle
  "Återställ ditt köp", // auth.restore_purchases_heading
  "Logga in med adressen du köpte med.", // auth.restore_purchases_subheading
  "Logga in för att fortsätta", // auth.login_continue_purchase
  "Så att du har ditt abonnemang på alla enheter.", // auth.link_purchase_subheading
  "Inloggad som {email}", // auth.signed_in
  "En ny kod är på väg.", // auth.code_resent
  "Skickat igen.", // auth.mail_resent
  "Ange en giltig e-postadress.", // auth.invalid_email
  "Ange ditt lösenord.", // auth.password_required
  "Det gick inte. Försök igen.", // auth.signin_failed
  "E-post och lösenord stämmer inte överens.", // auth.invalid_credentials
  "Bekräfta din e-post först: öppna länken vi skickade.", // auth.email_not_confirmed
  "Adressen har redan ett konto. Logga in.", // auth.email_already_registered
  "Välj ett längre lösenord.", // auth.weak_password
  "Koden är fel eller har gått ut.", // auth.invalid_otp
  "För många försök. Vänta en minut och försök igen.", // auth.rate_limited
  "Ingen anslutning. Kontrollera nätverket och försök igen.", // auth.network_error
  "Tjänsten är överbelastad. Försök igen om en stund.", // auth.service_unavailable
  "Webbplatsen har inte ställt in inloggningen färdigt ännu.", // auth.custom_domain_required
  "Logga ut", // session.sign_out
  "Återställ köp", // session.restore_purchases
  "Kontakta supporten", // session.contact_support
  "Stäng", // cta.close
  "Fortsätt", // cta.continue
  "Öppnar betalningen …", // cta.opening
  "Prova gratis i {days|# dag|# dagar}", // cta.start_trial
  "Köp livstidsåtkomst", // cta.get_lifetime
  "Välj dagsabonnemang", // cta.get_day
  "Välj veckoabonnemang", // cta.get_week
  "Välj månadsabonnemang", // cta.get_month
  "Välj årsabonnemang", // cta.get_year
  "Här finns inget till salu än.", // pricing.no_prices
  "Erbjudanden", // pricing.plans_aria
  "Populärast", // pricing.most_popular
  "Spara {percent} %", // pricing.save
  "Tidigare", // pricing.was
  "Dag", // pricing.plan_label.day
  "Vecka", // pricing.plan_label.week
  "Månad", // pricing.plan_label.month
  "År", // pricing.plan_label.year
  "Livstid", // pricing.plan_label.lifetime
  "per dag", // pricing.per.day
  "per vecka", // pricing.per.week
  "per månad", // pricing.per.month
  "per år", // pricing.per.year
  "en gång per {n} dagar", // pricing.every.day
  "en gång per {n} veckor", // pricing.every.week
  "en gång per {n} månader", // pricing.every.month
  "en gång per {n} år", // pricing.every.year
  "engångsbetalning", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dag|# dagar} gratis", // pricing.trial
  "Gratis i {days|# dag|# dagar}, sedan {amount} {period} tills du säger upp.", // pricing.sum_trial
  "{amount} i dag, sedan {amount} {period} tills du säger upp.", // pricing.sum_recurring
  "{amount} i dag. Förnyas {period} tills du säger upp.", // pricing.sum_discounted
  "varje dag", // pricing.renews.day
  "varje vecka", // pricing.renews.week
  "varje månad", // pricing.renews.month
  "varje år", // pricing.renews.year
  "{amount} en gång. Ingen förnyelse.", // pricing.sum_once
  "Säker betalning", // pricing.secure
  "Betalningen öppnas i en ny flik.", // pricing.secure_hint
  "Ingår {period}", // pricing.included_per
  "Ingår", // pricing.included_total
  "Tidsbegränsat erbjudande", // offer.limited_time
  "Slutar om", // offer.ends_in
  "Hur kan vi hjälpa dig?", // support.heading
  "Skriv till oss så svarar vi via e-post.", // support.instruction
  "Ämne", // support.subject
  "Meddelande", // support.message
  "Skicka meddelande", // support.send_button
  "Klart", // support.done_button
  "Skicka ett till meddelande", // support.send_another
  "Meddelandet är skickat", // support.success_heading
  "Vi svarar till {email}.", // support.success_message
  "Lägg till skärmbilder", // support.attachments_label
  "Upp till {max} bilder, {size} MB var", // support.file_requirements
  "Välj högst {max} bilder.", // support.too_many_files
  "Endast JPEG, PNG eller WebP upp till {size} MB.", // support.invalid_file
  "Ta bort {filename}", // support.remove_file_aria
  "Mellan {min} och {max} tecken.", // support.subject_length
  "Du har redan skrivit två gånger i dag. Vänta på vårt svar.", // support.rate_limited
  "Meddelandet skickades inte. Försök igen.", // support.failed
  "Ladda om sidan", // modal.reload
  "Fortsätt med {provider}", // auth.continue_with
  "Senast använt: {email}", // auth.last_used
  "Senast använt", // auth.last_used_no_email
  "Fortsätt i fönstret som just öppnades.", // auth.oauth_waiting
  "Webbläsaren stoppade inloggningsfönstret. Tillåt det för webbplatsen och försök igen.", // auth.popup_blocked
  "Det här {provider}-kontot tillhör redan någon annan här.", // auth.identity_already_linked
  "Logga in med det kontot", // auth.switch_account
  "Fortsätt", // auth.sign_up
  "Andra sätt att logga in", // auth.other_ways
  "Loggar ut …", // session.signing_out
  "Mellan {min} och {max} tecken.", // support.message_length
  "Skickar …", // support.sending
  "Försök igen lite senare.", // modal.error_later
] satisfies Texts;
