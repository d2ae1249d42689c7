import type { ReplayMode } from "./types.ts";

/** A set of listeners; one that throws is logged and does not stop the others. */
export interface Emitter<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
  clear(): void;
}

export function callSafely<A extends unknown[]>(
  callback: ((...args: A) => void) | undefined,
  ...args: A
): void {
  try {
    callback?.(...args);
  } catch (error) {
    console.error("[tollgate] a listener threw", error);
  }
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) if (listeners.has(listener)) callSafely(listener, value);
    },
    clear: () => listeners.clear(),
  };
}

/** Subscribes and hands over the current value now, in a microtask (unless unsubscribed first), or never. */
export function subscribeWithReplay<T>(
  emitter: Emitter<T>,
  listener: (value: T) => void,
  current: () => T | null,
  mode: ReplayMode = "microtask",
): () => void {
  let active = true;
  const off = emitter.add(listener);
  const replay = () => {
    const value = active ? current() : null;
    if (value) callSafely(listener, value);
  };
  if (mode === "sync") replay();
  else if (mode === "microtask") queueMicrotask(replay);
  return () => {
    active = false;
    off();
  };
}
