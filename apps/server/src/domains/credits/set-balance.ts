import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { CreditAccount } from "./account.ts";
import { creditCredits } from "./move-credits.ts";

/** Makes an account's balance what a developer wants it to be, beside what calls under way keep. For test mode only. */
export async function setTestBalance(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  account: CreditAccount & { mode: "test" },
  input: { count: number; now: Date },
): Promise<void> {
  const { now } = input;
  const { tenantId, customerId, paywallId, mode, type } = account;
  const { id } = await tx.one<{ id: number }>(
    sql`select credit_account(${tenantId}, ${customerId}, ${paywallId ?? ""}, ${mode}, ${type}, ${now}) id`,
  );
  await tx.query(sql`select id from credit_accounts where id = ${id} for no key update`);
  await tx.query(sql`select credit_sweep(${id}, ${now})`);
  const { free } = await tx.one<{ free: number }>(
    sql`select balance - held free from credit_accounts where id = ${id}`,
  );
  const missing = input.count - free;
  if (missing < 0) {
    await tx.query(sql`select credit_spend(${id}, ${-missing}, 'reset', 'test', null, ${now}, false)`);
  } else if (missing > 0) {
    await creditCredits(tx, deps, account, { amount: missing, actor: "test", now, lot: { kind: "promo" } });
  }
}
