import { addDays } from "../../platform/clock.ts";

export type EntitlementState = "scheduled" | "active" | "grace" | "suspended" | "expired" | "revoked";

/** The right that a source justifies: half-open, `validToAt` null is "until something changes". */
export type Right = {
  state: EntitlementState;
  validFromAt: Date;
  validToAt: Date | null;
  reason: string | null;
};

/** All that the right of a contract depends on. */
export type ContractFacts = {
  state: string;
  createdAt: Date;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  endReason: string | null;
  endedAt: Date | null;
  graceUntilAt: Date | null;
  disputed: boolean;
  /** Paid for somebody else, who has it as a grant. */
  isGift?: boolean;
  accessRule: "while_contract_active" | "fixed_duration" | "forever";
  accessDays: number | null;
};

const REVOKING = new Set(["refund", "dispute"]);

/**
 * The right that a contract gives, or null when it never gave one. A pure function, so the table can be
 * rebuilt from contracts at any time. An end that is known in advance is written into `validToAt`:
 * access then ends on the second, whoever is late to tell us.
 */
export function rightOf(facts: ContractFacts): Right | null {
  if (facts.isGift) return null;
  const validFromAt = facts.createdAt;
  const right = (state: EntitlementState, validToAt: Date | null, reason: string | null = null): Right => ({
    state,
    validFromAt,
    validToAt: limit(facts, validToAt),
    reason,
  });
  if (facts.endedAt) {
    if (facts.endReason && REVOKING.has(facts.endReason)) {
      return right("revoked", facts.endedAt, facts.endReason);
    }
    // What was bought for good, or for a time, outlives the contract that paid for it.
    if (facts.accessRule !== "while_contract_active") return right("active", null);
    return right("expired", facts.endedAt, facts.endReason);
  }
  if (facts.disputed) return right("suspended", null, "dispute");
  switch (facts.state) {
    case "trialing":
    case "active":
      return right("active", facts.cancelAtPeriodEnd ? facts.cancelAt : null);
    case "past_due":
      return right("grace", facts.graceUntilAt);
    case "unpaid":
      return right("suspended", null, "unpaid");
    case "paused":
      return right("suspended", null, "paused");
    default:
      return null;
  }
}

function limit(facts: ContractFacts, validToAt: Date | null): Date | null {
  if (facts.accessRule !== "fixed_duration" || facts.accessDays === null) return validToAt;
  const fixed = addDays(facts.createdAt, facts.accessDays);
  return validToAt && validToAt < fixed ? validToAt : fixed;
}
