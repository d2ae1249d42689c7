/**
 * Entitlements: who may use what, derived from what was agreed and paid, and from what was granted elsewhere.
 *
 * Invariants: a right exists only while a source justifies it; the table can be rebuilt from contracts, bills and
 * grants at any time and is then the same; test and live never mix in an answer; `checkAccess` is the one algorithm.
 */
export { ACCESS_CHANGED, announceAccessChanges } from "./changes.ts";
export { type AccessDecision, type AccessReason, type AccessTarget, checkAccess } from "./check-access.ts";
export { decideReading, type ReadingDecision } from "./decide-reading.ts";
export { type ContractFacts, type EntitlementState, type Right, rightOf } from "./entitlement.ts";
export {
  type Entitlement,
  type EntitlementScope,
  findEntitlement,
  listEntitlements,
  listEntitlementsWithMembers,
} from "./list-entitlements.ts";
export {
  type EntitlementFilter,
  listTenantsEntitlements,
  type OwnedEntitlement,
} from "./list-tenants-entitlements.ts";
export { projectContract } from "./project-contract.ts";
export {
  attachGrants,
  detachGrants,
  type GrantFacts,
  hasWaitingGrants,
  moveGrants,
  projectGrants,
  rightOfGrant,
} from "./project-grant.ts";
export { type Purchase, readState, type UserState } from "./purchases.ts";
export { readStateAtOnce, type StateCaller } from "./read-state-at-once.ts";
export { readUserState, toPaywallUser } from "./read-user-state.ts";
export { rebuildEntitlements } from "./rebuild.ts";
