import type { Texts } from "./index.ts";

export default [
  "Atrás", // nav.back
  "Cargando los planes", // modal.loading
  "Comprobando tu suscripción", // modal.verifying_subscription
  "No se ha podido cargar", // modal.error_generic
  "Comprueba tu conexión y vuelve a intentarlo.", // modal.error_hint
  "Reintentar", // modal.retry
  "Continuar", // modal.continue
  "Cerrar", // modal.close_aria
  "Modo de prueba: no se mueve dinero real", // modal.test_mode
  "Todo listo", // modal.purchase_success_title
  "Hemos recibido tu pago y ya tienes acceso a todo.", // modal.purchase_success_subtitle
  "Hola de nuevo", // modal.purchase_restored_title
  "Hemos encontrado tu plan. Ya tienes acceso a todo.", // modal.purchase_restored_subtitle
  "Termina en la otra pestaña", // payment.awaiting_title
  "El pago se ha abierto en una pestaña nueva. Esta página se desbloqueará sola cuando hayas pagado.", // payment.awaiting_subtitle
  "Ya he pagado", // payment.ive_paid
  "Comprobando…", // payment.checking
  "Aún no está confirmado. Puede tardar un momento; vuelve a intentarlo enseguida.", // payment.still_processing
  "¿No ves la pestaña?", // payment.popup_help_text
  "Abrirla de nuevo", // payment.open_checkout_again
  "Empezar de nuevo", // payment.tab_closed_retry
  "Un clic más", // payment.popup_blocked_title
  "Tu navegador ha impedido abrir el pago en una pestaña nueva.", // payment.popup_blocked_message
  "Abrir el pago", // payment.open_checkout_button
  "No se ha podido iniciar el pago. No se te ha cobrado nada.", // payment.failed
  "Este sitio debe iniciar tu sesión antes de que puedas comprar.", // payment.who
  "Correo electrónico", // auth.email
  "Contraseña", // auth.password
  "Elige una contraseña", // auth.new_password
  "Al menos 6 caracteres", // auth.password_hint
  "Código de 6 dígitos", // auth.code
  "Mostrar contraseña", // auth.show_password
  "Ocultar contraseña", // auth.hide_password
  "Iniciar sesión", // auth.log_in
  "Crear cuenta", // auth.create_account
  "Enviar enlace", // auth.send_reset
  "Enviarme un código", // auth.send_code
  "Prefiero un código por correo", // auth.send_code_instead
  "Usar una contraseña", // auth.use_password
  "Continuar", // auth.verify
  "o", // auth.or
  "Volver al inicio de sesión", // auth.back_to_login
  "¿La olvidaste?", // auth.forgot_password
  "Enviar un código nuevo", // auth.resend_code
  "Código nuevo en {n} s", // auth.resend_in
  "Enviar de nuevo", // auth.resend_mail
  "Usar otra dirección", // auth.other_email
  "¿Aún no tienes cuenta?", // auth.no_account
  "Crear una", // auth.sign_up_link
  "¿Ya tienes cuenta?", // auth.have_account
  "Iniciar sesión", // auth.log_in_link
  "Inicia sesión", // auth.welcome
  "Crea tu cuenta", // auth.welcome_signup
  "Para que tu plan te acompañe en todos tus dispositivos.", // auth.default_subtitle
  "Restablece tu contraseña", // auth.forgot_password_title
  "Te enviaremos un enlace para elegir una nueva.", // auth.forgot_subtitle
  "Revisa tu correo", // auth.check_email_title
  "Si {email} tiene una cuenta, el enlace va en camino. Es válido durante una hora.", // auth.reset_sent_subtitle
  "Abre el enlace que hemos enviado a {email}. Esta página iniciará tu sesión sola.", // auth.signup_sent_subtitle
  "Introduce el código", // auth.otp_verify_title
  "Lo hemos enviado a {email}.", // auth.otp_verify_subtitle
  "Restaura tu compra", // auth.restore_purchases_heading
  "Inicia sesión con la dirección con la que compraste.", // auth.restore_purchases_subheading
  "Inicia sesión para continuar", // auth.login_continue_purchase
  "Para que tu plan te acompañe en todos tus dispositivos.", // auth.link_purchase_subheading
  "Sesión iniciada como {email}", // auth.signed_in
  "Un código nuevo va en camino.", // auth.code_resent
  "Enviado de nuevo.", // auth.mail_resent
  "Introduce una dirección de correo válida.", // auth.invalid_email
  "Introduce tu contraseña.", // auth.password_required
  "No ha funcionado. Vuelve a intentarlo.", // auth.signin_failed
  "El correo y la contraseña no coinciden.", // auth.invalid_credentials
  "Confirma antes tu correo: abre el enlace que te hemos enviado.", // auth.email_not_confirmed
  "Esta dirección ya tiene una cuenta. Inicia sesión.", // auth.email_already_registered
  "Elige una contraseña más larga.", // auth.weak_password
  "El código es incorrecto o ha caducado.", // auth.invalid_otp
  "Demasiados intentos. Espera un minuto y vuelve a intentarlo.", // auth.rate_limited
  "Sin conexión. Comprueba tu red y vuelve a intentarlo.", // auth.network_error
  "El servicio está saturado. Vuelve a intentarlo en un momento.", // auth.service_unavailable
  "Este sitio aún no ha terminado de configurar el acceso.", // auth.custom_domain_required
  "Cerrar sesión", // session.sign_out
  "Restaurar compra", // session.restore_purchases
  "Contactar con soporte", // session.contact_support
  "Cerrar", // cta.close
  "Continuar", // cta.continue
  "Abriendo el pago…", // cta.opening
  "Probar {days|# día|# días} gratis", // cta.start_trial
  "Obtener acceso de por vida", // cta.get_lifetime
  "Elegir plan diario", // cta.get_day
  "Elegir plan semanal", // cta.get_week
  "Elegir plan mensual", // cta.get_month
  "Elegir plan anual", // cta.get_year
  "Aquí todavía no hay nada a la venta.", // pricing.no_prices
  "Planes", // pricing.plans_aria
  "El más elegido", // pricing.most_popular
  "Ahorra un {percent} %", // pricing.save
  "Antes", // pricing.was
  "Diario", // pricing.plan_label.day
  "Semanal", // pricing.plan_label.week
  "Mensual", // pricing.plan_label.month
  "Anual", // pricing.plan_label.year
  "De por vida", // pricing.plan_label.lifetime
  "al día", // pricing.per.day
  "a la semana", // pricing.per.week
  "al mes", // pricing.per.month
  "al año", // pricing.per.year
  "cada {n} días", // pricing.every.day
  "cada {n} semanas", // pricing.every.week
  "cada {n} meses", // pricing.every.month
  "cada {n} años", // pricing.every.year
  "pago único", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# día|# días} gratis", // pricing.trial
  "Gratis durante {days|# día|# días}; después, {amount} {period} hasta que canceles.", // pricing.sum_trial
  "{amount} hoy; después, {amount} {period} hasta que canceles.", // pricing.sum_recurring
  "{amount} hoy. Se renueva {period} hasta que canceles.", // pricing.sum_discounted
  "cada día", // pricing.renews.day
  "cada semana", // pricing.renews.week
  "cada mes", // pricing.renews.month
  "cada año", // pricing.renews.year
  "{amount} una sola vez. Sin renovaciones.", // pricing.sum_once
  "Pago seguro", // pricing.secure
  "El pago se abre en una pestaña nueva.", // pricing.secure_hint
  "Incluido {period}", // pricing.included_per
  "Incluido", // pricing.included_total
  "Oferta por tiempo limitado", // offer.limited_time
  "Termina en", // offer.ends_in
  "¿Cómo podemos ayudarte?", // support.heading
  "Escríbenos y te responderemos por correo.", // support.instruction
  "Asunto", // support.subject
  "Mensaje", // support.message
  "Enviar mensaje", // support.send_button
  "Listo", // support.done_button
  "Enviar otro mensaje", // support.send_another
  "Mensaje enviado", // support.success_heading
  "Responderemos a {email}.", // support.success_message
  "Añadir capturas de pantalla", // support.attachments_label
  "Hasta {max} imágenes de {size} MB cada una", // support.file_requirements
  "Elige {max} imágenes como máximo.", // support.too_many_files
  "Solo JPEG, PNG o WebP de hasta {size} MB.", // support.invalid_file
  "Quitar {filename}", // support.remove_file_aria
  "Entre {min} y {max} caracteres.", // support.subject_length
  "Ya has escrito dos veces hoy. Espera nuestra respuesta, por favor.", // support.rate_limited
  "Tu mensaje no se ha enviado. Vuelve a intentarlo.", // support.failed
  "Recargar la página", // modal.reload
  "Continuar con {provider}", // auth.continue_with
  "Último uso: {email}", // auth.last_used
  "Último uso", // auth.last_used_no_email
  "Continúa en la ventana que se acaba de abrir.", // auth.oauth_waiting
  "Tu navegador ha bloqueado la ventana de acceso. Permítela en este sitio y vuelve a intentarlo.", // auth.popup_blocked
  "Esta cuenta de {provider} ya pertenece a otra persona aquí.", // auth.identity_already_linked
  "Entrar con esa cuenta", // auth.switch_account
  "Continuar", // auth.sign_up
  "Otras formas de iniciar sesión", // auth.other_ways
  "Cerrando sesión…", // session.signing_out
  "Entre {min} y {max} caracteres.", // support.message_length
  "Enviando…", // support.sending
  "Vuelve a intentarlo un poco más tarde.", // modal.error_later
] satisfies Texts;
