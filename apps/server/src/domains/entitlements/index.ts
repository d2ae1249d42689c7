/**
 * Entitlements: who may use what, derived from what was agreed and paid.
 *
 * Invariants: a right exists only while a source justifies it; the table can be rebuilt from contracts and
 * bills at any time and is then the same; test and live never mix in an answer.
 */
export { ACCESS_CHANGED, announceAccessChanges } from "./changes.ts";
export { type AccessDecision, checkAccess } from "./check-access.ts";
export { type ContractFacts, type EntitlementState, type Right, rightOf } from "./entitlement.ts";
export { projectContract, rebuildEntitlements } from "./project-contract.ts";
export { type Purchase, readState, type UserState } from "./purchases.ts";
export { readStateAtOnce, type StateCaller } from "./read-state-at-once.ts";
export { readUserState, toPaywallUser } from "./read-user-state.ts";
