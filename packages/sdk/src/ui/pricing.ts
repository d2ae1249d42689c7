import {
  findLiveOffer,
  type LocalAmount,
  type PaywallBootstrap,
  type PaywallPrice,
  type PaywallUser,
  type ResolvedOffer,
} from "../core/index.ts";
import type { StringKey, Translate } from "./strings/index.ts";

/** Marks of direction, which would turn the order of a price around where it is set off from the words beside it. */
const MARKS = /[\u061c\u200e\u200f]/g;

/** Making one takes longer than drawing a plan, and every card needs several amounts. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, whole: boolean, locale?: string): Intl.NumberFormat {
  const key = `${locale} ${currency} ${whole}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: whole ? 0 : undefined,
    });
    formats.set(key, format);
  }
  return format;
}

/** Major units as people write them: whole amounts without decimals. */
export function formatMoney(amount: number, currency: string, locale?: string): string {
  try {
    return formatOf(currency, Number.isInteger(amount), locale).format(amount).replace(MARKS, "");
  } catch {
    return `${amount} ${currency}`;
  }
}

const money = (price: PaywallPrice): LocalAmount =>
  price.local ?? { amount: price.amount, currency: price.currency };
const count = (price: PaywallPrice): number => price.interval_count || 1;
type Recurring = "day" | "week" | "month" | "year";
const recurring = (price: PaywallPrice): Recurring | null =>
  !price.interval || price.interval === "lifetime" ? null : price.interval;

/** The offer that lowers this price right now. */
export function liveOffer(bootstrap: PaywallBootstrap, priceId: string, now?: number): ResolvedOffer | null {
  return findLiveOffer(bootstrap.offers, priceId, { now });
}

/** Cents are rounded here once, so that the card, the summary and the button agree. */
const discounted = (amount: number, percent: number): number => Math.round(amount * (100 - percent)) / 100;

/** Days of card trial this person would still get. */
export const trialDays = (price: PaywallPrice, user: PaywallUser | null | undefined): number =>
  user?.had_previous_trial || !recurring(price) ? 0 : (price.trial_days ?? 0);

/** "per month", "every 3 months", "one-time payment". */
export function period(price: PaywallPrice, t: Translate): string {
  const unit = recurring(price);
  if (!unit) return t("pricing.once");
  const n = count(price);
  return n === 1 ? t(`pricing.per.${unit}` as StringKey) : t(`pricing.every.${unit}` as StringKey, { n });
}

export interface PriceView {
  id: string;
  label: string;
  description: string | null;
  /** The large figure, per month for a year. */
  amount: string;
  per: string;
  /** The same figure before the discount, to strike through. */
  before: string | null;
  /** What is really charged, where the large figure is not it. */
  total: string | null;
  badge: string | null;
}

/** Everything a plan card says, decided in one place. */
export function describePrice(
  price: PaywallPrice,
  bootstrap: PaywallBootstrap,
  t: Translate,
  locale?: string,
  now?: number,
): PriceView {
  const { amount, currency } = money(price);
  const unit = recurring(price);
  const offer = liveOffer(bootstrap, price.id, now);
  const charged = offer ? discounted(amount, offer.discountPercent) : amount;
  const months = unit === "year" ? 12 * count(price) : 0;
  const show = (value: number) => formatMoney(months ? value / months : value, currency, locale);
  const saving = offer ? offer.discountPercent : savingAgainstMonthly(price, bootstrap);
  const days = trialDays(price, bootstrap.user);
  return {
    id: price.id,
    label: price.label || t(`pricing.plan_label.${unit ?? "lifetime"}` as StringKey),
    amount: show(charged),
    per: months ? t("pricing.per.month") : period(price, t),
    before: offer ? show(amount) : null,
    total: months
      ? t("pricing.billed", { amount: formatMoney(charged, currency, locale), period: period(price, t) })
      : null,
    // One saving per card: two percentages about the same price only raise questions.
    badge: saving ? t("pricing.save", { percent: saving }) : null,
    // The merchant's own words come first; the sentence beside the button repeats the trial anyway.
    description: price.description || (days ? t("pricing.trial", { days }) : null),
  };
}

/** How much a year costs less than twelve months, when both are sold in one currency. */
function savingAgainstMonthly(price: PaywallPrice, { prices }: PaywallBootstrap): number {
  if (price.interval !== "year") return 0;
  const { amount, currency } = money(price);
  const monthly = prices.find((other) => other.interval === "month" && count(other) === 1);
  if (!monthly || money(monthly).currency !== currency) return 0;
  const full = money(monthly).amount * 12 * count(price);
  return Math.max(0, Math.floor((1 - amount / full) * 100));
}

/** The button's own words for a price. */
export function ctaLabel(price: PaywallPrice, bootstrap: PaywallBootstrap, t: Translate): string {
  const days = trialDays(price, bootstrap.user);
  if (days) return t("cta.start_trial", { days });
  const unit = recurring(price);
  // A pack of credits is no access, and several months are no monthly plan.
  if (unit ? count(price) > 1 : price.credits) return t("cta.continue");
  return t(`cta.get_${unit ?? "lifetime"}` as StringKey);
}

/** What will be charged, when, in one sentence beside the button. */
export function chargeSummary(
  price: PaywallPrice,
  bootstrap: PaywallBootstrap,
  t: Translate,
  locale?: string,
  now?: number,
): string {
  const { amount, currency } = money(price);
  const offer = liveOffer(bootstrap, price.id, now);
  const unit = recurring(price);
  const days = trialDays(price, bootstrap.user);
  const params = {
    days,
    amount: formatMoney(offer ? discounted(amount, offer.discountPercent) : amount, currency, locale),
    period: period(price, t),
  };
  if (!unit) return t("pricing.sum_once", params);
  if (days) return t("pricing.sum_trial", params);
  if (!offer) return t("pricing.sum_recurring", params);
  // Whether a discount outlives the first period is the merchant's affair, so no later amount is promised.
  const renews = count(price) === 1 ? t(`pricing.renews.${unit}` as StringKey) : params.period;
  return t("pricing.sum_discounted", { ...params, period: renews });
}
