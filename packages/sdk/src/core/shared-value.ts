import { createEmitter, subscribeWithReplay } from "./emitter.ts";
import { parseRecord, readItem, watchItem, writeItem } from "./storage.ts";
import type { ReplayMode, StorageAdapter } from "./types.ts";

export interface SharedValueOptions<T> {
  storage: StorageAdapter;
  /** The storage key for whoever is the identity now. */
  key: () => string;
  /** Name of the value within the stored record `{at, [field]: …}`. */
  field: string;
  /** How long a stored value is worth reading. */
  ttl: number;
  /** A stored value is shown but asked for again at once, however young it is. */
  startsStale?: boolean;
  same?: (a: T, b: T) => boolean;
  /** What is stored; undefined for nothing. */
  encode?: (value: T) => unknown;
  /** Turns a stored value into one that can be used; null rejects it. */
  decode?: (stored: unknown) => T | null | Promise<T | null>;
}

export interface SharedValue<T> {
  get(): T | null;
  /** Milliseconds since it was asked for. Infinite when there is none, or when the clock was set back behind it. */
  age(): number;
  /** What was stored has been read. Never rejects. */
  ready(): Promise<void>;
  /**
   * Called before asking the server; the result takes the answer and gives back what counts. An answer is dropped
   * when a later question was answered first, in this context or another, and when the identity has changed.
   */
  begin(): (answer: T) => T;
  /** Shows a value without storing it. */
  show(value: T): void;
  subscribe(listener: (value: T) => void, options?: { immediate?: ReplayMode }): () => void;
  /** The key has changed: forgets the value and reads, unless told otherwise, what is stored under the new one. */
  rekey(read?: boolean): void;
  destroy(): void;
}

export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Two tabs do not read one clock at the very same moment. */
const SKEW_MS = 2000;

/** Milliseconds since `time`; a time in the future belongs to a clock that was wrong, and says nothing. */
function elapsed(time: number | undefined): number {
  const ms = Date.now() - (time || Number.NaN);
  return ms >= -SKEW_MS ? Math.max(0, ms) : Number.POSITIVE_INFINITY;
}

/** A value that the server knows, kept in memory and in storage and in step with the other contexts. */
export function createSharedValue<T>(options: SharedValueOptions<T>): SharedValue<T> {
  const {
    storage,
    key,
    field,
    ttl,
    startsStale,
    same = sameJson,
    encode = (x) => x,
    decode = (x) => x as T,
  } = options;
  const changes = createEmitter<T>();
  let value: T | null = null;
  let at = 0;
  let epoch = 0;
  let hydrated: Promise<void> = Promise.resolve();
  let unwatch = () => {};

  const keep = (next: T, time: number) => {
    at = time;
    if (value && same(value, next)) return;
    value = next;
    changes.emit(next);
  };

  const listen = (read: boolean) => {
    unwatch();
    const mine = epoch;
    const adopt = async (text: string | null, stale?: boolean): Promise<void> => {
      const record = parseRecord<Record<string, unknown>>(text);
      const stored = record?.[field];
      const time = record?.at as number;
      if (!stored || elapsed(time) >= ttl) return;
      // Another script on the page may have written anything here.
      const next = await Promise.resolve(stored)
        .then(decode)
        .catch(() => null);
      if (next && mine === epoch && elapsed(time) < elapsed(at)) keep(next, stale ? 1 : time);
    };
    if (read) hydrated = readItem(storage, key()).then((text) => adopt(text, startsStale));
    unwatch = watchItem(storage, key(), (text) => void adopt(text));
  };
  listen(true);

  return {
    get: () => value,
    age: () => elapsed(at),
    ready: () => hydrated,
    begin() {
      const mine = epoch;
      const asked = Date.now();
      return (answer) => {
        if (mine !== epoch) return answer;
        const time = Math.min(asked, Date.now());
        if (elapsed(at) < elapsed(time)) return value!;
        keep(answer, time);
        const stored = encode(value!);
        if (stored) void writeItem(storage, key(), JSON.stringify({ at, [field]: stored }));
        return value!;
      };
    },
    show: (next) => keep(next, Date.now()),
    subscribe: (listener, { immediate } = {}) =>
      subscribeWithReplay(changes, listener, () => value, immediate),
    rekey(read = true) {
      epoch++;
      value = null;
      at = 0;
      hydrated = Promise.resolve();
      listen(read);
    },
    destroy() {
      unwatch();
      changes.clear();
    },
  };
}
