import type { Deps } from "../../platform/deps.ts";
import { deliverSandboxEvents } from "../processors/index.ts";
import { type ReceiveDeps, receiveProcessorEvent } from "./receive-processor-event.ts";
import { runIntents } from "./run-intents.ts";

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
  await deliverSandboxEvents(deps, (news) => receiveProcessorEvent(deps, news));
  return failed === 0;
}
