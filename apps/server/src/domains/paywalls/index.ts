/**
 * Paywalls: the surface that decides and offers. A paywall belongs to a tenant, grants one default product
 * (its pass), and shows the blocks of its live version. Published versions are immutable.
 */
export { findPaywall, type PaywallOfTenant } from "./queries.ts";
export { type Paywall, type PaywallSettings, paywallOrigin } from "./paywall.ts";
