/** The Management API's table (publisher API §8): what is not here does not exist, and what is here is served. */
import { accessListEndpoints } from "./access-lists.ts";
import type { ManagementEndpoint } from "./endpoint.ts";
import { paywallEndpoints } from "./paywalls.ts";

export { type ManagementEndpoint, management } from "./endpoint.ts";

export const MANAGEMENT_TAGS = [
  { name: "Management: paywalls", description: "What publishers' pages offer." },
  {
    name: "Management: access lists",
    description: "Rights that come from elsewhere than a sale.",
  },
] as const;

export const MANAGEMENT_ENDPOINTS: readonly ManagementEndpoint[] = [
  ...paywallEndpoints,
  ...accessListEndpoints,
];
