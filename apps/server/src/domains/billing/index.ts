/**
 * Billing: what was agreed (contracts), what is owed (bills) and what moved (transactions).
 *
 * Invariants: a sale is one transaction; bill numbers of a tenant and mode have no gap and no double; a
 * contract's columns follow the processor's highest version, never an older one; a final transaction never
 * changes; nothing here talks to a processor inside a transaction.
 */
export {
  BILLING_EVENTS,
  type BillingEventType,
  type ContractSnapshot,
  type ContractState,
  describeContractForEvent,
} from "./events.ts";
