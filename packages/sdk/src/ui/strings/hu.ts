import type { Texts } from "./index.ts";

export default [
  "Vissza", // nav.back
  "Csomagok betöltése", // modal.loading
  "Előfizetés ellenőrzése", // modal.verifying_subscription
  "Nem sikerült betölteni", // modal.error_generic
  "Ellenőrizd a kapcsolatot, és próbáld újra.", // modal.error_hint
  "Újra", // modal.retry
  "Folytatás", // modal.continue
  "Bezárás", // modal.close_aria
  "Tesztmód: valódi pénz nem mozog", // modal.test_mode
  "Minden kész", // modal.purchase_success_title
  "A fizetés megérkezett, minden elérhető.", // modal.purchase_success_subtitle
  "Örülünk, hogy újra itt vagy", // modal.purchase_restored_title
  "Megtaláltuk a csomagodat. Minden elérhető.", // modal.purchase_restored_subtitle
  "Fejezd be a másik lapon", // payment.awaiting_title
  "A fizetés új lapon nyílt meg. Ez az oldal magától feloldódik, amint fizettél.", // payment.awaiting_subtitle
  "Fizettem", // payment.ive_paid
  "Ellenőrzés…", // payment.checking
  "Még nincs megerősítve. Eltarthat egy kicsit, próbáld újra hamarosan.", // payment.still_processing
  "Nem látod a lapot?", // payment.popup_help_text
  "Megnyitás újra", // payment.open_checkout_again
  "Újrakezdés", // payment.tab_closed_retry
  "Még egy kattintás", // payment.popup_blocked_title
  "A böngésző nem engedte új lapon megnyitni a fizetést.", // payment.popup_blocked_message
  "Fizetés megnyitása", // payment.open_checkout_button
  "A fizetés nem indult el. Nem terheltünk meg semmivel.", // payment.failed
  "Vásárlás előtt be kell jelentkezned ezen az oldalon.", // payment.who
  "E-mail", // auth.email
  "Jelszó", // auth.password
  "Válassz jelszót", // auth.new_password
  "Legalább 6 karakter", // auth.password_hint
  "6 jegyű kód", // auth.code
  "Jelszó megjelenítése", // auth.show_password
  "Jelszó elrejtése", // auth.hide_password
  "Bejelentkezés", // auth.log_in
  "Fiók létrehozása", // auth.create_account
  "Link küldése", // auth.send_reset
  "Kódot kérek e-mailben", // auth.send_code
  "Inkább kódot kérek", // auth.send_code_instead
  "Belépés jelszóval", // auth.use_password
  "Folytatás", // auth.verify
  "vagy", // auth.or
  "Vissza a bejelentkezéshez", // auth.back_to_login
  "Elfelejtetted?", // auth.forgot_password
  "Új kód küldése", // auth.resend_code
  "Új kód {n} mp múlva", // auth.resend_in
  "Küldés újra", // auth.resend_mail
  "Másik cím használata", // auth.other_email
  "Még nincs fiókod?", // auth.no_account
  "Hozz létre egyet", // auth.sign_up_link
  "Van már fiókod?", // auth.have_account
  "Bejelentkezés", // auth.log_in_link
  "Bejelentkezés", // auth.welcome
  "Hozd létre a fiókodat", // auth.welcome_signup
  "Hogy a csomagod minden eszközödön veled legyen.", // auth.default_subtitle
  "Új jelszó kérése", // auth.forgot_password_title
  "Küldünk egy linket, amellyel újat választhatsz.", // auth.forgot_subtitle
  "Nézd meg a postafiókodat", // auth.check_email_title
  "Ha {email} címmel van fiók, a link már úton van. Egy óráig érvényes.", // auth.reset_sent_subtitle
  "Nyisd meg a linket, amelyet ide küldtünk: {email}. Ez az oldal magától beléptet.", // auth.signup_sent_subtitle
  "Írd be a kódot", // auth.otp_verify_title
  "Ide küldtük: {email}.", // auth.otp_verify_subtitle
  "Vásárlás visszaállítása", // auth.restore_purchases_heading
  "Jelentkezz be azzal a címmel, amellyel vásároltál.", // auth.restore_purchases_subheading
  "A folytatáshoz jelentkezz be", // auth.login_continue_purchase
  "Hogy a csomagod minden eszközödön veled legyen.", // auth.link_purchase_subheading
  "Bejelentkezve: {email}", // auth.signed_in
  "Úton van az új kód.", // auth.code_resent
  "Újra elküldtük.", // auth.mail_resent
  "Adj meg egy érvényes e-mail-címet.", // auth.invalid_email
  "Add meg a jelszavadat.", // auth.password_required
  "Ez nem sikerült. Próbáld újra.", // auth.signin_failed
  "Az e-mail és a jelszó nem egyezik.", // auth.invalid_credentials
  "Előbb erősítsd meg az e-mail-címedet: nyisd meg az elküldött linket.", // auth.email_not_confirmed
  "Ezzel a címmel már van fiók. Jelentkezz be.", // auth.email_already_registered
  "Válassz hosszabb jelszót.", // auth.weak_password
  "A kód hibás vagy lejárt.", // auth.invalid_otp
  "Túl sok próbálkozás. Várj egy percet, és próbáld újra.", // auth.rate_limited
  "Nincs kapcsolat. Ellenőrizd a hálózatot, és próbáld újra.", // auth.network_error
  "A szolgáltatás túlterhelt. Próbáld újra hamarosan.", // auth.service_unavailable
  "Ez az oldal még nem állította be teljesen a bejelentkezést.", // auth.custom_domain_required
  "Kijelentkezés", // session.sign_out
  "Vásárlás visszaállítása", // session.restore_purchases
  "Kapcsolat", // session.contact_support
  "Bezárás", // cta.close
  "Folytatás", // cta.continue
  "Fizetés megnyitása…", // cta.opening
  "{days} napos ingyenes próba", // cta.start_trial
  "Örökös hozzáférést kérek", // cta.get_lifetime
  "Napi csomagot kérek", // cta.get_day
  "Heti csomagot kérek", // cta.get_week
  "Havi csomagot kérek", // cta.get_month
  "Éves csomagot kérek", // cta.get_year
  "Itt még nincs semmi eladó.", // pricing.no_prices
  "Csomagok", // pricing.plans_aria
  "Legnépszerűbb", // pricing.most_popular
  "{percent}% megtakarítás", // pricing.save
  "Korábban", // pricing.was
  "Napi", // pricing.plan_label.day
  "Heti", // pricing.plan_label.week
  "Havi", // pricing.plan_label.month
  "Éves", // pricing.plan_label.year
  "Örökös", // pricing.plan_label.lifetime
  "naponta", // pricing.per.day
  "hetente", // pricing.per.week
  "havonta", // pricing.per.month
  "évente", // pricing.per.year
  "{n} naponta", // pricing.every.day
  "{n} hetente", // pricing.every.week
  "{n} havonta", // pricing.every.month
  "{n} évente", // pricing.every.year
  "egyszeri fizetés", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days} nap ingyen", // pricing.trial
  "{days} nap ingyen, utána {amount} {period}, amíg le nem mondod.", // pricing.sum_trial
  "Ma {amount}, utána {amount} {period}, amíg le nem mondod.", // pricing.sum_recurring
  "Ma {amount}. Megújul {period}, amíg le nem mondod.", // pricing.sum_discounted
  "naponta", // pricing.renews.day
  "hetente", // pricing.renews.week
  "havonta", // pricing.renews.month
  "évente", // pricing.renews.year
  "{amount} egyszer. Nem újul meg.", // pricing.sum_once
  "Biztonságos fizetés", // pricing.secure
  "A fizetés új lapon nyílik meg.", // pricing.secure_hint
  "Tartalma {period}", // pricing.included_per
  "Tartalma", // pricing.included_total
  "Korlátozott ideig", // offer.limited_time
  "Lejár:", // offer.ends_in
  "Miben segíthetünk?", // support.heading
  "Írj nekünk, e-mailben válaszolunk.", // support.instruction
  "Tárgy", // support.subject
  "Üzenet", // support.message
  "Üzenet küldése", // support.send_button
  "Kész", // support.done_button
  "Új üzenet írása", // support.send_another
  "Üzenet elküldve", // support.success_heading
  "Ide válaszolunk: {email}.", // support.success_message
  "Képernyőképek hozzáadása", // support.attachments_label
  "Legfeljebb {max} kép, egyenként {size} MB", // support.file_requirements
  "Legfeljebb {max} képet válassz.", // support.too_many_files
  "Csak JPEG, PNG vagy WebP, legfeljebb {size} MB.", // support.invalid_file
  "{filename} eltávolítása", // support.remove_file_aria
  "{min} és {max} karakter között.", // support.subject_length
  "Ma már kétszer írtál. Kérjük, várd meg a válaszunkat.", // support.rate_limited
  "Az üzenet nem ment el. Próbáld újra.", // support.failed
  "Oldal újratöltése", // modal.reload
  "Folytatás: {provider}", // auth.continue_with
  "Legutóbb: {email}", // auth.last_used
  "Legutóbb használt", // auth.last_used_no_email
  "Folytasd az imént megnyílt ablakban.", // auth.oauth_waiting
  "A böngésző letiltotta a bejelentkező ablakot. Engedélyezd ezen az oldalon, és próbáld újra.", // auth.popup_blocked
  "Ez a {provider}-fiók itt már másé.", // auth.identity_already_linked
  "Belépés azzal a fiókkal", // auth.switch_account
  "Folytatás", // auth.sign_up
  "Más bejelentkezési módok", // auth.other_ways
  "Kijelentkezés…", // session.signing_out
  "{min} és {max} karakter között.", // support.message_length
  "Küldés…", // support.sending
  "Próbáld újra kicsit később.", // modal.error_later
] satisfies Texts;
