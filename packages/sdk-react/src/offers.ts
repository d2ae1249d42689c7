import type { ResolvedOffer } from "@tollgate/sdk";
import { createMirror, lookAgain } from "./mirror.ts";

const SECOND_MS = 1000;
/** One timer for every countdown on the page; it is wound by whoever reads one, so it ends when nobody does. */
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  timer = undefined;
  lookAgain();
}

/**
 * The live discount of a price, or null. Ticks once a second while it counts down, also when the countdown
 * starts later, and ends with null.
 */
export const usePaywallOffer: (priceId: string) => ResolvedOffer | null = createMirror<
  ResolvedOffer | null,
  string
>(null, ["ready"], (paywall, priceId) => {
  const offer = paywall.getOfferForPrice(priceId);
  const left = offer?.remainingMs;
  // While the modal is open its banner may start a countdown, of which no event tells. Waiting for the moment
  // when the second is full keeps a countdown from ever skipping one.
  if (!timer && (left || paywall.getState().open))
    timer = setTimeout(tick, (left || 0) % SECOND_MS || SECOND_MS);
  return offer;
});
