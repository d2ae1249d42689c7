import type { Texts } from "./index.ts";

export default [
  "वापस", // nav.back
  "प्लान लोड हो रहे हैं", // modal.loading
  "आपकी सदस्यता जाँची जा रही है", // modal.verifying_subscription
  "लोड नहीं हो सका", // modal.error_generic
  "अपना कनेक्शन जाँचें और फिर कोशिश करें।", // modal.error_hint
  "फिर कोशिश करें", // modal.retry
  "जारी रखें", // modal.continue
  "बंद करें", // modal.close_aria
  "टेस्ट मोड: असली पैसे नहीं कटते", // modal.test_mode
  "सब तैयार है", // modal.purchase_success_title
  "आपका भुगतान मिल गया और सब कुछ खुल गया है।", // modal.purchase_success_subtitle
  "फिर से स्वागत है", // modal.purchase_restored_title
  "हमें आपका प्लान मिल गया। सब कुछ खुल गया है।", // modal.purchase_restored_subtitle
  "दूसरे टैब में पूरा करें", // payment.awaiting_title
  "भुगतान नए टैब में खुला है। भुगतान होते ही यह पेज अपने आप खुल जाएगा।", // payment.awaiting_subtitle
  "मैंने भुगतान कर दिया", // payment.ive_paid
  "जाँच हो रही है…", // payment.checking
  "अभी पुष्टि नहीं हुई। थोड़ा समय लग सकता है, कुछ देर में फिर कोशिश करें।", // payment.still_processing
  "टैब नहीं दिख रहा?", // payment.popup_help_text
  "फिर से खोलें", // payment.open_checkout_again
  "नए सिरे से शुरू करें", // payment.tab_closed_retry
  "बस एक क्लिक और", // payment.popup_blocked_title
  "आपके ब्राउज़र ने भुगतान को नए टैब में खुलने से रोक दिया।", // payment.popup_blocked_message
  "भुगतान खोलें", // payment.open_checkout_button
  "भुगतान शुरू नहीं हुआ। आपसे कोई पैसा नहीं लिया गया।", // payment.failed
  "खरीदने से पहले इस साइट पर साइन इन करना होगा।", // payment.who
  "ईमेल", // auth.email
  "पासवर्ड", // auth.password
  "पासवर्ड चुनें", // auth.new_password
  "कम से कम 6 अक्षर", // auth.password_hint
  "6 अंकों का कोड", // auth.code
  "पासवर्ड दिखाएँ", // auth.show_password
  "पासवर्ड छिपाएँ", // auth.hide_password
  "साइन इन करें", // auth.log_in
  "खाता बनाएँ", // auth.create_account
  "लिंक भेजें", // auth.send_reset
  "मुझे ईमेल पर कोड भेजें", // auth.send_code
  "इसके बजाय कोड भेजें", // auth.send_code_instead
  "पासवर्ड इस्तेमाल करें", // auth.use_password
  "जारी रखें", // auth.verify
  "या", // auth.or
  "साइन इन पर वापस जाएँ", // auth.back_to_login
  "भूल गए?", // auth.forgot_password
  "नया कोड भेजें", // auth.resend_code
  "नया कोड {n} सेकंड में", // auth.resend_in
  "फिर से भेजें", // auth.resend_mail
  "दूसरा पता इस्तेमाल करें", // auth.other_email
  "अभी खाता नहीं है?", // auth.no_account
  "खाता बनाएँ", // auth.sign_up_link
  "पहले से खाता है?", // auth.have_account
  "साइन इन करें", // auth.log_in_link
  "साइन इन करें", // auth.welcome
  "अपना खाता बनाएँ", // auth.welcome_signup
  "ताकि आपका प्लान हर डिवाइस पर मिले।", // auth.default_subtitle
  "पासवर्ड रीसेट करें", // auth.forgot_password_title
  "हम आपको नया पासवर्ड चुनने का लिंक भेजेंगे।", // auth.forgot_subtitle
  "अपना इनबॉक्स देखें", // auth.check_email_title
  "अगर {email} का खाता है, तो लिंक भेजा जा रहा है। यह एक घंटे तक चलेगा।", // auth.reset_sent_subtitle
  "{email} पर भेजा गया लिंक खोलें। यह पेज आपको अपने आप साइन इन कर देगा।", // auth.signup_sent_subtitle
  "कोड डालें", // auth.otp_verify_title
  "हमने इसे {email} पर भेजा है।", // auth.otp_verify_subtitle
  "अपनी खरीद वापस पाएँ", // auth.restore_purchases_heading
  "उस पते से साइन इन करें जिससे खरीदा था।", // auth.restore_purchases_subheading
  "जारी रखने के लिए साइन इन करें", // auth.login_continue_purchase
  "ताकि आपका प्लान हर डिवाइस पर मिले।", // auth.link_purchase_subheading
  "{email} से साइन इन हैं", // auth.signed_in
  "नया कोड भेजा जा रहा है।", // auth.code_resent
  "फिर से भेज दिया।", // auth.mail_resent
  "सही ईमेल पता डालें।", // auth.invalid_email
  "अपना पासवर्ड डालें।", // auth.password_required
  "यह नहीं हो सका। फिर कोशिश करें।", // auth.signin_failed
  "ईमेल और पासवर्ड मेल नहीं खाते।", // auth.invalid_credentials
  "पहले अपना ईमेल पक्का करें: भेजा गया लिंक खोलें।", // auth.email_not_confirmed
  "इस पते का खाता पहले से है। साइन इन करें।", // auth.email_already_registered
  "लंबा पासवर्ड चुनें।", // auth.weak_password
  "कोड गलत है या पुराना हो गया है।", // auth.invalid_otp
  "बहुत बार कोशिश हुई। एक मिनट रुककर फिर कोशिश करें।", // auth.rate_limited
  "कनेक्शन नहीं है। नेटवर्क जाँचें और फिर कोशिश करें।", // auth.network_error
  "सेवा व्यस्त है। थोड़ी देर में फिर कोशिश करें।", // auth.service_unavailable
  "इस साइट ने अभी साइन-इन की सेटिंग पूरी नहीं की है।", // auth.custom_domain_required
  "साइन आउट करें", // session.sign_out
  "खरीद वापस पाएँ", // session.restore_purchases
  "सहायता से संपर्क करें", // session.contact_support
  "बंद करें", // cta.close
  "जारी रखें", // cta.continue
  "भुगतान खुल रहा है…", // cta.opening
  "{days} दिन मुफ़्त आज़माएँ", // cta.start_trial
  "हमेशा के लिए खरीदें", // cta.get_lifetime
  "दैनिक प्लान लें", // cta.get_day
  "साप्ताहिक प्लान लें", // cta.get_week
  "मासिक प्लान लें", // cta.get_month
  "सालाना प्लान लें", // cta.get_year
  "यहाँ अभी कुछ बिक्री पर नहीं है।", // pricing.no_prices
  "प्लान", // pricing.plans_aria
  "सबसे लोकप्रिय", // pricing.most_popular
  "{percent}% बचाएँ", // pricing.save
  "पहले", // pricing.was
  "दैनिक", // pricing.plan_label.day
  "साप्ताहिक", // pricing.plan_label.week
  "मासिक", // pricing.plan_label.month
  "सालाना", // pricing.plan_label.year
  "हमेशा के लिए", // pricing.plan_label.lifetime
  "प्रति दिन", // pricing.per.day
  "प्रति सप्ताह", // pricing.per.week
  "प्रति माह", // pricing.per.month
  "प्रति वर्ष", // pricing.per.year
  "हर {n} दिन", // pricing.every.day
  "हर {n} सप्ताह", // pricing.every.week
  "हर {n} महीने", // pricing.every.month
  "हर {n} साल", // pricing.every.year
  "एक बार का भुगतान", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days} दिन मुफ़्त", // pricing.trial
  "{days} दिन मुफ़्त, फिर रद्द करने तक {amount} {period}।", // pricing.sum_trial
  "आज {amount}, फिर रद्द करने तक {amount} {period}।", // pricing.sum_recurring
  "आज {amount}। रद्द करने तक {period} नवीनीकरण।", // pricing.sum_discounted
  "हर दिन", // pricing.renews.day
  "हर सप्ताह", // pricing.renews.week
  "हर महीने", // pricing.renews.month
  "हर साल", // pricing.renews.year
  "{amount} सिर्फ़ एक बार। कोई नवीनीकरण नहीं।", // pricing.sum_once
  "सुरक्षित भुगतान", // pricing.secure
  "भुगतान नए टैब में खुलेगा।", // pricing.secure_hint
  "{period} शामिल", // pricing.included_per
  "शामिल", // pricing.included_total
  "सीमित समय का ऑफ़र", // offer.limited_time
  "बचा समय", // offer.ends_in
  "हम कैसे मदद कर सकते हैं?", // support.heading
  "हमें लिखें, हम ईमेल से जवाब देंगे।", // support.instruction
  "विषय", // support.subject
  "संदेश", // support.message
  "संदेश भेजें", // support.send_button
  "हो गया", // support.done_button
  "एक और संदेश भेजें", // support.send_another
  "संदेश भेज दिया गया", // support.success_heading
  "हम {email} पर जवाब देंगे।", // support.success_message
  "स्क्रीनशॉट जोड़ें", // support.attachments_label
  "{max} तस्वीरों तक, हर एक {size} MB", // support.file_requirements
  "ज़्यादा से ज़्यादा {max} तस्वीरें चुनें।", // support.too_many_files
  "सिर्फ़ {size} MB तक के JPEG, PNG या WebP।", // support.invalid_file
  "{filename} हटाएँ", // support.remove_file_aria
  "{min} से {max} अक्षर।", // support.subject_length
  "आप आज दो बार लिख चुके हैं। कृपया हमारे जवाब का इंतज़ार करें।", // support.rate_limited
  "आपका संदेश नहीं भेजा जा सका। फिर कोशिश करें।", // support.failed
  "पेज फिर लोड करें", // modal.reload
  "{provider} से जारी रखें", // auth.continue_with
  "पिछली बार: {email}", // auth.last_used
  "पिछली बार", // auth.last_used_no_email
  "अभी खुली विंडो में जारी रखें।", // auth.oauth_waiting
  "आपके ब्राउज़र ने साइन इन विंडो रोक दी। इस साइट के लिए अनुमति दें और फिर कोशिश करें।", // auth.popup_blocked
  "यह {provider} खाता यहाँ किसी और का है।", // auth.identity_already_linked
  "उस खाते से साइन इन करें", // auth.switch_account
  "जारी रखें", // auth.sign_up
  "साइन इन के दूसरे तरीके", // auth.other_ways
  "साइन आउट हो रहा है…", // session.signing_out
  "{min} से {max} अक्षर।", // support.message_length
  "भेजा जा रहा है…", // support.sending
  "कृपया थोड़ी देर बाद फिर कोशिश करें।", // modal.error_later
] satisfies Texts;
