/**
 * Growth: what makes a price smaller or different for some people. Offers are discounts limited by time or
 * audience; an experiment shows other prices to a share of devices.
 *
 * Invariants: an offer that has ended or is not meant for somebody never lowers their bill, whatever a client
 * still shows; one price experiment runs per paywall, and its variants keep their order.
 */
export { type RunningExperiment, runningExperiment, type VariantOption, withOptions } from "./experiment.ts";
export { applicableOffers, findCheckoutOffer } from "./find-offer.ts";
export { compareOffers, isApplicable, type Offer, type OfferAudience } from "./offer.ts";
export { findRunningExperiment, listActiveOffers } from "./queries.ts";
