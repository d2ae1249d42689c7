import { callSafely } from "../core/emitter.ts";
import type { PaywallEvent, PaywallEventHandler, PaywallEventPayloads } from "./types.ts";

export interface Events {
  on<E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>): () => void;
  off<E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>): void;
  emit<E extends PaywallEvent>(
    event: E,
    ...payload: PaywallEventPayloads[E] extends undefined ? [] : [PaywallEventPayloads[E]]
  ): void;
  clear(): void;
}

/** What is known already of an event that describes a state, or null. */
export type Known = { [E in PaywallEvent]?: () => PaywallEventPayloads[E] | null };
type AnyHandler = (payload?: unknown) => void;

/**
 * Handlers run synchronously; one that throws is logged and stops nobody; the same one is kept once. Whoever comes
 * after the first news of a state hears what is `known` of it in a microtask, unless there is newer news by then.
 */
export function createEvents(known: Known = {}): Events {
  const handlers = new Map<PaywallEvent, Set<AnyHandler>>();
  let told = 0;
  const off = (event: PaywallEvent, handler: unknown) => {
    handlers.get(event)?.delete(handler as AnyHandler);
  };
  return {
    on(event, given) {
      const handler = given as AnyHandler;
      const set = handlers.get(event) ?? new Set();
      const fresh = !set.has(handler);
      handlers.set(event, set.add(handler));
      const before = told;
      if (fresh && known[event]?.())
        queueMicrotask(() => {
          if (told === before && set.has(handler)) callSafely(handler, known[event]?.());
        });
      return () => off(event, handler);
    },
    off,
    emit(event, ...payload) {
      if (known[event]) told++;
      for (const handler of [...(handlers.get(event) ?? [])]) callSafely(handler, ...payload);
    },
    clear: () => {
      for (const set of handlers.values()) set.clear();
    },
  };
}
