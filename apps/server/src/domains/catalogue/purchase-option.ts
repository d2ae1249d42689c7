import { currencyOf } from "../../platform/geo/index.ts";
import type { Money } from "../../platform/money.ts";
import type { Allowance } from "../credits/index.ts";

export type Interval = "day" | "week" | "month" | "year" | "lifetime";

/** A price in another currency or for certain countries. Without `countries` it serves everyone who pays in it. */
export type LocalPrice = { currency: string; amountMinor: number; countries?: string[] };

/** Terms on which a product is sold; `price` on the 3.x wire, where `num` is its id. */
export type PurchaseOption = {
  id: string;
  num: number;
  tenantId: string;
  productId: string;
  /** The paywall it belongs to; null serves the whole tenant. */
  paywallId: string | null;
  /** The merchant's name for it. A successor keeps the key and gets a new id and num. */
  key: string;
  kind: "recurring" | "renewable" | "one_time" | "custom_amount" | "free";
  interval: Interval | null;
  intervalCount: number;
  amountMinor: number;
  currency: string;
  local: LocalPrice[];
  trialDays: number;
  label: string | null;
  description: string | null;
  /** What it gives of each type that its paywall counts; null is what the paywall says a month is worth. */
  credits: Allowance[] | null;
  sort: number;
  state: "draft" | "active" | "superseded" | "archived";
  supersedesId: string | null;
  /** On the tenant's clock. */
  supersededAt: Date | null;
  /** The control option that an experiment's price stands for; null on ordinary options. */
  replacesId: string | null;
};

/** How long the id of a superseded option still finds its successor: clients show cached prices for an hour. */
export const SUCCESSOR_HOURS = 24;

/**
 * The local price for a caller, or null when the base price applies. Paywall API §12: a country pays in its
 * own currency; a row that names countries is for these only and goes before a row that does not.
 *
 * With `currency` (what a checkout says was displayed) that currency's row is taken, but never one that is
 * reserved for other countries: nobody gets a cheaper country's price by asking for its currency.
 */
export function localPriceFor(
  option: Pick<PurchaseOption, "local" | "currency">,
  caller: { country?: string | null; currency?: string | null },
): Money | null {
  const country = caller.country ?? null;
  const currency = caller.currency?.toUpperCase() ?? null;
  const named = option.local.find(
    (row) =>
      country !== null &&
      row.countries?.includes(country) &&
      (currency === null || row.currency === currency),
  );
  const wanted = currency ?? currencyOf(country);
  const row =
    named ??
    option.local.find((it) => !it.countries?.length && it.currency === wanted && wanted !== option.currency);
  return row ? { amountMinor: row.amountMinor, currency: row.currency } : null;
}

/** What a buyer agreed to. Changing any of these after the first sale makes another option. */
export type OptionTerms = Pick<
  PurchaseOption,
  | "productId"
  | "paywallId"
  | "kind"
  | "interval"
  | "intervalCount"
  | "amountMinor"
  | "currency"
  | "replacesId"
> & { credits?: PurchaseOption["credits"] };

const TERMS = [
  "productId",
  "paywallId",
  "kind",
  "interval",
  "intervalCount",
  "amountMinor",
  "currency",
  "replacesId",
] as const satisfies (keyof OptionTerms)[];

/** Whether `next` is another agreement, and not just another text, trial or local price. */
export const changesTerms = (option: OptionTerms, next: OptionTerms): boolean =>
  TERMS.some((term) => option[term] !== next[term]) ||
  JSON.stringify(option.credits?.map(spelled) ?? null) !== JSON.stringify(next.credits?.map(spelled) ?? null);

const spelled = ({ type, count, expiresDays }: Allowance) => [type, count, expiresDays ?? null];
