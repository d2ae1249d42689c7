import type { Texts } from "./index.ts";

export default [
  "رجوع", // nav.back
  "جارٍ تحميل الباقات", // modal.loading
  "جارٍ التحقق من اشتراكك", // modal.verifying_subscription
  "تعذّر التحميل", // modal.error_generic
  "تحقق من اتصالك وحاول مجددًا.", // modal.error_hint
  "إعادة المحاولة", // modal.retry
  "متابعة", // modal.continue
  "إغلاق", // modal.close_aria
  "وضع الاختبار: لا تُحصَّل أموال حقيقية", // modal.test_mode
  "كل شيء جاهز", // modal.purchase_success_title
  "وصلت دفعتك وأصبح كل شيء متاحًا.", // modal.purchase_success_subtitle
  "مرحبًا بعودتك", // modal.purchase_restored_title
  "عثرنا على باقتك وأصبح كل شيء متاحًا.", // modal.purchase_restored_subtitle
  "أكمل الدفع في علامة التبويب الأخرى", // payment.awaiting_title
  "فُتحت صفحة الدفع في علامة تبويب جديدة. ستُفتح هذه الصفحة تلقائيًا بعد الدفع.", // payment.awaiting_subtitle
  "لقد دفعت", // payment.ive_paid
  "جارٍ التحقق…", // payment.checking
  "لم يتأكد الدفع بعد. قد يستغرق ذلك لحظات، حاول مجددًا بعد قليل.", // payment.still_processing
  "لا ترى علامة التبويب؟", // payment.popup_help_text
  "فتحها مجددًا", // payment.open_checkout_again
  "البدء من جديد", // payment.tab_closed_retry
  "نقرة واحدة أخرى", // payment.popup_blocked_title
  "منع المتصفح فتح صفحة الدفع في علامة تبويب جديدة.", // payment.popup_blocked_message
  "فتح صفحة الدفع", // payment.open_checkout_button
  "تعذّر بدء الدفع. لم يُخصم منك أي مبلغ.", // payment.failed
  "عليك تسجيل الدخول إلى هذا الموقع قبل الشراء.", // payment.who
  "البريد الإلكتروني", // auth.email
  "كلمة المرور", // auth.password
  "اختر كلمة مرور", // auth.new_password
  "6 أحرف على الأقل", // auth.password_hint
  "رمز من 6 أرقام", // auth.code
  "إظهار كلمة المرور", // auth.show_password
  "إخفاء كلمة المرور", // auth.hide_password
  "تسجيل الدخول", // auth.log_in
  "إنشاء حساب", // auth.create_account
  "إرسال الرابط", // auth.send_reset
  "أرسل لي رمزًا بالبريد", // auth.send_code
  "أرسل لي رمزًا بدلًا من ذلك", // auth.send_code_instead
  "استخدام كلمة المرور", // auth.use_password
  "متابعة", // auth.verify
  "أو", // auth.or
  "العودة إلى تسجيل الدخول", // auth.back_to_login
  "نسيتها؟", // auth.forgot_password
  "إرسال رمز جديد", // auth.resend_code
  "رمز جديد بعد {n} ث", // auth.resend_in
  "الإرسال مجددًا", // auth.resend_mail
  "استخدام عنوان آخر", // auth.other_email
  "ليس لديك حساب؟", // auth.no_account
  "أنشئ حسابًا", // auth.sign_up_link
  "لديك حساب؟", // auth.have_account
  "سجّل الدخول", // auth.log_in_link
  "تسجيل الدخول", // auth.welcome
  "أنشئ حسابك", // auth.welcome_signup
  "لتكون باقتك معك على كل أجهزتك.", // auth.default_subtitle
  "إعادة تعيين كلمة المرور", // auth.forgot_password_title
  "سنرسل إليك رابطًا لاختيار كلمة مرور جديدة.", // auth.forgot_subtitle
  "تحقق من بريدك", // auth.check_email_title
  "إذا كان لـ {email} حساب، فالرابط في طريقه إليك. وهو صالح لساعة واحدة.", // auth.reset_sent_subtitle
  "افتح الرابط الذي أرسلناه إلى {email}. ستسجّل هذه الصفحة دخولك تلقائيًا.", // auth.signup_sent_subtitle
  "أدخل الرمز", // auth.otp_verify_title
  "أرسلناه إلى {email}.", // auth.otp_verify_subtitle
  "استعادة مشترياتك", // auth.restore_purchases_heading
  "سجّل الدخول بالعنوان الذي اشتريت به.", // auth.restore_purchases_subheading
  "سجّل الدخول للمتابعة", // auth.login_continue_purchase
  "لتكون باقتك معك على كل أجهزتك.", // auth.link_purchase_subheading
  "تم تسجيل الدخول باسم {email}", // auth.signed_in
  "الرمز الجديد في طريقه إليك.", // auth.code_resent
  "أُرسل مجددًا.", // auth.mail_resent
  "أدخل عنوان بريد إلكتروني صالحًا.", // auth.invalid_email
  "أدخل كلمة المرور.", // auth.password_required
  "لم ينجح ذلك. حاول مجددًا.", // auth.signin_failed
  "البريد الإلكتروني وكلمة المرور غير متطابقين.", // auth.invalid_credentials
  "أكّد بريدك أولًا: افتح الرابط الذي أرسلناه إليك.", // auth.email_not_confirmed
  "لهذا العنوان حساب بالفعل. سجّل الدخول.", // auth.email_already_registered
  "اختر كلمة مرور أطول.", // auth.weak_password
  "الرمز خاطئ أو انتهت صلاحيته.", // auth.invalid_otp
  "محاولات كثيرة جدًا. انتظر دقيقة ثم حاول مجددًا.", // auth.rate_limited
  "لا يوجد اتصال. تحقق من الشبكة وحاول مجددًا.", // auth.network_error
  "الخدمة مشغولة. حاول مجددًا بعد قليل.", // auth.service_unavailable
  "لم يُكمل هذا الموقع إعداد تسجيل الدخول بعد.", // auth.custom_domain_required
  "تسجيل الخروج", // session.sign_out
  "استعادة المشتريات", // session.restore_purchases
  "التواصل مع الدعم", // session.contact_support
  "إغلاق", // cta.close
  "متابعة", // cta.continue
  "جارٍ فتح صفحة الدفع…", // cta.opening
  "جرّب {days|# يوم|يومًا واحدًا|يومين|# أيام|# يومًا|# يوم} مجانًا", // cta.start_trial
  "الحصول على وصول مدى الحياة", // cta.get_lifetime
  "اشترك في الباقة اليومية", // cta.get_day
  "اشترك في الباقة الأسبوعية", // cta.get_week
  "اشترك في الباقة الشهرية", // cta.get_month
  "اشترك في الباقة السنوية", // cta.get_year
  "لا شيء معروض للبيع هنا بعد.", // pricing.no_prices
  "الباقات", // pricing.plans_aria
  "الأكثر شيوعًا", // pricing.most_popular
  "وفّر {percent}%", // pricing.save
  "سابقًا", // pricing.was
  "يومي", // pricing.plan_label.day
  "أسبوعي", // pricing.plan_label.week
  "شهري", // pricing.plan_label.month
  "سنوي", // pricing.plan_label.year
  "مدى الحياة", // pricing.plan_label.lifetime
  "في اليوم", // pricing.per.day
  "في الأسبوع", // pricing.per.week
  "في الشهر", // pricing.per.month
  "في السنة", // pricing.per.year
  "كل {n|# يوم|يوم|يومين|# أيام|# يومًا|# يوم}", // pricing.every.day
  "كل {n|# أسبوع|أسبوع|أسبوعين|# أسابيع|# أسبوعًا|# أسبوع}", // pricing.every.week
  "كل {n|# شهر|شهر|شهرين|# أشهر|# شهرًا|# شهر}", // pricing.every.month
  "كل {n|# سنة|سنة|سنتين|# سنوات|# سنة|# سنة}", // pricing.every.year
  "دفعة واحدة", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# يوم|يوم واحد|يومان|# أيام|# يومًا|# يوم} مجانًا", // pricing.trial
  "{days|# يوم|يوم واحد|يومان|# أيام|# يومًا|# يوم} مجانًا، ثم {amount} {period} حتى تلغي الاشتراك.", // pricing.sum_trial
  "{amount} اليوم، ثم {amount} {period} حتى تلغي الاشتراك.", // pricing.sum_recurring
  "{amount} اليوم. يتجدد {period} حتى تلغي الاشتراك.", // pricing.sum_discounted
  "يوميًا", // pricing.renews.day
  "أسبوعيًا", // pricing.renews.week
  "شهريًا", // pricing.renews.month
  "سنويًا", // pricing.renews.year
  "{amount} مرة واحدة. بلا تجديد.", // pricing.sum_once
  "دفع آمن", // pricing.secure
  "تُفتح صفحة الدفع في علامة تبويب جديدة.", // pricing.secure_hint
  "المشمول {period}", // pricing.included_per
  "المشمول", // pricing.included_total
  "عرض لفترة محدودة", // offer.limited_time
  "ينتهي خلال", // offer.ends_in
  "كيف يمكننا مساعدتك؟", // support.heading
  "اكتب إلينا وسنجيبك بالبريد الإلكتروني.", // support.instruction
  "الموضوع", // support.subject
  "الرسالة", // support.message
  "إرسال الرسالة", // support.send_button
  "تم", // support.done_button
  "إرسال رسالة أخرى", // support.send_another
  "أُرسلت الرسالة", // support.success_heading
  "سنجيبك على {email}.", // support.success_message
  "إضافة لقطات شاشة", // support.attachments_label
  "حتى {max} صور، {size} م.ب لكل منها", // support.file_requirements
  "اختر {max} صور على الأكثر.", // support.too_many_files
  "فقط JPEG أو PNG أو WebP حتى {size} م.ب.", // support.invalid_file
  "إزالة {filename}", // support.remove_file_aria
  "بين {min} و{max} حرف.", // support.subject_length
  "لقد كتبت إلينا مرتين اليوم. يرجى انتظار ردنا.", // support.rate_limited
  "لم تُرسل رسالتك. حاول مجددًا.", // support.failed
  "إعادة تحميل الصفحة", // modal.reload
  "المتابعة باستخدام {provider}", // auth.continue_with
  "آخر استخدام: {email}", // auth.last_used
  "آخر استخدام", // auth.last_used_no_email
  "تابع في النافذة التي فُتحت للتو.", // auth.oauth_waiting
  "منع المتصفح نافذة تسجيل الدخول. اسمح بها لهذا الموقع وحاول مجددًا.", // auth.popup_blocked
  "حساب {provider} هذا يخص مستخدمًا آخر هنا.", // auth.identity_already_linked
  "تسجيل الدخول بذلك الحساب", // auth.switch_account
  "متابعة", // auth.sign_up
  "طرق أخرى لتسجيل الدخول", // auth.other_ways
  "جارٍ تسجيل الخروج…", // session.signing_out
  "بين {min} و{max} حرف.", // support.message_length
  "جارٍ الإرسال…", // support.sending
  "حاول مجددًا بعد قليل.", // modal.error_later
] satisfies Texts;
