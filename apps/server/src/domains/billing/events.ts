import type { Queryable } from "../../platform/database/index.ts";
import { sql } from "../../platform/database/index.ts";

/**
 * What billing tells the world, in the words of product spec §2.8. Every type below carries a
 * `ContractSnapshot` in `events.data`, taken in the transaction of the change, so that a follower needs no
 * further reading and a later change cannot colour an earlier message.
 *
 * On the 3.x wire: `subscription.created` stays; `subscription.updated`, `renewed`, `past_due`,
 * `recovered`, `cancel_scheduled` and `uncanceled` are `subscription.updated`; `subscription.cancelled` and
 * `subscription.expired` are `subscription.cancelled`; `payment.completed` (PERPETUAL only) and
 * `refund.created` stay; everything else is ours alone.
 */
export const BILLING_EVENTS = [
  "checkout.completed",
  "subscription.created",
  "subscription.updated",
  "subscription.renewed",
  "subscription.past_due",
  "subscription.recovered",
  "subscription.cancel_scheduled",
  "subscription.uncanceled",
  "subscription.cancelled",
  "subscription.expired",
  "amendment.applied",
  "payment.completed",
  "payment.failed",
  "bill.paid",
  "refund.created",
  "dispute.opened",
  "dispute.won",
  "dispute.lost",
  "trial.started",
  "trial.converted",
  "trial.expired",
  "payment_issue.opened",
  "payment_issue.resolved",
  "entitlement.created",
  "entitlement.revoked",
  "entitlement.expired",
] as const;
export type BillingEventType = (typeof BILLING_EVENTS)[number];

export type ContractState =
  | "incomplete"
  | "incomplete_expired"
  | "trialing"
  | "active"
  | "past_due"
  | "unpaid"
  | "paused"
  | "canceled"
  | "expired";

/** Instants are ISO 8601 texts with milliseconds, because this lives in a jsonb column. */
export type ContractSnapshot = {
  contract: {
    id: string;
    duration: "RECURRING" | "RENEWABLE" | "PERPETUAL";
    state: ContractState;
    productId: string;
    periodStartAt: string;
    periodEndAt: string | null;
    trialStartAt: string | null;
    trialEndAt: string | null;
    cancelAtPeriodEnd: boolean;
    cancelAt: string | null;
    canceledAt: string | null;
    cancelReason: string | null;
    endedAt: string | null;
  };
  /** As sold: `amountMinor` is what one period costs, before any discount, in minor units of `currency`. */
  price: {
    optionNum: number;
    amountMinor: number;
    currency: string;
    interval: string | null;
    intervalCount: number;
  };
  customer: { id: string; uuid: string; email: string | null };
  userMeta: Record<string, string>;
  paywall: { id: string; num: number };
  connection: { id: string; acquiring: string };
  /** The money that moved or failed to move, where the event is about that. `id` is the transaction's. */
  payment?: { id: string; amountMinor: number; currency: string; failureCode?: string | null };
  /** `payment` is then the charge that is given back. */
  refund?: { id: string; amountMinor: number; currency: string; reason: string | null };
  billId?: string;
  /** Why, where a change has several causes: `requested`, `refund`, `dispute`, `dunning`, `replaced`, `unpaid`… */
  reason?: string;
};

type Row = Omit<ContractSnapshot, "contract" | "payment" | "refund" | "billId" | "reason"> & {
  contract: Record<string, unknown>;
  instants: Record<string, Date | null>;
};

/** The snapshot of a contract as it stands in this transaction. */
export async function describeContractForEvent(q: Queryable, contractId: string): Promise<ContractSnapshot> {
  const row = await q.one<Row & { [instant: string]: Date | null }>(sql`
    select
      json_build_object('id', k.id, 'duration', k.duration, 'state', k.state, 'productId', k.product_id,
        'cancelAtPeriodEnd', k.cancel_at_period_end, 'cancelReason', coalesce(k.cancel_reason, k.end_reason)) contract,
      json_build_object('optionNum', o.num, 'amountMinor', k.price_minor, 'currency', k.currency,
        'interval', coalesce(k.interval, 'lifetime'), 'intervalCount', k.interval_count) price,
      json_build_object('id', c.id, 'uuid', c.uuid, 'email', c.email) customer,
      coalesce(l.user_meta, '{}') || ch.user_meta "userMeta",
      json_build_object('id', p.id, 'num', p.num) paywall,
      json_build_object('id', n.id, 'acquiring', n.acquiring) connection,
      k.period_start_at "periodStartAt", k.period_end_at "periodEndAt", k.trial_start_at "trialStartAt",
      k.trial_end_at "trialEndAt", k.cancel_at "cancelAt", k.canceled_at "canceledAt", k.ended_at "endedAt"
    from contracts k
    join customers c on c.id = k.customer_id
    join paywalls p on p.id = k.paywall_id
    join purchase_options o on o.id = k.option_id
    join checkouts ch on ch.id = k.checkout_id
    join processor_connections n on n.id = k.connection_id
    left join paywall_links l on l.paywall_id = k.paywall_id and l.customer_id = k.customer_id
    where k.id = ${contractId}`);
  const iso = (name: string) => row[name]?.toISOString() ?? null;
  const c = row.contract as Omit<ContractSnapshot["contract"], "periodStartAt">;
  return {
    contract: {
      id: c.id,
      duration: c.duration,
      state: c.state,
      productId: c.productId,
      periodStartAt: iso("periodStartAt") as string,
      periodEndAt: iso("periodEndAt"),
      trialStartAt: iso("trialStartAt"),
      trialEndAt: iso("trialEndAt"),
      cancelAtPeriodEnd: c.cancelAtPeriodEnd,
      cancelAt: iso("cancelAt"),
      canceledAt: iso("canceledAt"),
      cancelReason: c.cancelReason,
      endedAt: iso("endedAt"),
    },
    price: row.price,
    customer: row.customer,
    userMeta: row.userMeta,
    paywall: row.paywall,
    connection: row.connection,
  };
}
