import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { findConnection, type ProcessorDeps, ProcessorError, processorOf } from "../processors/index.ts";
import { INTENTS_JOB, type IntentKind } from "./intents.ts";

type IntentDeps = ProcessorDeps & Pick<Deps, "log">;

type Intent = {
  id: string;
  kind: IntentKind;
  connectionId: string;
  contractRef: string;
  payload: {
    paymentRef?: string;
    amountMinor?: number;
    reason?: string;
    discountMinor?: number;
    periods?: number | null;
  };
  attempts: number;
};

const CLAIM_SECONDS = 60;
const MAX_ATTEMPTS = 12;

/**
 * Asks processors for what billing decided, oldest first. The claim is a row update and the call happens
 * outside any transaction with the intent's id as its key, so a crash in between only repeats the call.
 * With `intentId` it does that one now, and tells whether the processor agreed.
 */
export async function runIntents(
  deps: IntentDeps,
  intentId?: string,
): Promise<{ done: number; failed: number }> {
  const result = { done: 0, failed: 0 };
  for (;;) {
    const intent = await claim(deps, intentId);
    if (!intent) return result;
    const agreed = await carryOut(deps, intent);
    if (agreed === true) result.done += 1;
    else result.failed += 1;
    if (intentId) return result;
  }
}

async function claim(deps: IntentDeps, intentId: string | undefined): Promise<Intent | null> {
  const now = deps.clock.now();
  const until = new Date(now.getTime() + CLAIM_SECONDS * 1000);
  return deps.db.maybeOne<Intent>(sql`
    update processor_intents i set next_try_at = ${until}, attempts = attempts + 1
    from contracts k
    where k.id = i.contract_id and i.id = (
      select id from processor_intents
      where state = 'queued' and next_try_at <= ${now} and (${intentId ?? null}::text is null or id = ${intentId ?? null})
      order by created_at, id limit 1 for update skip locked)
    returning i.id, i.kind, i.connection_id "connectionId", k.external_id "contractRef", i.payload, i.attempts`);
}

async function carryOut(deps: IntentDeps, intent: Intent): Promise<boolean> {
  try {
    await ask(deps, intent);
  } catch (error) {
    const final = error instanceof ProcessorError && !error.retryable;
    const gaveUp = final || intent.attempts >= MAX_ATTEMPTS;
    deps.log[gaveUp ? "error" : "warn"](
      { err: error, intent: intent.id, kind: intent.kind },
      "a processor refused",
    );
    const delayMs = Math.min(3600, 5 * 2 ** intent.attempts) * 1000;
    await deps.db.execute(sql`
      update processor_intents set state = ${gaveUp ? "failed" : "queued"},
        error = ${(error instanceof Error ? error.message : String(error)).slice(0, 500)},
        next_try_at = ${new Date(deps.clock.now().getTime() + delayMs)},
        finished_at = ${gaveUp ? deps.clock.now() : null}
      where id = ${intent.id} and state = 'queued'`);
    return false;
  }
  await deps.db.execute(sql`
    update processor_intents set state = 'done', error = null, finished_at = ${deps.clock.now()}
    where id = ${intent.id}`);
  return true;
}

async function ask(deps: IntentDeps, intent: Intent): Promise<void> {
  const connection = await findConnection(deps.db, intent.connectionId);
  if (!connection) throw new ProcessorError("The connection is gone.", { retryable: false });
  const processor = processorOf(deps, connection.kind);
  const contract = { externalId: intent.contractRef };
  const idempotencyKey = intent.id;
  switch (intent.kind) {
    case "cancel_now":
      return processor.cancel(connection, contract, { atPeriodEnd: false, idempotencyKey });
    case "cancel_at_period_end":
      return processor.cancel(connection, contract, { atPeriodEnd: true, idempotencyKey });
    case "uncancel":
      return processor.uncancel(connection, contract, { idempotencyKey });
    case "end_trial":
      return processor.endTrial(connection, contract, { idempotencyKey });
    case "discount": {
      const { discountMinor, periods = null } = intent.payload;
      if (discountMinor === undefined) throw new Error("a discount intent without a discount");
      return processor.applyDiscount(connection, contract, { discountMinor, periods, idempotencyKey });
    }
    case "refund": {
      const { paymentRef, amountMinor, reason } = intent.payload;
      if (!paymentRef || !amountMinor) throw new Error("a refund intent without payment or amount");
      const options = { amountMinor, reason: reason ?? "requested", idempotencyKey };
      return processor.refund(connection, { externalId: paymentRef }, options);
    }
  }
}

export const intentsJob = (deps: IntentDeps): Job => ({
  name: INTENTS_JOB,
  everyMs: 2000,
  run: async () => (await runIntents(deps)).done,
});
