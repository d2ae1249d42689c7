import type { Mode } from "../../platform/events.ts";

/** How a product is delivered: with every paid bill, or when a reader who has it asks. */
export type FulfillmentTerms = {
  /** Who delivers, as the merchant calls them. */
  provider: string;
  each: "bill" | "request";
  copies: number;
  /** Days from the bill to the delivery; null is "as soon as it can be". */
  deliversAfterDays: number | null;
};

export type FulfillmentState =
  | "pending"
  | "scheduled"
  | "requested"
  | "shipped"
  | "delivered"
  | "failed"
  | "canceled";

/** One delivery of one product to one customer. */
export type Fulfillment = {
  id: string;
  /** A number for labels and lists. */
  num: number;
  tenantId: string;
  mode: Mode;
  customerId: string;
  productId: string;
  sku: string;
  title: string;
  cover: string | null;
  contractId: string | null;
  billId: string | null;
  itemId: string;
  state: FulfillmentState;
  provider: string;
  copies: number;
  deliversAt: Date | null;
  tracking: string | null;
  requestedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

/** What a reader may still ask for; a delivery that failed may be asked for again. */
export const isRequestable = (state: FulfillmentState): boolean =>
  state === "pending" || state === "scheduled" || state === "failed";

const NEXT: Record<FulfillmentState, readonly FulfillmentState[]> = {
  pending: ["scheduled", "requested", "shipped", "failed", "canceled"],
  scheduled: ["requested", "shipped", "failed", "canceled"],
  requested: ["shipped", "failed", "canceled"],
  shipped: ["delivered", "failed"],
  failed: ["pending", "requested", "canceled"],
  delivered: [],
  canceled: [],
};

/** Product spec §2.3. */
export const mayBecome = (from: FulfillmentState, to: FulfillmentState): boolean => NEXT[from].includes(to);
