import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { containing } from "./covering.ts";

/** A contract as its customer sees it. */
export type Purchase = {
  id: string;
  status: string;
  createdAt: Date;
  periodStartAt: Date;
  periodEndAt: Date | null;
  cancelAt: Date | null;
  cancelAtPeriodEnd: boolean;
  canceledAt: Date | null;
  endedAt: Date | null;
  amountMinor: number;
  currency: string;
  interval: string | null;
  percentBp: number | null;
  metadata: Record<string, string>;
};

/** What a customer has on a paywall: the answer to "may I?", and what it rests on. */
export type UserState = {
  hasAccess: boolean;
  /** Newest first; contracts made on this paywall or granting its pass. */
  purchases: Purchase[];
  /** The card trial in progress. */
  trial: { startedAt: Date; expiresAt: Date } | null;
  hadPreviousTrial: boolean;
};

/** Product spec §2.7: what a contract's state is called on the 3.x wire. */
export function wireStatus(contract: { state: string; duration: string }): string {
  if (contract.duration === "PERPETUAL" && contract.state === "active") return "paid";
  return contract.state === "expired" ? "canceled" : contract.state;
}

const CONTAINING: Statement = { text: containing("s.id"), values: [], name: undefined };

type Row = {
  hasAccess: boolean;
  hadPreviousTrial: boolean;
  contracts: StoredPurchase[] | null;
};

/** As `jsonb_agg` gives it: instants as text, which we turn back so that one place writes them. */
type StoredPurchase = Pick<
  Purchase,
  "id" | "cancelAtPeriodEnd" | "amountMinor" | "currency" | "interval" | "percentBp" | "metadata"
> & {
  state: string;
  duration: string;
  createdAt: string;
  periodStartAt: string;
  periodEndAt: string | null;
  trialStartAt: string | null;
  trialEndAt: string | null;
  cancelAt: string | null;
  canceledAt: string | null;
  endedAt: string | null;
};

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/**
 * A customer's state on a paywall in one mode, in one statement that PostgreSQL keeps prepared: this is asked
 * every five seconds by everybody who waits for a payment.
 */
export async function readState(
  q: Queryable,
  input: {
    tenantId: string;
    mode: Mode;
    paywallId: string;
    productId: string;
    customerId: string;
    now: Date;
  },
): Promise<UserState> {
  const { tenantId, mode, paywallId, productId, customerId, now } = input;
  const row = await q.one<Row>(sql`
    select
      exists (select from entitlements e
        where e.customer_id = ${customerId} and e.mode = ${mode}
          and (e.product_id = ${productId} or e.product_id in (
            select up.id from products s cross join lateral (${CONTAINING}) up where s.id = ${productId}))
          and e.tenant_id = ${tenantId} and e.state in ('active', 'grace') and e.valid_from_at <= ${now}
          and (e.valid_to_at is null or e.valid_to_at > ${now})) "hasAccess",
      exists (select from card_trials t join contracts k on k.id = t.contract_id
        where t.customer_id = ${customerId} and t.tenant_id = ${tenantId} and k.mode = ${mode}
          and (t.product_id = ${productId} or k.paywall_id = ${paywallId})) "hadPreviousTrial",
      (select jsonb_agg(jsonb_build_object('id', k.id, 'state', k.state, 'duration', k.duration,
          'createdAt', k.created_at, 'periodStartAt', k.period_start_at, 'periodEndAt', k.period_end_at,
          'trialStartAt', k.trial_start_at, 'trialEndAt', k.trial_end_at, 'cancelAt', k.cancel_at,
          'cancelAtPeriodEnd', k.cancel_at_period_end, 'canceledAt', k.canceled_at, 'endedAt', k.ended_at,
          'amountMinor', k.price_minor, 'currency', k.currency, 'interval', k.interval, 'percentBp', k.percent_bp,
          'metadata', k.metadata) order by k.created_at desc, k.id desc)
        from contracts k
        where k.customer_id = ${customerId} and k.tenant_id = ${tenantId} and k.mode = ${mode} and not k.is_gift
          and (k.paywall_id = ${paywallId} or k.product_id = ${productId})) contracts`);
  const contracts = row.contracts ?? [];
  const inTrial = contracts.find(
    (it) => it.state === "trialing" && it.trialEndAt !== null && new Date(it.trialEndAt) > now,
  );
  return {
    hasAccess: row.hasAccess,
    hadPreviousTrial: row.hadPreviousTrial,
    trial:
      inTrial?.trialStartAt && inTrial.trialEndAt
        ? { startedAt: new Date(inTrial.trialStartAt), expiresAt: new Date(inTrial.trialEndAt) }
        : null,
    purchases: contracts.map((it) => ({
      id: it.id,
      status: wireStatus(it),
      createdAt: new Date(it.createdAt),
      periodStartAt: new Date(it.periodStartAt),
      periodEndAt: date(it.periodEndAt),
      cancelAt: date(it.cancelAt),
      cancelAtPeriodEnd: it.cancelAtPeriodEnd,
      canceledAt: date(it.canceledAt),
      endedAt: date(it.endedAt),
      amountMinor: it.amountMinor,
      currency: it.currency,
      interval: it.interval ?? "lifetime",
      percentBp: it.percentBp,
      metadata: it.metadata,
    })),
  };
}
