import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { Balance, CreditAccount } from "./account.ts";

type Owner = { tenantId: string; customerId: string; paywallId: string | null; mode: Mode; now: Date };

/** What may be spent of each type that was ever given; types that are not listed were not. */
export const readBalances = (q: Queryable, owner: Owner): Promise<Balance[]> =>
  q.query<Balance>(sql`
    select a.type, greatest(0, a.balance - a.held - l.late)::bigint count
    from credit_accounts a join lateral (
      -- Past its time and not ended yet, without what goes over.
      select coalesce(sum(remaining - least(remaining, rollover_max)), 0)::bigint late from credit_lots
      where account_id = a.id and closed_at is null and expires_at <= ${owner.now}
    ) l on true
    where a.customer_id = ${owner.customerId} and a.scope = ${owner.paywallId ?? ""} and a.mode = ${owner.mode}
      and a.tenant_id = ${owner.tenantId}
    order by a.id`);

/** What may be spent of one type, or null when nothing of it was ever given. */
export async function balanceOf(q: Queryable, account: CreditAccount, now: Date): Promise<number | null> {
  const all = await readBalances(q, { ...account, now });
  return all.find(({ type }) => type === account.type)?.count ?? null;
}

export type LedgerEntry = {
  id: string;
  type: string;
  delta: number;
  balanceAfter: number;
  reason: string;
  lotKind: string;
  reference: string | null;
  occurredAt: Date;
};

/** A customer's movements, newest first. */
export const readEntries = (q: Queryable, owner: Owner, limit: number): Promise<LedgerEntry[]> =>
  q.query<LedgerEntry>(sql`
    select e.id, a.type, e.delta, e.balance_after "balanceAfter", e.reason, l.kind "lotKind", e.reference,
      e.occurred_at "occurredAt"
    from credit_accounts a join credit_entries e on e.account_id = a.id join credit_lots l on l.id = e.lot_id
    where a.customer_id = ${owner.customerId} and a.scope = ${owner.paywallId ?? ""} and a.mode = ${owner.mode}
      and a.tenant_id = ${owner.tenantId}
    order by e.seq desc limit ${limit}`);
