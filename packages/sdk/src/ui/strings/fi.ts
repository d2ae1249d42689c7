import type { Texts } from "./index.ts";

export default [
  "Takaisin", // nav.back
  "Ladataan tilauksia", // modal.loading
  "Tarkistetaan tilaustasi", // modal.verifying_subscription
  "Lataaminen ei onnistunut", // modal.error_generic
  "Tarkista yhteys ja yritä uudelleen.", // modal.error_hint
  "Yritä uudelleen", // modal.retry
  "Jatka", // modal.continue
  "Sulje", // modal.close_aria
  "Testitila: oikea raha ei liiku", // modal.test_mode
  "Kaikki on valmista", // modal.purchase_success_title
  "Maksusi on perillä ja kaikki on avattu käyttöösi.", // modal.purchase_success_subtitle
  "Tervetuloa takaisin", // modal.purchase_restored_title
  "Löysimme tilauksesi. Kaikki on avattu käyttöösi.", // modal.purchase_restored_subtitle
  "Viimeistele toisella välilehdellä", // payment.awaiting_title
  "Maksu on auki uudella välilehdellä. Tämä sivu avautuu itsestään, kun olet maksanut.", // payment.awaiting_subtitle
  "Olen maksanut", // payment.ive_paid
  "Tarkistetaan…", // payment.checking
  "Ei vielä vahvistettu. Siinä voi kestää hetki, yritä pian uudelleen.", // payment.still_processing
  "Etkö näe välilehteä?", // payment.popup_help_text
  "Avaa se uudelleen", // payment.open_checkout_again
  "Aloita alusta", // payment.tab_closed_retry
  "Vielä yksi napsautus", // payment.popup_blocked_title
  "Selaimesi esti maksun avaamisen uudelle välilehdelle.", // payment.popup_blocked_message
  "Avaa maksu", // payment.open_checkout_button
  "Maksu ei käynnistynyt. Sinua ei ole veloitettu.", // payment.failed
  "Sinun on kirjauduttava tälle sivustolle ennen ostamista.", // payment.who
  "Sähköposti", // auth.email
  "Salasana", // auth.password
  "Valitse salasana", // auth.new_password
  "Vähintään 6 merkkiä", // auth.password_hint
  "6-numeroinen koodi", // auth.code
  "Näytä salasana", // auth.show_password
  "Piilota salasana", // auth.hide_password
  "Kirjaudu", // auth.log_in
  "Luo tili", // auth.create_account
  "Lähetä linkki", // auth.send_reset
  "Lähetä koodi sähköpostiin", // auth.send_code
  "Lähetä sen sijaan koodi", // auth.send_code_instead
  "Käytä salasanaa", // auth.use_password
  "Jatka", // auth.verify
  "tai", // auth.or
  "Takaisin kirjautumiseen", // auth.back_to_login
  "Unohtuiko?", // auth.forgot_password
  "Lähetä uusi koodi", // auth.resend_code
  "Uusi koodi {n} s kuluttua", // auth.resend_in
  "Lähetä uudelleen", // auth.resend_mail
  "Käytä toista osoitetta", // auth.other_email
  "Ei vielä tiliä?", // auth.no_account
  "Luo tili", // auth.sign_up_link
  "Onko sinulla jo tili?", // auth.have_account
  "Kirjaudu", // auth.log_in_link
  "Kirjaudu", // auth.welcome
  "Luo tili", // auth.welcome_signup
  "Jotta tilauksesi on käytössäsi kaikilla laitteillasi.", // auth.default_subtitle
  "Vaihda salasana", // auth.forgot_password_title
  "Lähetämme linkin, jolla voit valita uuden.", // auth.forgot_subtitle
  "Katso sähköpostisi", // auth.check_email_title
  "Jos osoitteella {email} on tili, linkki on matkalla. Se toimii tunnin.", // auth.reset_sent_subtitle
  "Avaa linkki, jonka lähetimme osoitteeseen {email}. Tämä sivu kirjaa sinut sisään itsestään.", // auth.signup_sent_subtitle
  "Syötä koodi", // auth.otp_verify_title
  "Lähetimme sen osoitteeseen {email}.", // auth.otp_verify_subtitle
  "Palauta ostoksesi", // auth.restore_purchases_heading
  "Kirjaudu osoitteella, jolla teit ostoksen.", // auth.restore_purchases_subheading
  "Kirjaudu jatkaaksesi", // auth.login_continue_purchase
  "Jotta tilauksesi on käytössäsi kaikilla laitteillasi.", // auth.link_purchase_subheading
  "Kirjautuneena: {email}", // auth.signed_in
  "Uusi koodi on matkalla.", // auth.code_resent
  "Lähetetty uudelleen.", // auth.mail_resent
  "Anna kelvollinen sähköpostiosoite.", // auth.invalid_email
  "Anna salasanasi.", // auth.password_required
  "Se ei onnistunut. Yritä uudelleen.", // auth.signin_failed
  "Sähköposti ja salasana eivät täsmää.", // auth.invalid_credentials
  "Vahvista ensin sähköpostisi: avaa lähettämämme linkki.", // auth.email_not_confirmed
  "Osoitteella on jo tili. Kirjaudu sillä.", // auth.email_already_registered
  "Valitse pidempi salasana.", // auth.weak_password
  "Koodi on väärä tai vanhentunut.", // auth.invalid_otp
  "Liian monta yritystä. Odota minuutti ja yritä uudelleen.", // auth.rate_limited
  "Ei yhteyttä. Tarkista verkko ja yritä uudelleen.", // auth.network_error
  "Palvelu on ruuhkautunut. Yritä hetken päästä uudelleen.", // auth.service_unavailable
  "Sivusto ei ole vielä saanut kirjautumista valmiiksi.", // auth.custom_domain_required
  "Kirjaudu ulos", // session.sign_out
  "Palauta ostos", // session.restore_purchases
  "Ota yhteyttä tukeen", // session.contact_support
  "Sulje", // cta.close
  "Jatka", // cta.continue
  "Avataan maksua…", // cta.opening
  "Kokeile {days|# päivä|# päivää} ilmaiseksi", // cta.start_trial
  "Osta elinikäinen käyttöoikeus", // cta.get_lifetime
  "Valitse päivätilaus", // cta.get_day
  "Valitse viikkotilaus", // cta.get_week
  "Valitse kuukausitilaus", // cta.get_month
  "Valitse vuositilaus", // cta.get_year
  "Täällä ei ole vielä mitään myynnissä.", // pricing.no_prices
  "Tilaukset", // pricing.plans_aria
  "Suosituin", // pricing.most_popular
  "Säästä {percent} %", // pricing.save
  "Aiemmin", // pricing.was
  "Päivä", // pricing.plan_label.day
  "Viikko", // pricing.plan_label.week
  "Kuukausi", // pricing.plan_label.month
  "Vuosi", // pricing.plan_label.year
  "Elinikäinen", // pricing.plan_label.lifetime
  "päivässä", // pricing.per.day
  "viikossa", // pricing.per.week
  "kuukaudessa", // pricing.per.month
  "vuodessa", // pricing.per.year
  "{n} päivän välein", // pricing.every.day
  "{n} viikon välein", // pricing.every.week
  "{n} kuukauden välein", // pricing.every.month
  "{n} vuoden välein", // pricing.every.year
  "kertamaksu", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# päivä|# päivää} ilmaiseksi", // pricing.trial
  "Ilmainen {days|# päivän|# päivää}, sitten {amount} {period}, kunnes peruutat.", // pricing.sum_trial
  "{amount} tänään, sitten {amount} {period}, kunnes peruutat.", // pricing.sum_recurring
  "{amount} tänään. Uusiutuu {period}, kunnes peruutat.", // pricing.sum_discounted
  "päivittäin", // pricing.renews.day
  "viikoittain", // pricing.renews.week
  "kuukausittain", // pricing.renews.month
  "vuosittain", // pricing.renews.year
  "{amount} kerran. Ei uusiudu.", // pricing.sum_once
  "Turvallinen maksu", // pricing.secure
  "Maksu avautuu uudelle välilehdelle.", // pricing.secure_hint
  "Sisältyy {period}", // pricing.included_per
  "Sisältyy", // pricing.included_total
  "Rajoitetun ajan tarjous", // offer.limited_time
  "Päättyy:", // offer.ends_in
  "Miten voimme auttaa?", // support.heading
  "Kirjoita meille, niin vastaamme sähköpostilla.", // support.instruction
  "Aihe", // support.subject
  "Viesti", // support.message
  "Lähetä viesti", // support.send_button
  "Valmis", // support.done_button
  "Lähetä toinen viesti", // support.send_another
  "Viesti lähetetty", // support.success_heading
  "Vastaamme osoitteeseen {email}.", // support.success_message
  "Lisää kuvakaappauksia", // support.attachments_label
  "Enintään {max} kuvaa, kukin {size} Mt", // support.file_requirements
  "Valitse enintään {max} kuvaa.", // support.too_many_files
  "Vain JPEG, PNG tai WebP, enintään {size} Mt.", // support.invalid_file
  "Poista {filename}", // support.remove_file_aria
  "{min}–{max} merkkiä.", // support.subject_length
  "Olet kirjoittanut tänään jo kahdesti. Odota vastaustamme.", // support.rate_limited
  "Viestiäsi ei lähetetty. Yritä uudelleen.", // support.failed
  "Lataa sivu uudelleen", // modal.reload
  "Jatka: {provider}", // auth.continue_with
  "Viimeksi käytetty: {email}", // auth.last_used
  "Viimeksi käytetty", // auth.last_used_no_email
  "Jatka juuri avautuneessa ikkunassa.", // auth.oauth_waiting
  "Selaimesi esti kirjautumisikkunan. Salli se tälle sivustolle ja yritä uudelleen.", // auth.popup_blocked
  "Tämä {provider}-tili kuuluu täällä jo toiselle.", // auth.identity_already_linked
  "Kirjaudu sillä tilillä", // auth.switch_account
  "Jatka", // auth.sign_up
  "Muut kirjautumistavat", // auth.other_ways
  "Kirjaudutaan ulos…", // session.signing_out
  "{min}–{max} merkkiä.", // support.message_length
  "Lähetetään…", // support.sending
  "Yritä uudelleen hieman myöhemmin.", // modal.error_later
] satisfies Texts;
