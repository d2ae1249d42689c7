import { addDays } from "../../platform/clock.ts";
import type { Mode } from "../../platform/events.ts";
import type { SubscriptionSnapshot } from "../processors/index.ts";
import type { Tenant } from "../tenants/index.ts";
import type { BillFacts } from "./bill.ts";
import type { ContractState } from "./events.ts";

/** The agreement that a purchase creates. */
export type Contract = ContractStanding & {
  id: string;
  tenantId: string;
  mode: Mode;
  paywallId: string;
  customerId: string;
  checkoutId: string;
  productId: string;
  optionId: string;
  duration: "RECURRING" | "RENEWABLE" | "PERPETUAL";
  currency: string;
  /** One period at full price. */
  priceMinor: number;
  percentBp: number | null;
  interval: string | null;
  intervalCount: number;
  /** Paid for somebody else: it gives the payer no right. */
  isGift: boolean;
  connectionId: string;
  externalId: string;
  externalVersion: number;
  snapshot: SubscriptionSnapshot;
  /** What the customer said; `replaced` when another purchase took its place. */
  cancelReason: string | null;
  createdAt: Date;
};

export type EndReason = "requested" | "dunning" | "refund" | "dispute";

/** The part of a contract that moves. */
export type ContractStanding = {
  state: ContractState;
  periodStartAt: Date;
  periodEndAt: Date | null;
  trialStartAt: Date | null;
  trialEndAt: Date | null;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  endReason: EndReason | null;
  pastDueSinceAt: Date | null;
  graceUntilAt: Date | null;
};

type Policy = Pick<Tenant, "graceDays" | "refundPolicy">;

export const isEnded = (contract: Pick<Contract, "state">): boolean =>
  contract.state === "canceled" || contract.state === "expired" || contract.state === "incomplete_expired";

const earliest = (...instants: (Date | null | undefined)[]): Date | null => {
  const known = instants.filter((it): it is Date => it !== null && it !== undefined);
  return known.length === 0 ? null : new Date(Math.min(...known.map((it) => it.getTime())));
};

const latest = (a: Date, b: Date | null): Date => (b && b > a ? b : a);

/**
 * Where a contract stands, as a pure function of the processor's latest word and our bills. Whatever order the
 * news came in, the same news give the same standing; only `unpaid` needs a clock, see `passGrace`.
 */
export function standingOf(
  snapshot: SubscriptionSnapshot,
  bills: readonly BillFacts[],
  policy: Policy,
  previous: ContractStanding | null,
): ContractStanding {
  const revocation = revocationOf(snapshot, bills, policy);
  const endedAt = earliest(snapshot.endedAt, revocation?.at);
  const endedByProcessor = snapshot.endedAt !== null && (!revocation || snapshot.endedAt < revocation.at);
  const pastDueSinceAt = endedAt ? null : snapshot.status === "past_due" ? snapshot.pastDueSinceAt : null;
  const stillUnpaid =
    previous?.state === "unpaid" &&
    pastDueSinceAt !== null &&
    previous.pastDueSinceAt?.getTime() === pastDueSinceAt.getTime();
  const state: ContractState = endedAt
    ? endedByProcessor && snapshot.endReason === "dunning"
      ? "expired"
      : "canceled"
    : snapshot.status === "canceled"
      ? "canceled"
      : stillUnpaid
        ? "unpaid"
        : snapshot.status;
  const revokedFirst = revocation !== null && !endedByProcessor;
  const endReason =
    endedAt || snapshot.cancelAtPeriodEnd
      ? revokedFirst
        ? revocation.reason
        : (snapshot.endReason ?? "requested")
      : null;
  return {
    state,
    periodStartAt: snapshot.periodStartAt,
    periodEndAt: snapshot.periodEndAt,
    trialStartAt: snapshot.trialStartAt,
    trialEndAt: snapshot.trialEndAt,
    // An immediate end is not a scheduled one any more (paywall API §10.3).
    cancelAtPeriodEnd: snapshot.cancelAtPeriodEnd && !(endedAt && isEarly(endedAt, snapshot.cancelAt)),
    cancelAt: snapshot.cancelAt,
    canceledAt: earliest(snapshot.canceledAt, revocation?.at),
    endedAt,
    endReason,
    pastDueSinceAt,
    graceUntilAt: pastDueSinceAt && graceEnd(snapshot, pastDueSinceAt, policy.graceDays),
  };
}

const isEarly = (endedAt: Date, cancelAt: Date | null): boolean => cancelAt === null || endedAt < cancelAt;

/** A bad card at the end of a trial buys no free days (product spec §2.5). */
function graceEnd(snapshot: SubscriptionSnapshot, since: Date, graceDays: number): Date {
  const isFirstCharge =
    snapshot.trialEndAt !== null &&
    snapshot.periodEndAt !== null &&
    snapshot.periodEndAt <= snapshot.trialEndAt;
  return isFirstCharge ? since : latest(addDays(since, graceDays), snapshot.periodEndAt);
}

/**
 * What took the right away against the processor's word: a lost dispute, or the full refund of the bill
 * that paid the period in which it was refunded (of any bill, when there is one payment and no end).
 */
function revocationOf(
  snapshot: SubscriptionSnapshot,
  bills: readonly BillFacts[],
  policy: Policy,
): { at: Date; reason: "refund" | "dispute" } | null {
  const found: { at: Date; reason: "refund" | "dispute" }[] = [];
  for (const bill of bills) {
    if (bill.disputeState === "lost" && bill.disputeClosedAt) {
      found.push({ at: bill.disputeClosedAt, reason: "dispute" });
    }
    if (!bill.refundedAt) continue;
    const revokes =
      snapshot.duration === "PERPETUAL" ||
      (policy.refundPolicy === "revoke" && bill.periodEndAt !== null && bill.refundedAt < bill.periodEndAt);
    if (revokes) found.push({ at: bill.refundedAt, reason: "refund" });
  }
  found.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.reason < b.reason ? -1 : 1));
  return found[0] ?? null;
}

/** The same contract once its grace is over, or null while it is not. */
export function passGrace(standing: ContractStanding, now: Date): ContractStanding | null {
  if (standing.state !== "past_due" || !standing.graceUntilAt || standing.graceUntilAt > now) return null;
  return { ...standing, state: "unpaid" };
}

const STANDING_KEYS = [
  "state",
  "periodStartAt",
  "periodEndAt",
  "trialStartAt",
  "trialEndAt",
  "cancelAtPeriodEnd",
  "cancelAt",
  "canceledAt",
  "endedAt",
  "endReason",
  "pastDueSinceAt",
  "graceUntilAt",
] as const satisfies (keyof ContractStanding)[];

const plain = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

export const differs = (a: ContractStanding, b: ContractStanding): boolean =>
  STANDING_KEYS.some((key) => plain(a[key]) !== plain(b[key]));
