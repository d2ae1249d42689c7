import type { Texts } from "./index.ts";

export default [
  "Zpět", // nav.back
  "Načítání nabídky", // modal.loading
  "Ověřování předplatného", // modal.verifying_subscription
  "Nepodařilo se načíst", // modal.error_generic
  "Zkontrolujte připojení a zkuste to znovu.", // modal.error_hint
  "Zkusit znovu", // modal.retry
  "Pokračovat", // modal.continue
  "Zavřít", // modal.close_aria
  "Testovací režim: bez skutečných peněz", // modal.test_mode
  "Vše je připraveno", // modal.purchase_success_title
  "Platba dorazila a vše je odemčeno.", // modal.purchase_success_subtitle
  "Vítejte zpět", // modal.purchase_restored_title
  "Našli jsme vaše předplatné. Vše je odemčeno.", // modal.purchase_restored_subtitle
  "Dokončete to na druhé kartě", // payment.awaiting_title
  "Platba je otevřená na nové kartě. Po zaplacení se tato stránka odemkne sama.", // payment.awaiting_subtitle
  "Už mám zaplaceno", // payment.ive_paid
  "Ověřování…", // payment.checking
  "Zatím nepotvrzeno. Může to chvíli trvat, zkuste to za okamžik.", // payment.still_processing
  "Nevidíte kartu?", // payment.popup_help_text
  "Otevřít znovu", // payment.open_checkout_again
  "Začít znovu", // payment.tab_closed_retry
  "Ještě jedno kliknutí", // payment.popup_blocked_title
  "Prohlížeč zabránil otevření platby na nové kartě.", // payment.popup_blocked_message
  "Otevřít platbu", // payment.open_checkout_button
  "Platbu se nepodařilo zahájit. Nic vám nebylo strženo.", // payment.failed
  "Tento web vás musí před nákupem přihlásit.", // payment.who
  "E-mail", // auth.email
  "Heslo", // auth.password
  "Zvolte heslo", // auth.new_password
  "Alespoň 6 znaků", // auth.password_hint
  "6místný kód", // auth.code
  "Zobrazit heslo", // auth.show_password
  "Skrýt heslo", // auth.hide_password
  "Přihlásit se", // auth.log_in
  "Vytvořit účet", // auth.create_account
  "Poslat odkaz", // auth.send_reset
  "Poslat kód e-mailem", // auth.send_code
  "Raději poslat kód", // auth.send_code_instead
  "Použít heslo", // auth.use_password
  "Pokračovat", // auth.verify
  "nebo", // auth.or
  "Zpět k přihlášení", // auth.back_to_login
  "Zapomenuté?", // auth.forgot_password
  "Poslat nový kód", // auth.resend_code
  "Nový kód za {n} s", // auth.resend_in
  "Poslat znovu", // auth.resend_mail
  "Použít jinou adresu", // auth.other_email
  "Nemáte účet?", // auth.no_account
  "Vytvořte si ho", // auth.sign_up_link
  "Máte účet?", // auth.have_account
  "Přihlaste se", // auth.log_in_link
  "Přihlášení", // auth.welcome
  "Vytvořte si účet", // auth.welcome_signup
  "Abyste měli své předplatné na všech zařízeních.", // auth.default_subtitle
  "Obnovte heslo", // auth.forgot_password_title
  "Pošleme vám odkaz k volbě nového.", // auth.forgot_subtitle
  "Podívejte se do schránky", // auth.check_email_title
  "Pokud má {email} účet, odkaz je na cestě. Platí hodinu.", // auth.reset_sent_subtitle
  "Otevřete odkaz, který jsme poslali na {email}. Tato stránka vás přihlásí sama.", // auth.signup_sent_subtitle
  "Zadejte kód", // auth.otp_verify_title
  "Poslali jsme ho na {email}.", // auth.otp_verify_subtitle
  "Obnovte svůj nákup", // auth.restore_purchases_heading
  "Přihlaste se adresou, se kterou jste nakoupili.", // auth.restore_purchases_subheading
  "Pro pokračování se přihlaste", // auth.login_continue_purchase
  "Abyste měli své předplatné na všech zařízeních.", // auth.link_purchase_subheading
  "Přihlášen účet {email}", // auth.signed_in
  "Nový kód je na cestě.", // auth.code_resent
  "Posláno znovu.", // auth.mail_resent
  "Zadejte platnou e-mailovou adresu.", // auth.invalid_email
  "Zadejte heslo.", // auth.password_required
  "To se nepovedlo. Zkuste to znovu.", // auth.signin_failed
  "E-mail a heslo k sobě nepatří.", // auth.invalid_credentials
  "Nejprve potvrďte e-mail: otevřete odkaz, který jsme vám poslali.", // auth.email_not_confirmed
  "Tato adresa už má účet. Přihlaste se.", // auth.email_already_registered
  "Zvolte delší heslo.", // auth.weak_password
  "Kód je chybný nebo vypršel.", // auth.invalid_otp
  "Příliš mnoho pokusů. Počkejte minutu a zkuste to znovu.", // auth.rate_limited
  "Bez připojení. Zkontrolujte síť a zkuste to znovu.", // auth.network_error
  "Služba je přetížená. Zkuste to za chvíli.", // auth.service_unavailable
  "Tento web ještě nedokončil nastavení přihlašování.", // auth.custom_domain_required
  "Odhlásit se", // session.sign_out
  "Obnovit nákup", // session.restore_purchases
  "Kontaktovat podporu", // session.contact_support
  "Zavřít", // cta.close
  "Pokračovat", // cta.continue
  "Otevírání platby…", // cta.opening
  "Vyzkoušet {days|# den|# dny|# dne|# dní} zdarma", // cta.start_trial
  "Získat doživotní přístup", // cta.get_lifetime
  "Vybrat denní předplatné", // cta.get_day
  "Vybrat týdenní předplatné", // cta.get_week
  "Vybrat měsíční předplatné", // cta.get_month
  "Vybrat roční předplatné", // cta.get_year
  "Zatím tu není nic na prodej.", // pricing.no_prices
  "Nabídka", // pricing.plans_aria
  "Nejoblíbenější", // pricing.most_popular
  "Ušetříte {percent} %", // pricing.save
  "Dříve", // pricing.was
  "Denní", // pricing.plan_label.day
  "Týdenní", // pricing.plan_label.week
  "Měsíční", // pricing.plan_label.month
  "Roční", // pricing.plan_label.year
  "Doživotní", // pricing.plan_label.lifetime
  "denně", // pricing.per.day
  "týdně", // pricing.per.week
  "měsíčně", // pricing.per.month
  "ročně", // pricing.per.year
  "každé {n} {n|den|dny|dne|dní}", // pricing.every.day
  "každé {n} {n|týden|týdny|týdne|týdnů}", // pricing.every.week
  "každé {n} {n|měsíc|měsíce|měsíce|měsíců}", // pricing.every.month
  "každé {n} {n|rok|roky|roku|let}", // pricing.every.year
  "jednorázová platba", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# den|# dny|# dne|# dní} zdarma", // pricing.trial
  "{days|# den|# dny|# dne|# dní} zdarma, pak {amount} {period} až do zrušení.", // pricing.sum_trial
  "Dnes {amount}, pak {amount} {period} až do zrušení.", // pricing.sum_recurring
  "Dnes {amount}. Obnovuje se {period} až do zrušení.", // pricing.sum_discounted
  "každý den", // pricing.renews.day
  "každý týden", // pricing.renews.week
  "každý měsíc", // pricing.renews.month
  "každý rok", // pricing.renews.year
  "{amount} jednorázově. Bez obnovování.", // pricing.sum_once
  "Bezpečná platba", // pricing.secure
  "Platba se otevře na nové kartě.", // pricing.secure_hint
  "V ceně {period}", // pricing.included_per
  "V ceně", // pricing.included_total
  "Časově omezená nabídka", // offer.limited_time
  "Končí za", // offer.ends_in
  "Jak můžeme pomoci?", // support.heading
  "Napište nám, odpovíme e-mailem.", // support.instruction
  "Předmět", // support.subject
  "Zpráva", // support.message
  "Odeslat zprávu", // support.send_button
  "Hotovo", // support.done_button
  "Odeslat další zprávu", // support.send_another
  "Zpráva odeslána", // support.success_heading
  "Odpovíme na {email}.", // support.success_message
  "Přidat snímky obrazovky", // support.attachments_label
  "Až {max} obrázků, každý do {size} MB", // support.file_requirements
  "Vyberte nejvýše {max} obrázků.", // support.too_many_files
  "Pouze JPEG, PNG nebo WebP do {size} MB.", // support.invalid_file
  "Odebrat {filename}", // support.remove_file_aria
  "{min} až {max} znaků.", // support.subject_length
  "Dnes jste už psali dvakrát. Počkejte prosím na naši odpověď.", // support.rate_limited
  "Zpráva nebyla odeslána. Zkuste to znovu.", // support.failed
  "Načíst stránku znovu", // modal.reload
  "Pokračovat přes {provider}", // auth.continue_with
  "Naposledy: {email}", // auth.last_used
  "Naposledy použito", // auth.last_used_no_email
  "Pokračujte v okně, které se právě otevřelo.", // auth.oauth_waiting
  "Prohlížeč zablokoval přihlašovací okno. Povolte ho pro tento web a zkuste to znovu.", // auth.popup_blocked
  "Tento účet {provider} tu už patří někomu jinému.", // auth.identity_already_linked
  "Přihlásit se tímto účtem", // auth.switch_account
  "Pokračovat", // auth.sign_up
  "Další způsoby přihlášení", // auth.other_ways
  "Odhlašování…", // session.signing_out
  "{min} až {max} znaků.", // support.message_length
  "Odesílání…", // support.sending
  "Zkuste to prosím o něco později.", // modal.error_later
] satisfies Texts;
