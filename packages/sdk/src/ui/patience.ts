import { PaywallError } from "../core/index.ts";

/** How long somebody may look at a spinner before they are told that it does not work. */
export const PATIENCE_MS = 30_000;
/** The same where there is something else to go on with. */
export const SHORT_PATIENCE_MS = 10_000;

/**
 * Does the work, but not for ever: a server that never answers is one that cannot be reached. Work that does not
 * heed the signal is left behind.
 */
export async function patiently<T>(work: (signal: AbortSignal) => Promise<T>, ms = PATIENCE_MS): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PaywallError("network_error", "The service did not answer in time"));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([limit, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
  }
}
