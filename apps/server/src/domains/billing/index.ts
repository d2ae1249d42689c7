/**
 * Billing: what was agreed (contracts), what is owed (bills) and what moved (transactions).
 *
 * Invariants: a sale is one transaction, and closes its checkout in it; bill numbers of a tenant and mode
 * have no gap and no double; a contract's columns follow the processor's highest version, never an older
 * one; a final transaction never changes; nothing here talks to a processor: what one must be asked for is a
 * row (`intents.ts`).
 */
export { type AccountContract, listAccountContracts } from "./account.ts";
export {
  type Amendment,
  confirmAmendment,
  proposeDiscount,
  takeAmendmentLimit,
} from "./amendments.ts";
export { type ApplyResult, applyProcessorEvent } from "./apply-processor-event.ts";
export { type CancelResult, cancelContract, uncancelContract } from "./cancel-contract.ts";
export { claimGuestPurchases } from "./claim-guest-purchases.ts";
export { type Contract, isEnded } from "./contract.ts";
export {
  BILLING_EVENTS,
  type BillingEventType,
  type ContractSnapshot,
  type ContractState,
  describeContractForEvent,
} from "./events.ts";
export { graceJob, portalLinkJob } from "./jobs.ts";
export { billingMails } from "./mails.ts";
export { moveContracts } from "./move-contracts.ts";
export { issuePortalLink, type PortalVisit, redeemPortalLink } from "./portal-links.ts";
export { type Bill, findBill, findContract, findReceipt, listBills, listContracts } from "./queries.ts";
export { processorEventJob, receiveProcessorEvent } from "./receive-processor-event.ts";
export { refundBill } from "./refund-bill.ts";
export { runIntentNow } from "./run-intent-now.ts";
export { intentsJob } from "./run-intents.ts";
export {
  type BillStatement,
  type ContractDiscount,
  type ContractStatement,
  isGranting,
  type Method,
  nextBillOf,
  type PaymentIssue,
  readBills,
  readContracts,
  readPaymentIssues,
  readTransactions,
  type StatementScope,
  standingDiscountMinor,
  type TransactionStatement,
  willCancelAt,
} from "./statement.ts";
export {
  findVendorsBill,
  listVendorsBills,
  listVendorsContracts,
  listVendorsTransactions,
  type VendorsBill,
  type VendorsTransaction,
} from "./vendor-records.ts";
