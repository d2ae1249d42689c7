import * as z from "zod";
import { acquiring, currencyCode, iso } from "./scalars.ts";

export const WEBHOOK_TYPES = [
  "payment.completed",
  "subscription.created",
  "subscription.updated",
  "subscription.cancelled",
  "refund.created",
] as const;
export const webhookType = z.enum(WEBHOOK_TYPES);
export type WebhookType = z.infer<typeof webhookType>;

export const webhookSubscription = z
  .object({
    id: z.string(),
    status: z.enum(["active", "trialing", "past_due", "canceled", "incomplete"]),
    current_period_start: iso,
    current_period_end: iso,
    trial_period_start: iso.optional(),
    trial_period_end: iso.optional(),
    cancel_at_period_end: z.boolean(),
    cancel_at: iso.optional(),
    canceled_at: iso.optional(),
    ended_at: iso.optional(),
  })
  .meta({ id: "WebhookSubscription" });
export type WebhookSubscription = z.infer<typeof webhookSubscription>;

const common = {
  price: z.object({
    id: z.string(),
    unit_amount: z.number().int(),
    interval: z.string(),
    currency: currencyCode,
  }),
  customer: z.object({ id: z.string(), email: z.string() }),
  user: z.object({
    id: z.string(),
    email: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
  }),
  paywall: z.object({ id: z.string() }),
  acquiring: z.object({ id: z.string(), provider: acquiring }),
};

const envelope = { id: z.string().regex(/^evt_/), created_at: iso, occurred_at: iso.optional() };
const subscriptionData = z.object({ ...common, subscription: webhookSubscription });

/** One message to a merchant. Delivered at least once and unordered: consumers dedupe by `id`, order by `occurred_at`. */
export const webhookEvent = z
  .discriminatedUnion("type", [
    z.object({
      ...envelope,
      type: z.literal("payment.completed"),
      data: z.object({ ...common, payment: z.object({ id: z.string(), status: z.literal("succeeded") }) }),
    }),
    z.object({ ...envelope, type: z.literal("subscription.created"), data: subscriptionData }),
    z.object({ ...envelope, type: z.literal("subscription.updated"), data: subscriptionData }),
    z.object({ ...envelope, type: z.literal("subscription.cancelled"), data: subscriptionData }),
    z.object({
      ...envelope,
      type: z.literal("refund.created"),
      data: z.object({
        ...common,
        payment: z.object({ id: z.string() }).optional(),
        refund: z.object({ id: z.string(), reason: z.string().nullable(), amount: z.number().int() }),
      }),
    }),
  ])
  .meta({ id: "WebhookEvent" });
export type WebhookEvent = z.infer<typeof webhookEvent>;
