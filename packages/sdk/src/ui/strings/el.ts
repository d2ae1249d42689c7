import type { Texts } from "./index.ts";

export default [
  "Πίσω", // nav.back
  "Φόρτωση πλάνων", // modal.loading
  "Έλεγχος της συνδρομής σας", // modal.verifying_subscription
  "Η φόρτωση απέτυχε", // modal.error_generic
  "Ελέγξτε τη σύνδεσή σας και δοκιμάστε ξανά.", // modal.error_hint
  "Δοκιμή ξανά", // modal.retry
  "Συνέχεια", // modal.continue
  "Κλείσιμο", // modal.close_aria
  "Δοκιμαστική λειτουργία: χωρίς πραγματικά χρήματα", // modal.test_mode
  "Όλα έτοιμα", // modal.purchase_success_title
  "Η πληρωμή σας ολοκληρώθηκε και όλα ξεκλειδώθηκαν.", // modal.purchase_success_subtitle
  "Καλώς ήρθατε ξανά", // modal.purchase_restored_title
  "Βρήκαμε το πλάνο σας. Όλα ξεκλειδώθηκαν.", // modal.purchase_restored_subtitle
  "Ολοκληρώστε στην άλλη καρτέλα", // payment.awaiting_title
  "Η πληρωμή άνοιξε σε νέα καρτέλα. Η σελίδα θα ξεκλειδώσει μόνη της μόλις πληρώσετε.", // payment.awaiting_subtitle
  "Πλήρωσα", // payment.ive_paid
  "Έλεγχος…", // payment.checking
  "Δεν επιβεβαιώθηκε ακόμη. Μπορεί να χρειαστεί λίγο, δοκιμάστε ξανά σύντομα.", // payment.still_processing
  "Δεν βλέπετε την καρτέλα;", // payment.popup_help_text
  "Άνοιγμα ξανά", // payment.open_checkout_again
  "Από την αρχή", // payment.tab_closed_retry
  "Ένα κλικ ακόμη", // payment.popup_blocked_title
  "Ο περιηγητής εμπόδισε το άνοιγμα της πληρωμής σε νέα καρτέλα.", // payment.popup_blocked_message
  "Άνοιγμα πληρωμής", // payment.open_checkout_button
  "Η πληρωμή δεν ξεκίνησε. Δεν χρεωθήκατε.", // payment.failed
  "Πρέπει να συνδεθείτε στον ιστότοπο πριν αγοράσετε.", // payment.who
  "Email", // auth.email
  "Κωδικός πρόσβασης", // auth.password
  "Επιλέξτε κωδικό πρόσβασης", // auth.new_password
  "Τουλάχιστον 6 χαρακτήρες", // auth.password_hint
  "6ψήφιος κωδικός", // auth.code
  "Εμφάνιση κωδικού", // auth.show_password
  "Απόκρυψη κωδικού", // auth.hide_password
  "Σύνδεση", // auth.log_in
  "Δημιουργία λογαριασμού", // auth.create_account
  "Αποστολή συνδέσμου", // auth.send_reset
  "Λήψη κωδικού με email", // auth.send_code
  "Λήψη κωδικού με email", // auth.send_code_instead
  "Χρήση κωδικού πρόσβασης", // auth.use_password
  "Συνέχεια", // auth.verify
  "ή", // auth.or
  "Πίσω στη σύνδεση", // auth.back_to_login
  "Τον ξεχάσατε;", // auth.forgot_password
  "Αποστολή νέου κωδικού", // auth.resend_code
  "Νέος κωδικός σε {n} δ", // auth.resend_in
  "Αποστολή ξανά", // auth.resend_mail
  "Χρήση άλλης διεύθυνσης", // auth.other_email
  "Δεν έχετε λογαριασμό;", // auth.no_account
  "Δημιουργήστε έναν", // auth.sign_up_link
  "Έχετε λογαριασμό;", // auth.have_account
  "Σύνδεση", // auth.log_in_link
  "Σύνδεση", // auth.welcome
  "Δημιουργήστε λογαριασμό", // auth.welcome_signup
  "Για να έχετε το πλάνο σας σε όλες τις συσκευές.", // auth.default_subtitle
  "Επαναφορά κωδικού", // auth.forgot_password_title
  "Θα σας στείλουμε σύνδεσμο για να ορίσετε νέο.", // auth.forgot_subtitle
  "Ελέγξτε τα email σας", // auth.check_email_title
  "Αν υπάρχει λογαριασμός για {email}, ο σύνδεσμος έρχεται. Ισχύει για μία ώρα.", // auth.reset_sent_subtitle
  "Ανοίξτε τον σύνδεσμο που στείλαμε στο {email}. Η σελίδα θα σας συνδέσει μόνη της.", // auth.signup_sent_subtitle
  "Εισαγάγετε τον κωδικό", // auth.otp_verify_title
  "Τον στείλαμε στο {email}.", // auth.otp_verify_subtitle
  "Επαναφορά αγοράς", // auth.restore_purchases_heading
  "Συνδεθείτε με τη διεύθυνση της αγοράς σας.", // auth.restore_purchases_subheading
  "Συνδεθείτε για να συνεχίσετε", // auth.login_continue_purchase
  "Για να έχετε το πλάνο σας σε όλες τις συσκευές.", // auth.link_purchase_subheading
  "Έχετε συνδεθεί ως {email}", // auth.signed_in
  "Ένας νέος κωδικός έρχεται.", // auth.code_resent
  "Στάλθηκε ξανά.", // auth.mail_resent
  "Εισαγάγετε έγκυρη διεύθυνση email.", // auth.invalid_email
  "Εισαγάγετε τον κωδικό πρόσβασης.", // auth.password_required
  "Κάτι πήγε στραβά. Δοκιμάστε ξανά.", // auth.signin_failed
  "Το email και ο κωδικός δεν ταιριάζουν.", // auth.invalid_credentials
  "Επιβεβαιώστε πρώτα το email σας: ανοίξτε τον σύνδεσμο που στείλαμε.", // auth.email_not_confirmed
  "Η διεύθυνση έχει ήδη λογαριασμό. Συνδεθείτε.", // auth.email_already_registered
  "Επιλέξτε μεγαλύτερο κωδικό πρόσβασης.", // auth.weak_password
  "Ο κωδικός είναι λάθος ή έληξε.", // auth.invalid_otp
  "Πάρα πολλές προσπάθειες. Περιμένετε ένα λεπτό και δοκιμάστε ξανά.", // auth.rate_limited
  "Δεν υπάρχει σύνδεση. Ελέγξτε το δίκτυο και δοκιμάστε ξανά.", // auth.network_error
  "Η υπηρεσία είναι απασχολημένη. Δοκιμάστε ξανά σε λίγο.", // auth.service_unavailable
  "Ο ιστότοπος δεν έχει ολοκληρώσει ακόμη τη ρύθμιση της σύνδεσης.", // auth.custom_domain_required
  "Αποσύνδεση", // session.sign_out
  "Επαναφορά αγοράς", // session.restore_purchases
  "Επικοινωνία", // session.contact_support
  "Κλείσιμο", // cta.close
  "Συνέχεια", // cta.continue
  "Άνοιγμα πληρωμής…", // cta.opening
  "Δοκιμή {days|# ημέρας|# ημερών} δωρεάν", // cta.start_trial
  "Απόκτηση εφ’ όρου ζωής", // cta.get_lifetime
  "Επιλογή ημερήσιου πλάνου", // cta.get_day
  "Επιλογή εβδομαδιαίου πλάνου", // cta.get_week
  "Επιλογή μηνιαίου πλάνου", // cta.get_month
  "Επιλογή ετήσιου πλάνου", // cta.get_year
  "Δεν υπάρχει τίποτα προς πώληση ακόμη.", // pricing.no_prices
  "Πλάνα", // pricing.plans_aria
  "Πιο δημοφιλές", // pricing.most_popular
  "Κέρδος {percent}%", // pricing.save
  "Πριν", // pricing.was
  "Ημερήσιο", // pricing.plan_label.day
  "Εβδομαδιαίο", // pricing.plan_label.week
  "Μηνιαίο", // pricing.plan_label.month
  "Ετήσιο", // pricing.plan_label.year
  "Εφ’ όρου ζωής", // pricing.plan_label.lifetime
  "την ημέρα", // pricing.per.day
  "την εβδομάδα", // pricing.per.week
  "τον μήνα", // pricing.per.month
  "τον χρόνο", // pricing.per.year
  "κάθε {n} ημέρες", // pricing.every.day
  "κάθε {n} εβδομάδες", // pricing.every.week
  "κάθε {n} μήνες", // pricing.every.month
  "κάθε {n} χρόνια", // pricing.every.year
  "εφάπαξ πληρωμή", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# ημέρα|# ημέρες} δωρεάν", // pricing.trial
  "Δωρεάν για {days|# ημέρα|# ημέρες}, μετά {amount} {period} μέχρι να ακυρώσετε.", // pricing.sum_trial
  "{amount} σήμερα, μετά {amount} {period} μέχρι να ακυρώσετε.", // pricing.sum_recurring
  "{amount} σήμερα. Ανανεώνεται {period} μέχρι να ακυρώσετε.", // pricing.sum_discounted
  "κάθε ημέρα", // pricing.renews.day
  "κάθε εβδομάδα", // pricing.renews.week
  "κάθε μήνα", // pricing.renews.month
  "κάθε χρόνο", // pricing.renews.year
  "{amount} μία φορά. Χωρίς ανανέωση.", // pricing.sum_once
  "Ασφαλής πληρωμή", // pricing.secure
  "Η πληρωμή ανοίγει σε νέα καρτέλα.", // pricing.secure_hint
  "Περιλαμβάνονται {period}", // pricing.included_per
  "Περιλαμβάνονται", // pricing.included_total
  "Προσφορά περιορισμένου χρόνου", // offer.limited_time
  "Λήγει σε", // offer.ends_in
  "Πώς μπορούμε να βοηθήσουμε;", // support.heading
  "Γράψτε μας και θα απαντήσουμε με email.", // support.instruction
  "Θέμα", // support.subject
  "Μήνυμα", // support.message
  "Αποστολή μηνύματος", // support.send_button
  "Τέλος", // support.done_button
  "Αποστολή νέου μηνύματος", // support.send_another
  "Το μήνυμα στάλθηκε", // support.success_heading
  "Θα απαντήσουμε στο {email}.", // support.success_message
  "Προσθήκη στιγμιότυπων", // support.attachments_label
  "Έως {max} εικόνες, {size} MB η καθεμία", // support.file_requirements
  "Επιλέξτε έως {max} εικόνες.", // support.too_many_files
  "Μόνο JPEG, PNG ή WebP έως {size} MB.", // support.invalid_file
  "Αφαίρεση {filename}", // support.remove_file_aria
  "Από {min} έως {max} χαρακτήρες.", // support.subject_length
  "Έχετε γράψει ήδη δύο φορές σήμερα. Περιμένετε την απάντησή μας.", // support.rate_limited
  "Το μήνυμα δεν στάλθηκε. Δοκιμάστε ξανά.", // support.failed
  "Επαναφόρτωση σελίδας", // modal.reload
  "Συνέχεια με {provider}", // auth.continue_with
  "Τελευταία χρήση: {email}", // auth.last_used
  "Τελευταία χρήση", // auth.last_used_no_email
  "Συνεχίστε στο παράθυρο που μόλις άνοιξε.", // auth.oauth_waiting
  "Ο περιηγητής εμπόδισε το παράθυρο σύνδεσης. Επιτρέψτε το και δοκιμάστε ξανά.", // auth.popup_blocked
  "Αυτός ο λογαριασμός {provider} ανήκει ήδη σε άλλον χρήστη.", // auth.identity_already_linked
  "Σύνδεση με εκείνον τον λογαριασμό", // auth.switch_account
  "Συνέχεια", // auth.sign_up
  "Άλλοι τρόποι σύνδεσης", // auth.other_ways
  "Αποσύνδεση…", // session.signing_out
  "Από {min} έως {max} χαρακτήρες.", // support.message_length
  "Αποστολή…", // support.sending
  "Δοκιμάστε ξανά λίγο αργότερα.", // modal.error_later
] satisfies Texts;
