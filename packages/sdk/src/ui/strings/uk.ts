import type { Texts } from "./index.ts";

export default [
  "Назад", // nav.back
  "Завантажуємо тарифи", // modal.loading
  "Перевіряємо підписку", // modal.verifying_subscription
  "Не вдалося завантажити", // modal.error_generic
  "Перевірте з’єднання і спробуйте ще раз.", // modal.error_hint
  "Спробувати ще раз", // modal.retry
  "Продовжити", // modal.continue
  "Закрити", // modal.close_aria
  "Тестовий режим: гроші не списуються", // modal.test_mode
  "Усе готово", // modal.purchase_success_title
  "Оплата надійшла, усе відкрито.", // modal.purchase_success_subtitle
  "З поверненням", // modal.purchase_restored_title
  "Ми знайшли вашу підписку. Усе відкрито.", // modal.purchase_restored_subtitle
  "Завершіть в іншій вкладці", // payment.awaiting_title
  "Оплата відкрита в новій вкладці. Після оплати ця сторінка відкриється сама.", // payment.awaiting_subtitle
  "Оплату внесено", // payment.ive_paid
  "Перевіряємо…", // payment.checking
  "Поки не підтверджено. Це може забрати трохи часу, спробуйте за мить.", // payment.still_processing
  "Не бачите вкладки?", // payment.popup_help_text
  "Відкрити ще раз", // payment.open_checkout_again
  "Почати спочатку", // payment.tab_closed_retry
  "Ще один клік", // payment.popup_blocked_title
  "Браузер не дав відкрити оплату в новій вкладці.", // payment.popup_blocked_message
  "Відкрити оплату", // payment.open_checkout_button
  "Не вдалося почати оплату. Гроші не списано.", // payment.failed
  "Щоб купити, потрібно увійти на цьому сайті.", // payment.who
  "Ел. пошта", // auth.email
  "Пароль", // auth.password
  "Придумайте пароль", // auth.new_password
  "Щонайменше 6 символів", // auth.password_hint
  "Код із 6 цифр", // auth.code
  "Показати пароль", // auth.show_password
  "Сховати пароль", // auth.hide_password
  "Увійти", // auth.log_in
  "Створити акаунт", // auth.create_account
  "Надіслати посилання", // auth.send_reset
  "Отримати код на пошту", // auth.send_code
  "Отримати код замість пароля", // auth.send_code_instead
  "Увійти з паролем", // auth.use_password
  "Продовжити", // auth.verify
  "або", // auth.or
  "Назад до входу", // auth.back_to_login
  "Забули?", // auth.forgot_password
  "Надіслати новий код", // auth.resend_code
  "Новий код за {n} с", // auth.resend_in
  "Надіслати ще раз", // auth.resend_mail
  "Вказати іншу адресу", // auth.other_email
  "Немає акаунта?", // auth.no_account
  "Створити", // auth.sign_up_link
  "Вже маєте акаунт?", // auth.have_account
  "Увійти", // auth.log_in_link
  "Вхід", // auth.welcome
  "Створіть акаунт", // auth.welcome_signup
  "Щоб підписка була на всіх ваших пристроях.", // auth.default_subtitle
  "Скидання пароля", // auth.forgot_password_title
  "Ми надішлемо посилання, щоб задати новий.", // auth.forgot_subtitle
  "Перевірте пошту", // auth.check_email_title
  "Якщо для {email} є акаунт, посилання вже в дорозі. Воно діє одну годину.", // auth.reset_sent_subtitle
  "Відкрийте посилання, надіслане на {email}. На цій сторінці вхід відбудеться сам.", // auth.signup_sent_subtitle
  "Введіть код", // auth.otp_verify_title
  "Ми надіслали його на {email}.", // auth.otp_verify_subtitle
  "Відновіть покупку", // auth.restore_purchases_heading
  "Увійдіть з адресою, на яку оформлено покупку.", // auth.restore_purchases_subheading
  "Увійдіть, щоб продовжити", // auth.login_continue_purchase
  "Щоб підписка була на всіх ваших пристроях.", // auth.link_purchase_subheading
  "Ви увійшли як {email}", // auth.signed_in
  "Новий код уже в дорозі.", // auth.code_resent
  "Надіслано ще раз.", // auth.mail_resent
  "Введіть правильну адресу пошти.", // auth.invalid_email
  "Введіть пароль.", // auth.password_required
  "Не вийшло. Спробуйте ще раз.", // auth.signin_failed
  "Пошта і пароль не збігаються.", // auth.invalid_credentials
  "Спершу підтвердьте пошту: відкрийте посилання з листа.", // auth.email_not_confirmed
  "Ця адреса вже має акаунт. Увійдіть.", // auth.email_already_registered
  "Придумайте довший пароль.", // auth.weak_password
  "Код неправильний або застарів.", // auth.invalid_otp
  "Забагато спроб. Зачекайте хвилину і спробуйте ще раз.", // auth.rate_limited
  "Немає з’єднання. Перевірте мережу і спробуйте ще раз.", // auth.network_error
  "Сервіс перевантажений. Спробуйте за мить.", // auth.service_unavailable
  "Сайт ще не завершив налаштування входу.", // auth.custom_domain_required
  "Вийти", // session.sign_out
  "Відновити покупку", // session.restore_purchases
  "Написати в підтримку", // session.contact_support
  "Закрити", // cta.close
  "Продовжити", // cta.continue
  "Відкриваємо оплату…", // cta.opening
  "Спробувати {days|# день|# дні|# днів} безкоштовно", // cta.start_trial
  "Купити назавжди", // cta.get_lifetime
  "Обрати тариф на день", // cta.get_day
  "Обрати тариф на тиждень", // cta.get_week
  "Обрати тариф на місяць", // cta.get_month
  "Обрати тариф на рік", // cta.get_year
  "Тут поки нічого не продається.", // pricing.no_prices
  "Тарифи", // pricing.plans_aria
  "Найпопулярніший", // pricing.most_popular
  "Вигода {percent} %", // pricing.save
  "Раніше", // pricing.was
  "На день", // pricing.plan_label.day
  "На тиждень", // pricing.plan_label.week
  "На місяць", // pricing.plan_label.month
  "На рік", // pricing.plan_label.year
  "Назавжди", // pricing.plan_label.lifetime
  "на день", // pricing.per.day
  "на тиждень", // pricing.per.week
  "на місяць", // pricing.per.month
  "на рік", // pricing.per.year
  "раз на {n} {n|день|дні|днів}", // pricing.every.day
  "раз на {n} {n|тиждень|тижні|тижнів}", // pricing.every.week
  "раз на {n} {n|місяць|місяці|місяців}", // pricing.every.month
  "раз на {n} {n|рік|роки|років}", // pricing.every.year
  "разовий платіж", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# день|# дні|# днів} безкоштовно", // pricing.trial
  "{days|# день|# дні|# днів} безкоштовно, потім {amount} {period} до скасування.", // pricing.sum_trial
  "{amount} сьогодні, потім {amount} {period} до скасування.", // pricing.sum_recurring
  "{amount} сьогодні. Поновлюється {period} до скасування.", // pricing.sum_discounted
  "щодня", // pricing.renews.day
  "щотижня", // pricing.renews.week
  "щомісяця", // pricing.renews.month
  "щороку", // pricing.renews.year
  "{amount} один раз. Без поновлень.", // pricing.sum_once
  "Безпечна оплата", // pricing.secure
  "Оплата відкриється в новій вкладці.", // pricing.secure_hint
  "Включено {period}", // pricing.included_per
  "Включено", // pricing.included_total
  "Обмежена пропозиція", // offer.limited_time
  "До кінця", // offer.ends_in
  "Чим ми можемо допомогти?", // support.heading
  "Напишіть нам, ми відповімо на пошту.", // support.instruction
  "Тема", // support.subject
  "Повідомлення", // support.message
  "Надіслати", // support.send_button
  "Готово", // support.done_button
  "Надіслати ще одне", // support.send_another
  "Повідомлення надіслано", // support.success_heading
  "Ми відповімо на {email}.", // support.success_message
  "Додати знімки екрана", // support.attachments_label
  "До {max} зображень по {size} МБ", // support.file_requirements
  "Не більше {max} зображень.", // support.too_many_files
  "Лише JPEG, PNG або WebP до {size} МБ.", // support.invalid_file
  "Вилучити {filename}", // support.remove_file_aria
  "Від {min} до {max} символів.", // support.subject_length
  "Сьогодні ви вже писали двічі. Будь ласка, дочекайтеся відповіді.", // support.rate_limited
  "Повідомлення не надіслано. Спробуйте ще раз.", // support.failed
  "Оновити сторінку", // modal.reload
  "Продовжити з {provider}", // auth.continue_with
  "Минулий вхід: {email}", // auth.last_used
  "Минулий вхід", // auth.last_used_no_email
  "Продовжте у вікні, що відкрилося.", // auth.oauth_waiting
  "Браузер не дав відкрити вікно входу. Дозвольте його для цього сайту і спробуйте ще раз.", // auth.popup_blocked
  "Цей акаунт {provider} тут належить іншій людині.", // auth.identity_already_linked
  "Увійти в той акаунт", // auth.switch_account
  "Продовжити", // auth.sign_up
  "Інші способи входу", // auth.other_ways
  "Виходимо…", // session.signing_out
  "Від {min} до {max} символів.", // support.message_length
  "Надсилаємо…", // support.sending
  "Спробуйте ще раз трохи пізніше.", // modal.error_later
] satisfies Texts;
