import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf } from "./examples.ts";
import { instant } from "./scalars.ts";

const webhook = z
  .looseObject({
    id: z.string(),
    key: z.string(),
    url: z.string(),
    types: z.array(z.string()).meta({ description: "What it hears; empty is everything." }),
    format: z.enum(["publisher", "paywall"]),
    mode: z.enum(["test", "live"]),
    status: z.enum(["ACTIVE", "PAUSED", "AUTO_DISABLED"]),
    signed: z.boolean(),
    failingSince: instant.optional(),
    createdAt: instant,
  })
  .meta({ id: "Webhook" });

const url = z.string().max(2048).meta({ description: "https, on the public internet." });
const types = z.array(z.string()).max(50);

const HOOK = {
  id: idOf("whe"),
  key: "back-end",
  url: "https://lantern.example/hooks",
  types: ["contract.1#purchased"],
  format: "publisher",
  mode: "test",
  status: "ACTIVE",
  signed: true,
  createdAt: AT,
};
const tag = "Management: webhooks";
const ofHook = z.object({ id: z.string().meta({ description: "The webhook's `whe_…` id." }) });
const params = { id: HOOK.id };

export const listWebhooks = management({
  id: "managementListWebhooks",
  method: "GET",
  path: "/management/webhooks",
  tag,
  summary: "Webhooks",
  scope: "webhook:read",
  request: {},
  paged: true,
  responses: { 200: z.array(webhook) },
  example: { request: {}, response: [HOOK] },
});

export const createWebhook = management({
  id: "managementCreateWebhook",
  method: "POST",
  path: "/management/webhooks",
  tag,
  summary: "Hear of what happens",
  description:
    "The answer has the `secret` that signs the messages, which is shown this once. At most ten webhooks.",
  scope: "webhook:write",
  request: {
    body: z.object({
      url,
      types: types.default([]),
      format: z
        .enum(["publisher", "paywall"])
        .default("publisher")
        .meta({
          description:
            "`publisher`: `{ eventType, vendorId, userId, occured_at, … }`, of types such as `contract.1#purchased`. " +
            "`paywall`: the messages described under Webhooks, of types such as `subscription.created`.",
        }),
      key: z
        .string()
        .regex(/^[\w.:-]{1,80}$/, "must be 1 to 80 of A-Z, a-z, 0-9 and _ . : -")
        .optional(),
    }),
  },
  responses: { 201: webhook.extend({ secret: z.string() }).meta({ id: "WebhookWithSecret" }) },
  errors: [409],
  example: {
    request: { body: { key: "back-end", url: HOOK.url, types: HOOK.types } },
    response: { ...HOOK, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  },
});

export const getWebhook = management({
  id: "managementGetWebhook",
  method: "GET",
  path: "/management/webhooks/{id}",
  tag,
  summary: "A webhook",
  scope: "webhook:read",
  request: { params: ofHook },
  responses: { 200: webhook },
  errors: [404],
  example: { request: { params }, response: HOOK },
});

export const updateWebhook = management({
  id: "managementUpdateWebhook",
  method: "PATCH",
  path: "/management/webhooks/{id}",
  tag,
  summary: "Change a webhook",
  description: "`ACTIVE` also forgives one that was switched off for failing.",
  scope: "webhook:write",
  request: {
    params: ofHook,
    body: z.object({ url, types, status: z.enum(["ACTIVE", "PAUSED"]) }).partial(),
  },
  responses: { 200: webhook },
  errors: [404],
  example: { request: { params, body: { status: "ACTIVE" } }, response: HOOK },
});

export const deleteWebhook = management({
  id: "managementDeleteWebhook",
  method: "DELETE",
  path: "/management/webhooks/{id}",
  tag,
  summary: "Stop telling",
  scope: "webhook:write",
  request: { params: ofHook },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

const delivery = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    status: z.enum(["QUEUED", "DELIVERED", "RETRYING", "DEAD"]),
    attempts: z.int(),
    nextAttemptAt: instant.optional(),
    createdAt: instant,
    finishedAt: instant.optional(),
  })
  .meta({ id: "WebhookDelivery" });
const DELIVERY = {
  id: idOf("whd"),
  type: "subscription.created",
  status: "DEAD",
  attempts: 6,
  createdAt: AT,
};

export const listWebhookDeliveries = management({
  id: "managementListWebhookDeliveries",
  method: "GET",
  path: "/management/webhooks/{id}/deliveries",
  tag,
  summary: "What a webhook was told",
  description: "The last two hundred, the newest first.",
  scope: "webhook:read",
  request: { params: ofHook },
  responses: { 200: z.array(delivery) },
  errors: [404],
  example: { request: { params }, response: [DELIVERY] },
});

export const redeliverWebhook = management({
  id: "managementRedeliverWebhook",
  method: "POST",
  path: "/management/webhooks/{id}/deliveries/{deliveryId}/redeliver",
  tag,
  summary: "Tell it once more",
  scope: "webhook:write",
  request: { params: ofHook.extend({ deliveryId: z.string() }) },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...params, deliveryId: DELIVERY.id } } },
});

export const webhookEndpoints: readonly ManagementEndpoint[] = [
  listWebhooks,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  listWebhookDeliveries,
  redeliverWebhook,
];
