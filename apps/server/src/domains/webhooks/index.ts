/**
 * Webhooks: what merchants hear from us. An endpoint is an address of theirs, a delivery is one message to
 * one endpoint, an attempt is one try at it. The messages follow paywall API §10 and Standard Webhooks.
 *
 * Invariants: a message has the same id and bytes on every attempt; a delivery is tried at least once and
 * at most six times on the schedule; only the public internet is called, unless the operator allows an
 * origin; a tenant has at most ten endpoints.
 */
export { createWebhookEndpoint, type NewWebhookEndpoint } from "./create-webhook-endpoint.ts";
export { DELIVERY_TIMEOUT_MS, deliveryJob } from "./deliver-messages.ts";
export { secretContext, type WebhookEndpoint } from "./endpoint.ts";
export { webhookFollower } from "./follower.ts";
export { pruneWebhookLogJob } from "./prune-log.ts";
export {
  listAttempts,
  listDeliveries,
  listWebhookEndpoints,
  type WebhookAttempt,
  type WebhookDelivery,
} from "./queries.ts";
export { redeliver } from "./redeliver.ts";
export { RETRY_DELAYS_MINUTES } from "./retry-schedule.ts";
export { signatureHeaders } from "./sign-message.ts";
export { updateWebhookEndpoint, type WebhookEndpointChange } from "./update-webhook-endpoint.ts";
