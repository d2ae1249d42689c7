import { setTimeout as sleep } from "node:timers/promises";
import { ACCESS_CHANGED } from "../../domains/entitlements/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** Also without news, the question is asked again: an end or a beginning that was known in advance tells nobody. */
const ASK_AGAIN_MS = 2500;

/** Lets requests wait for something to change about a customer's access, on whichever node it happens. */
export function createAccessNews(deps: Pick<Deps, "broadcast">) {
  const waiting = new Map<string, Set<() => void>>();
  deps.broadcast.on(ACCESS_CHANGED, (customerId) => {
    // Null: news may have been missed, so everybody looks again.
    const woken = customerId === null ? [...waiting.values()] : [waiting.get(customerId) ?? new Set()];
    for (const wakes of woken) for (const wake of [...wakes]) wake();
  });

  const next = (customerId: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wakes = waiting.get(customerId) ?? new Set();
      waiting.set(customerId, wakes);
      wakes.add(resolve);
      signal.addEventListener(
        "abort",
        () => {
          wakes.delete(resolve);
          if (wakes.size === 0 && waiting.get(customerId) === wakes) waiting.delete(customerId);
          resolve();
        },
        { once: true },
      );
    });

  /** Asks `isThere` until it is, for `patienceMs` at most or until whoever asked has gone. */
  return async function waitUntil(
    isThere: () => Promise<boolean>,
    options: { customerId: string; patienceMs: number; gone: AbortSignal },
  ): Promise<void> {
    const deadline = performance.now() + options.patienceMs;
    while (!options.gone.aborted) {
      const round = new AbortController();
      try {
        // Listening begins before the question, so that nothing falls between the two.
        const news = next(options.customerId, round.signal);
        if (await isThere()) return;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return;
        const pause = sleep(Math.min(leftMs, ASK_AGAIN_MS), undefined, { signal: round.signal }).catch(
          () => {},
        );
        await Promise.race([news, pause]);
      } finally {
        round.abort();
      }
    }
  };
}
