/**
 * Credits: what customers hold of a paywall's tokens. An account has lots (what was given, and until when), entries (every
 * movement) and holds (what calls under way keep).
 *
 * Invariants, which the database keeps itself: a balance is the sum of its entries and of its lots; no lot and no available
 * balance is ever below zero; entries are never changed. A contract's credits are given once per part of its period; the
 * same key moves credits once; a refund takes back what is unspent and no more. Gateways and surfaces call; billing
 * projects a contract's credits where it projects its rights.
 */
export { type Balance, type CreditAccount, type LotKind, PRIORITIES } from "./account.ts";
export { projectContractCredits } from "./contract-credits.ts";
export { foldDebit } from "./fold-debits.ts";
export { creditJobs, type Drift, expireCredits, expireHolds, findDrift, grantDueCredits } from "./jobs.ts";
export {
  captureHold,
  creditCredits,
  creditErrors,
  debitCredits,
  HOLD_SECONDS,
  holdCredits,
  type Moved,
  type Movement,
  type NewLot,
  type Refused,
  releaseHold,
  renewHold,
} from "./move-credits.ts";
export { moveCredits } from "./move-lot.ts";
export { balanceOf, type LedgerEntry, readBalances, readEntries } from "./read-balances.ts";
export { setTestBalance } from "./set-balance.ts";
export {
  type Allowance,
  allowanceOf,
  countedTypes,
  FREE_TYPE,
  MAX_TYPES,
  type QueryType,
  type Tokenization,
} from "./tokenization.ts";
export { ensureTrial, type TrialOwner } from "./trial-credits.ts";
