import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

export type IntentKind =
  | "cancel_now"
  | "cancel_at_period_end"
  | "uncancel"
  | "end_trial"
  | "refund"
  | "discount";

/** The job that carries intents out; it lives with the processors. */
export const INTENTS_JOB = "processor-intents";

/** What a change of mind makes pointless. Tried again later, it would undo what was wanted last. */
const TAKES_BACK: Partial<Record<IntentKind, IntentKind[]>> = {
  cancel_now: ["cancel_at_period_end", "uncancel"],
  cancel_at_period_end: ["uncancel"],
  uncancel: ["cancel_at_period_end"],
};

/**
 * Writes down what a processor must be asked for, in the transaction of the decision. One that is still
 * queued for the same contract and kind is reused, except refunds and discounts, each of which is one; one that says the opposite
 * is not asked any more. Returns the intent's id.
 */
export async function queueIntent(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: {
    contract: { id: string; tenantId: string; connectionId: string };
    kind: IntentKind;
    payload?:
      | { paymentRef: string; amountMinor: number; reason: string }
      | { discountMinor: number; periods: number | null };
  },
): Promise<string> {
  const { contract, kind, payload } = input;
  const now = deps.clock.now();
  tx.afterCommit(() => deps.jobs.wake(INTENTS_JOB));
  await tx.execute(sql`
    update processor_intents set state = 'failed', error = 'superseded', finished_at = ${now}
    where contract_id = ${contract.id} and state = 'queued' and kind = any (${TAKES_BACK[kind] ?? []})`);
  if (kind !== "refund" && kind !== "discount") {
    const queued = await tx.maybeOne<{ id: string }>(sql`
      select id from processor_intents
      where contract_id = ${contract.id} and kind = ${kind} and state = 'queued' order by id limit 1`);
    if (queued) return queued.id;
  }
  const id = deps.ids.next("processorIntent");
  await tx.execute(sql`
    insert into processor_intents (id, tenant_id, connection_id, contract_id, kind, payload, next_try_at, created_at)
    values (${id}, ${contract.tenantId}, ${contract.connectionId}, ${contract.id}, ${kind}, ${json(payload ?? {})},
            ${now}, ${now})`);
  return id;
}
