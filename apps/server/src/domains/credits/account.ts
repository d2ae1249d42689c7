import type { Mode } from "../../platform/events.ts";

/** Whose credits, of which paywall and type, in which of the two worlds. */
export type CreditAccount = {
  tenantId: string;
  customerId: string;
  /** Null for credits that all paywalls of the tenant share. */
  paywallId: string | null;
  mode: Mode;
  /** What the merchant calls it: `standard`, `gpt-4`… */
  type: string;
};

export type LotKind = "trial" | "promo" | "plan" | "rollover" | "refund" | "purchased";

/** Among lots that expire together, the lower is spent first (product spec §2.2). */
export const PRIORITIES: Record<LotKind, number> = {
  trial: 0,
  promo: 1,
  plan: 2,
  rollover: 3,
  refund: 4,
  purchased: 5,
};

/** What may be spent now: the balance without what calls under way keep. */
export type Balance = { type: string; count: number };
