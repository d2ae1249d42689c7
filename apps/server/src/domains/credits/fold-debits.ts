import { type Db, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { CreditAccount } from "./account.ts";
import { creditErrors, debitCredits, type Moved, type Movement, type Refused } from "./move-credits.ts";

type Waiting = {
  by: Movement;
  resolve(result: Moved | Refused): void;
  reject(error: unknown): void;
};

// Every movement leaves a version of the account behind that the next one in the same commit has to pass.
const MAX_FOLDED = 32;

/** What waits for an account that this process is debiting at the moment. */
const queues = new WeakMap<Db, Map<string, Waiting[]>>();

/**
 * Takes credits as `debitCredits` does, outside any transaction. Those that arrive for an account while another is under way
 * go together in the next statement, in their order and each on its own terms: a customer with many calls at once waits
 * for one commit instead of one each.
 */
export function foldDebit(
  deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">,
  account: CreditAccount,
  by: Movement,
): Promise<Moved | Refused> {
  const ofDb = queues.get(deps.db) ?? new Map<string, Waiting[]>();
  queues.set(deps.db, ofDb);
  const key = [account.customerId, account.paywallId, account.mode, account.type].join("\n");
  const waiting = ofDb.get(key);
  if (waiting) return new Promise((resolve, reject) => void waiting.push({ by, resolve, reject }));

  const queue: Waiting[] = [];
  ofDb.set(key, queue);
  const first = debitCredits(deps.db, deps, account, by);
  void settle();
  return first;

  async function settle(): Promise<void> {
    await first.catch(() => undefined);
    while (queue.length > 0) await debitTogether(deps, account, queue.splice(0, MAX_FOLDED));
    ofDb.delete(key);
  }
}

async function debitTogether(
  deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">,
  account: CreditAccount,
  all: Waiting[],
): Promise<void> {
  const { tenantId, customerId, paywallId, mode, type } = account;
  try {
    const rows = await deps.db.query<{
      place: number;
      outcome: string;
      balance: number;
      available: number;
      told: boolean;
    }>(sql`
      select q.place, r.outcome, r.balance, r.available, r.told
      from (select credit_account(${tenantId}, ${customerId}, ${paywallId ?? ""}, ${mode}, ${type}, ${all[0]?.by.now}) id
          offset 0) a,
        unnest(${all.map(({ by }) => by.amount)}::bigint[], ${all.map(({ by }) => by.key ?? null)}::text[],
          ${all.map(({ by }) => by.actor)}::text[], ${all.map(({ by }) => by.reference ?? null)}::text[],
          ${all.map(({ by }) => by.now)}::timestamptz[]) with ordinality q (amount, key, actor, reference, at, place),
        lateral credit_debit(a.id, q.amount, q.key, 'debit', q.actor, q.reference, q.at, ${deps.clock.now()}) r`);
    if (rows.some(({ told }) => told)) deps.jobs.wake("outbox");
    for (const { place, outcome, balance, available } of rows) {
      const waiting = all[place - 1];
      if (outcome === "insufficient") waiting?.resolve({ insufficient: true, available });
      else if (outcome === "key_reused") waiting?.reject(creditErrors.keyReused());
      else waiting?.resolve({ balance, available, replayed: outcome === "replayed" });
    }
  } catch (error) {
    // One commit for all, so nothing of it happened.
    for (const { reject } of all) reject(error);
  }
}
