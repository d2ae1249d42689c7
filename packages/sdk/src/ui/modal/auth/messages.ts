import { toPaywallError } from "../../../core/errors.ts";
import type { StringKey } from "../../strings/index.ts";

/** Server messages are never shown: they are neither translated nor written for whoever signs in. */
const BY_CODE: Record<string, StringKey> = {
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
  rate_limit_exceeded: "auth.rate_limited",
  http_429: "auth.rate_limited",
  network_error: "auth.network_error",
  popup_blocked: "auth.popup_blocked",
  custom_domain_required: "auth.custom_domain_required",
};
const TAKEN = ["already_registered", "email_exists", "user_already_exists"];
/** Somebody changed their mind: no error at all. */
const SILENT = ["oauth_cancelled", "oauth_timeout", "aborted"];

export interface Failure {
  /** The address has an account: the person signs in instead. */
  taken: boolean;
  silent: boolean;
  /** The provider's account belongs to another user, who can be signed in instead. */
  linked: boolean;
  text: StringKey;
  field: "code" | "password" | "email" | null;
}

export function explain(thrown: unknown): Failure {
  const { code, status = 0, message } = toPaywallError(thrown);
  const text = BY_CODE[code] ?? (status >= 500 ? "auth.service_unavailable" : "auth.signin_failed");
  return {
    taken: TAKEN.includes(code),
    // "Cancel" on the provider's own page is one more way of closing its window.
    silent: SILENT.includes(code) || (code === "oauth_failed" && message.includes("access_denied")),
    linked: code === "oauth_identity_already_linked",
    text,
    field:
      text === "auth.invalid_otp"
        ? "code"
        : text === "auth.weak_password"
          ? "password"
          : text === "auth.invalid_email"
            ? "email"
            : null,
  };
}
