import * as z from "zod";

/**
 * Every refusal of the 3.x wire: its HTTP status and the sentence a person reads. Clients compare the
 * code; sentences that shipped callers match on keep their documented wording.
 */
export const ERRORS = {
  // Transport (§1)
  not_found: { status: 404, message: "Not found" },
  method_not_allowed: { status: 405, message: "This address does not answer that method" },
  invalid_json: { status: 400, message: "The body is not valid JSON" },
  invalid_payload: {
    status: 400,
    message: "The request is missing something or has a value of the wrong kind",
  },
  unsupported_media_type: { status: 415, message: "Send the body as application/json" },
  payload_too_large: { status: 413, message: "The request is too large" },
  rate_limited: { status: 429, message: "Too many requests. Try again in a moment" },
  internal_error: { status: 500, message: "Something went wrong on our side. Try again" },
  unavailable: { status: 503, message: "The service is busy or restarting. Try again in a moment" },
  upstream: { status: 502, message: "A service we depend on did not answer. Try again" },

  // Credentials (§1.6)
  authorization_required: { status: 401, message: "Sign in to continue" },
  invalid_token: { status: 401, message: "The session is no longer valid. Sign in again" },
  api_key_required: { status: 401, message: "API key is required" },
  invalid_api_key: { status: 401, message: "Invalid API key" },
  api_key_inactive: { status: 403, message: "API key is inactive" },
  api_key_owner_mismatch: {
    status: 403,
    message: "Access denied: API key owner does not match paywall owner",
  },
  api_key_scope: { status: 403, message: "This API key may not do that" },
  apikey_required: { status: 403, message: "Only a secret API key may do that" },
  Unauthorized: { status: 403, message: "Unauthorized" },
  forbidden: { status: 403, message: "That is not allowed here" },

  // Idempotency (§1.8)
  invalid_idempotency_key: { status: 400, message: "Idempotency-Key must be 1 to 255 visible characters" },
  idempotency_key_reused: {
    status: 422,
    message: "This Idempotency-Key was already used for a different request",
  },
  idempotency_in_progress: {
    status: 409,
    message: "The first request with this Idempotency-Key is still running",
  },

  // Identity (§4.3)
  identity_required: { status: 400, message: "Give an email or a user_id" },
  identity_not_found: { status: 404, message: "There is no such user" },
  identity_not_on_paywall: { status: 404, message: "This user has never been on this paywall" },

  // Checkout (§4.4)
  missing_parameters: { status: 400, message: "Missing required parameters: email, priceId" },
  invalid_success_url: {
    status: 400,
    message: "Invalid successUrl format. It must start with http:// or https://",
  },
  invalid_error_url: {
    status: 400,
    message: "Invalid errorUrl format. It must start with http:// or https://",
  },
  invalid_shop_url: {
    status: 400,
    message: "Invalid shopUrl format. It must start with http:// or https://",
  },
  price_not_found: { status: 404, message: "This price is no longer offered. Reload and choose again" },
  active_purchase: { status: 409, message: "User already has an active purchase" },
  no_processor: {
    status: 503,
    message: "This paywall cannot take payments yet: no payment processor is connected",
  },

  // Portal (§4.5)
  email_required: { status: 400, message: "Email is required" },
  invalid_email: { status: 400, message: "That does not look like an email address" },
  invalid_return_url: {
    status: 400,
    message: "Invalid returnUrl format. It must start with http:// or https://",
  },

  // Cancelling (§4.6)
  already_cancelled: { status: 400, message: "Subscription is already cancelled" },
  subscription_not_found: { status: 404, message: "Subscription not found" },

  // Support (§4.7)
  subject_length: { status: 400, message: "The subject must have 3 to 200 characters" },
  content_length: { status: 400, message: "The message must have 1 to 5000 characters" },
  too_many_files: { status: 400, message: "Attach at most 5 files" },
  invalid_file: { status: 400, message: "Files must be JPEG, PNG or WebP images of at most 5 MB" },
  rate_limit_exceeded: {
    status: 429,
    message: "You can send 2 requests per day. Please wait for our answer",
  },

  // Balances (§4.8, §4.9)
  insufficient: { status: 400, message: "Not enough balance" },
  invalid_op: { status: 400, message: 'op must be "credit" or "debit"' },
  invalid_amount: { status: 400, message: "amount must be a positive whole number" },
  type_required: { status: 400, message: "type is required" },
  unknown_type: { status: 400, message: "This paywall has no such balance type" },

  // Sign-in (§5)
  invalid_credentials: { status: 401, message: "Wrong email or password" },
  email_not_confirmed: {
    status: 401,
    message: "Confirm your email address first: open the link we sent you",
  },
  user_already_exists: { status: 422, message: "There is already an account with this email address" },
  email_exists: { status: 422, message: "This email address belongs to another account" },
  weak_password: { status: 400, message: "Choose a password of at least 6 characters" },
  custom_domain_required: { status: 400, message: "This paywall needs a verified custom domain for that" },
  invalid_otp: { status: 401, message: "This code is wrong or no longer valid" },
  invalid_type: { status: 400, message: "type must be email, recovery, signup, magiclink or invite" },
  anonymous_disabled: { status: 403, message: "This paywall does not allow anonymous sign-in" },
  not_anonymous: { status: 400, message: "This account is already permanent" },
  invalid_refresh_token: { status: 401, message: "The session has ended. Sign in again" },
  over_email_send_rate_limit: {
    status: 429,
    message: "We just sent you a mail. Wait a minute before asking again",
  },
  over_request_rate_limit: { status: 429, message: "Too many attempts. Wait a few minutes and try again" },
  provider_not_supported: { status: 400, message: "This paywall does not offer that way to sign in" },
  exchange_failed: { status: 401, message: "The sign-in could not be completed. Try again" },
  identity_already_exists: { status: 422, message: "That sign-in is already linked to another account" },

  // Gateway (§7); these codes carry hyphens on the wire
  "not-enough-queries": { status: 402, message: "The balance for this request is empty" },
  "provider-disabled": { status: 403, message: "This API provider is switched off" },
  "provider-not-found": { status: 404, message: "There is no such API provider" },
  upstream_error: { status: 502, message: "The API provider refused our credentials or failed" },

  // Events (§8)
  too_many_events: { status: 413, message: "Send at most 100 events at once" },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

/** Codes that clients raise by themselves. A server must never need them; kept so that no code gets two meanings. */
export const CLIENT_ERROR_CODES = [
  "network_error",
  "aborted",
  "invalid_config",
  "apikey_in_browser",
  "apikey_required",
  "identity_required",
  "invalid_argument",
  "already_purchased",
  "checkout_failed",
  "no_price",
  "not_authenticated",
  "popup_blocked",
  "oauth_cancelled",
  "oauth_failed",
  "oauth_timeout",
  "oauth_unavailable",
  "oauth_invalid_state",
  "oauth_identity_already_linked",
  "unknown",
  "transport_disconnected",
] as const;

export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number];

/** The envelope of every refusal: `error` and `code` are the same slug, `message` is a sentence (§1.5). */
export const errorResponse = z
  .looseObject({ error: z.string(), code: z.string(), message: z.string() })
  .meta({ id: "Error", description: "Every refusal has this shape; some carry further fields." });
export type ErrorResponse = z.infer<typeof errorResponse>;

/** Builds the envelope. `extra` may add fields and can never replace the three that clients read. */
export function errorBody(code: ErrorCode, message?: string, extra?: Record<string, unknown>): ErrorResponse {
  return { ...extra, error: code, code, message: message ?? ERRORS[code].message };
}
