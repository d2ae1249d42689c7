/**
 * Growth: what makes a price smaller or different for some people. Offers are discounts limited by time or
 * audience; a discount code is one that is typed in; a gift is paid for somebody else; an experiment shows other prices to a
 * share of devices; a trial holds the paywall back for a while.
 *
 * Invariants: an offer that has ended or is not meant for somebody never lowers their bill, whatever a client
 * still shows; one price experiment runs per paywall, and its variants keep their order; a free period that
 * is used up stays used up for the customer and for the device; a code is never redeemed more often than it may be, and
 * what it took off is written down with the contract, whatever becomes of the code.
 */
export {
  DISCOUNT_CODE_STATUSES,
  DISCOUNT_DURATIONS,
  type DiscountCode,
  type DiscountCodeDraft,
  type DiscountTarget,
  type DiscountTerms,
  type Inapplicable,
  periodsOf,
  savedBy,
  whyInapplicable,
} from "./discount-code.ts";
export {
  countRedemptions,
  createDiscountCode,
  findDiscountCode,
  findDiscountCodeById,
  listDiscountCodes,
  saveDiscountCode,
  updateDiscountCode,
} from "./discount-codes.ts";
export { type RunningExperiment, runningExperiment, type VariantOption, withOptions } from "./experiment.ts";
export { applicableOffers, findCheckoutOffer } from "./find-offer.ts";
export { giftMails } from "./gift-mails.ts";
export {
  type ClaimResult,
  claimGift,
  findGift,
  findGiftOfSession,
  type Gift,
  giftLink,
  openGift,
  revokeGift,
} from "./gifts.ts";
export { compareOffers, isApplicable, type Offer, type OfferAudience } from "./offer.ts";
export { findRunningExperiment, listActiveOffers } from "./queries.ts";
export {
  type AppliedDiscount,
  type DiscountUser,
  listAppliedDiscounts,
  type Redeemed,
  redeemDiscountCode,
  redeemReservation,
  whyUsedUp,
} from "./redeem-discount-code.ts";
export {
  forgetTrialDevices,
  readTrialUse,
  recordTrialBlock,
  type TrialState,
  type TrialSubjects,
  type TrialTerms,
  type TrialUse,
  takeNewDevice,
  trialStateOf,
} from "./trial-state.ts";
