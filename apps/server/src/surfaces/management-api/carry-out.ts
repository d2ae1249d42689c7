import { runIntentNow } from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";

/**
 * Has a processor do at once what was just committed. Whatever comes of that, the wish stands and is carried out again
 * until it is answered: a failure here must not become a refusal, after which the caller would ask twice.
 */
export async function carryOut(deps: Deps, intentIds: readonly string[]): Promise<void> {
  for (const intentId of intentIds) {
    await runIntentNow(deps, intentId).catch((error: unknown) => {
      deps.log.error({ err: error, intent: intentId }, "a processor could not be asked at once");
    });
  }
}
