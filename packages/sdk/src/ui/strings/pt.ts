import type { Texts } from "./index.ts";

export default [
  "Voltar", // nav.back
  "Carregando os planos", // modal.loading
  "Verificando sua assinatura", // modal.verifying_subscription
  "Não foi possível carregar", // modal.error_generic
  "Verifique sua conexão e tente de novo.", // modal.error_hint
  "Tentar de novo", // modal.retry
  "Continuar", // modal.continue
  "Fechar", // modal.close_aria
  "Modo de teste: sem dinheiro real", // modal.test_mode
  "Tudo pronto", // modal.purchase_success_title
  "Seu pagamento chegou e tudo está liberado.", // modal.purchase_success_subtitle
  "Que bom ter você de volta", // modal.purchase_restored_title
  "Encontramos seu plano. Tudo está liberado.", // modal.purchase_restored_subtitle
  "Conclua na outra aba", // payment.awaiting_title
  "O pagamento está aberto em uma nova aba. Esta página é liberada sozinha assim que você pagar.", // payment.awaiting_subtitle
  "Já paguei", // payment.ive_paid
  "Verificando…", // payment.checking
  "Ainda não confirmado. Pode levar um instante; tente de novo em breve.", // payment.still_processing
  "Não encontrou a aba?", // payment.popup_help_text
  "Abrir de novo", // payment.open_checkout_again
  "Recomeçar", // payment.tab_closed_retry
  "Só mais um clique", // payment.popup_blocked_title
  "Seu navegador impediu que o pagamento abrisse em uma nova aba.", // payment.popup_blocked_message
  "Abrir pagamento", // payment.open_checkout_button
  "O pagamento não pôde ser iniciado. Nada foi cobrado.", // payment.failed
  "Este site precisa identificar você antes da compra.", // payment.who
  "E-mail", // auth.email
  "Senha", // auth.password
  "Crie uma senha", // auth.new_password
  "Pelo menos 6 caracteres", // auth.password_hint
  "Código de 6 dígitos", // auth.code
  "Mostrar senha", // auth.show_password
  "Ocultar senha", // auth.hide_password
  "Entrar", // auth.log_in
  "Criar conta", // auth.create_account
  "Enviar link", // auth.send_reset
  "Receber código por e-mail", // auth.send_code
  "Prefiro um código por e-mail", // auth.send_code_instead
  "Usar senha", // auth.use_password
  "Continuar", // auth.verify
  "ou", // auth.or
  "Voltar para o login", // auth.back_to_login
  "Esqueceu?", // auth.forgot_password
  "Enviar novo código", // auth.resend_code
  "Novo código em {n} s", // auth.resend_in
  "Enviar de novo", // auth.resend_mail
  "Usar outro endereço", // auth.other_email
  "Ainda não tem conta?", // auth.no_account
  "Crie uma", // auth.sign_up_link
  "Já tem conta?", // auth.have_account
  "Entrar", // auth.log_in_link
  "Entrar", // auth.welcome
  "Crie sua conta", // auth.welcome_signup
  "Para que seu plano acompanhe você em todos os dispositivos.", // auth.default_subtitle
  "Redefina sua senha", // auth.forgot_password_title
  "Enviaremos um link para você escolher uma nova.", // auth.forgot_subtitle
  "Confira seu e-mail", // auth.check_email_title
  "Se {email} tiver uma conta, o link está a caminho. Ele vale por uma hora.", // auth.reset_sent_subtitle
  "Abra o link que enviamos para {email}. Esta página fará seu login sozinha.", // auth.signup_sent_subtitle
  "Digite o código", // auth.otp_verify_title
  "Enviamos para {email}.", // auth.otp_verify_subtitle
  "Restaure sua compra", // auth.restore_purchases_heading
  "Entre com o endereço que usou na compra.", // auth.restore_purchases_subheading
  "Entre para continuar", // auth.login_continue_purchase
  "Para que seu plano acompanhe você em todos os dispositivos.", // auth.link_purchase_subheading
  "Conectado como {email}", // auth.signed_in
  "Um novo código está a caminho.", // auth.code_resent
  "Enviado de novo.", // auth.mail_resent
  "Digite um e-mail válido.", // auth.invalid_email
  "Digite sua senha.", // auth.password_required
  "Não funcionou. Tente de novo.", // auth.signin_failed
  "E-mail e senha não correspondem.", // auth.invalid_credentials
  "Confirme antes seu e-mail: abra o link que enviamos.", // auth.email_not_confirmed
  "Este endereço já tem uma conta. Entre com ela.", // auth.email_already_registered
  "Escolha uma senha mais longa.", // auth.weak_password
  "O código está errado ou expirou.", // auth.invalid_otp
  "Muitas tentativas. Espere um minuto e tente de novo.", // auth.rate_limited
  "Sem conexão. Verifique sua rede e tente de novo.", // auth.network_error
  "O serviço está sobrecarregado. Tente de novo em instantes.", // auth.service_unavailable
  "Este site ainda não terminou de configurar o login.", // auth.custom_domain_required
  "Sair", // session.sign_out
  "Restaurar compra", // session.restore_purchases
  "Falar com o suporte", // session.contact_support
  "Fechar", // cta.close
  "Continuar", // cta.continue
  "Abrindo o pagamento…", // cta.opening
  "Testar grátis por {days|# dia|# dias}", // cta.start_trial
  "Obter acesso vitalício", // cta.get_lifetime
  "Assinar plano diário", // cta.get_day
  "Assinar plano semanal", // cta.get_week
  "Assinar plano mensal", // cta.get_month
  "Assinar plano anual", // cta.get_year
  "Ainda não há nada à venda aqui.", // pricing.no_prices
  "Planos", // pricing.plans_aria
  "Mais popular", // pricing.most_popular
  "Economize {percent}%", // pricing.save
  "Antes", // pricing.was
  "Diário", // pricing.plan_label.day
  "Semanal", // pricing.plan_label.week
  "Mensal", // pricing.plan_label.month
  "Anual", // pricing.plan_label.year
  "Vitalício", // pricing.plan_label.lifetime
  "por dia", // pricing.per.day
  "por semana", // pricing.per.week
  "por mês", // pricing.per.month
  "por ano", // pricing.per.year
  "a cada {n} dias", // pricing.every.day
  "a cada {n} semanas", // pricing.every.week
  "a cada {n} meses", // pricing.every.month
  "a cada {n} anos", // pricing.every.year
  "pagamento único", // pricing.once
  "{amount} {period}", // pricing.billed
  "{days|# dia|# dias} grátis", // pricing.trial
  "Grátis por {days|# dia|# dias}, depois {amount} {period} até você cancelar.", // pricing.sum_trial
  "{amount} hoje, depois {amount} {period} até você cancelar.", // pricing.sum_recurring
  "{amount} hoje. Renova {period} até você cancelar.", // pricing.sum_discounted
  "a cada dia", // pricing.renews.day
  "a cada semana", // pricing.renews.week
  "a cada mês", // pricing.renews.month
  "a cada ano", // pricing.renews.year
  "{amount} uma única vez. Sem renovação.", // pricing.sum_once
  "Pagamento seguro", // pricing.secure
  "O pagamento abre em uma nova aba.", // pricing.secure_hint
  "Incluído {period}", // pricing.included_per
  "Incluído", // pricing.included_total
  "Oferta por tempo limitado", // offer.limited_time
  "Termina em", // offer.ends_in
  "Como podemos ajudar?", // support.heading
  "Escreva para nós e responderemos por e-mail.", // support.instruction
  "Assunto", // support.subject
  "Mensagem", // support.message
  "Enviar mensagem", // support.send_button
  "Concluir", // support.done_button
  "Enviar outra mensagem", // support.send_another
  "Mensagem enviada", // support.success_heading
  "Responderemos para {email}.", // support.success_message
  "Adicionar capturas de tela", // support.attachments_label
  "Até {max} imagens de {size} MB cada", // support.file_requirements
  "Escolha no máximo {max} imagens.", // support.too_many_files
  "Somente JPEG, PNG ou WebP de até {size} MB.", // support.invalid_file
  "Remover {filename}", // support.remove_file_aria
  "Entre {min} e {max} caracteres.", // support.subject_length
  "Você já escreveu duas vezes hoje. Aguarde nossa resposta, por favor.", // support.rate_limited
  "Sua mensagem não foi enviada. Tente de novo.", // support.failed
  "Recarregar a página", // modal.reload
  "Continuar com {provider}", // auth.continue_with
  "Último acesso: {email}", // auth.last_used
  "Último acesso", // auth.last_used_no_email
  "Continue na janela que acabou de abrir.", // auth.oauth_waiting
  "Seu navegador bloqueou a janela de login. Permita-a para este site e tente de novo.", // auth.popup_blocked
  "Esta conta {provider} já pertence a outra pessoa aqui.", // auth.identity_already_linked
  "Entrar com essa conta", // auth.switch_account
  "Continuar", // auth.sign_up
  "Outras formas de entrar", // auth.other_ways
  "Saindo…", // session.signing_out
  "Entre {min} e {max} caracteres.", // support.message_length
  "Enviando…", // support.sending
  "Tente de novo um pouco mais tarde.", // modal.error_later
] satisfies Texts;
