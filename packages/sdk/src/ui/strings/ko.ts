import type { Texts } from "./index.ts";

export default [
  "뒤로", // nav.back
  "요금제를 불러오는 중", // modal.loading
  "구독을 확인하는 중", // modal.verifying_subscription
  "불러오지 못했어요", // modal.error_generic
  "연결을 확인하고 다시 시도해 주세요.", // modal.error_hint
  "다시 시도", // modal.retry
  "계속", // modal.continue
  "닫기", // modal.close_aria
  "테스트 모드: 실제 결제되지 않아요", // modal.test_mode
  "준비됐어요", // modal.purchase_success_title
  "결제가 완료되어 모든 기능이 열렸어요.", // modal.purchase_success_subtitle
  "다시 오셨네요", // modal.purchase_restored_title
  "이용 중인 요금제를 찾았어요. 모든 기능이 열렸어요.", // modal.purchase_restored_subtitle
  "다른 탭에서 마무리해 주세요", // payment.awaiting_title
  "새 탭에서 결제창이 열렸어요. 결제하면 이 페이지가 자동으로 열려요.", // payment.awaiting_subtitle
  "결제했어요", // payment.ive_paid
  "확인 중…", // payment.checking
  "아직 확인되지 않았어요. 잠시 후 다시 시도해 주세요.", // payment.still_processing
  "탭이 보이지 않나요?", // payment.popup_help_text
  "다시 열기", // payment.open_checkout_again
  "처음부터", // payment.tab_closed_retry
  "한 번만 더 눌러 주세요", // payment.popup_blocked_title
  "브라우저가 새 탭에서 결제창이 열리는 것을 막았어요.", // payment.popup_blocked_message
  "결제창 열기", // payment.open_checkout_button
  "결제를 시작하지 못했어요. 청구된 금액은 없어요.", // payment.failed
  "구매하려면 이 사이트에 로그인해야 해요.", // payment.who
  "이메일", // auth.email
  "비밀번호", // auth.password
  "비밀번호 설정", // auth.new_password
  "6자 이상", // auth.password_hint
  "6자리 코드", // auth.code
  "비밀번호 보기", // auth.show_password
  "비밀번호 숨기기", // auth.hide_password
  "로그인", // auth.log_in
  "계정 만들기", // auth.create_account
  "재설정 링크 보내기", // auth.send_reset
  "이메일로 코드 받기", // auth.send_code
  "대신 이메일로 코드 받기", // auth.send_code_instead
  "비밀번호 사용", // auth.use_password
  "계속", // auth.verify
  "또는", // auth.or
  "로그인으로 돌아가기", // auth.back_to_login
  "잊으셨나요?", // auth.forgot_password
  "새 코드 보내기", // auth.resend_code
  "{n}초 후 새 코드", // auth.resend_in
  "다시 보내기", // auth.resend_mail
  "다른 주소 사용", // auth.other_email
  "계정이 없나요?", // auth.no_account
  "만들기", // auth.sign_up_link
  "계정이 있나요?", // auth.have_account
  "로그인", // auth.log_in_link
  "로그인", // auth.welcome
  "계정 만들기", // auth.welcome_signup
  "모든 기기에서 요금제를 이용할 수 있어요.", // auth.default_subtitle
  "비밀번호 재설정", // auth.forgot_password_title
  "새 비밀번호를 설정할 링크를 보내 드려요.", // auth.forgot_subtitle
  "받은 편지함을 확인하세요", // auth.check_email_title
  "{email} 계정이 있다면 링크를 보냈어요. 한 시간 동안 쓸 수 있어요.", // auth.reset_sent_subtitle
  "{email}(으)로 보낸 링크를 열어 주세요. 이 페이지에서 자동으로 로그인돼요.", // auth.signup_sent_subtitle
  "코드 입력", // auth.otp_verify_title
  "{email}(으)로 보냈어요.", // auth.otp_verify_subtitle
  "구매 복원", // auth.restore_purchases_heading
  "구매할 때 쓴 주소로 로그인해 주세요.", // auth.restore_purchases_subheading
  "로그인하고 계속하기", // auth.login_continue_purchase
  "모든 기기에서 요금제를 이용할 수 있어요.", // auth.link_purchase_subheading
  "{email} 계정으로 로그인됨", // auth.signed_in
  "새 코드를 보냈어요.", // auth.code_resent
  "다시 보냈어요.", // auth.mail_resent
  "올바른 이메일 주소를 입력해 주세요.", // auth.invalid_email
  "비밀번호를 입력해 주세요.", // auth.password_required
  "처리하지 못했어요. 다시 시도해 주세요.", // auth.signin_failed
  "이메일과 비밀번호가 맞지 않아요.", // auth.invalid_credentials
  "먼저 이메일을 인증해 주세요. 보내 드린 링크를 열면 돼요.", // auth.email_not_confirmed
  "이미 계정이 있는 주소예요. 로그인해 주세요.", // auth.email_already_registered
  "더 긴 비밀번호를 설정해 주세요.", // auth.weak_password
  "코드가 틀렸거나 만료됐어요.", // auth.invalid_otp
  "시도 횟수가 너무 많아요. 1분 후 다시 시도해 주세요.", // auth.rate_limited
  "연결되지 않았어요. 네트워크를 확인하고 다시 시도해 주세요.", // auth.network_error
  "서비스가 혼잡해요. 잠시 후 다시 시도해 주세요.", // auth.service_unavailable
  "이 사이트는 아직 로그인 설정을 마치지 않았습니다.", // auth.custom_domain_required
  "로그아웃", // session.sign_out
  "구매 복원", // session.restore_purchases
  "문의하기", // session.contact_support
  "닫기", // cta.close
  "계속", // cta.continue
  "결제창 여는 중…", // cta.opening
  "{days}일 무료 체험 시작", // cta.start_trial
  "평생 이용권 구매", // cta.get_lifetime
  "일간 요금제 시작", // cta.get_day
  "주간 요금제 시작", // cta.get_week
  "월간 요금제 시작", // cta.get_month
  "연간 요금제 시작", // cta.get_year
  "아직 판매 중인 요금제가 없어요.", // pricing.no_prices
  "요금제", // pricing.plans_aria
  "가장 인기", // pricing.most_popular
  "{percent}% 할인", // pricing.save
  "정가", // pricing.was
  "일간", // pricing.plan_label.day
  "주간", // pricing.plan_label.week
  "월간", // pricing.plan_label.month
  "연간", // pricing.plan_label.year
  "평생", // pricing.plan_label.lifetime
  "/일", // pricing.per.day
  "/주", // pricing.per.week
  "/월", // pricing.per.month
  "/년", // pricing.per.year
  "{n}일마다", // pricing.every.day
  "{n}주마다", // pricing.every.week
  "{n}개월마다", // pricing.every.month
  "{n}년마다", // pricing.every.year
  "한 번 결제", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days}일 무료", // pricing.trial
  "{days}일 무료, 이후 해지할 때까지 {amount} {period}.", // pricing.sum_trial
  "오늘 {amount}, 이후 해지할 때까지 {amount} {period}.", // pricing.sum_recurring
  "오늘 {amount}. 해지할 때까지 {period} 갱신돼요.", // pricing.sum_discounted
  "매일", // pricing.renews.day
  "매주", // pricing.renews.week
  "매월", // pricing.renews.month
  "매년", // pricing.renews.year
  "{amount} 한 번만 결제. 갱신 없음.", // pricing.sum_once
  "안전한 결제", // pricing.secure
  "결제창은 새 탭에서 열려요.", // pricing.secure_hint
  "제공량 {period}", // pricing.included_per
  "제공량", // pricing.included_total
  "기간 한정 혜택", // offer.limited_time
  "종료까지", // offer.ends_in
  "무엇을 도와드릴까요?", // support.heading
  "내용을 남겨 주시면 이메일로 답변드려요.", // support.instruction
  "제목", // support.subject
  "내용", // support.message
  "보내기", // support.send_button
  "완료", // support.done_button
  "하나 더 보내기", // support.send_another
  "보냈어요", // support.success_heading
  "{email}(으)로 답변드릴게요.", // support.success_message
  "스크린샷 추가", // support.attachments_label
  "최대 {max}장, 장당 {size}MB", // support.file_requirements
  "이미지는 최대 {max}장까지 선택할 수 있어요.", // support.too_many_files
  "{size}MB 이하의 JPEG, PNG, WebP만 가능해요.", // support.invalid_file
  "{filename} 삭제", // support.remove_file_aria
  "{min} {max}자로 입력해 주세요.", // support.subject_length
  "오늘은 이미 두 번 문의하셨어요. 답변을 기다려 주세요.", // support.rate_limited
  "보내지 못했어요. 다시 시도해 주세요.", // support.failed
  "페이지 새로고침", // modal.reload
  "{provider}(으)로 계속", // auth.continue_with
  "최근 사용: {email}", // auth.last_used
  "최근 사용", // auth.last_used_no_email
  "방금 열린 창에서 계속해 주세요.", // auth.oauth_waiting
  "브라우저가 로그인 창을 막았어요. 이 사이트에서 허용하고 다시 시도해 주세요.", // auth.popup_blocked
  "이 {provider} 계정은 이미 다른 사용자의 계정이에요.", // auth.identity_already_linked
  "그 계정으로 로그인", // auth.switch_account
  "계속", // auth.sign_up
  "다른 방법으로 로그인", // auth.other_ways
  "로그아웃 중…", // session.signing_out
  "{min} {max}자로 입력해 주세요.", // support.message_length
  "보내는 중…", // support.sending
  "잠시 후 다시 시도해 주세요.", // modal.error_later
] satisfies Texts;
