import { discountMinor } from "../../platform/money.ts";
import { localPriceFor, type PurchaseOption } from "../catalogue/index.ts";

export type Terms = {
  currency: string;
  subtotalMinor: number;
  discountMinor: number;
  totalMinor: number;
  trialDays: number;
};

/**
 * What one checkout costs. `displayedCurrency` is what the client says it showed: without a local price in
 * it the base price applies. A merchant's back end may name any local price; a browser only those of the
 * place it calls from. An offer takes its share of every period.
 *
 * The same holds for `trialDays`: a merchant's back end may give any trial, a browser may only ask for a
 * shorter one than the price has, or none, since whoever sits before it may send what they like.
 */
export function agreeTerms(
  option: PurchaseOption,
  input: {
    displayedCurrency?: string | undefined;
    country: string | null;
    isMerchant: boolean;
    percentBp: number | null;
    trialDays?: number | undefined;
    hadTrial: boolean;
  },
): Terms {
  const local = localPrice(option, input);
  const { amountMinor, currency } = local ?? option;
  const discount = discountMinor(amountMinor, input.percentBp);
  const asked = input.trialDays ?? option.trialDays;
  const allowed = input.isMerchant ? asked : Math.min(asked, option.trialDays);
  const trialDays = option.kind === "recurring" && !input.hadTrial ? allowed : 0;
  return {
    currency,
    subtotalMinor: amountMinor,
    discountMinor: discount,
    totalMinor: amountMinor - discount,
    trialDays,
  };
}

function localPrice(
  option: PurchaseOption,
  input: { displayedCurrency?: string | undefined; country: string | null; isMerchant: boolean },
): { amountMinor: number; currency: string } | null {
  const currency = input.displayedCurrency?.toUpperCase();
  if (!currency) return null;
  if (input.isMerchant) return option.local.find((it) => it.currency === currency) ?? null;
  return localPriceFor(option, { country: input.country, currency });
}
