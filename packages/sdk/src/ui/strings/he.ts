import type { Texts } from "./index.ts";

export default [
  "חזרה", // nav.back
  "המסלולים נטענים", // modal.loading
  "בודקים את המינוי שלך", // modal.verifying_subscription
  "הטעינה לא הצליחה", // modal.error_generic
  "כדאי לבדוק את החיבור ולנסות שוב.", // modal.error_hint
  "ניסיון נוסף", // modal.retry
  "המשך", // modal.continue
  "סגירה", // modal.close_aria
  "מצב בדיקה: בלי כסף אמיתי", // modal.test_mode
  "הכול מוכן", // modal.purchase_success_title
  "התשלום התקבל והכול פתוח.", // modal.purchase_success_subtitle
  "טוב לראות אותך שוב", // modal.purchase_restored_title
  "מצאנו את המסלול שלך. הכול פתוח.", // modal.purchase_restored_subtitle
  "יש לסיים בכרטיסייה השנייה", // payment.awaiting_title
  "התשלום נפתח בכרטיסייה חדשה. הדף הזה ייפתח מעצמו אחרי התשלום.", // payment.awaiting_subtitle
  "שילמתי", // payment.ive_paid
  "בודקים…", // payment.checking
  "עדיין לא אושר. זה יכול לקחת רגע, אפשר לנסות שוב בקרוב.", // payment.still_processing
  "הכרטיסייה לא מופיעה?", // payment.popup_help_text
  "פתיחה מחדש", // payment.open_checkout_again
  "התחלה מחדש", // payment.tab_closed_retry
  "עוד לחיצה אחת", // payment.popup_blocked_title
  "הדפדפן מנע את פתיחת התשלום בכרטיסייה חדשה.", // payment.popup_blocked_message
  "פתיחת התשלום", // payment.open_checkout_button
  "התשלום לא התחיל. לא חויבת.", // payment.failed
  "צריך להתחבר לאתר לפני הרכישה.", // payment.who
  "אימייל", // auth.email
  "סיסמה", // auth.password
  "בחירת סיסמה", // auth.new_password
  "לפחות 6 תווים", // auth.password_hint
  "קוד בן 6 ספרות", // auth.code
  "הצגת הסיסמה", // auth.show_password
  "הסתרת הסיסמה", // auth.hide_password
  "התחברות", // auth.log_in
  "יצירת חשבון", // auth.create_account
  "שליחת קישור", // auth.send_reset
  "שליחת קוד לאימייל", // auth.send_code
  "קבלת קוד לאימייל במקום", // auth.send_code_instead
  "שימוש בסיסמה", // auth.use_password
  "המשך", // auth.verify
  "או", // auth.or
  "חזרה להתחברות", // auth.back_to_login
  "שכחת?", // auth.forgot_password
  "שליחת קוד חדש", // auth.resend_code
  "קוד חדש בעוד {n} שנ׳", // auth.resend_in
  "שליחה חוזרת", // auth.resend_mail
  "שימוש בכתובת אחרת", // auth.other_email
  "אין לך חשבון?", // auth.no_account
  "יצירת חשבון", // auth.sign_up_link
  "יש לך חשבון?", // auth.have_account
  "התחברות", // auth.log_in_link
  "התחברות", // auth.welcome
  "יצירת חשבון", // auth.welcome_signup
  "כדי שהמסלול יהיה איתך בכל המכשירים.", // auth.default_subtitle
  "איפוס סיסמה", // auth.forgot_password_title
  "נשלח לך קישור לבחירת סיסמה חדשה.", // auth.forgot_subtitle
  "כדאי לבדוק את האימייל", // auth.check_email_title
  "אם יש חשבון עם {email}, הקישור בדרך. הוא תקף לשעה.", // auth.reset_sent_subtitle
  "יש לפתוח את הקישור ששלחנו אל {email}. הדף הזה יחבר אותך מעצמו.", // auth.signup_sent_subtitle
  "הזנת הקוד", // auth.otp_verify_title
  "שלחנו אותו אל {email}.", // auth.otp_verify_subtitle
  "שחזור הרכישה", // auth.restore_purchases_heading
  "יש להתחבר עם הכתובת ששימשה לרכישה.", // auth.restore_purchases_subheading
  "יש להתחבר כדי להמשיך", // auth.login_continue_purchase
  "כדי שהמסלול יהיה איתך בכל המכשירים.", // auth.link_purchase_subheading
  "מחובר בתור {email}", // auth.signed_in
  "קוד חדש בדרך.", // auth.code_resent
  "נשלח שוב.", // auth.mail_resent
  "יש להזין כתובת אימייל תקינה.", // auth.invalid_email
  "יש להזין סיסמה.", // auth.password_required
  "זה לא הצליח. אפשר לנסות שוב.", // auth.signin_failed
  "האימייל והסיסמה לא תואמים.", // auth.invalid_credentials
  "קודם יש לאשר את האימייל: לפתוח את הקישור ששלחנו.", // auth.email_not_confirmed
  "לכתובת הזו כבר יש חשבון. אפשר להתחבר.", // auth.email_already_registered
  "יש לבחור סיסמה ארוכה יותר.", // auth.weak_password
  "הקוד שגוי או שפג תוקפו.", // auth.invalid_otp
  "יותר מדי ניסיונות. אפשר לנסות שוב בעוד דקה.", // auth.rate_limited
  "אין חיבור. כדאי לבדוק את הרשת ולנסות שוב.", // auth.network_error
  "השירות עמוס. אפשר לנסות שוב בעוד רגע.", // auth.service_unavailable
  "האתר עדיין לא סיים להגדיר את ההתחברות.", // auth.custom_domain_required
  "התנתקות", // session.sign_out
  "שחזור רכישה", // session.restore_purchases
  "פנייה לתמיכה", // session.contact_support
  "סגירה", // cta.close
  "המשך", // cta.continue
  "פותחים את התשלום…", // cta.opening
  "{days|יום ניסיון|יומיים ניסיון|# ימי ניסיון} בחינם", // cta.start_trial
  "קבלת גישה לכל החיים", // cta.get_lifetime
  "בחירה במסלול יומי", // cta.get_day
  "בחירה במסלול שבועי", // cta.get_week
  "בחירה במסלול חודשי", // cta.get_month
  "בחירה במסלול שנתי", // cta.get_year
  "עדיין אין כאן מה לקנות.", // pricing.no_prices
  "מסלולים", // pricing.plans_aria
  "הכי פופולרי", // pricing.most_popular
  "חיסכון של {percent}%", // pricing.save
  "לפני כן", // pricing.was
  "יומי", // pricing.plan_label.day
  "שבועי", // pricing.plan_label.week
  "חודשי", // pricing.plan_label.month
  "שנתי", // pricing.plan_label.year
  "לכל החיים", // pricing.plan_label.lifetime
  "ליום", // pricing.per.day
  "לשבוע", // pricing.per.week
  "לחודש", // pricing.per.month
  "לשנה", // pricing.per.year
  "{n|כל יום|כל יומיים|כל # ימים}", // pricing.every.day
  "{n|כל שבוע|כל שבועיים|כל # שבועות}", // pricing.every.week
  "{n|כל חודש|כל חודשיים|כל # חודשים}", // pricing.every.month
  "{n|כל שנה|כל שנתיים|כל # שנים}", // pricing.every.year
  "תשלום חד־פעמי", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|יום אחד|יומיים|# ימים} בחינם", // pricing.trial
  "{days|יום אחד|יומיים|# ימים} בחינם, ואז {amount} {period} עד לביטול.", // pricing.sum_trial
  "{amount} היום, ואז {amount} {period} עד לביטול.", // pricing.sum_recurring
  "{amount} היום. מתחדש {period} עד לביטול.", // pricing.sum_discounted
  "מדי יום", // pricing.renews.day
  "מדי שבוע", // pricing.renews.week
  "מדי חודש", // pricing.renews.month
  "מדי שנה", // pricing.renews.year
  "{amount} פעם אחת. בלי חידושים.", // pricing.sum_once
  "תשלום מאובטח", // pricing.secure
  "התשלום נפתח בכרטיסייה חדשה.", // pricing.secure_hint
  "כלול {period}", // pricing.included_per
  "כלול", // pricing.included_total
  "מבצע לזמן מוגבל", // offer.limited_time
  "נגמר בעוד", // offer.ends_in
  "איך אפשר לעזור?", // support.heading
  "אפשר לכתוב לנו ונענה באימייל.", // support.instruction
  "נושא", // support.subject
  "הודעה", // support.message
  "שליחת הודעה", // support.send_button
  "סיום", // support.done_button
  "שליחת הודעה נוספת", // support.send_another
  "ההודעה נשלחה", // support.success_heading
  "נענה אל {email}.", // support.success_message
  "הוספת צילומי מסך", // support.attachments_label
  "עד {max} תמונות, {size} MB כל אחת", // support.file_requirements
  "אפשר לבחור עד {max} תמונות.", // support.too_many_files
  "רק JPEG, PNG או WebP עד {size} MB.", // support.invalid_file
  "הסרת {filename}", // support.remove_file_aria
  "בין {min} ל־{max} תווים.", // support.subject_length
  "כבר כתבת לנו פעמיים היום. נא להמתין לתשובה.", // support.rate_limited
  "ההודעה לא נשלחה. אפשר לנסות שוב.", // support.failed
  "טעינת הדף מחדש", // modal.reload
  "המשך עם {provider}", // auth.continue_with
  "שימוש אחרון: {email}", // auth.last_used
  "שימוש אחרון", // auth.last_used_no_email
  "יש להמשיך בחלון שנפתח עכשיו.", // auth.oauth_waiting
  "הדפדפן חסם את חלון ההתחברות. יש לאפשר אותו באתר הזה ולנסות שוב.", // auth.popup_blocked
  "חשבון {provider} הזה כבר שייך כאן למישהו אחר.", // auth.identity_already_linked
  "התחברות עם החשבון ההוא", // auth.switch_account
  "המשך", // auth.sign_up
  "דרכים אחרות להתחבר", // auth.other_ways
  "מתנתקים…", // session.signing_out
  "בין {min} ל־{max} תווים.", // support.message_length
  "שולחים…", // support.sending
  "אפשר לנסות שוב קצת יותר מאוחר.", // modal.error_later
] satisfies Texts;
