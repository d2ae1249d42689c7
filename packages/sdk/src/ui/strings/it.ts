import type { Texts } from "./index.ts";

export default [
  "Indietro", // nav.back
  "Caricamento dei piani", // modal.loading
  "Verifica dell’abbonamento", // modal.verifying_subscription
  "Caricamento non riuscito", // modal.error_generic
  "Controlla la connessione e riprova.", // modal.error_hint
  "Riprova", // modal.retry
  "Continua", // modal.continue
  "Chiudi", // modal.close_aria
  "Modalità di prova: nessun pagamento reale", // modal.test_mode
  "Tutto pronto", // modal.purchase_success_title
  "Il pagamento è arrivato e tutto è sbloccato.", // modal.purchase_success_subtitle
  "Bentornato", // modal.purchase_restored_title
  "Abbiamo trovato il tuo piano. Tutto è sbloccato.", // modal.purchase_restored_subtitle
  "Completa nell’altra scheda", // payment.awaiting_title
  "Il pagamento è aperto in una nuova scheda. Questa pagina si sblocca da sola appena hai pagato.", // payment.awaiting_subtitle
  "Ho pagato", // payment.ive_paid
  "Verifica in corso…", // payment.checking
  "Non ancora confermato. Può volerci un attimo: riprova tra poco.", // payment.still_processing
  "Non vedi la scheda?", // payment.popup_help_text
  "Aprila di nuovo", // payment.open_checkout_again
  "Ricomincia", // payment.tab_closed_retry
  "Ancora un clic", // payment.popup_blocked_title
  "Il browser ha impedito l’apertura del pagamento in una nuova scheda.", // payment.popup_blocked_message
  "Apri il pagamento", // payment.open_checkout_button
  "Il pagamento non si è avviato. Non ti è stato addebitato nulla.", // payment.failed
  "Questo sito deve farti accedere prima dell’acquisto.", // payment.who
  "Email", // auth.email
  "Password", // auth.password
  "Scegli una password", // auth.new_password
  "Almeno 6 caratteri", // auth.password_hint
  "Codice di 6 cifre", // auth.code
  "Mostra password", // auth.show_password
  "Nascondi password", // auth.hide_password
  "Accedi", // auth.log_in
  "Crea account", // auth.create_account
  "Invia il link", // auth.send_reset
  "Inviami un codice", // auth.send_code
  "Inviami invece un codice", // auth.send_code_instead
  "Usa una password", // auth.use_password
  "Continua", // auth.verify
  "oppure", // auth.or
  "Torna all’accesso", // auth.back_to_login
  "Dimenticata?", // auth.forgot_password
  "Invia un nuovo codice", // auth.resend_code
  "Nuovo codice tra {n} s", // auth.resend_in
  "Invia di nuovo", // auth.resend_mail
  "Usa un altro indirizzo", // auth.other_email
  "Non hai un account?", // auth.no_account
  "Creane uno", // auth.sign_up_link
  "Hai già un account?", // auth.have_account
  "Accedi", // auth.log_in_link
  "Accedi", // auth.welcome
  "Crea il tuo account", // auth.welcome_signup
  "Per avere il tuo piano su tutti i tuoi dispositivi.", // auth.default_subtitle
  "Reimposta la password", // auth.forgot_password_title
  "Ti invieremo un link per sceglierne una nuova.", // auth.forgot_subtitle
  "Controlla la posta", // auth.check_email_title
  "Se {email} ha un account, il link è in arrivo. È valido per un’ora.", // auth.reset_sent_subtitle
  "Apri il link che abbiamo inviato a {email}. Questa pagina ti farà accedere da sola.", // auth.signup_sent_subtitle
  "Inserisci il codice", // auth.otp_verify_title
  "Lo abbiamo inviato a {email}.", // auth.otp_verify_subtitle
  "Ripristina il tuo acquisto", // auth.restore_purchases_heading
  "Accedi con l’indirizzo usato per l’acquisto.", // auth.restore_purchases_subheading
  "Accedi per continuare", // auth.login_continue_purchase
  "Per avere il tuo piano su tutti i tuoi dispositivi.", // auth.link_purchase_subheading
  "Accesso effettuato come {email}", // auth.signed_in
  "Un nuovo codice è in arrivo.", // auth.code_resent
  "Inviata di nuovo.", // auth.mail_resent
  "Inserisci un indirizzo email valido.", // auth.invalid_email
  "Inserisci la password.", // auth.password_required
  "Non ha funzionato. Riprova.", // auth.signin_failed
  "Email e password non corrispondono.", // auth.invalid_credentials
  "Conferma prima l’email: apri il link che ti abbiamo inviato.", // auth.email_not_confirmed
  "Questo indirizzo ha già un account. Accedi.", // auth.email_already_registered
  "Scegli una password più lunga.", // auth.weak_password
  "Il codice è errato o scaduto.", // auth.invalid_otp
  "Troppi tentativi. Attendi un minuto e riprova.", // auth.rate_limited
  "Nessuna connessione. Controlla la rete e riprova.", // auth.network_error
  "Il servizio è sovraccarico. Riprova tra un attimo.", // auth.service_unavailable
  "Questo sito non ha ancora finito di configurare l’accesso.", // auth.custom_domain_required
  "Esci", // session.sign_out
  "Ripristina acquisto", // session.restore_purchases
  "Contatta l’assistenza", // session.contact_support
  "Chiudi", // cta.close
  "Continua", // cta.continue
  "Apertura del pagamento…", // cta.opening
  "Prova gratis per {days|# giorno|# giorni}", // cta.start_trial
  "Ottieni l’accesso a vita", // cta.get_lifetime
  "Scegli il piano giornaliero", // cta.get_day
  "Scegli il piano settimanale", // cta.get_week
  "Scegli il piano mensile", // cta.get_month
  "Scegli il piano annuale", // cta.get_year
  "Qui non c’è ancora nulla in vendita.", // pricing.no_prices
  "Piani", // pricing.plans_aria
  "Il più scelto", // pricing.most_popular
  "Risparmia il {percent}%", // pricing.save
  "Prima", // pricing.was
  "Giornaliero", // pricing.plan_label.day
  "Settimanale", // pricing.plan_label.week
  "Mensile", // pricing.plan_label.month
  "Annuale", // pricing.plan_label.year
  "A vita", // pricing.plan_label.lifetime
  "al giorno", // pricing.per.day
  "a settimana", // pricing.per.week
  "al mese", // pricing.per.month
  "all’anno", // pricing.per.year
  "ogni {n} giorni", // pricing.every.day
  "ogni {n} settimane", // pricing.every.week
  "ogni {n} mesi", // pricing.every.month
  "ogni {n} anni", // pricing.every.year
  "pagamento unico", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# giorno|# giorni} gratis", // pricing.trial
  "Gratis per {days|# giorno|# giorni}, poi {amount} {period} fino alla disdetta.", // pricing.sum_trial
  "{amount} oggi, poi {amount} {period} fino alla disdetta.", // pricing.sum_recurring
  "{amount} oggi. Si rinnova {period} fino alla disdetta.", // pricing.sum_discounted
  "ogni giorno", // pricing.renews.day
  "ogni settimana", // pricing.renews.week
  "ogni mese", // pricing.renews.month
  "ogni anno", // pricing.renews.year
  "{amount} una sola volta. Nessun rinnovo.", // pricing.sum_once
  "Pagamento sicuro", // pricing.secure
  "Il pagamento si apre in una nuova scheda.", // pricing.secure_hint
  "Incluso {period}", // pricing.included_per
  "Incluso", // pricing.included_total
  "Offerta a tempo limitato", // offer.limited_time
  "Termina tra", // offer.ends_in
  "Come possiamo aiutarti?", // support.heading
  "Scrivici e ti risponderemo via email.", // support.instruction
  "Oggetto", // support.subject
  "Messaggio", // support.message
  "Invia messaggio", // support.send_button
  "Fatto", // support.done_button
  "Invia un altro messaggio", // support.send_another
  "Messaggio inviato", // support.success_heading
  "Risponderemo a {email}.", // support.success_message
  "Aggiungi screenshot", // support.attachments_label
  "Fino a {max} immagini, {size} MB ciascuna", // support.file_requirements
  "Scegli al massimo {max} immagini.", // support.too_many_files
  "Solo JPEG, PNG o WebP fino a {size} MB.", // support.invalid_file
  "Rimuovi {filename}", // support.remove_file_aria
  "Tra {min} e {max} caratteri.", // support.subject_length
  "Hai già scritto due volte oggi. Attendi la nostra risposta.", // support.rate_limited
  "Il messaggio non è stato inviato. Riprova.", // support.failed
  "Ricarica la pagina", // modal.reload
  "Continua con {provider}", // auth.continue_with
  "Ultimo accesso: {email}", // auth.last_used
  "Ultimo accesso", // auth.last_used_no_email
  "Continua nella finestra appena aperta.", // auth.oauth_waiting
  "Il browser ha bloccato la finestra di accesso. Consentila per questo sito e riprova.", // auth.popup_blocked
  "Questo account {provider} appartiene già a un altro utente.", // auth.identity_already_linked
  "Accedi con quell’account", // auth.switch_account
  "Continua", // auth.sign_up
  "Altri modi per accedere", // auth.other_ways
  "Uscita in corso…", // session.signing_out
  "Tra {min} e {max} caratteri.", // support.message_length
  "Invio…", // support.sending
  "Riprova un po’ più tardi.", // modal.error_later
] satisfies Texts;
