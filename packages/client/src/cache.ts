/** How reads are kept: by the browser's own cache, which our timestamp controls, or by us for five minutes. */
export const CacheMode = { BROWSER: "browser", NORMAL: "normal" } as const;
export type CacheMode = (typeof CacheMode)[keyof typeof CacheMode];

/** Where the timestamp lives when there is no session storage. */
export interface CacheStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  clear(): void;
}

export interface CacheConfig {
  mode: CacheMode;
  storage?: CacheStorage;
}

/** A `CacheStorage` that lasts as long as the process or page. */
export class MemoryCacheStorage implements CacheStorage {
  readonly #values = new Map<string, string>();

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  remove(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }
}

/** Shared with other clients on the same page, which follow one another. */
const TIMESTAMP = "sesamyCacheTimestamp";

/** Grows with `clearCache`, so that every client in this process notices. */
let cleared = 0;
let latest = 0;

/** A new value even when two are asked for in one millisecond. */
function newTimestamp(): string {
  latest = Math.max(Date.now(), latest + 1);
  return String(latest);
}

/** Null where there is none, or where the browser keeps it from us. */
function sessionStore(): Storage | null {
  try {
    return typeof sessionStorage === "undefined" ? null : sessionStorage;
  } catch {
    return null;
  }
}

/** Makes every client in this page or process read afresh. */
export function clearCache(): string {
  cleared += 1;
  sessionStore()?.removeItem(TIMESTAMP);
  return "Cache cleared";
}

export const clearedTimes = (): number => cleared;

/** The `Cache-Timestamp` that reads carry: the same until `renew`. */
export type TimestampSource = { current(): string; renew(): void };

export function createTimestamps(storage: CacheStorage = new MemoryCacheStorage()): TimestampSource {
  const store = (): Pick<CacheStorage, "get" | "set" | "remove"> => {
    const session = sessionStore();
    return session
      ? {
          get: (key) => session.getItem(key),
          set: (key, value) => session.setItem(key, value),
          remove: (key) => session.removeItem(key),
        }
      : storage;
  };
  return {
    current() {
      const kept = store().get(TIMESTAMP);
      if (kept) return kept;
      const value = newTimestamp();
      try {
        store().set(TIMESTAMP, value);
      } catch {
        // A full store: this timestamp lasts for one request, which is fresh and therefore right.
      }
      return value;
    },
    renew: () => store().remove(TIMESTAMP),
  };
}
