import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { ContractState } from "./events.ts";
import { lastingPriceMinor, nextBillOf, readContracts } from "./statement.ts";

/** A contract as its customer reads it on their account page. */
export type AccountContract = {
  id: string;
  name: string;
  state: ContractState;
  duration: "RECURRING" | "RENEWABLE" | "PERPETUAL";
  currency: string;
  /** What the next period costs after discounts; without one, what was paid. */
  totalMinor: number;
  /** What it costs afterwards, where that differs: a discount ends. */
  thenMinor: number | null;
  interval: string | null;
  intervalCount: number;
  periodEndAt: Date | null;
  trialEndAt: Date | null;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  endedAt: Date | null;
  graceUntilAt: Date | null;
  disputed: boolean;
  createdAt: Date;
  method: { type: string; brand: string | null; last4: string | null } | null;
};

/**
 * What a customer has or had in one mode, on a paywall or at the whole tenant, what runs first. `realNow` is real time
 * (`readContracts`).
 */
export async function listAccountContracts(
  q: Queryable,
  input: { tenantId: string; customerId: string; mode: Mode; paywallId: string | null; realNow: Date },
): Promise<AccountContract[]> {
  const { tenantId, customerId, mode } = input;
  const contracts = await q.query<Omit<AccountContract, "thenMinor">>(sql`
    select k.id, ch.product_name || coalesce(' · ' || o.label, '') name, k.state, k.duration, k.currency,
      ch.total_minor "totalMinor", k.interval, k.interval_count "intervalCount", k.period_end_at "periodEndAt",
      k.trial_end_at "trialEndAt", k.cancel_at_period_end "cancelAtPeriodEnd", k.cancel_at "cancelAt",
      k.ended_at "endedAt", k.grace_until_at "graceUntilAt", k.created_at "createdAt",
      exists (select from bills b where b.contract_id = k.id and b.dispute_state = 'open') disputed,
      case when m.id is null then null
        else json_build_object('type', m.type, 'brand', m.brand, 'last4', m.last4) end "method"
    from contracts k join checkouts ch on ch.id = k.checkout_id join purchase_options o on o.id = k.option_id
    left join payment_methods m on m.id = k.method_id
    where k.tenant_id = ${input.tenantId} and k.customer_id = ${input.customerId} and k.mode = ${input.mode}
      and (${input.paywallId}::text is null or k.paywall_id = ${input.paywallId}
           or k.product_id = (select default_product_id from paywalls where id = ${input.paywallId}))
    order by k.ended_at is not null, k.created_at desc, k.id desc`);
  // A discount may have come or gone since the sale.
  const statements = await readContracts(q, { tenantId, customerId, mode }, input.realNow);
  const byId = new Map(statements.map((it) => [it.id, it]));
  return contracts.map((it) => {
    const statement = byId.get(it.id);
    const next = statement && nextBillOf(statement);
    if (!next) return { ...it, thenMinor: null };
    const lastingMinor = lastingPriceMinor(statement);
    const thenMinor = lastingMinor === next.totalMinor ? null : lastingMinor;
    return { ...it, totalMinor: next.totalMinor, thenMinor };
  });
}
