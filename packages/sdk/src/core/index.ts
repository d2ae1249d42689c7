export { ApiClient, type ApiClientOptions, type ApiRequestInit } from "./api-client.ts";
export { AuthClient, type AuthClientOptions, type EmailCredentials } from "./auth-client.ts";
export { type ApiGatewayOverrides, BillingClient, type BillingClientOptions } from "./billing-client.ts";
export type { BootstrapPatch } from "./bootstrap-cache.ts";
export { type CheckoutReturn, takeCheckoutReturn } from "./checkout-return.ts";
export type {
  CancelledSubscription,
  CreateCheckoutInput,
  SupportTicketInput,
  TokenAdjustment,
} from "./commerce.ts";
export type { CallOptions } from "./context.ts";
export { PaywallError, QuotaExceededError } from "./errors.ts";
export { EventTracker, type EventTrackerOptions, type TrackedEvent } from "./event-tracker.ts";
export {
  applyExperimentAssignment,
  fnv1a,
  pickVariant,
  resolveExperimentAssignment,
} from "./experiment.ts";
export {
  type ApiGatewayCallParams,
  ApiGatewayClient,
  type ApiGatewayClientOptions,
} from "./gateway-client.ts";
export type { OAuthOptions, OAuthSignInOptions, OAuthStart } from "./oauth.ts";
export {
  findApplicableOffer,
  findLiveOffer,
  offerStartStorageKey,
  type ResolvedOffer,
  type ResolveOfferOptions,
  readBrowserOfferStart,
  resolveOffer,
} from "./offers.ts";
export {
  deriveEdgeOrigin,
  EDGE_FINAL_TIMEOUT_MS,
  EDGE_HEDGE_TIMEOUT_MS,
  EDGE_STICKY_TTL_MS,
  EDGE_SUBDOMAIN_PREFIX,
  OriginResolver,
  type OriginResolverOptions,
} from "./origin-resolver.ts";
export { createStorage, ensureVisitorId, generateVisitorId, STORAGE_KEYS } from "./storage.ts";
export { createTrialStore, type TrialServer, type TrialStore } from "./trial.ts";
export type * from "./types.ts";
export { SDK_VERSION } from "./version.ts";
