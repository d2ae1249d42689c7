import type { PaywallPrice } from "@tollgate/sdk/core";

/** Whole amounts without decimals, as people write them. */
export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat(undefined, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: Number.isInteger(amount) ? 0 : undefined,
  }).format(amount);

/** What this visitor pays: in the currency of their country where there is one. */
export const local = (price: PaywallPrice): { amount: number; currency: string } => price.local ?? price;

/** Cents are rounded here and nowhere else. */
export const discounted = (amount: number, percent: number): number =>
  Math.round(amount * (100 - percent)) / 100;

/** "per year", "every 3 months", "once". */
export function period({ interval, interval_count }: PaywallPrice): string {
  if (!interval || interval === "lifetime") return "once";
  const count = interval_count ?? 1;
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`;
}

/** "23:59:07" of what is left. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
