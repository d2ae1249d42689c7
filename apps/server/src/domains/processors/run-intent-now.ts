import type { Deps } from "../../platform/deps.ts";
import type { ReceiveDeps } from "./receive-processor-event.ts";
import { runIntents } from "./run-intents.ts";
import { deliverSandboxEvents } from "./sandbox/deliver.ts";

/**
 * Carries one intent out while its asker waits. What it changes still arrives as the processor's news; the
 * sandbox lives in this process, so its news are taken at once. False when the processor refused or did not
 * answer: the intent is then tried again later, or is logged as refused.
 */
export async function runIntentNow(
  deps: ReceiveDeps & Pick<Deps, "log">,
  intentId: string,
): Promise<boolean> {
  const { failed } = await runIntents(deps, intentId);
  await deliverSandboxEvents(deps);
  return failed === 0;
}
