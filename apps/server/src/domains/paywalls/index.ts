/**
 * Paywalls: the surface that decides and offers. A paywall belongs to a tenant, grants one default product
 * (its pass), and shows the blocks of its live version. Published versions are immutable.
 */
export { announcePaywallChanges, PAYWALLS_CHANGED, recordPaywallChanged } from "./changes.ts";
export {
  createPaywall,
  findAnyPaywall,
  listPaywallsOf,
  ownsPaywall,
  type PaywallDraft,
  touchPaywall,
  updatePaywall,
} from "./manage-paywalls.ts";
export { type Paywall, type PaywallSettings, paywallOrigin, refuseCss } from "./paywall.ts";
export {
  livingNums,
  type PaywallBody,
  type Renaming,
  renameReferences,
  type StoredBlock,
  type StoredLayout,
  type StoredLocale,
} from "./paywall-body.ts";
export { getLiveBody, publishVersion } from "./publish-version.ts";
export type { PublisherSettings } from "./publisher-settings.ts";
export {
  findPaywall,
  findPaywallForSale,
  listUsablePaywalls,
  type PaywallOfTenant,
  publisherMode,
} from "./queries.ts";
export { countryMatches, decideVisibility, type VisibilityVerdict } from "./visibility.ts";
