import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import { addMonths } from "./months.ts";
import { creditCredits } from "./move-credits.ts";
import { moveLot, takeBack } from "./move-lot.ts";
import { type Allowance, allowanceOf, rolloverOf, type Tokenization } from "./tokenization.ts";

type Facts = {
  id: string;
  tenantId: string;
  mode: Mode;
  paywallId: string;
  customerId: string;
  state: string;
  duration: "RECURRING" | "RENEWABLE" | "PERPETUAL";
  interval: string | null;
  intervalCount: number;
  quantity: number;
  periodStartAt: Date;
  periodEndAt: Date | null;
  credits: Allowance[] | null;
  tokenization: Tokenization | null;
  hasLots: boolean;
};

type CreditDeps = Pick<Deps, "clock" | "ids" | "jobs">;

/**
 * Gives what a contract is worth now and was not given yet: once per contract and part of its period, however often it is
 * asked. Takes back what is unspent of bills that were given back, and follows the contract to another customer. Belongs
 * wherever a contract's rights are projected, in the same transaction.
 */
export async function projectContractCredits(
  tx: Tx,
  deps: CreditDeps,
  input: { contractId: string; at: Date },
): Promise<void> {
  const { contractId, at } = input;
  const facts = await tx.maybeOne<Facts>(sql`
    select k.id, k.tenant_id "tenantId", k.mode, k.paywall_id "paywallId", k.customer_id "customerId", k.state, k.duration,
      k.interval, k.interval_count "intervalCount", k.quantity, k.period_start_at "periodStartAt", k.period_end_at "periodEndAt",
      o.credits, p.settings -> 'tokenization' tokenization,
      exists (select from credit_lots l where l.contract_id = k.id) "hasLots"
    from contracts k join purchase_options o on o.id = k.option_id join paywalls p on p.id = k.paywall_id
    where k.id = ${contractId}`);
  if (!facts) return;
  if (facts.hasLots) {
    await followCustomer(tx, deps, facts, at);
    await reverseRefunded(tx, deps, facts, at);
  }
  const allowance = allowanceOf(facts, facts.tokenization ?? undefined);
  if (allowance.length === 0) return;
  await grantDue(tx, deps, facts, allowance, at);
}

async function grantDue(
  tx: Tx,
  deps: CreditDeps,
  facts: Facts,
  allowance: Allowance[],
  at: Date,
): Promise<void> {
  const { tenantId, customerId, paywallId, mode, duration } = facts;
  const grants = facts.state === "active" || facts.state === "trialing";
  const part = duration === "PERPETUAL" ? null : partAt(facts, at);
  if (grants && (duration === "PERPETUAL" || part)) {
    const queries = facts.tokenization?.queries ?? [];
    for (const { type, count, expiresDays } of allowance) {
      const account = { tenantId, customerId, paywallId, mode, type };
      const query = queries.find((it) => it.type === type);
      const expiresAt =
        part?.endAt ?? (expiresDays ? new Date(at.getTime() + expiresDays * 86_400_000) : null);
      const amount = count * (part?.times ?? 1) * facts.quantity;
      const { existed, balance } = await creditCredits(tx, deps, account, {
        amount,
        actor: "contract",
        now: at,
        lot: {
          kind: part ? "plan" : "purchased",
          expiresAt,
          rollover: { max: part ? rolloverOf(query, amount) : 0, for: null },
          originKey: `contract:${facts.id}:${part?.startAt.toISOString() ?? "once"}:${type}`,
          contractId: facts.id,
          periodStartAt: part?.startAt ?? facts.periodStartAt,
        },
      });
      if (existed) continue;
      await tx.execute(sql`
        update credit_accounts set low_at = ${query?.lowAt ?? 0}
        where customer_id = ${customerId} and scope = ${paywallId} and mode = ${mode} and type = ${type}
          and low_at <> ${query?.lowAt ?? 0}`);
      await recordEvent(tx, deps, {
        type: "balance.credited",
        tenantId,
        mode,
        objectId: facts.id,
        paywallId,
        customerId,
        occurredAt: at,
        data: { type, amount, balance, contractId: facts.id },
      });
    }
  }
  // A renewal is news; only the months within a longer period have to be remembered.
  const next = grants && part && facts.periodEndAt && part.endAt < facts.periodEndAt ? part.endAt : null;
  await tx.execute(sql`
    insert into credit_plans as p (contract_id, tenant_id, next_grant_at) values (${facts.id}, ${tenantId}, ${next})
    on conflict (contract_id) do update set next_grant_at = excluded.next_grant_at
      where p.next_grant_at is distinct from excluded.next_grant_at`);
}

/** The part of the period that an instant lies in: a month of a longer one, else the whole of it. */
export function partAt(
  facts: Pick<Facts, "periodStartAt" | "periodEndAt" | "interval" | "intervalCount">,
  at: Date,
): { startAt: Date; endAt: Date; times: number } | null {
  const { periodStartAt, periodEndAt, interval, intervalCount } = facts;
  if (!periodEndAt || at < periodStartAt || at >= periodEndAt) return null;
  if (interval !== "month" && interval !== "year") {
    return { startAt: periodStartAt, endAt: periodEndAt, times: intervalCount };
  }
  let months = 0;
  while (addMonths(periodStartAt, months + 1) <= at) months += 1;
  const endAt = addMonths(periodStartAt, months + 1);
  // A month that the period cuts short, or that its calendar makes a little longer, is one with it.
  const isLast = endAt >= periodEndAt || periodEndAt.getTime() - endAt.getTime() < 4 * 86_400_000;
  return { startAt: addMonths(periodStartAt, months), endAt: isLast ? periodEndAt : endAt, times: 1 };
}

async function followCustomer(tx: Tx, deps: CreditDeps, facts: Facts, at: Date): Promise<void> {
  const strays = await tx.query<{ id: string }>(sql`
    select l.id from credit_lots l join credit_accounts a on a.id = l.account_id
    where l.contract_id = ${facts.id} and a.customer_id <> ${facts.customerId} and l.remaining > 0 order by l.id`);
  for (const { id } of strays) await moveLot(tx, deps, { lotId: id, intoCustomerId: facts.customerId, at });
}

/** Lots whose bill was given back in full or charged back, with what is left to take of them. */
async function reverseRefunded(tx: Tx, deps: CreditDeps, facts: Facts, at: Date): Promise<void> {
  const lots = await tx.query<{ id: string }>(sql`
    select l.id from credit_lots l
    where l.contract_id = ${facts.id} and l.reversed < l.granted and exists (
      select from bills b where b.contract_id = l.contract_id and b.state in ('refunded', 'charged_back')
        and b.period_start_at <= l.period_start_at
        and (b.period_end_at is null or b.period_end_at > l.period_start_at))
    order by l.id`);
  for (const { id } of lots) await takeBack(tx, deps, { lotId: id, at });
}
