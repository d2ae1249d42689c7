/**
 * Checkout: one attempt to buy, with the terms that will be charged and an expiry.
 *
 * Invariants: the charge comes from the purchase option, never from the caller; one idempotency key makes one
 * processor session; a redirect proves nothing, only a processor's event completes a checkout; a refusal
 * leaves no trace.
 */
export { checkoutErrors } from "./errors.ts";
export { checkoutExpiryJob } from "./jobs.ts";
export { resolveReturnUrls, withMarkers } from "./return-urls.ts";
export {
  type Buyer,
  type StartCheckoutInput,
  type StartedCheckout,
  startCheckout,
} from "./start-checkout.ts";
export { agreeTerms, type Terms } from "./terms.ts";
