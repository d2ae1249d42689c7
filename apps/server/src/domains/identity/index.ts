/**
 * Identity: customers, the ways they prove who they are, and their sessions.
 *
 * Invariants: one live customer per e-mail and tenant; an unverified e-mail inherits nothing; a session
 * is one family of refresh tokens and dies as a whole; an access token stops working the moment its
 * session is revoked.
 */
export type { Customer } from "./customer.ts";
export { normalizeEmail } from "./customer.ts";
export { findOrCreateCustomer } from "./find-or-create-customer.ts";
export { linkToPaywall } from "./link-to-paywall.ts";
export {
  findCustomerByEmail,
  findCustomerById,
  findCustomerByUuid,
  findCustomerByWireIdentity,
  findPaywallLink,
} from "./queries.ts";
export { resolveAccessToken, type SignedIn } from "./resolve-access-token.ts";
export { resolveHybridIdentity } from "./resolve-hybrid-identity.ts";
export { type IssuedSession, issueSession, revokeAllSessions, type SignInMethod } from "./sessions.ts";
export { isAddressTrusted, trustAddress } from "./trusted-addresses.ts";
