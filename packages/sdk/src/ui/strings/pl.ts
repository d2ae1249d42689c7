import type { Texts } from "./index.ts";

export default [
  "Wstecz", // nav.back
  "Wczytywanie planów", // modal.loading
  "Sprawdzanie subskrypcji", // modal.verifying_subscription
  "Nie udało się wczytać", // modal.error_generic
  "Sprawdź połączenie i spróbuj ponownie.", // modal.error_hint
  "Spróbuj ponownie", // modal.retry
  "Dalej", // modal.continue
  "Zamknij", // modal.close_aria
  "Tryb testowy: bez prawdziwych płatności", // modal.test_mode
  "Wszystko gotowe", // modal.purchase_success_title
  "Płatność dotarła i wszystko jest odblokowane.", // modal.purchase_success_subtitle
  "Witaj ponownie", // modal.purchase_restored_title
  "Znaleźliśmy Twój plan. Wszystko jest odblokowane.", // modal.purchase_restored_subtitle
  "Dokończ w drugiej karcie", // payment.awaiting_title
  "Płatność jest otwarta w nowej karcie. Ta strona odblokuje się sama, gdy zapłacisz.", // payment.awaiting_subtitle
  "Zapłacone", // payment.ive_paid
  "Sprawdzanie…", // payment.checking
  "Jeszcze niepotwierdzone. To może chwilę potrwać, spróbuj za moment.", // payment.still_processing
  "Nie widzisz karty?", // payment.popup_help_text
  "Otwórz ją ponownie", // payment.open_checkout_again
  "Zacznij od nowa", // payment.tab_closed_retry
  "Jeszcze jedno kliknięcie", // payment.popup_blocked_title
  "Przeglądarka zablokowała otwarcie płatności w nowej karcie.", // payment.popup_blocked_message
  "Otwórz płatność", // payment.open_checkout_button
  "Nie udało się rozpocząć płatności. Nic nie zostało pobrane.", // payment.failed
  "Ta strona musi Cię zalogować przed zakupem.", // payment.who
  "E-mail", // auth.email
  "Hasło", // auth.password
  "Wybierz hasło", // auth.new_password
  "Co najmniej 6 znaków", // auth.password_hint
  "6-cyfrowy kod", // auth.code
  "Pokaż hasło", // auth.show_password
  "Ukryj hasło", // auth.hide_password
  "Zaloguj się", // auth.log_in
  "Utwórz konto", // auth.create_account
  "Wyślij link", // auth.send_reset
  "Wyślij mi kod", // auth.send_code
  "Wyślij mi kod e-mailem", // auth.send_code_instead
  "Użyj hasła", // auth.use_password
  "Dalej", // auth.verify
  "lub", // auth.or
  "Wróć do logowania", // auth.back_to_login
  "Nie pamiętasz?", // auth.forgot_password
  "Wyślij nowy kod", // auth.resend_code
  "Nowy kod za {n} s", // auth.resend_in
  "Wyślij ponownie", // auth.resend_mail
  "Użyj innego adresu", // auth.other_email
  "Nie masz konta?", // auth.no_account
  "Utwórz je", // auth.sign_up_link
  "Masz już konto?", // auth.have_account
  "Zaloguj się", // auth.log_in_link
  "Zaloguj się", // auth.welcome
  "Utwórz konto", // auth.welcome_signup
  "Aby mieć swój plan na wszystkich urządzeniach.", // auth.default_subtitle
  "Zresetuj hasło", // auth.forgot_password_title
  "Wyślemy Ci link, aby ustawić nowe.", // auth.forgot_subtitle
  "Sprawdź skrzynkę", // auth.check_email_title
  "Jeśli {email} ma konto, link jest w drodze. Działa przez godzinę.", // auth.reset_sent_subtitle
  "Otwórz link wysłany na {email}. Ta strona zaloguje Cię sama.", // auth.signup_sent_subtitle
  "Wpisz kod", // auth.otp_verify_title
  "Wysłaliśmy go na {email}.", // auth.otp_verify_subtitle
  "Przywróć zakup", // auth.restore_purchases_heading
  "Zaloguj się adresem użytym przy zakupie.", // auth.restore_purchases_subheading
  "Zaloguj się, aby kontynuować", // auth.login_continue_purchase
  "Aby mieć swój plan na wszystkich urządzeniach.", // auth.link_purchase_subheading
  "Zalogowano jako {email}", // auth.signed_in
  "Nowy kod jest w drodze.", // auth.code_resent
  "Wysłano ponownie.", // auth.mail_resent
  "Podaj prawidłowy adres e-mail.", // auth.invalid_email
  "Podaj hasło.", // auth.password_required
  "Nie udało się. Spróbuj ponownie.", // auth.signin_failed
  "E-mail i hasło nie pasują do siebie.", // auth.invalid_credentials
  "Najpierw potwierdź e-mail: otwórz wysłany przez nas link.", // auth.email_not_confirmed
  "Ten adres ma już konto. Zaloguj się.", // auth.email_already_registered
  "Wybierz dłuższe hasło.", // auth.weak_password
  "Kod jest błędny lub wygasł.", // auth.invalid_otp
  "Za dużo prób. Odczekaj minutę i spróbuj ponownie.", // auth.rate_limited
  "Brak połączenia. Sprawdź sieć i spróbuj ponownie.", // auth.network_error
  "Usługa jest przeciążona. Spróbuj za chwilę.", // auth.service_unavailable
  "Ta strona nie ukończyła jeszcze konfiguracji logowania.", // auth.custom_domain_required
  "Wyloguj się", // session.sign_out
  "Przywróć zakup", // session.restore_purchases
  "Kontakt z pomocą", // session.contact_support
  "Zamknij", // cta.close
  "Dalej", // cta.continue
  "Otwieranie płatności…", // cta.opening
  "Wypróbuj {days|# dzień|# dni} za darmo", // cta.start_trial
  "Kup dostęp na zawsze", // cta.get_lifetime
  "Wybierz plan dzienny", // cta.get_day
  "Wybierz plan tygodniowy", // cta.get_week
  "Wybierz plan miesięczny", // cta.get_month
  "Wybierz plan roczny", // cta.get_year
  "Nic tu jeszcze nie jest w sprzedaży.", // pricing.no_prices
  "Plany", // pricing.plans_aria
  "Najpopularniejszy", // pricing.most_popular
  "Oszczędzasz {percent}%", // pricing.save
  "Wcześniej", // pricing.was
  "Dzienny", // pricing.plan_label.day
  "Tygodniowy", // pricing.plan_label.week
  "Miesięczny", // pricing.plan_label.month
  "Roczny", // pricing.plan_label.year
  "Na zawsze", // pricing.plan_label.lifetime
  "dziennie", // pricing.per.day
  "tygodniowo", // pricing.per.week
  "miesięcznie", // pricing.per.month
  "rocznie", // pricing.per.year
  "co {n} {n|dzień|dni}", // pricing.every.day
  "co {n} {n|tydzień|tygodnie|tygodni}", // pricing.every.week
  "co {n} {n|miesiąc|miesiące|miesięcy}", // pricing.every.month
  "co {n} {n|rok|lata|lat}", // pricing.every.year
  "płatność jednorazowa", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dzień|# dni} za darmo", // pricing.trial
  "{days|# dzień|# dni} za darmo, potem {amount} {period} aż do anulowania.", // pricing.sum_trial
  "{amount} dziś, potem {amount} {period} aż do anulowania.", // pricing.sum_recurring
  "{amount} dziś. Odnawia się {period} aż do anulowania.", // pricing.sum_discounted
  "codziennie", // pricing.renews.day
  "co tydzień", // pricing.renews.week
  "co miesiąc", // pricing.renews.month
  "co rok", // pricing.renews.year
  "{amount} jednorazowo. Bez odnawiania.", // pricing.sum_once
  "Bezpieczna płatność", // pricing.secure
  "Płatność otworzy się w nowej karcie.", // pricing.secure_hint
  "W cenie {period}", // pricing.included_per
  "W cenie", // pricing.included_total
  "Oferta ograniczona czasowo", // offer.limited_time
  "Koniec za", // offer.ends_in
  "Jak możemy pomóc?", // support.heading
  "Napisz do nas, odpowiemy e-mailem.", // support.instruction
  "Temat", // support.subject
  "Wiadomość", // support.message
  "Wyślij wiadomość", // support.send_button
  "Gotowe", // support.done_button
  "Wyślij kolejną wiadomość", // support.send_another
  "Wiadomość wysłana", // support.success_heading
  "Odpowiemy na adres {email}.", // support.success_message
  "Dodaj zrzuty ekranu", // support.attachments_label
  "Do {max} obrazów po {size} MB", // support.file_requirements
  "Wybierz najwyżej {max} obrazów.", // support.too_many_files
  "Tylko JPEG, PNG lub WebP do {size} MB.", // support.invalid_file
  "Usuń {filename}", // support.remove_file_aria
  "Od {min} do {max} znaków.", // support.subject_length
  "Dziś napisano już dwa razy. Prosimy poczekać na naszą odpowiedź.", // support.rate_limited
  "Wiadomość nie została wysłana. Spróbuj ponownie.", // support.failed
  "Wczytaj stronę ponownie", // modal.reload
  "Kontynuuj przez {provider}", // auth.continue_with
  "Ostatnio: {email}", // auth.last_used
  "Ostatnio używane", // auth.last_used_no_email
  "Przejdź do okna, które właśnie się otworzyło.", // auth.oauth_waiting
  "Przeglądarka zablokowała okno logowania. Zezwól na nie dla tej strony i spróbuj ponownie.", // auth.popup_blocked
  "To konto {provider} należy tu już do innej osoby.", // auth.identity_already_linked
  "Zaloguj się na to konto", // auth.switch_account
  "Dalej", // auth.sign_up
  "Inne sposoby logowania", // auth.other_ways
  "Wylogowywanie…", // session.signing_out
  "Od {min} do {max} znaków.", // support.message_length
  "Wysyłanie…", // support.sending
  "Spróbuj ponownie nieco później.", // modal.error_later
] satisfies Texts;
