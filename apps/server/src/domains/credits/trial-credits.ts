import { type Db, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { PRIORITIES } from "./account.ts";
import { dayOf } from "./months.ts";
import { countedTypes, type QueryType, type Tokenization } from "./tokenization.ts";

export type TrialOwner = {
  tenantId: string;
  customerId: string;
  paywallId: string;
  mode: Mode;
  /** Where the tenant's day begins. */
  timeZone: string;
  /** The tenant's time. */
  now: Date;
};

/**
 * Gives a customer what the paywall lets everybody try, the first time that they are seen, and what a day's use took of
 * it, once a day. Never lowers anything; whoever has credits of a plan is past trying. Cheap when nothing is due.
 */
export async function ensureTrial(
  db: Db,
  deps: Pick<Deps, "clock" | "ids">,
  owner: TrialOwner,
  tokenization: Tokenization | undefined,
): Promise<void> {
  const tried = countedTypes(tokenization).filter(({ trial }) => trial && trial.count > 0);
  if (tried.length === 0) return;
  const today = dayOf(owner.now, owner.timeZone);
  const seen = await db.query<{ type: string; today: boolean }>(sql`
    select type, topped_up_on >= ${today}::date today from credit_accounts
    where customer_id = ${owner.customerId} and scope = ${owner.paywallId} and mode = ${owner.mode}
      and topped_up_on is not null`);
  const due = tried.filter(({ type, trial }) => {
    const known = seen.find((it) => it.type === type);
    return !known || (trial?.daily !== false && !known.today);
  });
  if (due.length === 0) return;
  await db.transaction(async (tx) => {
    for (const query of due) await topUp(tx, deps, owner, query, today);
  });
}

async function topUp(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  owner: TrialOwner,
  query: QueryType,
  today: string,
): Promise<void> {
  const { tenantId, customerId, paywallId, mode, now } = owner;
  const { id } = await tx.one<{ id: number }>(
    sql`select credit_account(${tenantId}, ${customerId}, ${paywallId}, ${mode}, ${query.type}, ${now}) id`,
  );
  const begun = await tx.maybeOne<{ balance: number }>(sql`
    update credit_accounts set topped_up_on = ${today}, low_at = ${query.lowAt ?? 0}
    where id = ${id} and (topped_up_on is null or topped_up_on < ${today}::date) returning balance`);
  if (!begun) return;
  await tx.query(sql`select credit_sweep(${id}, ${now})`);
  const limit = query.trial?.count ?? 0;
  const lot = await tx.maybeOne<{ id: string }>(
    sql`select id from credit_lots where account_id = ${id} and kind = 'trial' order by created_at limit 1`,
  );
  if (!lot) {
    // Whoever was given a trial and moved it into another account has had it.
    await tx.query(sql`
      select outcome from credit_grant(${id}, ${deps.ids.next("balanceLot")}, 'trial', ${limit}, ${PRIORITIES.trial}, null, 0, null,
        ${`trial:${customerId}:${paywallId}:${mode}:${query.type}`}, null, null, null, 'system', ${now}, ${deps.clock.now()})`);
    return;
  }
  const { missing } = await tx.one<{ missing: number }>(sql`
    select case when exists (select from credit_lots where account_id = ${id} and kind in ('plan', 'rollover')
        and (expires_at is null or expires_at > ${now}) and closed_at is null) then 0
      else greatest(0, ${limit} - balance) end::bigint missing
    from credit_accounts where id = ${id}`);
  if (missing === 0) return;
  await tx.execute(sql`update credit_lots set granted = granted + ${missing} where id = ${lot.id}`);
  await tx.execute(sql`
    insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, reference, occurred_at)
    values (${deps.ids.next("ledgerEntry")}, ${tenantId}, ${id}, ${lot.id}, ${missing}, 0, 'top_up', 'system', ${today}, ${now})`);
}
