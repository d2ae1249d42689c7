import type { Queryable } from "../../platform/database/index.ts";
import type { Tier } from "../../platform/geo/index.ts";
import { isApplicable, type Offer } from "./offer.ts";
import { findOptionKey, listActiveOffers } from "./queries.ts";

type Audience = { country: string | null; tier: Tier | null; email: string | null; now: Date };

/** The offers that this person may see on a paywall, best first. */
export async function applicableOffers(
  q: Queryable,
  input: Audience & { paywallId: string },
): Promise<Offer[]> {
  return (await listActiveOffers(q, input.paywallId)).filter((offer) => isApplicable(offer, input));
}

/**
 * The discount of one checkout (paywall API §4.4), or null. A named offer counts only when it belongs to this
 * paywall and applies to this option and person; otherwise it is ignored without a word, and nothing else
 * takes its place. When none is named, an end-date offer addressed to this very e-mail is found by itself.
 *
 * `email` must be the buyer's, lower-cased or not. Offers that run for a while from each device's first
 * view have no start on the server: a named one is believed.
 */
export async function findCheckoutOffer(
  q: Queryable,
  input: Audience & { paywall: { id: string; tenantId: string }; optionId: string; offerId?: string | null },
): Promise<{ offerId: string; percentBp: number } | null> {
  const { paywall, offerId } = input;
  const option = await findOptionKey(q, paywall.tenantId, input.optionId);
  if (!option) return null;
  const fitting = (await applicableOffers(q, { ...input, paywallId: paywall.id })).filter(
    (offer) => offer.optionKey === null || offer.optionKey === option.key,
  );
  const chosen = offerId
    ? fitting.find((offer) => offer.id === offerId)
    : bestAddressed(fitting.filter((offer) => offer.timer === "end_date" && offer.emails.length > 0));
  return chosen ? { offerId: chosen.id, percentBp: chosen.percentBp } : null;
}

/** All of them fit the option already; one that names it goes before one for every option. */
const bestAddressed = (offers: Offer[]): Offer | undefined =>
  offers.find((it) => it.optionKey !== null) ?? offers[0];
