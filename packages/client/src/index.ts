export { APIError } from "./api-error.ts";
export {
  AuthenticationError,
  ForbiddenError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TollgateError,
  // The name in the vendor's documentation.
  TollgateError as SesamyError,
  ValidationError,
} from "./back-end/errors.ts";
export type { ManagedPaywall, Paywalls } from "./back-end/paywalls.ts";
export {
  type Environment,
  TollgateClient,
  // The name in the vendor's documentation.
  TollgateClient as SesamyClient,
  type TollgateClientOptions,
  type TollgateClientOptions as SesamyClientOptions,
} from "./back-end/tollgate-client.ts";
export { type CacheConfig, CacheMode, type CacheStorage, clearCache, MemoryCacheStorage } from "./cache.ts";
export { type ClientSDK, client } from "./client.ts";
export {
  type AccountLinkParams,
  type ConsumeLinkParams,
  type ContractLinkParams,
  type LinkConfig,
  signContractManageUrl,
  signUrlWithAccessToken,
} from "./links.ts";
export { type ManagementSDK, management } from "./management.ts";
export type { SDKConfig } from "./transport.ts";
export type * from "./types.ts";
