import { jwtVerify } from "jose";
import { hmacSha256, safeEqual } from "../../platform/crypto.ts";
import { normalizeEmail } from "./customer.ts";

const COMPACT = /^([^;\s]{3,254});([1-9][0-9]{9,10});([0-9a-f]{64})$/i;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The e-mail that a merchant's back end vouches for in an `X-User-Email` header, or null. Two forms:
 *
 * - `email;expires;signature`: `expires` in Unix seconds, `signature` the hex HMAC-SHA256 of
 *   `email;expires` (the e-mail exactly as sent) under the tenant's hybrid secret;
 * - a JWT signed with HS256 under the same secret, with the claims `email` and `exp`.
 *
 * Both must carry an expiry: a value that is copied from a page must not work for ever.
 */
export async function readSignedEmail(value: string, secret: string, now: Date): Promise<string | null> {
  const compact = COMPACT.exec(value);
  if (compact) {
    const [, email, expires, signature] = compact as unknown as [string, string, string, string];
    const expected = hmacSha256(secret, `${email};${expires}`).toString("hex");
    // Compare first: an expired value and a forged one take the same path.
    const genuine = safeEqual(expected, signature.toLowerCase());
    return genuine && Number(expires) * 1000 > now.getTime() ? normalizeEmail(email) : null;
  }
  if (!JWT.test(value)) return null;
  try {
    const { payload } = await jwtVerify(value, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
      requiredClaims: ["exp", "email"],
      currentDate: now,
    });
    return typeof payload.email === "string" ? normalizeEmail(payload.email) : null;
  } catch {
    return null;
  }
}
