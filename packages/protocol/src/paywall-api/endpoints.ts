/**
 * The endpoint table of the 3.x wire. Routes, the OpenAPI document and the reference page all follow it, so
 * an endpoint that is not here does not exist.
 */
import { authEndpoints } from "./endpoints/auth.ts";
import { billingEndpoints, paywallEndpoints } from "./endpoints/billing.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";

export { type AuthKind, type Endpoint, errorsOf } from "./endpoints/endpoint.ts";
export { WEBHOOK_EXAMPLES } from "./endpoints/examples.ts";

export const PAYWALL_API_TAGS = [
  { name: "Paywall", description: "What a paywall shows, and what people do on it." },
  { name: "Checkout and billing", description: "Selling, and what was sold." },
  { name: "Sign-in", description: "Sessions of the people who buy. Tokens last an hour and are refreshed." },
] as const;

export const PAYWALL_API_ENDPOINTS: readonly Endpoint[] = [
  ...paywallEndpoints,
  ...billingEndpoints,
  ...authEndpoints,
];
