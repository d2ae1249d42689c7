import { PaywallError } from "./errors.ts";

export const abortedError = (cause?: unknown): PaywallError =>
  new PaywallError("aborted", "The call was aborted", { cause });

/** For work that nobody waits for: whoever does wait hears of its failure elsewhere. */
export function inBackground(work: Promise<unknown> | undefined): void {
  work?.catch(() => {});
}

/**
 * Lets one caller walk away from a shared promise without cancelling it for the others who wait for it.
 * `left` is called when that happens.
 */
export function abortable<T>(
  promise: Promise<T>,
  signal?: AbortSignal | null,
  left?: () => void,
): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = () => {
      reject(abortedError(signal.reason));
      left?.();
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export type Share = <T>(
  key: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/**
 * Runs one piece of work per key at a time, for all who ask while it is under way. A caller's signal makes only
 * that caller leave; the work itself is aborted when the last one has left.
 */
export function createShare(): Share {
  const running = new Map<string, (signal?: AbortSignal) => Promise<unknown>>();
  return (<T>(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => {
    let join = running.get(key);
    if (!join) {
      const controller = new AbortController();
      let waiting = 0;
      const end = () => {
        if (running.get(key) === join) running.delete(key);
      };
      const promise = work(controller.signal).finally(end);
      inBackground(promise);
      join = (leaving) => {
        waiting++;
        return abortable(promise, leaving, () => {
          if (--waiting) return;
          end();
          controller.abort();
        });
      };
      running.set(key, join);
    }
    return join(signal);
  }) as Share;
}
