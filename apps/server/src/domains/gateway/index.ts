/**
 * The AI gateway: calls of customers to somebody else's API, with the merchant's key and for the customer's credits.
 *
 * Invariants: a provider's credentials are sealed and never leave for anybody but the provider; a call reaches no address
 * outside its provider's base address; what a call costs is decided by the provider's rule and what the upstream
 * reported; a call is logged once, without bodies.
 */
export { callerHeaders, upstreamHeaders } from "./headers.ts";
export {
  type CostRow,
  costFor,
  creditsFor,
  creditsToHold,
  type PriceRule,
  ruleFor,
  type SimpleRule,
} from "./price.ts";
export {
  type ApiProvider,
  findSealedProvider,
  listSealedProviders,
  METHODS,
  type Method,
  openSecrets,
  providerHeaders,
  type SealedProvider,
  saveProvider,
} from "./provider.ts";
export {
  forgetRequests,
  type GatewayRequest,
  listRequests,
  logRequest,
  lostCallsJob,
  noteProgress,
  PROGRESS_MS,
  reserveSpend,
} from "./request-log.ts";
export { pathAllowed, targetOf } from "./target.ts";
export {
  createUsageReader,
  expectedUsage,
  NO_USAGE,
  type Usage,
  type UsageReader,
  type Wire,
} from "./usage.ts";
