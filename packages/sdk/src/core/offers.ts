import type { PaywallOffer } from "./types.ts";

/** The last one that a `Date` can hold. */
const LAST_INSTANT = 8.64e15;

export interface ResolveOfferOptions {
  /** Epoch milliseconds; default now. */
  now?: number;
  /** When this device first saw a duration offer (ISO), or null. */
  readStart?: (offerId: string) => string | null;
}

export interface ResolvedOffer {
  offer: PaywallOffer;
  discountPercent: number;
  remainingMs: number | null;
  totalMs: number | null;
  expiresAt: string | null;
}

/** The offer that discounts this price: one aimed at it, else a global one. Expiry is not looked at. */
export function findApplicableOffer(
  offers: PaywallOffer[] | null | undefined,
  priceId: string,
): PaywallOffer | null {
  const discounting = (offers ?? []).filter((offer) => (offer.discount_percent ?? 0) > 0);
  return (
    discounting.find((offer) => offer.price_id != null && String(offer.price_id) === String(priceId)) ??
    discounting.find((offer) => offer.price_id == null) ??
    null
  );
}

/**
 * Says what is left of an offer, or null when it gives nothing or is over. A duration offer whose countdown
 * has not started is over for outside readers: only the banner that shows it may start it.
 */
export function resolveOffer(
  offer: PaywallOffer,
  { now = Date.now(), readStart = readBrowserOfferStart }: ResolveOfferOptions = {},
): ResolvedOffer | null {
  const { discount_percent: discountPercent, expires_at, duration_minutes } = offer;
  if (!discountPercent || discountPercent <= 0) return null;
  let end: number | null = null;
  let totalMs: number | null = null;
  if (expires_at) end = Date.parse(expires_at);
  else if (duration_minutes) {
    const start = Date.parse(readStart(offer.id) ?? "");
    if (Number.isNaN(start)) return null;
    totalMs = duration_minutes * 60_000;
    end = start + totalMs;
  }
  // An unreadable date counts as over: a discount nobody can end must not be promised.
  if (end !== null && !(end > now)) return null;
  if (end !== null) end = Math.min(end, LAST_INSTANT);
  return {
    offer,
    discountPercent,
    remainingMs: end === null ? null : end - now,
    totalMs,
    expiresAt: end === null ? null : new Date(end).toISOString(),
  };
}

/** The offer that lowers this price now: unlike `findApplicableOffer` it passes over those that are over. */
export function findLiveOffer(
  offers: PaywallOffer[] | null | undefined,
  priceId: string,
  options?: ResolveOfferOptions,
): ResolvedOffer | null {
  const live = (offers ?? []).filter((offer) => resolveOffer(offer, options));
  const offer = findApplicableOffer(live, priceId);
  return offer && resolveOffer(offer, options);
}

export const offerStartStorageKey = (offerId: string): string => `pw-offer-${offerId}-start`;

/** When this browser first showed the offer; null on a server and where storage is blocked. */
export function readBrowserOfferStart(offerId: string): string | null {
  try {
    return window.localStorage.getItem(offerStartStorageKey(offerId));
  } catch {
    return null;
  }
}
