import type { Texts } from "./index.ts";

export default [
  "Geri", // nav.back
  "Planlar yükleniyor", // modal.loading
  "Aboneliğiniz kontrol ediliyor", // modal.verifying_subscription
  "Yüklenemedi", // modal.error_generic
  "Bağlantınızı kontrol edip yeniden deneyin.", // modal.error_hint
  "Yeniden dene", // modal.retry
  "Devam", // modal.continue
  "Kapat", // modal.close_aria
  "Test modu: gerçek para çekilmez", // modal.test_mode
  "Her şey hazır", // modal.purchase_success_title
  "Ödemeniz ulaştı, her şey açıldı.", // modal.purchase_success_subtitle
  "Tekrar hoş geldiniz", // modal.purchase_restored_title
  "Planınızı bulduk, her şey açıldı.", // modal.purchase_restored_subtitle
  "Diğer sekmede tamamlayın", // payment.awaiting_title
  "Ödeme yeni bir sekmede açıldı. Ödediğinizde bu sayfanın kilidi kendiliğinden açılır.", // payment.awaiting_subtitle
  "Ödedim", // payment.ive_paid
  "Kontrol ediliyor…", // payment.checking
  "Henüz onaylanmadı. Biraz sürebilir, birazdan yeniden deneyin.", // payment.still_processing
  "Sekmeyi göremiyor musunuz?", // payment.popup_help_text
  "Yeniden aç", // payment.open_checkout_again
  "Baştan başla", // payment.tab_closed_retry
  "Bir tık daha", // payment.popup_blocked_title
  "Tarayıcınız ödemenin yeni sekmede açılmasını engelledi.", // payment.popup_blocked_message
  "Ödemeyi aç", // payment.open_checkout_button
  "Ödeme başlatılamadı. Sizden ücret alınmadı.", // payment.failed
  "Satın almadan önce bu sitede oturum açmanız gerekiyor.", // payment.who
  "E-posta", // auth.email
  "Şifre", // auth.password
  "Bir şifre belirleyin", // auth.new_password
  "En az 6 karakter", // auth.password_hint
  "6 haneli kod", // auth.code
  "Şifreyi göster", // auth.show_password
  "Şifreyi gizle", // auth.hide_password
  "Oturum aç", // auth.log_in
  "Hesap oluştur", // auth.create_account
  "Bağlantı gönder", // auth.send_reset
  "E-postama kod gönder", // auth.send_code
  "Bunun yerine kod gönder", // auth.send_code_instead
  "Şifre kullan", // auth.use_password
  "Devam", // auth.verify
  "veya", // auth.or
  "Oturum açmaya dön", // auth.back_to_login
  "Unuttunuz mu?", // auth.forgot_password
  "Yeni kod gönder", // auth.resend_code
  "{n} sn sonra yeni kod", // auth.resend_in
  "Yeniden gönder", // auth.resend_mail
  "Başka adres kullan", // auth.other_email
  "Hesabınız yok mu?", // auth.no_account
  "Oluşturun", // auth.sign_up_link
  "Hesabınız var mı?", // auth.have_account
  "Oturum açın", // auth.log_in_link
  "Oturum açın", // auth.welcome
  "Hesabınızı oluşturun", // auth.welcome_signup
  "Planınız tüm cihazlarınızda yanınızda olsun.", // auth.default_subtitle
  "Şifrenizi sıfırlayın", // auth.forgot_password_title
  "Yenisini belirlemeniz için bir bağlantı göndereceğiz.", // auth.forgot_subtitle
  "Gelen kutunuza bakın", // auth.check_email_title
  "{email} için bir hesap varsa bağlantı yolda. Bir saat geçerlidir.", // auth.reset_sent_subtitle
  "{email} adresine gönderdiğimiz bağlantıyı açın. Bu sayfa oturumunuzu kendiliğinden açar.", // auth.signup_sent_subtitle
  "Kodu girin", // auth.otp_verify_title
  "{email} adresine gönderdik.", // auth.otp_verify_subtitle
  "Satın alımı geri yükleyin", // auth.restore_purchases_heading
  "Satın alırken kullandığınız adresle oturum açın.", // auth.restore_purchases_subheading
  "Devam etmek için oturum açın", // auth.login_continue_purchase
  "Planınız tüm cihazlarınızda yanınızda olsun.", // auth.link_purchase_subheading
  "Oturum: {email}", // auth.signed_in
  "Yeni kod yolda.", // auth.code_resent
  "Yeniden gönderildi.", // auth.mail_resent
  "Geçerli bir e-posta adresi girin.", // auth.invalid_email
  "Şifrenizi girin.", // auth.password_required
  "Olmadı. Lütfen yeniden deneyin.", // auth.signin_failed
  "E-posta ve şifre eşleşmiyor.", // auth.invalid_credentials
  "Önce e-postanızı onaylayın: gönderdiğimiz bağlantıyı açın.", // auth.email_not_confirmed
  "Bu adresin zaten bir hesabı var. Oturum açın.", // auth.email_already_registered
  "Daha uzun bir şifre belirleyin.", // auth.weak_password
  "Kod yanlış veya süresi dolmuş.", // auth.invalid_otp
  "Çok fazla deneme. Bir dakika bekleyip yeniden deneyin.", // auth.rate_limited
  "Bağlantı yok. Ağınızı kontrol edip yeniden deneyin.", // auth.network_error
  "Hizmet yoğun. Birazdan yeniden deneyin.", // auth.service_unavailable
  "Bu site oturum açmayı ayarlamayı henüz tamamlamadı.", // auth.custom_domain_required
  "Oturumu kapat", // session.sign_out
  "Satın alımı geri yükle", // session.restore_purchases
  "Desteğe yazın", // session.contact_support
  "Kapat", // cta.close
  "Devam", // cta.continue
  "Ödeme açılıyor…", // cta.opening
  "{days} gün ücretsiz dene", // cta.start_trial
  "Ömür boyu erişim al", // cta.get_lifetime
  "Günlük planı al", // cta.get_day
  "Haftalık planı al", // cta.get_week
  "Aylık planı al", // cta.get_month
  "Yıllık planı al", // cta.get_year
  "Burada henüz satışta bir şey yok.", // pricing.no_prices
  "Planlar", // pricing.plans_aria
  "En popüler", // pricing.most_popular
  "%{percent} tasarruf", // pricing.save
  "Önce", // pricing.was
  "Günlük", // pricing.plan_label.day
  "Haftalık", // pricing.plan_label.week
  "Aylık", // pricing.plan_label.month
  "Yıllık", // pricing.plan_label.year
  "Ömür boyu", // pricing.plan_label.lifetime
  "günlük", // pricing.per.day
  "haftalık", // pricing.per.week
  "aylık", // pricing.per.month
  "yıllık", // pricing.per.year
  "{n} günde bir", // pricing.every.day
  "{n} haftada bir", // pricing.every.week
  "{n} ayda bir", // pricing.every.month
  "{n} yılda bir", // pricing.every.year
  "tek seferlik ödeme", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days} gün ücretsiz", // pricing.trial
  "{days} gün ücretsiz, sonra iptal edene kadar {period} {amount}.", // pricing.sum_trial
  "Bugün {amount}, sonra iptal edene kadar {period} {amount}.", // pricing.sum_recurring
  "Bugün {amount}. İptal edene kadar {period} yenilenir.", // pricing.sum_discounted
  "her gün", // pricing.renews.day
  "her hafta", // pricing.renews.week
  "her ay", // pricing.renews.month
  "her yıl", // pricing.renews.year
  "Tek seferde {amount}. Yenileme yok.", // pricing.sum_once
  "Güvenli ödeme", // pricing.secure
  "Ödeme yeni bir sekmede açılır.", // pricing.secure_hint
  "Dahil olanlar ({period})", // pricing.included_per
  "Dahil olanlar", // pricing.included_total
  "Sınırlı süreli teklif", // offer.limited_time
  "Kalan süre", // offer.ends_in
  "Nasıl yardımcı olabiliriz?", // support.heading
  "Bize yazın, e-postayla yanıtlayalım.", // support.instruction
  "Konu", // support.subject
  "Mesaj", // support.message
  "Mesajı gönder", // support.send_button
  "Bitti", // support.done_button
  "Yeni mesaj gönder", // support.send_another
  "Mesaj gönderildi", // support.success_heading
  "{email} adresine yanıt vereceğiz.", // support.success_message
  "Ekran görüntüsü ekle", // support.attachments_label
  "En fazla {max} görsel, her biri {size} MB", // support.file_requirements
  "En fazla {max} görsel seçin.", // support.too_many_files
  "Yalnızca JPEG, PNG veya WebP, en fazla {size} MB.", // support.invalid_file
  "{filename} dosyasını kaldır", // support.remove_file_aria
  "{min} ile {max} karakter arasında.", // support.subject_length
  "Bugün zaten iki kez yazdınız. Lütfen yanıtımızı bekleyin.", // support.rate_limited
  "Mesajınız gönderilemedi. Lütfen yeniden deneyin.", // support.failed
  "Sayfayı yenile", // modal.reload
  "{provider} ile devam et", // auth.continue_with
  "Son kullanılan: {email}", // auth.last_used
  "Son kullanılan", // auth.last_used_no_email
  "Az önce açılan pencerede devam edin.", // auth.oauth_waiting
  "Tarayıcınız oturum açma penceresini engelledi. Bu site için izin verip yeniden deneyin.", // auth.popup_blocked
  "Bu {provider} hesabı burada başka birine ait.", // auth.identity_already_linked
  "O hesapla oturum aç", // auth.switch_account
  "Devam", // auth.sign_up
  "Diğer oturum açma yolları", // auth.other_ways
  "Oturum kapatılıyor…", // session.signing_out
  "{min} ile {max} karakter arasında.", // support.message_length
  "Gönderiliyor…", // support.sending
  "Lütfen biraz sonra yeniden deneyin.", // modal.error_later
] satisfies Texts;
