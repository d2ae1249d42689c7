import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AuthClient, LastLogin, OAuthProvider } from "../../../core/index.ts";
import { PATIENCE_MS, patiently } from "../../patience.ts";
import type { StringKey } from "../../strings/index.ts";
import { looksLikeEmail } from "../field.tsx";
import { explain } from "./messages.ts";

/** `signin` asks for the address only and mails a code; `password` is the classic pair. */
export type PanelMode =
  | "signin"
  | "password"
  | "signup"
  | "signup_sent"
  | "forgot"
  | "reset_sent"
  | "otp_verify";
export type PanelField = "email" | "password" | "code";

const CONFIRM_EVERY_MS = 20_000;
const CONFIRM_TRIES = 30;
/** The server mails one code a minute; asking sooner would only be refused. */
const RESEND_AFTER_S = 60;
const MIN_PASSWORD = 6;

/** While a mailed link waits to be opened elsewhere, this page keeps trying by itself. */
function useConfirmation(waiting: boolean, signIn: () => Promise<unknown>): void {
  useEffect(() => {
    if (!waiting) return;
    let tries = 0;
    let trying = false;
    const attempt = () => {
      if (trying || document.visibilityState === "hidden") return;
      trying = true;
      patiently(signIn)
        .catch(() => {})
        .finally(() => {
          trying = false;
        });
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
  }, [waiting]);
}

export interface PanelRules {
  mode: "signin" | "signup";
  allowSignup: boolean;
  allowCode: boolean;
}

/** Everything the panel knows and can do; how it looks is not decided here. */
export function useAuthPanel(auth: AuthClient, form: RefObject<HTMLFormElement>, rules: PanelRules) {
  const home: PanelMode = rules.allowCode ? "signin" : "password";
  const [mode, setMode] = useState<PanelMode>(rules.mode === "signup" && rules.allowSignup ? "signup" : home);
  const [email, setEmailText] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCodeText] = useState("");
  /** Signing up begins with the address alone. */
  const [asksNewPassword, setAsksNewPassword] = useState(false);
  const [busy, setBusy] = useState(false);
  const [provider, setProvider] = useState<OAuthProvider | null>(null);
  const [linked, setLinked] = useState<OAuthProvider | null>(null);
  const [error, setError] = useState<StringKey | null>(null);
  const [wrong, setWrong] = useState<PanelField | null>(null);
  const [note, setNote] = useState<StringKey | null>(null);
  const [wait, setWait] = useState(0);
  const [last, setLast] = useState<LastLogin | null>(null);
  const working = useRef(false);
  const touched = useRef(false);
  const alive = useRef(true);
  /** The latest window wins: what an older one reports is no longer this panel's business. */
  const windows = useRef(0);

  useEffect(() => {
    void auth.getLastLogin().then((found) => {
      if (!alive.current || !found) return;
      setLast(found);
      if (touched.current || !found.email) return;
      setEmailText(found.email);
      // Who came with a password last time is not made to fetch a code.
      if (found.method === "email") setMode((current) => (current === "signin" ? "password" : current));
    });
    return () => {
      alive.current = false;
    };
  }, [auth]);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  useConfirmation(mode === "signup_sent", () => auth.signInWithEmail({ email: email.trim(), password }));

  const clear = () => {
    setError(null);
    setWrong(null);
    setNote(null);
    setLinked(null);
  };

  const go = (next: PanelMode, keepNote: StringKey | null = null) => {
    clear();
    setMode(next);
    setNote(keepNote);
    setCodeText("");
    setAsksNewPassword(false);
    // Kept only while it can still be used to finish this sign-up.
    if (next !== "signup_sent") setPassword("");
  };

  const refuse = (field: PanelField, text: StringKey) => {
    setWrong(field);
    setError(text);
    form.current?.querySelector<HTMLElement>(`#pw-${field}`)?.focus();
  };

  /** One request at a time; a double click does nothing. An answer that comes too late moves nobody. */
  const run = async <T>(work: () => Promise<T>, done?: (result: T) => void) => {
    if (working.current) return;
    working.current = true;
    setBusy(true);
    clear();
    try {
      const result = await patiently(work);
      done?.(result);
    } catch (thrown) {
      if (!alive.current) return;
      const failure = explain(thrown);
      if (failure.taken) return go("password", "auth.email_already_registered");
      if (failure.field) refuse(failure.field, failure.text);
      else setError(failure.text);
      if (failure.field === "code") setCodeText("");
    } finally {
      working.current = false;
      if (alive.current) setBusy(false);
    }
  };

  const sendCode = () =>
    looksLikeEmail(email)
      ? run(
          () => auth.sendOtp({ email: email.trim() }),
          () => {
            go("otp_verify", mode === "otp_verify" ? "auth.code_resent" : null);
            setWait(RESEND_AFTER_S);
          },
        )
      : refuse("email", "auth.invalid_email");

  const verify = (token: string) =>
    /^\d{6}$/.test(token)
      ? run(() => auth.verifyOtp({ email: email.trim(), token }))
      : refuse("code", "auth.invalid_otp");

  const signUp = (address: string) =>
    run(
      async () => {
        const credentials = { email: address, password };
        // A guest keeps their id, and with it everything that is tied to it.
        const guest = auth.getCachedSession()?.user.is_anonymous;
        return guest ? await auth.upgradeAnonymousToEmail(credentials) : await auth.signUp(credentials);
      },
      ({ kind }) => {
        if (kind === "already_registered") go("password", "auth.email_already_registered");
        else if (kind === "confirmation_required") go("signup_sent");
      },
    );

  const submit = () => {
    const address = email.trim();
    if (mode === "otp_verify") return verify(code);
    if (mode === "reset_sent") return go("password");
    if (mode === "signup_sent")
      return run(
        () => auth.resendConfirmation({ email: address }),
        () => setNote("auth.mail_resent"),
      );
    if (!looksLikeEmail(address)) return refuse("email", "auth.invalid_email");
    if (mode === "signin") return sendCode();
    if (mode === "forgot")
      return run(
        () => auth.requestPasswordReset({ email: address }),
        () => go("reset_sent"),
      );
    if (mode === "signup" && !asksNewPassword) {
      clear();
      return setAsksNewPassword(true);
    }
    if (!password) return refuse("password", "auth.password_required");
    if (mode === "password") return run(() => auth.signInWithEmail({ email: address, password }));
    if (password.length < MIN_PASSWORD) return refuse("password", "auth.weak_password");
    return signUp(address);
  };

  /** Signs in elsewhere, in a window of its own. The panel stays usable while that is open. */
  const signInAt = (chosen: OAuthProvider, switchAccount = false) => {
    const mine = ++windows.current;
    const current = () => alive.current && mine === windows.current;
    clear();
    setProvider(chosen);
    const giveUp = setTimeout(() => {
      if (!current()) return;
      windows.current++;
      setProvider(null);
      setError("auth.network_error");
    }, PATIENCE_MS);
    const onPopupOpened = () => {
      clearTimeout(giveUp);
      if (!current()) return;
      setProvider(null);
      setNote("auth.oauth_waiting");
    };
    auth
      .signInWithOAuth({ provider: chosen, switchAccount, onPopupOpened })
      .catch((thrown: unknown) => {
        if (!current()) return;
        clear();
        const failure = explain(thrown);
        if (failure.linked) setLinked(chosen);
        else if (!failure.silent) setError(failure.text);
      })
      .finally(() => {
        clearTimeout(giveUp);
        if (current()) setProvider(null);
      });
  };

  return {
    mode,
    home,
    email,
    password,
    code,
    asksNewPassword,
    busy,
    provider,
    linked,
    error,
    wrong,
    note,
    wait,
    last,
    go,
    submit,
    sendCode,
    signInAt,
    setPassword,
    setEmail(text: string) {
      touched.current = true;
      setEmailText(text);
    },
    setCode(text: string) {
      const digits = text.replace(/\D/g, "").slice(0, 6);
      setCodeText(digits);
      if (digits.length === 6) void verify(digits);
    },
  };
}
