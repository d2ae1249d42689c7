import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { deliverSandboxEvents } from "../processors/index.ts";
import { type ReceiveDeps, receiveProcessorEvent } from "./receive-processor-event.ts";
import { runIntents } from "./run-intents.ts";

/** How long an asker waits for a job that was faster to take the intent up. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 20;

/**
 * Carries one intent out while its asker waits, or waits for the job that took it up first. What it changes
 * still arrives as the processor's news; the sandbox lives in this process, so its news are taken at once.
 * False when the processor refused or did not answer: the intent is then tried again later, or is logged as
 * refused. Never rejects: what was decided is committed, and whoever asked must not be told that it failed.
 */
export async function runIntentNow(
  deps: ReceiveDeps & Pick<Deps, "log">,
  intentId: string,
): Promise<boolean> {
  try {
    const { done, failed } = await runIntents(deps, intentId);
    const agreed = done + failed > 0 ? failed === 0 : await carriedOutElsewhere(deps, intentId);
    await deliverSandboxEvents(deps, (news) => receiveProcessorEvent(deps, news));
    return agreed;
  } catch (error) {
    deps.log.error({ err: error, intent: intentId }, "an intent is left to its job");
    return false;
  }
}

async function carriedOutElsewhere(deps: Pick<Deps, "db">, intentId: string): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    const { state, error } = await deps.db.one<{ state: string; error: string | null }>(
      sql`select state, error from processor_intents where id = ${intentId}`,
    );
    if (state !== "queued") return state === "done";
    if (error !== null) return false;
    await sleep(LOOK_AGAIN_MS);
  }
  return false;
}
