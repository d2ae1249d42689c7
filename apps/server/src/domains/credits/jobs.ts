import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { projectContractCredits } from "./contract-credits.ts";

const BATCH = 200;
const KEYS_DAYS = 7;

/** An account whose sums do not agree. */
export type Drift = {
  accountId: number;
  tenantId: string;
  balance: number;
  entries: number;
  lots: number;
  held: number;
  holds: number;
};

/** Compares every balance with the sum of its entries and of its lots, and what is held with the open holds. */
export const findDrift = (q: Queryable): Promise<Drift[]> =>
  q.query<Drift>(sql`
    with entries as (select account_id, sum(delta)::bigint total from credit_entries group by account_id),
      lots as (select account_id, sum(remaining)::bigint total from credit_lots group by account_id),
      holds as (select account_id, sum(amount)::bigint total from credit_holds where state = 'open' group by account_id)
    select a.id "accountId", a.tenant_id "tenantId", a.balance, coalesce(e.total, 0) entries, coalesce(l.total, 0) lots,
      a.held, coalesce(h.total, 0) holds
    from credit_accounts a left join entries e on e.account_id = a.id left join lots l on l.account_id = a.id
      left join holds h on h.account_id = a.id
    where a.balance <> coalesce(e.total, 0) or a.balance <> coalesce(l.total, 0) or a.held <> coalesce(h.total, 0)
    order by a.id limit 100`);

/** Ends credits that are past their time, on each tenant's clock. Returns how many accounts. */
export async function expireCredits(deps: Pick<Deps, "clock" | "db">): Promise<number> {
  const now = deps.clock.now();
  const due = await deps.db.query<{ id: number; at: Date }>(sql`
    select distinct a.id, ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' as "at"
    from credit_lots l join credit_accounts a on a.id = l.account_id join tenants t on t.id = l.tenant_id
    where l.closed_at is null and l.expires_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
      -- What holds count on goes when they are closed.
      and (l.remaining = 0 or a.balance > a.held)
    limit ${BATCH}`);
  for (const { id, at } of due) {
    await deps.db.transaction(async (tx) => {
      await tx.query(sql`select id from credit_accounts where id = ${id} for no key update`);
      await tx.query(sql`select credit_sweep(${id}, ${at})`);
    });
  }
  return due.length;
}

/** Gives back what calls kept that never told how they ended. Returns how many holds. */
export async function expireHolds(deps: Pick<Deps, "clock" | "db">): Promise<number> {
  const now = deps.clock.now();
  const due = await deps.db.query<{ id: string; at: Date }>(sql`
    select h.id, ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' as "at"
    from credit_holds h join tenants t on t.id = h.tenant_id
    where h.state = 'open' and h.expires_at <= ${now} order by h.expires_at limit ${BATCH}`);
  for (const { id, at } of due) {
    await deps.db.query(sql`select credit_release(${id}, 'expired', ${at}, ${now})`);
  }
  return due.length;
}

/** The months within longer periods. Returns how many contracts. */
export const grantDueCredits = (deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">): Promise<number> =>
  deps.db.transaction(async (tx) => {
    const due = await tx.query<{ contractId: string; at: Date }>(sql`
      select p.contract_id "contractId", ${deps.clock.now()}::timestamptz + t.clock_offset_ms * interval '1 millisecond' as "at"
      from credit_plans p join tenants t on t.id = p.tenant_id
      where p.next_grant_at <= ${deps.clock.now()}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
      order by p.next_grant_at limit 50 for update of p skip locked`);
    for (const { contractId, at } of due) {
      await tx.execute(sql`update credit_plans set next_grant_at = null where contract_id = ${contractId}`);
      await projectContractCredits(tx, deps, { contractId, at });
    }
    return due.length;
  });

export function creditJobs(deps: Deps): Job[] {
  return [
    { name: "credit-holds", everyMs: 5000, run: () => expireHolds(deps) },
    { name: "credit-plans", everyMs: 15_000, run: () => grantDueCredits(deps) },
    { name: "credit-expiry", everyMs: 15_000, run: () => expireCredits(deps) },
    {
      name: "credit-drift",
      everyMs: 24 * 3_600_000,
      run: async () => {
        for (const drift of await findDrift(deps.db))
          deps.log.error(drift, "a credit account's sums do not agree");
        return 0;
      },
    },
    {
      name: "credit-keys",
      everyMs: 3_600_000,
      run: () =>
        deps.db.execute(sql`
          delete from credit_operations where ctid = any (array(select ctid from credit_operations
            where created_at <= ${deps.clock.now()}::timestamptz - ${KEYS_DAYS} * interval '1 day' limit 1000))`),
    },
  ];
}
