import { WEBHOOK_HEADERS } from "@tollgate/protocol/paywall-api/headers";
import { hmacSha256 } from "../../platform/crypto.ts";

const STANDARD_PREFIX = "whsec_";

/**
 * The signature headers of one attempt. The legacy pair signs the body with the secret as text. The
 * Standard Webhooks triple signs id, time and body; there, what follows `whsec_` is base64 for the key.
 *
 * `sentAt` is real time, not the tenant's: receivers compare it with their own clock.
 */
export function signatureHeaders(
  secret: string,
  message: { id: string; body: string; sentAt: Date },
): Record<string, string> {
  const hex = hmacSha256(secret, message.body).toString("hex");
  const seconds = String(Math.floor(message.sentAt.getTime() / 1000));
  const key = secret.startsWith(STANDARD_PREFIX)
    ? Buffer.from(secret.slice(STANDARD_PREFIX.length), "base64")
    : Buffer.from(secret, "utf8");
  const standard = hmacSha256(key, `${message.id}.${seconds}.${message.body}`).toString("base64");
  return {
    [WEBHOOK_HEADERS.signature]: `sha256=${hex}`,
    [WEBHOOK_HEADERS.bareSignature]: hex,
    [WEBHOOK_HEADERS.standardId]: message.id,
    [WEBHOOK_HEADERS.standardTimestamp]: seconds,
    [WEBHOOK_HEADERS.standardSignature]: `v1,${standard}`,
  };
}
