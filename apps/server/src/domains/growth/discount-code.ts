import { discountMinor } from "../../platform/money.ts";

export const DISCOUNT_DURATIONS = ["once", "repeating", "forever"] as const;
export const DISCOUNT_CODE_STATUSES = ["ACTIVE", "DISABLED"] as const;

/** What a code takes off, and how long: a percentage of every currency, or an amount of one. */
export type DiscountTerms = {
  /** Basis points: 2500 is a quarter off. */
  percentBp: number | null;
  amountMinor: number | null;
  /** Of the amount; null with a percentage. */
  currency: string | null;
  duration: (typeof DISCOUNT_DURATIONS)[number];
  /** Paid periods of a `repeating` code; null otherwise. */
  cycles: number | null;
};

/** All that a merchant decides about a code. */
export type DiscountCodeDraft = DiscountTerms & {
  /** As the merchant spells it; however a buyer spells it, it is the same code. */
  code: string;
  name: string;
  description: string | null;
  validFromAt: Date | null;
  validToAt: Date | null;
  maxRedemptions: number | null;
  maxPerCustomer: number | null;
  /** Empty is every product. */
  productIds: string[];
  /** Keys of purchase options, which successors share; empty is every option. */
  optionKeys: string[];
  status: (typeof DISCOUNT_CODE_STATUSES)[number];
};

export type DiscountCode = DiscountCodeDraft & {
  id: string;
  tenantId: string;
  createdAt: Date;
  updatedAt: Date;
};

/** What somebody wants the code for, at the tenant's `now`. */
export type DiscountTarget = { productId: string; optionKey: string; currency: string; now: Date };

export type Inapplicable =
  | "disabled"
  | "not_yet"
  | "ended"
  | "other_product"
  | "other_currency"
  | "exhausted"
  | "used_before";

/** Why a code takes nothing off this, or null. Says nothing about how often it was used, which only a lock can tell. */
export function whyInapplicable(code: DiscountCodeDraft, target: DiscountTarget): Inapplicable | null {
  if (code.status !== "ACTIVE") return "disabled";
  if (code.validFromAt && target.now < code.validFromAt) return "not_yet";
  if (code.validToAt && target.now >= code.validToAt) return "ended";
  const isForIt =
    (code.productIds.length === 0 || code.productIds.includes(target.productId)) &&
    (code.optionKeys.length === 0 || code.optionKeys.includes(target.optionKey));
  if (!isForIt) return "other_product";
  return code.currency !== null && code.currency !== target.currency ? "other_currency" : null;
}

/** What a code takes off one period: never more than the period costs. */
export const savedBy = (
  terms: Pick<DiscountTerms, "percentBp" | "amountMinor">,
  priceMinor: number,
): number =>
  terms.amountMinor === null
    ? discountMinor(priceMinor, terms.percentBp)
    : Math.min(priceMinor, terms.amountMinor);

/** How many paid periods a code makes cheaper; null is all of them. */
export const periodsOf = (terms: Pick<DiscountTerms, "duration" | "cycles">): number | null =>
  terms.duration === "forever" ? null : terms.duration === "once" ? 1 : terms.cycles;
