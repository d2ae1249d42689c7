import type { Texts } from "./index.ts";

export default [
  "Kembali", // nav.back
  "Memuat paket", // modal.loading
  "Memeriksa langganan Anda", // modal.verifying_subscription
  "Gagal dimuat", // modal.error_generic
  "Periksa koneksi Anda lalu coba lagi.", // modal.error_hint
  "Coba lagi", // modal.retry
  "Lanjutkan", // modal.continue
  "Tutup", // modal.close_aria
  "Mode uji: tidak ada uang sungguhan", // modal.test_mode
  "Semua siap", // modal.purchase_success_title
  "Pembayaran Anda diterima dan semuanya sudah terbuka.", // modal.purchase_success_subtitle
  "Selamat datang kembali", // modal.purchase_restored_title
  "Paket Anda ditemukan. Semuanya sudah terbuka.", // modal.purchase_restored_subtitle
  "Selesaikan di tab lain", // payment.awaiting_title
  "Pembayaran terbuka di tab baru. Halaman ini terbuka sendiri setelah Anda membayar.", // payment.awaiting_subtitle
  "Saya sudah bayar", // payment.ive_paid
  "Memeriksa…", // payment.checking
  "Belum terkonfirmasi. Mungkin perlu waktu, coba lagi sebentar lagi.", // payment.still_processing
  "Tab tidak terlihat?", // payment.popup_help_text
  "Buka lagi", // payment.open_checkout_again
  "Mulai dari awal", // payment.tab_closed_retry
  "Satu klik lagi", // payment.popup_blocked_title
  "Browser Anda mencegah pembayaran terbuka di tab baru.", // payment.popup_blocked_message
  "Buka pembayaran", // payment.open_checkout_button
  "Pembayaran tidak dapat dimulai. Anda tidak ditagih.", // payment.failed
  "Situs ini perlu Anda masuk sebelum membeli.", // payment.who
  "Email", // auth.email
  "Kata sandi", // auth.password
  "Buat kata sandi", // auth.new_password
  "Minimal 6 karakter", // auth.password_hint
  "Kode 6 digit", // auth.code
  "Tampilkan kata sandi", // auth.show_password
  "Sembunyikan kata sandi", // auth.hide_password
  "Masuk", // auth.log_in
  "Buat akun", // auth.create_account
  "Kirim tautan", // auth.send_reset
  "Kirimi saya kode", // auth.send_code
  "Kirimi saya kode saja", // auth.send_code_instead
  "Gunakan kata sandi", // auth.use_password
  "Lanjutkan", // auth.verify
  "atau", // auth.or
  "Kembali ke halaman masuk", // auth.back_to_login
  "Lupa?", // auth.forgot_password
  "Kirim kode baru", // auth.resend_code
  "Kode baru dalam {n} dtk", // auth.resend_in
  "Kirim lagi", // auth.resend_mail
  "Gunakan alamat lain", // auth.other_email
  "Belum punya akun?", // auth.no_account
  "Buat akun", // auth.sign_up_link
  "Sudah punya akun?", // auth.have_account
  "Masuk", // auth.log_in_link
  "Masuk", // auth.welcome
  "Buat akun Anda", // auth.welcome_signup
  "Agar paket Anda tersedia di semua perangkat.", // auth.default_subtitle
  "Atur ulang kata sandi", // auth.forgot_password_title
  "Kami akan mengirim tautan untuk membuat yang baru.", // auth.forgot_subtitle
  "Periksa email Anda", // auth.check_email_title
  "Jika {email} memiliki akun, tautan sedang dikirim. Berlaku satu jam.", // auth.reset_sent_subtitle
  "Buka tautan yang kami kirim ke {email}. Halaman ini akan memasukkan Anda otomatis.", // auth.signup_sent_subtitle
  "Masukkan kode", // auth.otp_verify_title
  "Kami mengirimnya ke {email}.", // auth.otp_verify_subtitle
  "Pulihkan pembelian", // auth.restore_purchases_heading
  "Masuk dengan alamat yang Anda pakai saat membeli.", // auth.restore_purchases_subheading
  "Masuk untuk melanjutkan", // auth.login_continue_purchase
  "Agar paket Anda tersedia di semua perangkat.", // auth.link_purchase_subheading
  "Masuk sebagai {email}", // auth.signed_in
  "Kode baru sedang dikirim.", // auth.code_resent
  "Sudah dikirim lagi.", // auth.mail_resent
  "Masukkan alamat email yang valid.", // auth.invalid_email
  "Masukkan kata sandi Anda.", // auth.password_required
  "Gagal. Silakan coba lagi.", // auth.signin_failed
  "Email dan kata sandi tidak cocok.", // auth.invalid_credentials
  "Konfirmasi email Anda dulu: buka tautan yang kami kirim.", // auth.email_not_confirmed
  "Alamat ini sudah memiliki akun. Silakan masuk.", // auth.email_already_registered
  "Buat kata sandi yang lebih panjang.", // auth.weak_password
  "Kode salah atau sudah kedaluwarsa.", // auth.invalid_otp
  "Terlalu banyak percobaan. Tunggu semenit lalu coba lagi.", // auth.rate_limited
  "Tidak ada koneksi. Periksa jaringan Anda lalu coba lagi.", // auth.network_error
  "Layanan sedang sibuk. Coba lagi sebentar lagi.", // auth.service_unavailable
  "Situs ini belum selesai menyiapkan proses masuk.", // auth.custom_domain_required
  "Keluar", // session.sign_out
  "Pulihkan pembelian", // session.restore_purchases
  "Hubungi dukungan", // session.contact_support
  "Tutup", // cta.close
  "Lanjutkan", // cta.continue
  "Membuka pembayaran…", // cta.opening
  "Coba gratis {days} hari", // cta.start_trial
  "Dapatkan akses selamanya", // cta.get_lifetime
  "Ambil paket harian", // cta.get_day
  "Ambil paket mingguan", // cta.get_week
  "Ambil paket bulanan", // cta.get_month
  "Ambil paket tahunan", // cta.get_year
  "Belum ada yang dijual di sini.", // pricing.no_prices
  "Paket", // pricing.plans_aria
  "Paling populer", // pricing.most_popular
  "Hemat {percent}%", // pricing.save
  "Sebelumnya", // pricing.was
  "Harian", // pricing.plan_label.day
  "Mingguan", // pricing.plan_label.week
  "Bulanan", // pricing.plan_label.month
  "Tahunan", // pricing.plan_label.year
  "Selamanya", // pricing.plan_label.lifetime
  "per hari", // pricing.per.day
  "per minggu", // pricing.per.week
  "per bulan", // pricing.per.month
  "per tahun", // pricing.per.year
  "tiap {n} hari", // pricing.every.day
  "tiap {n} minggu", // pricing.every.week
  "tiap {n} bulan", // pricing.every.month
  "tiap {n} tahun", // pricing.every.year
  "sekali bayar", // pricing.once
  "{amount} {period}", // pricing.billed
  "Gratis {days} hari", // pricing.trial
  "Gratis {days} hari, lalu {amount} {period} sampai Anda membatalkan.", // pricing.sum_trial
  "{amount} hari ini, lalu {amount} {period} sampai Anda membatalkan.", // pricing.sum_recurring
  "{amount} hari ini. Diperpanjang {period} sampai Anda membatalkan.", // pricing.sum_discounted
  "tiap hari", // pricing.renews.day
  "tiap minggu", // pricing.renews.week
  "tiap bulan", // pricing.renews.month
  "tiap tahun", // pricing.renews.year
  "{amount} sekali saja. Tanpa perpanjangan.", // pricing.sum_once
  "Pembayaran aman", // pricing.secure
  "Pembayaran terbuka di tab baru.", // pricing.secure_hint
  "Termasuk {period}", // pricing.included_per
  "Termasuk", // pricing.included_total
  "Penawaran terbatas", // offer.limited_time
  "Berakhir dalam", // offer.ends_in
  "Ada yang bisa kami bantu?", // support.heading
  "Tulis kepada kami, kami balas lewat email.", // support.instruction
  "Subjek", // support.subject
  "Pesan", // support.message
  "Kirim pesan", // support.send_button
  "Selesai", // support.done_button
  "Kirim pesan lain", // support.send_another
  "Pesan terkirim", // support.success_heading
  "Kami akan membalas ke {email}.", // support.success_message
  "Tambahkan tangkapan layar", // support.attachments_label
  "Maksimal {max} gambar, masing-masing {size} MB", // support.file_requirements
  "Pilih maksimal {max} gambar.", // support.too_many_files
  "Hanya JPEG, PNG, atau WebP hingga {size} MB.", // support.invalid_file
  "Hapus {filename}", // support.remove_file_aria
  "Antara {min} dan {max} karakter.", // support.subject_length
  "Anda sudah menulis dua kali hari ini. Mohon tunggu balasan kami.", // support.rate_limited
  "Pesan Anda tidak terkirim. Silakan coba lagi.", // support.failed
  "Muat ulang halaman", // modal.reload
  "Lanjutkan dengan {provider}", // auth.continue_with
  "Terakhir dipakai: {email}", // auth.last_used
  "Terakhir dipakai", // auth.last_used_no_email
  "Lanjutkan di jendela yang baru terbuka.", // auth.oauth_waiting
  "Browser Anda memblokir jendela masuk. Izinkan untuk situs ini lalu coba lagi.", // auth.popup_blocked
  "Akun {provider} ini sudah milik pengguna lain di sini.", // auth.identity_already_linked
  "Masuk dengan akun itu", // auth.switch_account
  "Lanjutkan", // auth.sign_up
  "Cara masuk lain", // auth.other_ways
  "Keluar…", // session.signing_out
  "Antara {min} dan {max} karakter.", // support.message_length
  "Mengirim…", // support.sending
  "Silakan coba lagi beberapa saat lagi.", // modal.error_later
] satisfies Texts;
