import type { Texts } from "./index.ts";

export default [
  "Înapoi", // nav.back
  "Se încarcă planurile", // modal.loading
  "Se verifică abonamentul", // modal.verifying_subscription
  "Nu s-a putut încărca", // modal.error_generic
  "Verifică conexiunea și încearcă din nou.", // modal.error_hint
  "Încearcă din nou", // modal.retry
  "Continuă", // modal.continue
  "Închide", // modal.close_aria
  "Mod de test: fără bani reali", // modal.test_mode
  "Totul e gata", // modal.purchase_success_title
  "Plata a ajuns și totul este deblocat.", // modal.purchase_success_subtitle
  "Bine ai revenit", // modal.purchase_restored_title
  "Am găsit planul tău. Totul este deblocat.", // modal.purchase_restored_subtitle
  "Finalizează în cealaltă filă", // payment.awaiting_title
  "Plata e deschisă într-o filă nouă. Pagina se deblochează singură după ce plătești.", // payment.awaiting_subtitle
  "Am plătit", // payment.ive_paid
  "Se verifică…", // payment.checking
  "Încă neconfirmată. Poate dura puțin, încearcă din nou imediat.", // payment.still_processing
  "Nu vezi fila?", // payment.popup_help_text
  "Deschide-o din nou", // payment.open_checkout_again
  "Ia-o de la capăt", // payment.tab_closed_retry
  "Încă un clic", // payment.popup_blocked_title
  "Browserul a împiedicat deschiderea plății într-o filă nouă.", // payment.popup_blocked_message
  "Deschide plata", // payment.open_checkout_button
  "Plata nu a putut începe. Nu ți s-a luat niciun ban.", // payment.failed
  "Site-ul trebuie să te conecteze înainte să cumperi.", // payment.who
  "E-mail", // auth.email
  "Parolă", // auth.password
  "Alege o parolă", // auth.new_password
  "Cel puțin 6 caractere", // auth.password_hint
  "Cod din 6 cifre", // auth.code
  "Arată parola", // auth.show_password
  "Ascunde parola", // auth.hide_password
  "Conectează-te", // auth.log_in
  "Creează cont", // auth.create_account
  "Trimite linkul", // auth.send_reset
  "Trimite-mi un cod", // auth.send_code
  "Trimite-mi mai bine un cod", // auth.send_code_instead
  "Folosește parola", // auth.use_password
  "Continuă", // auth.verify
  "sau", // auth.or
  "Înapoi la conectare", // auth.back_to_login
  "Ai uitat-o?", // auth.forgot_password
  "Trimite un cod nou", // auth.resend_code
  "Cod nou în {n} s", // auth.resend_in
  "Trimite din nou", // auth.resend_mail
  "Folosește altă adresă", // auth.other_email
  "Nu ai cont?", // auth.no_account
  "Creează unul", // auth.sign_up_link
  "Ai deja cont?", // auth.have_account
  "Conectează-te", // auth.log_in_link
  "Conectare", // auth.welcome
  "Creează-ți contul", // auth.welcome_signup
  "Ca să ai planul pe toate dispozitivele tale.", // auth.default_subtitle
  "Resetează parola", // auth.forgot_password_title
  "Îți trimitem un link ca să alegi una nouă.", // auth.forgot_subtitle
  "Verifică-ți e-mailul", // auth.check_email_title
  "Dacă {email} are un cont, linkul e pe drum. Este valabil o oră.", // auth.reset_sent_subtitle
  "Deschide linkul trimis la {email}. Pagina te conectează singură.", // auth.signup_sent_subtitle
  "Introdu codul", // auth.otp_verify_title
  "L-am trimis la {email}.", // auth.otp_verify_subtitle
  "Recuperează achiziția", // auth.restore_purchases_heading
  "Conectează-te cu adresa cu care ai cumpărat.", // auth.restore_purchases_subheading
  "Conectează-te ca să continui", // auth.login_continue_purchase
  "Ca să ai planul pe toate dispozitivele tale.", // auth.link_purchase_subheading
  "Conectat ca {email}", // auth.signed_in
  "Un cod nou e pe drum.", // auth.code_resent
  "Trimis din nou.", // auth.mail_resent
  "Introdu o adresă de e-mail validă.", // auth.invalid_email
  "Introdu parola.", // auth.password_required
  "Nu a mers. Încearcă din nou.", // auth.signin_failed
  "E-mailul și parola nu se potrivesc.", // auth.invalid_credentials
  "Confirmă întâi e-mailul: deschide linkul pe care ți l-am trimis.", // auth.email_not_confirmed
  "Adresa are deja un cont. Conectează-te.", // auth.email_already_registered
  "Alege o parolă mai lungă.", // auth.weak_password
  "Codul e greșit sau a expirat.", // auth.invalid_otp
  "Prea multe încercări. Așteaptă un minut și încearcă din nou.", // auth.rate_limited
  "Fără conexiune. Verifică rețeaua și încearcă din nou.", // auth.network_error
  "Serviciul e ocupat. Încearcă din nou imediat.", // auth.service_unavailable
  "Acest site nu a terminat încă de configurat autentificarea.", // auth.custom_domain_required
  "Deconectează-te", // session.sign_out
  "Recuperează achiziția", // session.restore_purchases
  "Contactează asistența", // session.contact_support
  "Închide", // cta.close
  "Continuă", // cta.continue
  "Se deschide plata…", // cta.opening
  "Încearcă gratuit {days|# zi|# zile|# de zile}", // cta.start_trial
  "Obține acces pe viață", // cta.get_lifetime
  "Alege planul zilnic", // cta.get_day
  "Alege planul săptămânal", // cta.get_week
  "Alege planul lunar", // cta.get_month
  "Alege planul anual", // cta.get_year
  "Încă nu se vinde nimic aici.", // pricing.no_prices
  "Planuri", // pricing.plans_aria
  "Cel mai ales", // pricing.most_popular
  "Economisești {percent}%", // pricing.save
  "Înainte", // pricing.was
  "Zilnic", // pricing.plan_label.day
  "Săptămânal", // pricing.plan_label.week
  "Lunar", // pricing.plan_label.month
  "Anual", // pricing.plan_label.year
  "Pe viață", // pricing.plan_label.lifetime
  "pe zi", // pricing.per.day
  "pe săptămână", // pricing.per.week
  "pe lună", // pricing.per.month
  "pe an", // pricing.per.year
  "la {n} {n|zi|zile|de zile}", // pricing.every.day
  "la {n} {n|săptămână|săptămâni|de săptămâni}", // pricing.every.week
  "la {n} {n|lună|luni|de luni}", // pricing.every.month
  "la {n} {n|an|ani|de ani}", // pricing.every.year
  "plată unică", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# zi|# zile|# de zile} gratuit", // pricing.trial
  "Gratuit {days|# zi|# zile|# de zile}, apoi {amount} {period} până anulezi.", // pricing.sum_trial
  "{amount} azi, apoi {amount} {period} până anulezi.", // pricing.sum_recurring
  "{amount} azi. Se reînnoiește {period} până anulezi.", // pricing.sum_discounted
  "zilnic", // pricing.renews.day
  "săptămânal", // pricing.renews.week
  "lunar", // pricing.renews.month
  "anual", // pricing.renews.year
  "{amount} o singură dată. Fără reînnoire.", // pricing.sum_once
  "Plată sigură", // pricing.secure
  "Plata se deschide într-o filă nouă.", // pricing.secure_hint
  "Inclus {period}", // pricing.included_per
  "Inclus", // pricing.included_total
  "Ofertă limitată", // offer.limited_time
  "Se termină în", // offer.ends_in
  "Cu ce te putem ajuta?", // support.heading
  "Scrie-ne și îți răspundem prin e-mail.", // support.instruction
  "Subiect", // support.subject
  "Mesaj", // support.message
  "Trimite mesajul", // support.send_button
  "Gata", // support.done_button
  "Trimite alt mesaj", // support.send_another
  "Mesaj trimis", // support.success_heading
  "Îți răspundem la {email}.", // support.success_message
  "Adaugă capturi de ecran", // support.attachments_label
  "Până la {max} imagini a câte {size} MB", // support.file_requirements
  "Alege cel mult {max} imagini.", // support.too_many_files
  "Doar JPEG, PNG sau WebP de cel mult {size} MB.", // support.invalid_file
  "Elimină {filename}", // support.remove_file_aria
  "Între {min} și {max} de caractere.", // support.subject_length
  "Ai scris deja de două ori azi. Te rugăm să aștepți răspunsul nostru.", // support.rate_limited
  "Mesajul nu a fost trimis. Încearcă din nou.", // support.failed
  "Reîncarcă pagina", // modal.reload
  "Continuă cu {provider}", // auth.continue_with
  "Ultima folosită: {email}", // auth.last_used
  "Ultima folosită", // auth.last_used_no_email
  "Continuă în fereastra care tocmai s-a deschis.", // auth.oauth_waiting
  "Browserul a blocat fereastra de conectare. Permite-o pentru acest site și încearcă din nou.", // auth.popup_blocked
  "Acest cont {provider} aparține deja altcuiva aici.", // auth.identity_already_linked
  "Conectează-te cu acel cont", // auth.switch_account
  "Continuă", // auth.sign_up
  "Alte moduri de conectare", // auth.other_ways
  "Se deconectează…", // session.signing_out
  "Între {min} și {max} de caractere.", // support.message_length
  "Se trimite…", // support.sending
  "Te rugăm să încerci din nou puțin mai târziu.", // modal.error_later
] satisfies Texts;
