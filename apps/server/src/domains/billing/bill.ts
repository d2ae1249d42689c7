/** What a bill's columns are derived from: money that moved, and a dispute about it. */
export type BillMoney = {
  grossMinor: number;
  /** Charges that succeeded, refunds that succeeded. */
  paidMinor: number;
  refundedMinor: number;
  /** A charge succeeded; a bill over nothing is paid by a charge of nothing. */
  charged: boolean;
  failed: boolean;
  disputeState: "open" | "won" | "lost" | null;
  contractEnded: boolean;
};

/** What contracts need to know about their bills. */
export type BillFacts = {
  id: string;
  periodEndAt: Date | null;
  refundedAt: Date | null;
  disputeState: "open" | "won" | "lost" | null;
  disputeClosedAt: Date | null;
};

export type BillState =
  | "open"
  | "past_due"
  | "paid"
  | "partially_refunded"
  | "refunded"
  | "uncollectible"
  | "disputed"
  | "charged_back";

/** A bill's state, whatever order its news came in. */
export function billState(money: BillMoney): BillState {
  if (money.disputeState === "lost") return "charged_back";
  if (money.disputeState === "open") return "disputed";
  if (money.refundedMinor > 0)
    return money.refundedMinor >= money.paidMinor ? "refunded" : "partially_refunded";
  if (money.charged) return "paid";
  if (money.contractEnded) return "uncollectible";
  return money.failed ? "past_due" : "open";
}
