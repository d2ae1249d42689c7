import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AuthClient } from "../../../core/index.ts";
import type { StringKey, Translate } from "../../strings/index.ts";
import { Field } from "../field.tsx";
import { Icon } from "../icons.tsx";
import { knownProviders, OAuthButtons, providerName } from "./oauth-buttons.tsx";
import { type PanelMode, useAuthPanel } from "./use-auth-panel.ts";

export interface AuthPanelProps {
  auth: AuthClient;
  t: Translate;
  mode: "signin" | "signup";
  /** Names of where else one can sign in, in the merchant's order; unknown ones have no button. */
  providers?: readonly string[];
  heading?: string;
  subheading?: string;
  submitLabel?: string;
  /** What the sign-in is for, shown while nothing has been typed yet. */
  summary?: ComponentChildren;
  allowSignup: boolean;
  allowReset: boolean;
  allowCode: boolean;
  /** Part of a layout: it neither names the dialog nor takes the focus. */
  embedded?: boolean;
}

const TITLES: Record<PanelMode, [StringKey, StringKey]> = {
  signin: ["auth.welcome", "auth.default_subtitle"],
  password: ["auth.welcome", "auth.default_subtitle"],
  signup: ["auth.welcome_signup", "auth.default_subtitle"],
  signup_sent: ["auth.check_email_title", "auth.signup_sent_subtitle"],
  forgot: ["auth.forgot_password_title", "auth.forgot_subtitle"],
  reset_sent: ["auth.check_email_title", "auth.reset_sent_subtitle"],
  otp_verify: ["auth.otp_verify_title", "auth.otp_verify_subtitle"],
};

const SUBMITS: Record<PanelMode, StringKey> = {
  signin: "auth.send_code",
  password: "auth.log_in",
  signup: "auth.create_account",
  signup_sent: "auth.resend_mail",
  forgot: "auth.send_reset",
  reset_sent: "auth.back_to_login",
  otp_verify: "auth.verify",
};

/** Sign-in, sign-up, a code by mail and password recovery, one short screen each. */
export function AuthPanel(props: AuthPanelProps) {
  const { auth, t, allowSignup, allowReset, allowCode, embedded } = props;
  const form = useRef<HTMLFormElement>(null);
  const panel = useAuthPanel(auth, form, props);
  const { mode, home, email, password, busy, error, wrong, go } = panel;
  const [revealed, setRevealed] = useState(false);
  const providers = knownProviders(props.providers);

  const first = mode === home || mode === "password" || mode === "signup";
  const second = mode === "signup" && panel.asksNewPassword;
  const asksEmail = first || mode === "forgot";
  const asksPassword = mode === "password" || second;

  // A new screen begins in its first field. A panel among other blocks leaves the focus alone until it is used.
  const screen = `${mode}${second}`;
  const begun = useRef(screen);
  useEffect(() => {
    if (embedded && screen === begun.current) return;
    begun.current = "";
    form.current?.querySelector<HTMLElement>("[data-pw-autofocus]")?.focus({ preventScroll: true });
  }, [screen, embedded]);

  const errorFor = (field: string) => (wrong === field && error ? t(error) : null);
  const [title, subtitle] = TITLES[mode];
  const submitText =
    mode === "signup" && !second
      ? t("auth.sign_up")
      : first && mode !== "signin" && props.submitLabel
        ? props.submitLabel
        : t(SUBMITS[mode]);
  const focusable = (wanted: boolean) => ({ "data-pw-autofocus": (wanted && !embedded) || undefined });
  const link = (key: StringKey, onClick: () => void) => (
    <button type="button" class="link" onClick={onClick}>
      {t(key)}
    </button>
  );

  return (
    <form
      ref={form}
      class={embedded ? "auth embedded" : "auth"}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void panel.submit();
      }}
    >
      {mode.endsWith("_sent") && (
        <span class="medal">
          <Icon name="mail" />
        </span>
      )}
      <h2 id={embedded ? undefined : "pw-title"}>{(first && props.heading) || t(title)}</h2>
      <p class="lead">{(first && props.subheading) || t(subtitle, { email })}</p>
      {first && props.summary}
      <p class="note good" role="status">
        {panel.note && t(panel.note)}
      </p>
      {panel.linked && (
        <div class="alert" role="alert">
          <p>{t("auth.identity_already_linked", { provider: providerName(panel.linked) })}</p>
          {link("auth.switch_account", () => panel.signInAt(panel.linked!, true))}
        </div>
      )}
      {error && !wrong && (
        <p class="alert" role="alert">
          {t(error)}
        </p>
      )}
      {first && !second && !!providers.length && (
        <Fragment>
          <OAuthButtons
            providers={providers}
            t={t}
            last={panel.last}
            busy={panel.provider}
            disabled={busy || !!panel.provider}
            onChoose={(provider) => panel.signInAt(provider)}
          />
          <p class="or">{t("auth.or")}</p>
        </Fragment>
      )}
      {asksEmail && (
        <Field
          id="pw-email"
          label={t("auth.email")}
          value={email}
          onValue={panel.setEmail}
          error={errorFor("email")}
          input={{
            type: "email",
            autoComplete: asksPassword ? "username" : "email",
            autoCapitalize: "none",
            spellcheck: false,
            ...focusable(!asksPassword || !email),
          }}
        />
      )}
      {asksPassword && (
        <Field
          id="pw-password"
          label={t(second ? "auth.new_password" : "auth.password")}
          value={password}
          onValue={panel.setPassword}
          error={errorFor("password")}
          hint={second ? t("auth.password_hint") : undefined}
          aside={mode === "password" && allowReset && link("auth.forgot_password", () => go("forgot"))}
          inside={
            <button
              type="button"
              class="reveal"
              aria-pressed={revealed}
              aria-label={t(revealed ? "auth.hide_password" : "auth.show_password")}
              onClick={() => setRevealed(!revealed)}
            >
              <Icon name="eye" />
            </button>
          }
          input={{
            type: revealed ? "text" : "password",
            autoComplete: second ? "new-password" : "current-password",
            ...{ "data-pw-autofocus": (!!email && (second || !embedded)) || undefined },
          }}
        />
      )}
      {mode === "otp_verify" && (
        <Field
          id="pw-code"
          label={t("auth.code")}
          value={panel.code}
          onValue={panel.setCode}
          error={errorFor("code")}
          input={{
            class: "otp",
            inputMode: "numeric",
            autoComplete: "one-time-code",
            maxLength: 6,
            ...{ "data-pw-autofocus": true },
          }}
        />
      )}
      <button type="submit" class="primary" aria-disabled={busy} data-busy={busy || undefined}>
        {submitText}
      </button>
      {allowCode && mode === "password" && (
        <Fragment>
          <p class="or">{t("auth.or")}</p>
          <button type="button" class="secondary" onClick={() => void panel.sendCode()}>
            <Icon name="mail" />
            {t("auth.send_code_instead")}
          </button>
        </Fragment>
      )}
      {mode === "signin" && (
        <button type="button" class="link center" onClick={() => go("password")}>
          {t("auth.use_password")}
        </button>
      )}
      <p class="foot">
        {mode === "otp_verify" && (
          <Fragment>
            {panel.wait > 0 ? (
              <span>{t("auth.resend_in", { n: panel.wait })}</span>
            ) : (
              link("auth.resend_code", () => void panel.sendCode())
            )}
            <span class="dot" aria-hidden="true" />
            {link("auth.other_email", () => go(home))}
          </Fragment>
        )}
        {mode === "password" && allowSignup && (
          <Fragment>
            {t("auth.no_account")} {link("auth.sign_up_link", () => go("signup"))}
          </Fragment>
        )}
        {mode === "signup" && (
          <Fragment>
            {t("auth.have_account")} {link("auth.log_in_link", () => go(home))}
          </Fragment>
        )}
        {(mode === "forgot" || mode === "signup_sent") && link("auth.back_to_login", () => go("password"))}
      </p>
    </form>
  );
}
