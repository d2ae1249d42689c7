import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { toPaywallError } from "../../core/errors.ts";
import type { AuthClient } from "../../core/index.ts";
import type { StringKey, Translate } from "../strings/index.ts";
import { Field, looksLikeEmail } from "./field.tsx";
import { Icon } from "./icons.tsx";

/** `signin` asks for the address only and mails a code; `password` is the classic pair. */
export type PanelMode =
  | "signin"
  | "password"
  | "signup"
  | "signup_sent"
  | "forgot"
  | "reset_sent"
  | "otp_verify";

export interface AuthPanelProps {
  auth: AuthClient;
  t: Translate;
  mode: "signin" | "signup";
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

const CONFIRM_EVERY_MS = 20_000;
const CONFIRM_TRIES = 30;
/** The server mails one code a minute; asking sooner would only be refused. */
const RESEND_AFTER_S = 60;
const MIN_PASSWORD = 6;

const ERRORS: Record<string, StringKey> = {
  invalid_credentials: "auth.invalid_credentials",
  email_not_confirmed: "auth.email_not_confirmed",
  weak_password: "auth.weak_password",
  invalid_email: "auth.invalid_email",
  invalid_otp: "auth.invalid_otp",
  otp_expired: "auth.invalid_otp",
  token_expired: "auth.invalid_otp",
  over_email_send_rate_limit: "auth.rate_limited",
  over_request_rate_limit: "auth.rate_limited",
  rate_limited: "auth.rate_limited",
  http_429: "auth.rate_limited",
  network_error: "auth.network_error",
  custom_domain_required: "auth.custom_domain_required",
};
const TAKEN = ["already_registered", "email_exists", "user_already_exists"];

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
  const home: PanelMode = allowCode ? "signin" : "password";
  const [mode, setMode] = useState<PanelMode>(props.mode === "signup" && allowSignup ? "signup" : home);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [revealed, setRevealed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<StringKey | null>(null);
  const [wrong, setWrong] = useState<"email" | "password" | "code" | null>(null);
  const [note, setNote] = useState<StringKey | null>(null);
  const [wait, setWait] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const working = useRef(false);
  const touched = useRef(false);
  const alive = useRef(true);

  useEffect(() => {
    void auth.getLastLogin().then((last) => {
      if (!alive.current || touched.current || !last?.email) return;
      setEmail(last.email);
      // Who came with a password last time is not made to fetch a code.
      if (last.method === "email") setMode((current) => (current === "signin" ? "password" : current));
    });
    return () => {
      alive.current = false;
    };
  }, [auth]);

  const start = useRef(mode);
  useEffect(() => {
    if (embedded && mode === start.current) return;
    form.current?.querySelector<HTMLElement>("[data-pw-autofocus]")?.focus({ preventScroll: true });
  }, [mode, embedded]);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const go = (next: PanelMode, keepNote: StringKey | null = null) => {
    setMode(next);
    setError(null);
    setWrong(null);
    setNote(keepNote);
    setCode("");
    // Kept only while it can still be used to finish this sign-up.
    if (next !== "signup_sent") setPassword("");
  };

  // While the mailed link waits to be opened elsewhere, this page keeps trying by itself.
  useEffect(() => {
    if (mode !== "signup_sent") return;
    let tries = 0;
    const attempt = () => {
      if (document.visibilityState === "hidden") return;
      void auth.signInWithEmail({ email, password }).catch(() => {});
    };
    const timer = setInterval(() => {
      if (++tries > CONFIRM_TRIES) clearInterval(timer);
      else attempt();
    }, CONFIRM_EVERY_MS);
    window.addEventListener("focus", attempt);
    document.addEventListener("visibilitychange", attempt);
    return () => {
      clearInterval(timer);
      window.removeEventListener("focus", attempt);
      document.removeEventListener("visibilitychange", attempt);
    };
  }, [mode, auth]);

  const refuse = (field: "email" | "password" | "code", key: StringKey) => {
    setWrong(field);
    setError(key);
    form.current?.querySelector<HTMLElement>(`#pw-${field}`)?.focus();
  };

  /** One request at a time; a double click does nothing. */
  const run = async (work: () => Promise<unknown>) => {
    if (working.current) return;
    working.current = true;
    setBusy(true);
    setError(null);
    setWrong(null);
    setNote(null);
    try {
      await work();
    } catch (thrown) {
      const { code: reason, status = 0 } = toPaywallError(thrown);
      if (!alive.current) return;
      if (TAKEN.includes(reason)) return go("password", "auth.email_already_registered");
      const key = ERRORS[reason] ?? (status >= 500 ? "auth.service_unavailable" : "auth.signin_failed");
      const field = key === "auth.invalid_otp" ? "code" : key === "auth.weak_password" ? "password" : null;
      if (field) refuse(field, key);
      else setError(key);
      if (field === "code") setCode("");
    } finally {
      working.current = false;
      if (alive.current) setBusy(false);
    }
  };

  const sendCode = () =>
    looksLikeEmail(email)
      ? run(async () => {
          await auth.sendOtp({ email: email.trim() });
          const again = mode === "otp_verify";
          go("otp_verify", again ? "auth.code_resent" : null);
          setWait(RESEND_AFTER_S);
        })
      : refuse("email", "auth.invalid_email");

  const verify = (token: string) => {
    if (!/^\d{6}$/.test(token)) return refuse("code", "auth.invalid_otp");
    return run(() => auth.verifyOtp({ email: email.trim(), token }));
  };

  const submit = () => {
    const address = email.trim();
    if (mode === "otp_verify") return verify(code);
    if (mode === "reset_sent") return go("password");
    if (mode === "signup_sent")
      return run(async () => {
        await auth.resendConfirmation({ email: address });
        setNote("auth.mail_resent");
      });
    if (!looksLikeEmail(address)) return refuse("email", "auth.invalid_email");
    if (mode === "signin") return sendCode();
    if (mode === "forgot")
      return run(async () => {
        await auth.requestPasswordReset({ email: address });
        go("reset_sent");
      });
    if (!password) return refuse("password", "auth.password_required");
    if (mode === "password") return run(() => auth.signInWithEmail({ email: address, password }));
    if (password.length < MIN_PASSWORD) return refuse("password", "auth.weak_password");
    return run(async () => {
      const result = await auth.signUp({ email: address, password });
      if (result.kind === "already_registered") go("password", "auth.email_already_registered");
      else if (result.kind === "confirmation_required") go("signup_sent");
    });
  };

  const errorFor = (field: string) => (wrong === field && error ? t(error) : null);
  const [title, subtitle] = TITLES[mode];
  const first = mode === home || mode === "password" || mode === "signup";
  const asksEmail = mode === "signin" || mode === "password" || mode === "signup" || mode === "forgot";
  const asksPassword = mode === "password" || mode === "signup";
  const submitText = first && mode !== "signin" && props.submitLabel ? props.submitLabel : t(SUBMITS[mode]);
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
        void submit();
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
      {note && (
        <p class="note good" role="status">
          {t(note)}
        </p>
      )}
      {error && !wrong && (
        <p class="alert" role="alert">
          {t(error)}
        </p>
      )}
      {asksEmail && (
        <Field
          id="pw-email"
          label={t("auth.email")}
          value={email}
          onValue={(value) => {
            touched.current = true;
            setEmail(value);
          }}
          error={errorFor("email")}
          input={{
            type: "email",
            autoComplete: asksPassword ? "username" : "email",
            autoCapitalize: "none",
            spellcheck: false,
            ...{ "data-pw-autofocus": !email || mode === "signin" || undefined },
          }}
        />
      )}
      {asksPassword && (
        <Field
          id="pw-password"
          label={t(mode === "signup" ? "auth.new_password" : "auth.password")}
          value={password}
          onValue={setPassword}
          error={errorFor("password")}
          hint={mode === "signup" ? t("auth.password_hint") : undefined}
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
            autoComplete: mode === "signup" ? "new-password" : "current-password",
            ...{ "data-pw-autofocus": !!email || undefined },
          }}
        />
      )}
      {mode === "otp_verify" && (
        <Field
          id="pw-code"
          label={t("auth.code")}
          value={code}
          onValue={(value) => {
            const digits = value.replace(/\D/g, "").slice(0, 6);
            setCode(digits);
            if (digits.length === 6) void verify(digits);
          }}
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
      {allowCode && asksPassword && (
        <Fragment>
          <p class="or">{t("auth.or")}</p>
          <button type="button" class="secondary" onClick={() => void sendCode()}>
            <Icon name="mail" />
            {t("auth.send_code_instead")}
          </button>
        </Fragment>
      )}
      {mode === "signin" && (
        <button type="button" class="secondary" onClick={() => go("password")}>
          {t("auth.use_password")}
        </button>
      )}
      <p class="foot">
        {mode === "otp_verify" && (
          <Fragment>
            {wait > 0 ? (
              <span>{t("auth.resend_in", { n: wait })}</span>
            ) : (
              link("auth.resend_code", () => void sendCode())
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
            {t("auth.have_account")} {link("auth.log_in_link", () => go("password"))}
          </Fragment>
        )}
        {(mode === "forgot" || mode === "signup_sent") && link("auth.back_to_login", () => go("password"))}
      </p>
    </form>
  );
}
