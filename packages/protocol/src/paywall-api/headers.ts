/** Header names of the 3.x wire, lower-cased as HTTP libraries hand them over. */
export const HEADERS = {
  accept: "accept",
  authorization: "authorization",
  contentType: "content-type",
  idempotencyKey: "idempotency-key",
  apiKey: "x-api-key",
  clientIp: "x-client-ip",
  paywallId: "x-paywall-id",
  queryType: "x-query-type",
  sdkCapabilities: "x-sdk-capabilities",
  sdkVersion: "x-sdk-version",
  userEmail: "x-user-email",
  userId: "x-user-id",
  visitorId: "x-visitor-id",
  requestId: "x-request-id",
} as const;

/**
 * What a preflight allows. Spelled out because `*` never covers `Authorization`, and in the contract's
 * spelling because some proxies compare it case-sensitively.
 */
export const CORS_ALLOW_HEADERS = [
  "Accept",
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "X-Api-Key",
  "X-Paywall-Id",
  "X-SDK-Capabilities",
  "X-SDK-Version",
  "X-User-Email",
  "X-User-Id",
  "X-Visitor-Id",
] as const;

export const CORS_ALLOW_METHODS = ["GET", "POST", "OPTIONS"] as const;
export const CORS_MAX_AGE_SECONDS = 86_400;

/** Sends `Retry-After` and `X-Request-Id` to scripts, which browsers hide unless they are named here. */
export const CORS_EXPOSE_HEADERS = ["Retry-After", "X-Request-Id"] as const;

/** Both signatures of a merchant webhook, and the Standard Webhooks triple beside them. */
export const WEBHOOK_HEADERS = {
  signature: "X-Monetize-Signature",
  bareSignature: "X-Signature",
  standardId: "webhook-id",
  standardTimestamp: "webhook-timestamp",
  standardSignature: "webhook-signature",
} as const;

export const WEBHOOK_USER_AGENT = "Monetize-Webhooks/1.0";
