import type { Texts } from "./index.ts";

export default [
  "Назад", // nav.back
  "Загружаем тарифы", // modal.loading
  "Проверяем подписку", // modal.verifying_subscription
  "Не удалось загрузить", // modal.error_generic
  "Проверьте подключение и попробуйте ещё раз.", // modal.error_hint
  "Попробовать ещё раз", // modal.retry
  "Продолжить", // modal.continue
  "Закрыть", // modal.close_aria
  "Тестовый режим: деньги не списываются", // modal.test_mode
  "Всё готово", // modal.purchase_success_title
  "Оплата прошла, всё открыто.", // modal.purchase_success_subtitle
  "С возвращением", // modal.purchase_restored_title
  "Мы нашли вашу подписку. Всё открыто.", // modal.purchase_restored_subtitle
  "Завершите в другой вкладке", // payment.awaiting_title
  "Оплата открыта в новой вкладке. После оплаты эта страница откроется сама.", // payment.awaiting_subtitle
  "Оплата внесена", // payment.ive_paid
  "Проверяем…", // payment.checking
  "Пока не подтверждено. Это может занять немного времени, попробуйте чуть позже.", // payment.still_processing
  "Не видите вкладку?", // payment.popup_help_text
  "Открыть ещё раз", // payment.open_checkout_again
  "Начать заново", // payment.tab_closed_retry
  "Ещё один клик", // payment.popup_blocked_title
  "Браузер не дал открыть оплату в новой вкладке.", // payment.popup_blocked_message
  "Открыть оплату", // payment.open_checkout_button
  "Не удалось начать оплату. Деньги не списаны.", // payment.failed
  "Чтобы купить, нужно войти на этом сайте.", // payment.who
  "Эл. почта", // auth.email
  "Пароль", // auth.password
  "Придумайте пароль", // auth.new_password
  "Не менее 6 символов", // auth.password_hint
  "Код из 6 цифр", // auth.code
  "Показать пароль", // auth.show_password
  "Скрыть пароль", // auth.hide_password
  "Войти", // auth.log_in
  "Создать аккаунт", // auth.create_account
  "Отправить ссылку", // auth.send_reset
  "Получить код на почту", // auth.send_code
  "Получить код вместо пароля", // auth.send_code_instead
  "Войти с паролем", // auth.use_password
  "Продолжить", // auth.verify
  "или", // auth.or
  "Вернуться ко входу", // auth.back_to_login
  "Забыли?", // auth.forgot_password
  "Отправить новый код", // auth.resend_code
  "Новый код через {n} с", // auth.resend_in
  "Отправить ещё раз", // auth.resend_mail
  "Указать другой адрес", // auth.other_email
  "Нет аккаунта?", // auth.no_account
  "Создать", // auth.sign_up_link
  "Уже есть аккаунт?", // auth.have_account
  "Войти", // auth.log_in_link
  "Вход", // auth.welcome
  "Создайте аккаунт", // auth.welcome_signup
  "Чтобы подписка была на всех ваших устройствах.", // auth.default_subtitle
  "Сброс пароля", // auth.forgot_password_title
  "Мы пришлём ссылку, чтобы задать новый.", // auth.forgot_subtitle
  "Проверьте почту", // auth.check_email_title
  "Если для {email} есть аккаунт, ссылка уже в пути. Она действует один час.", // auth.reset_sent_subtitle
  "Откройте ссылку, отправленную на {email}. На этой странице вход произойдёт сам.", // auth.signup_sent_subtitle
  "Введите код", // auth.otp_verify_title
  "Мы отправили его на {email}.", // auth.otp_verify_subtitle
  "Восстановите покупку", // auth.restore_purchases_heading
  "Войдите с адресом, на который оформлена покупка.", // auth.restore_purchases_subheading
  "Войдите, чтобы продолжить", // auth.login_continue_purchase
  "Чтобы подписка была на всех ваших устройствах.", // auth.link_purchase_subheading
  "Вы вошли как {email}", // auth.signed_in
  "Новый код уже в пути.", // auth.code_resent
  "Отправили ещё раз.", // auth.mail_resent
  "Введите правильный адрес почты.", // auth.invalid_email
  "Введите пароль.", // auth.password_required
  "Не получилось. Попробуйте ещё раз.", // auth.signin_failed
  "Почта и пароль не подходят друг к другу.", // auth.invalid_credentials
  "Сначала подтвердите почту: откройте ссылку из письма.", // auth.email_not_confirmed
  "У этого адреса уже есть аккаунт. Войдите.", // auth.email_already_registered
  "Придумайте пароль длиннее.", // auth.weak_password
  "Код неверный или устарел.", // auth.invalid_otp
  "Слишком много попыток. Подождите минуту и попробуйте ещё раз.", // auth.rate_limited
  "Нет подключения. Проверьте сеть и попробуйте ещё раз.", // auth.network_error
  "Сервис перегружен. Попробуйте чуть позже.", // auth.service_unavailable
  "Сайт ещё не завершил настройку входа.", // auth.custom_domain_required
  "Выйти", // session.sign_out
  "Восстановить покупку", // session.restore_purchases
  "Написать в поддержку", // session.contact_support
  "Закрыть", // cta.close
  "Продолжить", // cta.continue
  "Открываем оплату…", // cta.opening
  "Попробовать {days|# день|# дня|# дней} бесплатно", // cta.start_trial
  "Купить навсегда", // cta.get_lifetime
  "Выбрать тариф на день", // cta.get_day
  "Выбрать тариф на неделю", // cta.get_week
  "Выбрать тариф на месяц", // cta.get_month
  "Выбрать тариф на год", // cta.get_year
  "Здесь пока ничего не продаётся.", // pricing.no_prices
  "Тарифы", // pricing.plans_aria
  "Самый популярный", // pricing.most_popular
  "Выгода {percent} %", // pricing.save
  "Раньше", // pricing.was
  "На день", // pricing.plan_label.day
  "На неделю", // pricing.plan_label.week
  "На месяц", // pricing.plan_label.month
  "На год", // pricing.plan_label.year
  "Навсегда", // pricing.plan_label.lifetime
  "в день", // pricing.per.day
  "в неделю", // pricing.per.week
  "в месяц", // pricing.per.month
  "в год", // pricing.per.year
  "раз в {n} {n|день|дня|дней}", // pricing.every.day
  "раз в {n} {n|неделю|недели|недель}", // pricing.every.week
  "раз в {n} {n|месяц|месяца|месяцев}", // pricing.every.month
  "раз в {n} {n|год|года|лет}", // pricing.every.year
  "разовый платёж", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# день|# дня|# дней} бесплатно", // pricing.trial
  "{days|# день|# дня|# дней} бесплатно, затем {amount} {period} до отмены.", // pricing.sum_trial
  "{amount} сегодня, затем {amount} {period} до отмены.", // pricing.sum_recurring
  "{amount} сегодня. Продлевается {period} до отмены.", // pricing.sum_discounted
  "каждый день", // pricing.renews.day
  "каждую неделю", // pricing.renews.week
  "каждый месяц", // pricing.renews.month
  "каждый год", // pricing.renews.year
  "{amount} один раз. Без продлений.", // pricing.sum_once
  "Безопасная оплата", // pricing.secure
  "Оплата откроется в новой вкладке.", // pricing.secure_hint
  "Включено {period}", // pricing.included_per
  "Включено", // pricing.included_total
  "Ограниченное предложение", // offer.limited_time
  "До конца", // offer.ends_in
  "Чем мы можем помочь?", // support.heading
  "Напишите нам, мы ответим на почту.", // support.instruction
  "Тема", // support.subject
  "Сообщение", // support.message
  "Отправить", // support.send_button
  "Готово", // support.done_button
  "Отправить ещё одно", // support.send_another
  "Сообщение отправлено", // support.success_heading
  "Мы ответим на {email}.", // support.success_message
  "Добавить скриншоты", // support.attachments_label
  "До {max} изображений по {size} МБ", // support.file_requirements
  "Не больше {max} изображений.", // support.too_many_files
  "Только JPEG, PNG или WebP до {size} МБ.", // support.invalid_file
  "Удалить {filename}", // support.remove_file_aria
  "От {min} до {max} символов.", // support.subject_length
  "Сегодня вы уже писали дважды. Пожалуйста, дождитесь ответа.", // support.rate_limited
  "Сообщение не отправлено. Попробуйте ещё раз.", // support.failed
  "Обновить страницу", // modal.reload
  "Продолжить с {provider}", // auth.continue_with
  "Прошлый вход: {email}", // auth.last_used
  "Прошлый вход", // auth.last_used_no_email
  "Продолжите в открывшемся окне.", // auth.oauth_waiting
  "Браузер не дал открыть окно входа. Разрешите его для этого сайта и попробуйте ещё раз.", // auth.popup_blocked
  "Этот аккаунт {provider} здесь принадлежит другому человеку.", // auth.identity_already_linked
  "Войти в тот аккаунт", // auth.switch_account
  "Продолжить", // auth.sign_up
  "Другие способы входа", // auth.other_ways
  "Выходим…", // session.signing_out
  "От {min} до {max} символов.", // support.message_length
  "Отправляем…", // support.sending
  "Попробуйте ещё раз немного позже.", // modal.error_later
] satisfies Texts;
