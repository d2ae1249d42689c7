import type { WebhookEvent, WebhookSubscription, WebhookType } from "@tollgate/protocol/paywall-api/webhooks";
import type { StoredEvent } from "../../platform/events.ts";
import type { BillingEventType, ContractSnapshot, ContractState } from "../billing/index.ts";

const WIRE_TYPES: Partial<Record<BillingEventType, WebhookType>> = {
  "payment.completed": "payment.completed",
  "subscription.created": "subscription.created",
  "subscription.updated": "subscription.updated",
  "subscription.renewed": "subscription.updated",
  "subscription.past_due": "subscription.updated",
  "subscription.recovered": "subscription.updated",
  "subscription.cancel_scheduled": "subscription.updated",
  "subscription.uncanceled": "subscription.updated",
  "subscription.cancelled": "subscription.cancelled",
  "subscription.expired": "subscription.cancelled",
  "refund.created": "refund.created",
};

// The wire knows five states of a subscription. What we tell apart beyond them is told as the nearest one.
const STATUS: Record<ContractState, WebhookSubscription["status"]> = {
  incomplete: "incomplete",
  incomplete_expired: "incomplete",
  trialing: "trialing",
  active: "active",
  paused: "active",
  past_due: "past_due",
  unpaid: "past_due",
  canceled: "canceled",
  expired: "canceled",
};

/** The wire type that merchants hear of this event by, or null when it is ours alone. Paywall API §10.3. */
export function wireTypeOf(event: Pick<StoredEvent, "type" | "data">): WebhookType | null {
  const type = WIRE_TYPES[event.type as BillingEventType] ?? null;
  if (type === null || type === "refund.created") return type;
  // A lifetime purchase is a payment and never a subscription, and the other way round.
  const oneTime = (event.data as ContractSnapshot).contract.duration === "PERPETUAL";
  return oneTime === (type === "payment.completed") ? type : null;
}

/**
 * The id that all endpoints and all attempts see for one event: `evt_`, milliseconds, `_`, random. It is a
 * function of the event's own id, so that a follower that runs twice names the same message.
 */
export const messageIdOf = (event: Pick<StoredEvent, "id" | "createdAt">): string =>
  `evt_${event.createdAt.getTime()}_${event.id.slice(-16).toLowerCase()}`;

/** The message as merchants receive it: paywall API §10.2, money in minor units, ids as on the 3.x wire. */
export function renderMessage(event: StoredEvent, type: WebhookType, builtAt: Date): WebhookEvent {
  const snapshot = event.data as ContractSnapshot;
  const { price, customer, paywall, connection, payment, refund } = snapshot;
  const data = {
    price: {
      id: String(price.optionNum),
      unit_amount: price.amountMinor,
      interval: price.interval ?? "lifetime",
      currency: price.currency,
    },
    customer: { id: customer.id, email: customer.email ?? "" },
    user: { id: customer.uuid, email: customer.email, metadata: snapshot.userMeta },
    paywall: { id: String(paywall.num) },
    acquiring: {
      id: connection.id,
      provider: connection.acquiring as WebhookEvent["data"]["acquiring"]["provider"],
    },
  };
  const id = messageIdOf(event);
  const times = { created_at: builtAt.toISOString(), occurred_at: event.occurredAt.toISOString() };
  switch (type) {
    case "payment.completed":
      return {
        id,
        type,
        ...times,
        data: { ...data, payment: { id: payment?.id ?? "", status: "succeeded" } },
      };
    case "refund.created":
      return {
        id,
        type,
        ...times,
        data: {
          ...data,
          ...(payment && { payment: { id: payment.id } }),
          refund: { id: refund?.id ?? "", reason: refund?.reason ?? null, amount: refund?.amountMinor ?? 0 },
        },
      };
    default:
      return { id, type, ...times, data: { ...data, subscription: renderSubscription(snapshot.contract) } };
  }
}

function renderSubscription(contract: ContractSnapshot["contract"]): WebhookSubscription {
  const instants = {
    trial_period_start: contract.trialStartAt,
    trial_period_end: contract.trialEndAt,
    cancel_at: contract.cancelAt,
    canceled_at: contract.canceledAt,
    ended_at: contract.endedAt,
  };
  const known = Object.fromEntries(Object.entries(instants).filter(([, at]) => at !== null));
  return {
    id: contract.id,
    status: STATUS[contract.state],
    current_period_start: contract.periodStartAt,
    current_period_end: contract.periodEndAt ?? contract.periodStartAt,
    cancel_at_period_end: contract.cancelAtPeriodEnd,
    ...known,
  };
}
