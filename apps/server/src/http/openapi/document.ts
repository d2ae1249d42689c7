import { MANAGEMENT_ENDPOINTS, MANAGEMENT_TAGS } from "@tollgate/protocol/management-api/endpoints";
import { testModeEndpoints } from "@tollgate/protocol/management-api/test-mode";
import { type OpenApiDocument, toOpenApi } from "@tollgate/protocol/openapi";
import {
  PAYWALL_API_ENDPOINTS,
  PAYWALL_API_TAGS,
  WEBHOOK_EXAMPLES,
} from "@tollgate/protocol/paywall-api/endpoints";
import { webhookEvent } from "@tollgate/protocol/paywall-api/webhooks";

/** Describes every public endpoint of the server at `baseUrl`. Pure: the same address gives the same bytes. */
export function openApiDocument(baseUrl: string, { testMode = false } = {}): OpenApiDocument {
  const own = testMode ? testModeEndpoints : [];
  return toOpenApi([...PAYWALL_API_ENDPOINTS, ...MANAGEMENT_ENDPOINTS, ...own], {
    info: {
      title: "Tollgate API",
      version: "3.x",
      description: "Show a paywall, sign people in, sell, and ask who has access.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: baseUrl }],
    tags: [
      ...PAYWALL_API_TAGS,
      ...MANAGEMENT_TAGS,
      { name: "Webhooks", description: "What the server tells you." },
    ],
    webhooks: { schema: webhookEvent, examples: WEBHOOK_EXAMPLES },
  });
}
