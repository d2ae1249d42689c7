import type { PaywallEvent, PaywallUI } from "@tollgate/sdk";
import * as React from "react";
import { usePaywall } from "./provider.ts";

/** What `useSyncExternalStore` needs. */
interface Source<T> {
  subscribe(changed: () => void): () => void;
  get(): T;
}

/** Many clean-ups as one. */
export const together = (offs: ((() => unknown) | undefined)[]) => (): void => {
  for (const off of offs) off?.();
};

const mirrors = new Set<() => void>();

/** Lets every mirror look again, after a change of which there is no event. */
export const lookAgain = (): void => {
  for (const changed of mirrors) changed();
};

/** Time left counts in whole seconds, so that a snapshot holds still between two ticks. */
const inSeconds = (key: string, value: unknown): unknown =>
  key === "remainingMs" && value ? Math.ceil((value as number) / 1000) : value;
const said = (value: unknown): string | undefined => JSON.stringify(value, inSeconds);

/** The earlier value when both say the same, so that equal snapshots are identical. */
export const keep = <T>(earlier: T, later: T): T =>
  earlier === later || said(earlier) === said(later) ? earlier : later;

/**
 * Makes a hook that mirrors something the paywall knows, looking again on the given events. Everybody who uses
 * it sees one snapshot at a time; `empty` stands in without a paywall, on the server and while hydrating.
 */
export function createMirror<T, K = void>(
  empty: T,
  events: PaywallEvent[],
  read: (paywall: PaywallUI, key: K) => T,
): (key: K) => T {
  const sources = new WeakMap<PaywallUI, Map<K, Source<T>>>();

  const sourceOf = (paywall: PaywallUI, key: K): Source<T> => {
    const known = sources.get(paywall) ?? new Map<K, Source<T>>();
    let last = empty;
    const source: Source<T> = known.get(key) ?? {
      subscribe: (changed) => {
        mirrors.add(changed);
        return together([
          () => mirrors.delete(changed),
          ...events.map((event) => paywall.on(event, changed)),
          paywall.onStateChange(changed, { immediate: "none" }),
          // What is for sale may be renewed behind a page that stays open. Look-alikes need not have this.
          paywall.billing.onBootstrapChange?.(changed),
        ]);
      },
      get: () => {
        last = keep(last, read(paywall, key));
        return last;
      },
    };
    sources.set(paywall, known.set(key, source));
    return source;
  };

  const none: Source<T> = { subscribe: () => () => {}, get: () => empty };
  return (key) => {
    const paywall = usePaywall();
    const { subscribe, get } = paywall ? sourceOf(paywall, key) : none;
    return React.useSyncExternalStore(subscribe, get, none.get);
  };
}

/** State that belongs to one paywall: with another one, it starts again from `empty`. */
export function useStateOf<T>(paywall: PaywallUI | null, empty: T): [T, (next: T) => void] {
  const [held, setHeld] = React.useState([paywall, empty] as const);
  const value = held[0] === paywall ? held[1] : empty;
  const set = (next: T) => setHeld(([of, earlier]) => [paywall, of === paywall ? keep(earlier, next) : next]);
  return [value, set];
}

/** What the latest render gave, for callbacks that outlive it. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = React.useRef(value);
  // In the commit itself, so that nothing in between meets an old value; and unlike a layout effect it does not
  // complain on the server.
  React.useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
