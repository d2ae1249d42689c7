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

type AnyHandler = (payload?: unknown) => void;

/** Handlers run synchronously; one that throws is logged and stops nobody; the same one is kept once. */
export function createEvents(): Events {
  const handlers = new Map<PaywallEvent, Set<AnyHandler>>();
  const off = (event: PaywallEvent, handler: unknown) => {
    handlers.get(event)?.delete(handler as AnyHandler);
  };
  return {
    on(event, handler) {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set.add(handler as AnyHandler));
      return () => off(event, handler);
    },
    off,
    emit(event, ...payload) {
      for (const handler of [...(handlers.get(event) ?? [])]) callSafely(handler, ...payload);
    },
    clear: () => handlers.clear(),
  };
}
