import { PaywallError } from "../core/index.ts";

/** How long somebody may look at a spinner before they are told that it does not work. */
export const PATIENCE_MS = 30_000;
/** The same where there is something else to go on with. */
export const SHORT_PATIENCE_MS = 10_000;

/** Does the work, but not for ever: a server that never answers is one that cannot be reached. */
export async function patiently<T>(work: (signal: AbortSignal) => Promise<T>, ms = PATIENCE_MS): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await work(controller.signal);
  } catch (cause) {
    if (!controller.signal.aborted) throw cause;
    throw new PaywallError("network_error", "The service did not answer in time", { cause });
  } finally {
    clearTimeout(timer);
  }
}
