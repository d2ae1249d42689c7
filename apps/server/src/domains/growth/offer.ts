import type { Tier } from "../../platform/geo/index.ts";

/** A discount limited by time or audience. */
export type Offer = {
  id: string;
  tenantId: string;
  paywallId: string;
  key: string;
  label: string | null;
  /** Basis points: 2500 is a quarter off. */
  percentBp: number;
  optionId: string | null;
  /** The key of that option, which its successors share; null applies to every option. */
  optionKey: string | null;
  timer: "none" | "duration" | "end_date";
  /** Counted by each device from its first view; the server keeps no start. */
  minutes: number | null;
  endsAt: Date | null;
  /** Country codes and TIER1..TIER3; empty means everywhere. */
  countries: string[];
  /** Lower-cased addresses; empty means everybody. */
  emails: string[];
  priority: number;
};

/** Whom an offer is asked for, at the tenant's `now`. */
export type OfferAudience = { country: string | null; tier: Tier | null; email: string | null; now: Date };

/** Whether the offer may be shown to, and used by, this person now. */
export function isApplicable(offer: Offer, audience: OfferAudience): boolean {
  if (offer.endsAt && offer.endsAt <= audience.now) return false;
  if (offer.countries.length > 0 && !offer.countries.some((place) => isPlaceOf(place, audience)))
    return false;
  return (
    offer.emails.length === 0 ||
    (audience.email !== null && offer.emails.includes(audience.email.toLowerCase()))
  );
}

/** A caller whose country is unknown is in no place at all. */
const isPlaceOf = (place: string, { country, tier }: OfferAudience): boolean =>
  country !== null && (place === country || place === `TIER${tier}`);

/** The order in which offers compete: priority, then the biggest saving; the id only makes it repeatable. */
export const compareOffers = (a: Offer, b: Offer): number =>
  b.priority - a.priority || b.percentBp - a.percentBp || (a.id < b.id ? -1 : 1);
