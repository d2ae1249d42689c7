/**
 * Tenants: who sells. A tenant owns every other row; nothing is read without one. This area also holds
 * what belongs to the merchant rather than to a product: API keys, custom domains and the test clock.
 *
 * Invariants: a key is stored as a hash and shown once; a host belongs to one tenant; the test clock
 * only moves forward.
 */

export { advanceTenantClock } from "./advance-tenant-clock.ts";
export {
  type ApiKey,
  type ApiKeySecret,
  createApiKey,
  listApiKeys,
  resolveApiKey,
  revokeApiKey,
} from "./api-keys.ts";
export { createTenant, hybridContext, type TenantDetails } from "./create-tenant.ts";
export { isAnotherTenants, type OwnedKind } from "./elsewhere.ts";
export {
  authenticateOAuthClient,
  findBrowserClient,
  findOAuthClient,
  findOAuthClientById,
  type OAuthClient,
  saveOAuthClient,
} from "./oauth-clients.ts";
export {
  findTenant,
  findTenantByHost,
  findTenantBySlug,
  isOwnAddress,
  listSellers,
  listTenants,
  ownerOfHost,
} from "./queries.ts";
export { type HybridTrust, type Tenant, tenantNow } from "./tenant.ts";
