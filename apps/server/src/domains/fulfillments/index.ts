/**
 * Fulfillments: goods that are delivered for what was bought, once per paid bill, or when a reader who has a right to
 * them asks.
 *
 * Invariants: a bill makes one delivery of each product in it that is delivered so, however often we hear that it was
 * paid; a delivery is asked for once; what was given back is not sent.
 */
export { followBills } from "./follow-bills.ts";
export type { Fulfillment, FulfillmentState, FulfillmentTerms } from "./fulfillment.ts";
export { type FulfillmentScope, listFulfillments, listProductFulfillments } from "./queries.ts";
export { moveFulfillment, orderDelivery, requestDelivery } from "./request-delivery.ts";
