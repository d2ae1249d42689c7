import type { Texts } from "./index.ts";

export default [
  "返回", // nav.back
  "正在加载套餐", // modal.loading
  "正在核实你的订阅", // modal.verifying_subscription
  "加载失败", // modal.error_generic
  "请检查网络连接，然后重试。", // modal.error_hint
  "重试", // modal.retry
  "继续", // modal.continue
  "关闭", // modal.close_aria
  "测试模式：不会产生真实扣款", // modal.test_mode
  "一切就绪", // modal.purchase_success_title
  "已收到你的付款，全部内容已解锁。", // modal.purchase_success_subtitle
  "欢迎回来", // modal.purchase_restored_title
  "已找到你的套餐，全部内容已解锁。", // modal.purchase_restored_subtitle
  "请在另一个标签页完成付款", // payment.awaiting_title
  "付款页面已在新标签页中打开。付款后，本页会自动解锁。", // payment.awaiting_subtitle
  "我已付款", // payment.ive_paid
  "正在核实…", // payment.checking
  "尚未确认，可能需要一点时间，请稍后再试。", // payment.still_processing
  "没有看到标签页？", // payment.popup_help_text
  "再次打开", // payment.open_checkout_again
  "重新开始", // payment.tab_closed_retry
  "再点一下", // payment.popup_blocked_title
  "浏览器阻止了在新标签页中打开付款页面。", // payment.popup_blocked_message
  "打开付款页面", // payment.open_checkout_button
  "未能开始付款，你没有被扣款。", // payment.failed
  "购买前，需要先登录此网站。", // payment.who
  "邮箱", // auth.email
  "密码", // auth.password
  "设置密码", // auth.new_password
  "至少 6 个字符", // auth.password_hint
  "6 位验证码", // auth.code
  "显示密码", // auth.show_password
  "隐藏密码", // auth.hide_password
  "登录", // auth.log_in
  "创建账号", // auth.create_account
  "发送重置链接", // auth.send_reset
  "发送验证码到邮箱", // auth.send_code
  "改用邮箱验证码", // auth.send_code_instead
  "使用密码", // auth.use_password
  "继续", // auth.verify
  "或", // auth.or
  "返回登录", // auth.back_to_login
  "忘记了？", // auth.forgot_password
  "重新发送验证码", // auth.resend_code
  "{n} 秒后可重新发送", // auth.resend_in
  "再次发送", // auth.resend_mail
  "使用其他邮箱", // auth.other_email
  "还没有账号？", // auth.no_account
  "立即创建", // auth.sign_up_link
  "已有账号？", // auth.have_account
  "登录", // auth.log_in_link
  "登录", // auth.welcome
  "创建你的账号", // auth.welcome_signup
  "让你的套餐在所有设备上可用。", // auth.default_subtitle
  "重置密码", // auth.forgot_password_title
  "我们会通过邮件发送链接，供你设置新密码。", // auth.forgot_subtitle
  "请查看邮箱", // auth.check_email_title
  "如果 {email} 已注册，重置链接正在发送，一小时内有效。", // auth.reset_sent_subtitle
  "请打开我们发送到 {email} 的链接，本页会自动为你登录。", // auth.signup_sent_subtitle
  "输入验证码", // auth.otp_verify_title
  "已发送至 {email}。", // auth.otp_verify_subtitle
  "恢复购买", // auth.restore_purchases_heading
  "请使用购买时的邮箱登录。", // auth.restore_purchases_subheading
  "登录以继续", // auth.login_continue_purchase
  "让你的套餐在所有设备上可用。", // auth.link_purchase_subheading
  "已登录：{email}", // auth.signed_in
  "新的验证码正在发送。", // auth.code_resent
  "已再次发送。", // auth.mail_resent
  "请输入有效的邮箱地址。", // auth.invalid_email
  "请输入密码。", // auth.password_required
  "操作未成功，请重试。", // auth.signin_failed
  "邮箱与密码不匹配。", // auth.invalid_credentials
  "请先验证邮箱：打开我们发送的链接。", // auth.email_not_confirmed
  "该邮箱已有账号，请直接登录。", // auth.email_already_registered
  "请设置更长的密码。", // auth.weak_password
  "验证码错误或已过期。", // auth.invalid_otp
  "尝试次数过多，请一分钟后再试。", // auth.rate_limited
  "没有网络连接，请检查网络后重试。", // auth.network_error
  "服务繁忙，请稍后再试。", // auth.service_unavailable
  "此网站尚未完成登录设置。", // auth.custom_domain_required
  "退出登录", // session.sign_out
  "恢复购买", // session.restore_purchases
  "联系客服", // session.contact_support
  "关闭", // cta.close
  "继续", // cta.continue
  "正在打开付款页面…", // cta.opening
  "免费试用 {days} 天", // cta.start_trial
  "获取永久使用权", // cta.get_lifetime
  "订阅每日套餐", // cta.get_day
  "订阅每周套餐", // cta.get_week
  "订阅每月套餐", // cta.get_month
  "订阅年度套餐", // cta.get_year
  "这里还没有可购买的内容。", // pricing.no_prices
  "套餐", // pricing.plans_aria
  "最受欢迎", // pricing.most_popular
  "节省 {percent}%", // pricing.save
  "原价", // pricing.was
  "每日", // pricing.plan_label.day
  "每周", // pricing.plan_label.week
  "每月", // pricing.plan_label.month
  "每年", // pricing.plan_label.year
  "永久", // pricing.plan_label.lifetime
  "每天", // pricing.per.day
  "每周", // pricing.per.week
  "每月", // pricing.per.month
  "每年", // pricing.per.year
  "每 {n} 天", // pricing.every.day
  "每 {n} 周", // pricing.every.week
  "每 {n} 个月", // pricing.every.month
  "每 {n} 年", // pricing.every.year
  "一次性付款", // pricing.once
  "{period} {amount}", // pricing.billed
  "免费 {days} 天", // pricing.trial
  "免费试用 {days} 天，之后{period} {amount}，直到你取消。", // pricing.sum_trial
  "今天支付 {amount}，之后{period} {amount}，直到你取消。", // pricing.sum_recurring
  "今天支付 {amount}，{period}自动续订，直到你取消。", // pricing.sum_discounted
  "每天", // pricing.renews.day
  "每周", // pricing.renews.week
  "每月", // pricing.renews.month
  "每年", // pricing.renews.year
  "一次性支付 {amount}，不会续订。", // pricing.sum_once
  "安全付款", // pricing.secure
  "付款页面将在新标签页中打开。", // pricing.secure_hint
  "{period}包含", // pricing.included_per
  "包含", // pricing.included_total
  "限时优惠", // offer.limited_time
  "剩余时间", // offer.ends_in
  "有什么可以帮你？", // support.heading
  "给我们留言，我们会通过邮件回复。", // support.instruction
  "主题", // support.subject
  "内容", // support.message
  "发送", // support.send_button
  "完成", // support.done_button
  "再发一条", // support.send_another
  "已发送", // support.success_heading
  "我们会回复至 {email}。", // support.success_message
  "添加截图", // support.attachments_label
  "最多 {max} 张图片，每张 {size} MB", // support.file_requirements
  "最多选择 {max} 张图片。", // support.too_many_files
  "仅支持 {size} MB 以内的 JPEG、PNG 或 WebP。", // support.invalid_file
  "移除 {filename}", // support.remove_file_aria
  "请输入 {min} 到 {max} 个字符。", // support.subject_length
  "你今天已经留言两次，请等待我们的回复。", // support.rate_limited
  "消息未能发送，请重试。", // support.failed
  "重新加载页面", // modal.reload
  "使用 {provider} 继续", // auth.continue_with
  "上次使用：{email}", // auth.last_used
  "上次使用", // auth.last_used_no_email
  "请在刚打开的窗口中继续。", // auth.oauth_waiting
  "浏览器拦截了登录窗口，请允许此网站打开后重试。", // auth.popup_blocked
  "此 {provider} 账号已属于另一位用户。", // auth.identity_already_linked
  "以该用户登录", // auth.switch_account
  "继续", // auth.sign_up
  "其他登录方式", // auth.other_ways
  "正在退出…", // session.signing_out
  "请输入 {min} 到 {max} 个字符。", // support.message_length
  "正在发送…", // support.sending
  "请稍后再试。", // modal.error_later
] satisfies Texts;
