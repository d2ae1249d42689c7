/** The Management API's table (publisher API §8): what is not here does not exist, and what is here is served. */
import { accessListEndpoints } from "./access-lists.ts";
import { billingEndpoints } from "./billing.ts";
import { contentEndpoints } from "./content.ts";
import { discountCodeEndpoints } from "./discount-codes.ts";
import type { ManagementEndpoint } from "./endpoint.ts";
import { entitlementEndpoints } from "./entitlements.ts";
import { eventEndpoints } from "./events.ts";
import { meterEndpoints } from "./meters.ts";
import { paywallEndpoints } from "./paywalls.ts";
import { productEndpoints } from "./products.ts";
import { userEndpoints } from "./users.ts";
import { vendorEndpoints } from "./vendors.ts";
import { webhookEndpoints } from "./webhooks.ts";

export { type ManagementEndpoint, management } from "./endpoint.ts";

export const MANAGEMENT_TAGS = [
  { name: "Management: users", description: "Who reads and pays, and what is kept for them." },
  { name: "Management: products", description: "What is sold." },
  { name: "Management: purchase options", description: "The terms on which it is sold." },
  { name: "Management: content", description: "Your articles, and links that open them." },
  { name: "Management: paywalls", description: "What publishers' pages offer." },
  { name: "Management: meters", description: "How much readers may read for nothing." },
  { name: "Management: discount codes", description: "Discounts that are typed in." },
  { name: "Management: billing", description: "Checkouts, contracts, bills, and the money that moved." },
  { name: "Management: access", description: "Who may read what, whatever the reason." },
  {
    name: "Management: access lists",
    description: "Rights that come from elsewhere than a sale.",
  },
  { name: "Management: webhooks", description: "What you are told, and where." },
  { name: "Management: events", description: "What happened on your pages." },
  { name: "Management: vendors", description: "Who sells." },
  { name: "Management: test mode", description: "Only on a server in test mode." },
] as const;

export const MANAGEMENT_ENDPOINTS: readonly ManagementEndpoint[] = [
  ...userEndpoints,
  ...productEndpoints,
  ...contentEndpoints,
  ...paywallEndpoints,
  ...meterEndpoints,
  ...discountCodeEndpoints,
  ...billingEndpoints,
  ...entitlementEndpoints,
  ...webhookEndpoints,
  ...eventEndpoints,
  ...vendorEndpoints,
  ...accessListEndpoints,
];
