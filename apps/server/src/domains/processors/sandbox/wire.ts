import { z } from "zod";
import { hmacSha256, safeEqual } from "../../../platform/crypto.ts";
import type { ProcessorEvent } from "../port.ts";
import type { Agreement, Charge } from "./agreement.ts";
import { methodNewsOf, type StoredCard } from "./cards.ts";

/** The sandbox's own webhook format, as another company might have chosen it, and its translation to ours. */

export const SIGNATURE_HEADER = "sandbox-signature";
const TOLERANCE_SECONDS = 300;

/** `t=<seconds>,v1=<hex>` over `<seconds>.<body>`. */
export function signBody(rawBody: string, secret: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `t=${seconds},v1=${hmacSha256(secret, `${seconds}.${rawBody}`).toString("hex")}`;
}

export function verifyBody(input: { headers: Headers; rawBody: string; secret: string; now: Date }): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(input.headers.get(SIGNATURE_HEADER) ?? "");
  if (!match) return false;
  const [, seconds, given] = match as unknown as [string, string, string];
  const expected = hmacSha256(input.secret, `${seconds}.${input.rawBody}`).toString("hex");
  const ageSeconds = Math.abs(input.now.getTime() / 1000 - Number(seconds));
  return safeEqual(given, expected) && ageSeconds <= TOLERANCE_SECONDS;
}

const at = z.iso.datetime().transform((text) => new Date(text));
const failureCode = z.enum([
  "insufficient_funds",
  "expired_card",
  "do_not_honor",
  "authentication_required",
  "fraud",
  "processor_error",
]);
const minor = z.number().int().nonnegative();

const subscription = z.object({
  externalId: z.string(),
  version: z.number().int().positive(),
  duration: z.enum(["RECURRING", "PERPETUAL"]),
  status: z.enum(["trialing", "active", "past_due", "canceled"]),
  periodStartAt: at,
  periodEndAt: at.nullable(),
  trialStartAt: at.nullable(),
  trialEndAt: at.nullable(),
  anchorDay: z.number().int().nullable(),
  cancelAtPeriodEnd: z.boolean(),
  cancelAt: at.nullable(),
  canceledAt: at.nullable(),
  endedAt: at.nullable(),
  endReason: z.enum(["requested", "dunning"]).nullable(),
  pastDueSinceAt: at.nullable(),
  nextAttemptAt: at.nullish(),
});

const money = { externalId: z.string(), subscriptionRef: z.string(), amountMinor: minor, occurredAt: at };

const event = z.object({
  id: z.string().min(1).max(100),
  type: z.string().min(1).max(100),
  created_at: at,
  data: z.object({
    session: z
      .object({
        externalId: z.string(),
        checkoutId: z.string(),
        state: z.enum(["pending", "completed", "failed", "expired", "canceled"]),
        failureCode: failureCode.nullable(),
      })
      .optional(),
    subscription: subscription.optional(),
    payment: z
      .object({
        ...money,
        currency: z.string().length(3),
        state: z.enum(["pending", "requires_action", "succeeded", "failed", "canceled"]),
        failureCode: failureCode.nullable(),
        invoice: z.object({
          externalId: z.string(),
          issuedAt: at,
          subtotalMinor: minor,
          discountMinor: minor,
          totalMinor: minor,
          periodStartAt: at,
          periodEndAt: at.nullable(),
        }),
      })
      .optional(),
    refund: z.object({ ...money, paymentRef: z.string(), reason: z.string().nullable() }).optional(),
    dispute: z
      .object({ ...money, paymentRef: z.string(), state: z.enum(["open", "won", "lost"]) })
      .optional(),
    method: z
      .object({
        vaultRef: z.string(),
        type: z.string(),
        brand: z.string().nullable(),
        last4: z.string().nullable(),
        expMonth: z.number().int().nullable(),
        expYear: z.number().int().nullable(),
        fingerprint: z.string().nullable(),
      })
      .optional(),
  }),
});

export type WireData = z.input<typeof event>["data"];

/** The bytes of an event. They are stored once and are the same on every delivery. */
export const writeEvent = (id: string, type: string, occurredAt: Date, data: WireData): string =>
  JSON.stringify({ id, type, created_at: occurredAt.toISOString(), data });

export function readEvents(rawBody: string): ProcessorEvent[] {
  const { id, type, created_at, data } = event.parse(JSON.parse(rawBody));
  return [{ externalId: id, type, occurredAt: created_at, ...data }];
}

export const wireSubscription = (
  agreement: Agreement,
  version: number,
  dueAt: Date | null,
): WireData["subscription"] => ({
  externalId: agreement.id,
  version,
  duration: agreement.kind === "recurring" ? "RECURRING" : "PERPETUAL",
  status: agreement.status,
  periodStartAt: agreement.period_start,
  periodEndAt: agreement.period_end,
  trialStartAt: agreement.trial_start,
  trialEndAt: agreement.trial_end,
  anchorDay: agreement.anchor_day,
  cancelAtPeriodEnd: agreement.cancel_at_period_end,
  cancelAt: agreement.cancel_at,
  canceledAt: agreement.canceled_at,
  endedAt: agreement.ended_at,
  endReason: agreement.end_reason,
  pastDueSinceAt: agreement.past_due_since,
  nextAttemptAt: agreement.status === "past_due" ? (dueAt?.toISOString() ?? null) : null,
});

export const wirePayment = (
  agreement: Agreement,
  paymentId: string,
  charge: Charge,
): WireData["payment"] => ({
  externalId: paymentId,
  subscriptionRef: agreement.id,
  amountMinor: charge.amount,
  currency: agreement.currency,
  state: charge.state,
  failureCode: charge.failure_code,
  occurredAt: charge.at,
  invoice: {
    externalId: charge.invoice.id,
    issuedAt: charge.invoice.issued_at,
    subtotalMinor: charge.invoice.subtotal,
    discountMinor: charge.invoice.discount,
    totalMinor: charge.invoice.total,
    periodStartAt: charge.invoice.period_start,
    periodEndAt: charge.invoice.period_end,
  },
});

export const wireMethod = (card: StoredCard): WireData["method"] => methodNewsOf(card);
