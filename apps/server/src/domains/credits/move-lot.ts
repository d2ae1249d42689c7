import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";

type CreditDeps = Pick<Deps, "clock" | "ids" | "jobs">;

type Lot = {
  id: string;
  tenantId: string;
  accountId: number;
  granted: number;
  remaining: number;
  reversed: number;
  free: number;
  contractId: string | null;
  customerId: string;
  scope: string;
  mode: "test" | "live";
  type: string;
};

/** A lot and its account, locked in this order: the account first. */
async function lockLot(tx: Tx, id: string): Promise<Lot> {
  await tx.one(sql`
    select id from credit_accounts where id = (select account_id from credit_lots where id = ${id}) for no key update`);
  return tx.one<Lot>(sql`
    select l.id, l.tenant_id "tenantId", l.account_id "accountId", l.granted, l.remaining, l.reversed,
      a.balance - a.held free, l.contract_id "contractId", a.customer_id "customerId", a.scope, a.mode, a.type
    from credit_lots l join credit_accounts a on a.id = l.account_id where l.id = ${id}`);
}

async function writeEntry(
  tx: Tx,
  deps: CreditDeps,
  lot: { id: string; tenantId: string; accountId: number },
  entry: { delta: number; reason: string; reference: string | null; at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, reference, occurred_at)
    values (${deps.ids.next("ledgerEntry")}, ${lot.tenantId}, ${lot.accountId}, ${lot.id}, ${entry.delta}, 0, ${entry.reason},
      'system', ${entry.reference}, ${entry.at})`);
}

/**
 * Takes back what is unspent of a lot, once; the spent part is told as lost, and so is what calls under way still keep.
 */
export async function takeBack(tx: Tx, deps: CreditDeps, input: { lotId: string; at: Date }): Promise<void> {
  const lot = await lockLot(tx, input.lotId);
  if (lot.reversed >= lot.granted) return;
  const taken = Math.min(lot.remaining, lot.free);
  if (taken > 0) {
    await writeEntry(tx, deps, lot, {
      delta: -taken,
      reason: "refund",
      reference: lot.contractId,
      at: input.at,
    });
  }
  await tx.execute(sql`update credit_lots set reversed = granted, rollover_max = 0 where id = ${lot.id}`);
  await recordEvent(tx, deps, {
    type: "balance.debited",
    tenantId: lot.tenantId,
    mode: lot.mode,
    objectId: lot.contractId,
    paywallId: lot.scope || null,
    customerId: lot.customerId,
    occurredAt: input.at,
    data: { type: lot.type, amount: taken, lost: lot.granted - taken, reason: "refund" },
  });
}

/** Gives what is left of a lot to another customer's account of the same scope, as the same lot. */
export async function moveLot(
  tx: Tx,
  deps: CreditDeps,
  input: { lotId: string; intoCustomerId: string; at: Date },
): Promise<void> {
  const { lotId, intoCustomerId, at } = input;
  const from = await tx.one<Lot>(sql`
    select l.tenant_id "tenantId", a.scope, a.mode, a.type, a.customer_id "customerId", l.account_id "accountId"
    from credit_lots l join credit_accounts a on a.id = l.account_id where l.id = ${lotId}`);
  const { id: accountId } = await tx.one<{ id: number }>(sql`
    select credit_account(${from.tenantId}, ${intoCustomerId}, ${from.scope}, ${from.mode}, ${from.type}, ${at}) id`);
  // Both in one order, so that two merges never wait for each other.
  await tx.query(sql`
    select id from credit_accounts where id = any (${[from.accountId, accountId]}) order by id for no key update`);
  const lot = await lockLot(tx, lotId);
  const amount = Math.min(lot.remaining, lot.free);
  if (amount <= 0) return;
  await writeEntry(tx, deps, lot, { delta: -amount, reason: "moved", reference: intoCustomerId, at });
  const id = deps.ids.next("balanceLot");
  const { originKey } = await tx.one<{ originKey: string | null }>(
    sql`select origin_key "originKey" from credit_lots where id = ${lotId}`,
  );
  // What it was given for was given to the one who has it now.
  await tx.execute(
    sql`update credit_lots set origin_key = origin_key || ' moved to ' || ${id}::text, rollover_max = 0,
      reversed = granted where id = ${lotId}`,
  );
  await tx.execute(sql`
    insert into credit_lots (id, tenant_id, account_id, kind, granted, priority, expires_at, rollover_max, rollover_for,
      origin_key, contract_id, period_start_at, created_at)
    select ${id}, tenant_id, ${accountId}, kind, ${amount}, priority, expires_at, least(rollover_max, ${amount}),
      rollover_for, ${originKey}, contract_id, period_start_at, ${at}
    from credit_lots where id = ${lotId}`);
  const target = { id, tenantId: from.tenantId, accountId };
  await writeEntry(tx, deps, target, { delta: amount, reason: "moved", reference: from.customerId, at });
}

/**
 * Gives everything that one customer holds to another, who is the same person. A trial stays behind where the other has
 * had theirs: being two people is worth no second one.
 */
export async function moveCredits(
  tx: Tx,
  deps: CreditDeps,
  input: { tenantId: string; fromId: string; intoId: string; at: Date },
): Promise<void> {
  const { tenantId, fromId, intoId, at } = input;
  const lots = await tx.query<{ id: string }>(sql`
    select l.id from credit_lots l join credit_accounts a on a.id = l.account_id
    where a.customer_id = ${fromId} and a.tenant_id = ${tenantId} and l.remaining > 0
      and not (l.kind = 'trial' and exists (select from credit_lots o join credit_accounts b on b.id = o.account_id
        where b.customer_id = ${intoId} and b.scope = a.scope and b.mode = a.mode and b.type = a.type and o.kind = 'trial'))
    order by l.id`);
  for (const { id } of lots) await moveLot(tx, deps, { lotId: id, intoCustomerId: intoId, at });
}
