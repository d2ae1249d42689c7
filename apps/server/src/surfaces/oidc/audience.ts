import { OAuthError } from "../../domains/oidc/index.ts";

/** Names under which callers know this API; the issuer's own address is one, too. */
const AUDIENCES = ["https://api.sesamy.com", "https://api2.sesamy.com"];

/**
 * The audience that a caller asked for, null for the usual one. Tokens for anybody else's API are not ours to give.
 * @throws OAuthError `access_denied`
 */
export function audienceOf(asked: string | null, issuer: string): string | null {
  if (asked === null || asked === "" || asked === issuer || `${asked}/` === issuer) return null;
  if (AUDIENCES.includes(asked.replace(/\/$/, ""))) return asked;
  throw new OAuthError("access_denied", "This audience is not served here");
}
