/**
 * Identity: customers, the ways they prove who they are, and their sessions.
 *
 * Invariants: one live customer per e-mail and tenant; an unverified e-mail inherits nothing; a session
 * is one family of refresh tokens and dies as a whole; an access token stops working the moment its
 * session is revoked.
 */
export type { Customer } from "./customer.ts";
export {
  findCustomerByEmail,
  findCustomerById,
  findCustomerByUuid,
  findCustomerByWireIdentity,
  findPaywallLink,
} from "./queries.ts";
export { resolveAccessToken, type SignedIn } from "./resolve-access-token.ts";
