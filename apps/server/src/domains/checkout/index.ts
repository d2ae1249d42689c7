/**
 * Checkout: one attempt to buy, with the terms that will be charged and an expiry. A publisher's page first makes a session,
 * which says what is wanted and by whom; paying it makes attempts.
 *
 * Invariants: the charge comes from the purchase option, never from the caller; one idempotency key makes one
 * processor session; a redirect proves nothing, only a processor's event completes a checkout; a refusal
 * leaves no trace.
 */
export {
  changeSession,
  knownBuyerId,
  paywallOfSession,
  refuseClosed,
  type SessionChange,
} from "./change-session.ts";
export { checkoutErrors } from "./errors.ts";
export { checkoutExpiryJob } from "./jobs.ts";
export { type OpenSessionInput, openSession, sessionUrl, type WantedItem } from "./open-session.ts";
export { type PaySessionResult, paySession } from "./pay-session.ts";
export { offeredMethods } from "./payment-methods.ts";
export { type AppliedCode, type Line, type PricedSession, priceSession } from "./price-session.ts";
export { resolveReturnUrls, withMarkers } from "./return-urls.ts";
export {
  type CheckoutSession,
  isSoldThere,
  type MissingField,
  missingFields,
  type PostalAddress,
  type SessionDetails,
  type SessionMaker,
} from "./session.ts";
export { sessionErrors } from "./session-errors.ts";
export { findPaidTerms, findSession, forgetUnpaidSessions } from "./session-queries.ts";
export {
  type Buyer,
  type StartCheckoutInput,
  type StartedCheckout,
  startCheckout,
} from "./start-checkout.ts";
export { agreeTerms, type Terms } from "./terms.ts";
export { expireCheckout, listVendorsCheckouts, type VendorsCheckout } from "./vendor-checkouts.ts";
