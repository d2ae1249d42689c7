/**
 * The login service's rules: which client may ask, what a code and a token are bound to, and what they are worth. Who
 * somebody is, and whether they are still signed in, is the identity area's business: every grant rests on a session
 * of theirs.
 *
 * Invariants: a code works once; a refresh token that comes back late ends its family; an access token stops working
 * the moment its session or its grant ends; the key after the current one is published before it signs.
 */
export { findBrowserSession, rememberBrowser } from "./browser-session.ts";
export { grantedScopes, mayLeadTo, withAnswer } from "./client.ts";
export { OAuthError } from "./errors.ts";
export { exchangeCode, grantDirectly, issueCode, refreshGrant, revokeByRefreshToken } from "./grant.ts";
export { loginJobs } from "./jobs.ts";
export {
  type AuthorizeRequest,
  endLoginRequest,
  findLoginRequest,
  keepChosenPassword,
  keepLoginRequest,
  keepTypedEmail,
  type LoginRequest,
} from "./login-request.ts";
export { publishedKeys, rotateSigningKeys } from "./signing-keys.ts";
export {
  issueMachineToken,
  issueReaderTokens,
  type LoginToken,
  MACHINE_TOKEN_SECONDS,
  personClaims,
  READER_TOKEN_SECONDS,
  resolveLoginToken,
} from "./tokens.ts";
