import type { Texts } from "./index.ts";

export default [
  "ย้อนกลับ", // nav.back
  "กำลังโหลดแพ็กเกจ", // modal.loading
  "กำลังตรวจสอบแพ็กเกจของคุณ", // modal.verifying_subscription
  "โหลดไม่สำเร็จ", // modal.error_generic
  "ตรวจสอบการเชื่อมต่อแล้วลองอีกครั้ง", // modal.error_hint
  "ลองอีกครั้ง", // modal.retry
  "ดำเนินการต่อ", // modal.continue
  "ปิด", // modal.close_aria
  "โหมดทดสอบ: ไม่มีการหักเงินจริง", // modal.test_mode
  "เรียบร้อยแล้ว", // modal.purchase_success_title
  "ได้รับการชำระเงินแล้ว ทุกอย่างพร้อมใช้งาน", // modal.purchase_success_subtitle
  "ยินดีต้อนรับกลับมา", // modal.purchase_restored_title
  "พบแพ็กเกจของคุณแล้ว ทุกอย่างพร้อมใช้งาน", // modal.purchase_restored_subtitle
  "ทำต่อให้เสร็จในอีกแท็บ", // payment.awaiting_title
  "หน้าชำระเงินเปิดอยู่ในแท็บใหม่ เมื่อชำระแล้วหน้านี้จะปลดล็อกเอง", // payment.awaiting_subtitle
  "ฉันชำระแล้ว", // payment.ive_paid
  "กำลังตรวจสอบ…", // payment.checking
  "ยังไม่ได้รับการยืนยัน อาจใช้เวลาสักครู่ โปรดลองอีกครั้งในภายหลัง", // payment.still_processing
  "ไม่เห็นแท็บใช่ไหม", // payment.popup_help_text
  "เปิดอีกครั้ง", // payment.open_checkout_again
  "เริ่มใหม่", // payment.tab_closed_retry
  "คลิกอีกครั้งเดียว", // payment.popup_blocked_title
  "เบราว์เซอร์ไม่ให้เปิดหน้าชำระเงินในแท็บใหม่", // payment.popup_blocked_message
  "เปิดหน้าชำระเงิน", // payment.open_checkout_button
  "เริ่มชำระเงินไม่ได้ คุณยังไม่ถูกเรียกเก็บเงิน", // payment.failed
  "โปรดเข้าสู่ระบบของเว็บไซต์นี้ก่อนซื้อ", // payment.who
  "อีเมล", // auth.email
  "รหัสผ่าน", // auth.password
  "ตั้งรหัสผ่าน", // auth.new_password
  "อย่างน้อย 6 ตัวอักษร", // auth.password_hint
  "รหัส 6 หลัก", // auth.code
  "แสดงรหัสผ่าน", // auth.show_password
  "ซ่อนรหัสผ่าน", // auth.hide_password
  "เข้าสู่ระบบ", // auth.log_in
  "สร้างบัญชี", // auth.create_account
  "ส่งลิงก์", // auth.send_reset
  "ส่งรหัสทางอีเมล", // auth.send_code
  "ใช้รหัสทางอีเมลแทน", // auth.send_code_instead
  "ใช้รหัสผ่าน", // auth.use_password
  "ดำเนินการต่อ", // auth.verify
  "หรือ", // auth.or
  "กลับไปเข้าสู่ระบบ", // auth.back_to_login
  "ลืมใช่ไหม", // auth.forgot_password
  "ส่งรหัสใหม่", // auth.resend_code
  "ขอรหัสใหม่ได้ใน {n} วินาที", // auth.resend_in
  "ส่งอีกครั้ง", // auth.resend_mail
  "ใช้อีเมลอื่น", // auth.other_email
  "ยังไม่มีบัญชีใช่ไหม", // auth.no_account
  "สร้างบัญชี", // auth.sign_up_link
  "มีบัญชีแล้วใช่ไหม", // auth.have_account
  "เข้าสู่ระบบ", // auth.log_in_link
  "เข้าสู่ระบบ", // auth.welcome
  "สร้างบัญชีของคุณ", // auth.welcome_signup
  "เพื่อใช้แพ็กเกจของคุณได้ในทุกอุปกรณ์", // auth.default_subtitle
  "รีเซ็ตรหัสผ่าน", // auth.forgot_password_title
  "เราจะส่งลิงก์สำหรับตั้งรหัสผ่านใหม่ให้คุณ", // auth.forgot_subtitle
  "ตรวจสอบกล่องจดหมาย", // auth.check_email_title
  "หาก {email} มีบัญชี เรากำลังส่งลิงก์ให้ ซึ่งใช้ได้หนึ่งชั่วโมง", // auth.reset_sent_subtitle
  "เปิดลิงก์ที่เราส่งไปที่ {email} แล้วหน้านี้จะเข้าสู่ระบบให้เอง", // auth.signup_sent_subtitle
  "ป้อนรหัส", // auth.otp_verify_title
  "เราส่งไปที่ {email} แล้ว", // auth.otp_verify_subtitle
  "กู้คืนการซื้อ", // auth.restore_purchases_heading
  "เข้าสู่ระบบด้วยอีเมลที่ใช้ซื้อ", // auth.restore_purchases_subheading
  "เข้าสู่ระบบเพื่อดำเนินการต่อ", // auth.login_continue_purchase
  "เพื่อใช้แพ็กเกจของคุณได้ในทุกอุปกรณ์", // auth.link_purchase_subheading
  "เข้าสู่ระบบด้วย {email}", // auth.signed_in
  "กำลังส่งรหัสใหม่", // auth.code_resent
  "ส่งอีกครั้งแล้ว", // auth.mail_resent
  "ป้อนอีเมลให้ถูกต้อง", // auth.invalid_email
  "ป้อนรหัสผ่าน", // auth.password_required
  "ไม่สำเร็จ โปรดลองอีกครั้ง", // auth.signin_failed
  "อีเมลกับรหัสผ่านไม่ตรงกัน", // auth.invalid_credentials
  "โปรดยืนยันอีเมลก่อน โดยเปิดลิงก์ที่เราส่งให้", // auth.email_not_confirmed
  "อีเมลนี้มีบัญชีแล้ว โปรดเข้าสู่ระบบ", // auth.email_already_registered
  "ตั้งรหัสผ่านให้ยาวขึ้น", // auth.weak_password
  "รหัสไม่ถูกต้องหรือหมดอายุแล้ว", // auth.invalid_otp
  "ลองหลายครั้งเกินไป โปรดรอหนึ่งนาทีแล้วลองอีกครั้ง", // auth.rate_limited
  "ไม่มีการเชื่อมต่อ ตรวจสอบเครือข่ายแล้วลองอีกครั้ง", // auth.network_error
  "ระบบไม่ว่าง โปรดลองอีกครั้งในอีกสักครู่", // auth.service_unavailable
  "เว็บไซต์นี้ยังตั้งค่าการเข้าสู่ระบบไม่เสร็จ", // auth.custom_domain_required
  "ออกจากระบบ", // session.sign_out
  "กู้คืนการซื้อ", // session.restore_purchases
  "ติดต่อฝ่ายช่วยเหลือ", // session.contact_support
  "ปิด", // cta.close
  "ดำเนินการต่อ", // cta.continue
  "กำลังเปิดหน้าชำระเงิน…", // cta.opening
  "ทดลองใช้ฟรี {days} วัน", // cta.start_trial
  "ซื้อแบบใช้ได้ตลอดชีพ", // cta.get_lifetime
  "เลือกแพ็กเกจรายวัน", // cta.get_day
  "เลือกแพ็กเกจรายสัปดาห์", // cta.get_week
  "เลือกแพ็กเกจรายเดือน", // cta.get_month
  "เลือกแพ็กเกจรายปี", // cta.get_year
  "ยังไม่มีรายการขายที่นี่", // pricing.no_prices
  "แพ็กเกจ", // pricing.plans_aria
  "ยอดนิยม", // pricing.most_popular
  "ประหยัด {percent}%", // pricing.save
  "ราคาเดิม", // pricing.was
  "รายวัน", // pricing.plan_label.day
  "รายสัปดาห์", // pricing.plan_label.week
  "รายเดือน", // pricing.plan_label.month
  "รายปี", // pricing.plan_label.year
  "ตลอดชีพ", // pricing.plan_label.lifetime
  "ต่อวัน", // pricing.per.day
  "ต่อสัปดาห์", // pricing.per.week
  "ต่อเดือน", // pricing.per.month
  "ต่อปี", // pricing.per.year
  "ทุก {n} วัน", // pricing.every.day
  "ทุก {n} สัปดาห์", // pricing.every.week
  "ทุก {n} เดือน", // pricing.every.month
  "ทุก {n} ปี", // pricing.every.year
  "ชำระครั้งเดียว", // pricing.once
  "{amount} {period}", // pricing.billed
  "ฟรี {days} วัน", // pricing.trial
  "ฟรี {days} วัน จากนั้น {amount} {period} จนกว่าคุณจะยกเลิก", // pricing.sum_trial
  "วันนี้ {amount} จากนั้น {amount} {period} จนกว่าคุณจะยกเลิก", // pricing.sum_recurring
  "วันนี้ {amount} ต่ออายุ{period}จนกว่าคุณจะยกเลิก", // pricing.sum_discounted
  "ทุกวัน", // pricing.renews.day
  "ทุกสัปดาห์", // pricing.renews.week
  "ทุกเดือน", // pricing.renews.month
  "ทุกปี", // pricing.renews.year
  "{amount} ครั้งเดียว ไม่มีการต่ออายุ", // pricing.sum_once
  "ชำระเงินอย่างปลอดภัย", // pricing.secure
  "หน้าชำระเงินจะเปิดในแท็บใหม่", // pricing.secure_hint
  "รวมอยู่แล้ว{period}", // pricing.included_per
  "รวมอยู่แล้ว", // pricing.included_total
  "ข้อเสนอเวลาจำกัด", // offer.limited_time
  "สิ้นสุดใน", // offer.ends_in
  "ให้เราช่วยอะไรดี", // support.heading
  "เขียนถึงเรา แล้วเราจะตอบทางอีเมล", // support.instruction
  "หัวข้อ", // support.subject
  "ข้อความ", // support.message
  "ส่งข้อความ", // support.send_button
  "เสร็จสิ้น", // support.done_button
  "ส่งข้อความอื่น", // support.send_another
  "ส่งข้อความแล้ว", // support.success_heading
  "เราจะตอบกลับไปที่ {email}", // support.success_message
  "เพิ่มภาพหน้าจอ", // support.attachments_label
  "สูงสุด {max} ภาพ ภาพละ {size} MB", // support.file_requirements
  "เลือกได้ไม่เกิน {max} ภาพ", // support.too_many_files
  "เฉพาะ JPEG, PNG หรือ WebP ไม่เกิน {size} MB", // support.invalid_file
  "ลบ {filename}", // support.remove_file_aria
  "ระหว่าง {min} ถึง {max} ตัวอักษร", // support.subject_length
  "วันนี้คุณเขียนถึงเราสองครั้งแล้ว โปรดรอคำตอบ", // support.rate_limited
  "ส่งข้อความไม่สำเร็จ โปรดลองอีกครั้ง", // support.failed
  "โหลดหน้านี้ใหม่", // modal.reload
  "ดำเนินการต่อด้วย {provider}", // auth.continue_with
  "ใช้ล่าสุด: {email}", // auth.last_used
  "ใช้ล่าสุด", // auth.last_used_no_email
  "ทำต่อในหน้าต่างที่เพิ่งเปิด", // auth.oauth_waiting
  "เบราว์เซอร์บล็อกหน้าต่างเข้าสู่ระบบ โปรดอนุญาตแล้วลองอีกครั้ง", // auth.popup_blocked
  "บัญชี {provider} นี้เป็นของผู้ใช้อื่นแล้ว", // auth.identity_already_linked
  "เข้าสู่ระบบด้วยบัญชีนั้น", // auth.switch_account
  "ดำเนินการต่อ", // auth.sign_up
  "วิธีเข้าสู่ระบบอื่น", // auth.other_ways
  "กำลังออกจากระบบ…", // session.signing_out
  "ระหว่าง {min} ถึง {max} ตัวอักษร", // support.message_length
  "กำลังส่ง…", // support.sending
  "โปรดลองอีกครั้งในภายหลัง", // modal.error_later
] satisfies Texts;
