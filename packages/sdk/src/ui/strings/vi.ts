import type { Texts } from "./index.ts";

export default [
  "Quay lại", // nav.back
  "Đang tải các gói", // modal.loading
  "Đang kiểm tra gói của bạn", // modal.verifying_subscription
  "Không tải được", // modal.error_generic
  "Hãy kiểm tra kết nối rồi thử lại.", // modal.error_hint
  "Thử lại", // modal.retry
  "Tiếp tục", // modal.continue
  "Đóng", // modal.close_aria
  "Chế độ thử: không dùng tiền thật", // modal.test_mode
  "Đã xong", // modal.purchase_success_title
  "Đã nhận được thanh toán, mọi thứ đã được mở.", // modal.purchase_success_subtitle
  "Chào mừng trở lại", // modal.purchase_restored_title
  "Đã tìm thấy gói của bạn. Mọi thứ đã được mở.", // modal.purchase_restored_subtitle
  "Hoàn tất ở thẻ kia", // payment.awaiting_title
  "Trang thanh toán đã mở trong thẻ mới. Trang này sẽ tự mở khóa khi bạn thanh toán xong.", // payment.awaiting_subtitle
  "Tôi đã thanh toán", // payment.ive_paid
  "Đang kiểm tra…", // payment.checking
  "Chưa được xác nhận. Có thể mất một lát, hãy thử lại sau ít phút.", // payment.still_processing
  "Không thấy thẻ đó?", // payment.popup_help_text
  "Mở lại", // payment.open_checkout_again
  "Làm lại từ đầu", // payment.tab_closed_retry
  "Thêm một lần bấm", // payment.popup_blocked_title
  "Trình duyệt đã chặn mở trang thanh toán trong thẻ mới.", // payment.popup_blocked_message
  "Mở trang thanh toán", // payment.open_checkout_button
  "Không bắt đầu được thanh toán. Bạn chưa bị trừ tiền.", // payment.failed
  "Bạn cần đăng nhập trên trang này trước khi mua.", // payment.who
  "Email", // auth.email
  "Mật khẩu", // auth.password
  "Chọn mật khẩu", // auth.new_password
  "Ít nhất 6 ký tự", // auth.password_hint
  "Mã 6 chữ số", // auth.code
  "Hiện mật khẩu", // auth.show_password
  "Ẩn mật khẩu", // auth.hide_password
  "Đăng nhập", // auth.log_in
  "Tạo tài khoản", // auth.create_account
  "Gửi liên kết", // auth.send_reset
  "Gửi mã qua email", // auth.send_code
  "Gửi mã qua email thay thế", // auth.send_code_instead
  "Dùng mật khẩu", // auth.use_password
  "Tiếp tục", // auth.verify
  "hoặc", // auth.or
  "Quay lại đăng nhập", // auth.back_to_login
  "Quên mật khẩu?", // auth.forgot_password
  "Gửi mã mới", // auth.resend_code
  "Mã mới sau {n} giây", // auth.resend_in
  "Gửi lại", // auth.resend_mail
  "Dùng địa chỉ khác", // auth.other_email
  "Chưa có tài khoản?", // auth.no_account
  "Tạo tài khoản", // auth.sign_up_link
  "Đã có tài khoản?", // auth.have_account
  "Đăng nhập", // auth.log_in_link
  "Đăng nhập", // auth.welcome
  "Tạo tài khoản", // auth.welcome_signup
  "Để dùng gói của bạn trên mọi thiết bị.", // auth.default_subtitle
  "Đặt lại mật khẩu", // auth.forgot_password_title
  "Chúng tôi sẽ gửi liên kết để bạn chọn mật khẩu mới.", // auth.forgot_subtitle
  "Kiểm tra hộp thư", // auth.check_email_title
  "Nếu {email} có tài khoản, liên kết đang được gửi. Liên kết có hiệu lực một giờ.", // auth.reset_sent_subtitle
  "Mở liên kết đã gửi đến {email}. Trang này sẽ tự đăng nhập cho bạn.", // auth.signup_sent_subtitle
  "Nhập mã", // auth.otp_verify_title
  "Mã đã được gửi đến {email}.", // auth.otp_verify_subtitle
  "Khôi phục giao dịch mua", // auth.restore_purchases_heading
  "Đăng nhập bằng địa chỉ bạn đã dùng khi mua.", // auth.restore_purchases_subheading
  "Đăng nhập để tiếp tục", // auth.login_continue_purchase
  "Để dùng gói của bạn trên mọi thiết bị.", // auth.link_purchase_subheading
  "Đã đăng nhập: {email}", // auth.signed_in
  "Mã mới đang được gửi.", // auth.code_resent
  "Đã gửi lại.", // auth.mail_resent
  "Nhập địa chỉ email hợp lệ.", // auth.invalid_email
  "Nhập mật khẩu của bạn.", // auth.password_required
  "Không thành công. Vui lòng thử lại.", // auth.signin_failed
  "Email và mật khẩu không khớp.", // auth.invalid_credentials
  "Hãy xác nhận email trước: mở liên kết chúng tôi đã gửi.", // auth.email_not_confirmed
  "Địa chỉ này đã có tài khoản. Hãy đăng nhập.", // auth.email_already_registered
  "Chọn mật khẩu dài hơn.", // auth.weak_password
  "Mã sai hoặc đã hết hạn.", // auth.invalid_otp
  "Quá nhiều lần thử. Chờ một phút rồi thử lại.", // auth.rate_limited
  "Không có kết nối. Hãy kiểm tra mạng rồi thử lại.", // auth.network_error
  "Dịch vụ đang bận. Hãy thử lại sau giây lát.", // auth.service_unavailable
  "Trang này chưa thiết lập xong đăng nhập.", // auth.custom_domain_required
  "Đăng xuất", // session.sign_out
  "Khôi phục giao dịch mua", // session.restore_purchases
  "Liên hệ hỗ trợ", // session.contact_support
  "Đóng", // cta.close
  "Tiếp tục", // cta.continue
  "Đang mở trang thanh toán…", // cta.opening
  "Dùng thử {days} ngày miễn phí", // cta.start_trial
  "Mua quyền dùng trọn đời", // cta.get_lifetime
  "Chọn gói ngày", // cta.get_day
  "Chọn gói tuần", // cta.get_week
  "Chọn gói tháng", // cta.get_month
  "Chọn gói năm", // cta.get_year
  "Chưa có gì để bán ở đây.", // pricing.no_prices
  "Các gói", // pricing.plans_aria
  "Phổ biến nhất", // pricing.most_popular
  "Tiết kiệm {percent}%", // pricing.save
  "Trước đây", // pricing.was
  "Theo ngày", // pricing.plan_label.day
  "Theo tuần", // pricing.plan_label.week
  "Theo tháng", // pricing.plan_label.month
  "Theo năm", // pricing.plan_label.year
  "Trọn đời", // pricing.plan_label.lifetime
  "mỗi ngày", // pricing.per.day
  "mỗi tuần", // pricing.per.week
  "mỗi tháng", // pricing.per.month
  "mỗi năm", // pricing.per.year
  "mỗi {n} ngày", // pricing.every.day
  "mỗi {n} tuần", // pricing.every.week
  "mỗi {n} tháng", // pricing.every.month
  "mỗi {n} năm", // pricing.every.year
  "thanh toán một lần", // pricing.once
  "{amount} {period}", // pricing.billed
  "Miễn phí {days} ngày", // pricing.trial
  "Miễn phí {days} ngày, sau đó {amount} {period} cho đến khi bạn hủy.", // pricing.sum_trial
  "Hôm nay {amount}, sau đó {amount} {period} cho đến khi bạn hủy.", // pricing.sum_recurring
  "Hôm nay {amount}. Gia hạn {period} cho đến khi bạn hủy.", // pricing.sum_discounted
  "mỗi ngày", // pricing.renews.day
  "mỗi tuần", // pricing.renews.week
  "mỗi tháng", // pricing.renews.month
  "mỗi năm", // pricing.renews.year
  "{amount} một lần. Không gia hạn.", // pricing.sum_once
  "Thanh toán an toàn", // pricing.secure
  "Trang thanh toán mở trong thẻ mới.", // pricing.secure_hint
  "Bao gồm {period}", // pricing.included_per
  "Bao gồm", // pricing.included_total
  "Ưu đãi có hạn", // offer.limited_time
  "Kết thúc sau", // offer.ends_in
  "Chúng tôi có thể giúp gì?", // support.heading
  "Hãy viết cho chúng tôi, chúng tôi sẽ trả lời qua email.", // support.instruction
  "Tiêu đề", // support.subject
  "Nội dung", // support.message
  "Gửi", // support.send_button
  "Xong", // support.done_button
  "Gửi tin nhắn khác", // support.send_another
  "Đã gửi", // support.success_heading
  "Chúng tôi sẽ trả lời đến {email}.", // support.success_message
  "Thêm ảnh chụp màn hình", // support.attachments_label
  "Tối đa {max} ảnh, mỗi ảnh {size} MB", // support.file_requirements
  "Chọn tối đa {max} ảnh.", // support.too_many_files
  "Chỉ JPEG, PNG hoặc WebP, tối đa {size} MB.", // support.invalid_file
  "Xóa {filename}", // support.remove_file_aria
  "Từ {min} đến {max} ký tự.", // support.subject_length
  "Hôm nay bạn đã viết hai lần. Vui lòng chờ chúng tôi trả lời.", // support.rate_limited
  "Tin nhắn chưa được gửi. Vui lòng thử lại.", // support.failed
  "Tải lại trang", // modal.reload
  "Tiếp tục với {provider}", // auth.continue_with
  "Dùng gần nhất: {email}", // auth.last_used
  "Dùng gần nhất", // auth.last_used_no_email
  "Hãy tiếp tục trong cửa sổ vừa mở.", // auth.oauth_waiting
  "Trình duyệt đã chặn cửa sổ đăng nhập. Hãy cho phép trên trang này rồi thử lại.", // auth.popup_blocked
  "Tài khoản {provider} này đã thuộc về người khác ở đây.", // auth.identity_already_linked
  "Đăng nhập bằng tài khoản đó", // auth.switch_account
  "Tiếp tục", // auth.sign_up
  "Cách đăng nhập khác", // auth.other_ways
  "Đang đăng xuất…", // session.signing_out
  "Từ {min} đến {max} ký tự.", // support.message_length
  "Đang gửi…", // support.sending
  "Vui lòng thử lại sau ít phút.", // modal.error_later
] satisfies Texts;
