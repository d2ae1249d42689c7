import type { StorageAdapter } from "./types.ts";

interface ChromeLike {
  runtime?: { id?: string };
  storage?: {
    local?: {
      get(key: string): Promise<Record<string, unknown>>;
      set(items: Record<string, string>): Promise<void>;
      remove(key: string): Promise<void>;
    };
    onChanged: {
      addListener(listener: ChromeListener): void;
      removeListener(listener: ChromeListener): void;
    };
  };
}
type ChromeListener = (changes: Record<string, { newValue?: unknown }>, area: string) => void;

const perPaywall = (rest: string) => (paywallId: string) => `pw-${paywallId}-${rest}`;
const perIdentity = (rest: string) => (paywallId: string, identityKey: string) =>
  `pw-${paywallId}-${identityKey}-${rest}`;

/** Every key the SDK writes through the adapter; the names are shared with other 3.x clients on the same page. */
export const STORAGE_KEYS = {
  visitorId: "pw-visitor-id",
  authSession: perPaywall("auth-v1"),
  anonRefreshToken: perPaywall("anon-rt-v1"),
  bootstrap: perPaywall("bootstrap-v1"),
  userState: perIdentity("user-v1"),
  balances: perIdentity("balances-v1"),
  checkoutPending: perPaywall("checkout-pending-v1"),
  experiment: perPaywall("exp-v1"),
  edgeState: (host: string) => `pw-edge-${host}-v1`,
  lastLoginMethod: perPaywall("last-login-method"),
  lastLoginEmail: perPaywall("last-login-email"),
} as const;

/** Storage that is full, blocked or gone never breaks the caller: the SDK works from memory and the network then. */
async function quietly<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}

function chromeStorage(): StorageAdapter | null {
  const { storage, runtime } = (globalThis as { chrome?: ChromeLike }).chrome ?? {};
  const local = storage?.local;
  if (!local || !runtime?.id) return null;
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    getItem: async (k) => text((await local.get(k))[k]),
    setItem: (k, value) => local.set({ [k]: value }),
    removeItem: (k) => local.remove(k),
    watch(k, callback) {
      const listener: ChromeListener = (changes, area) => {
        const change = changes[k];
        if (area === "local" && change) callback(text(change.newValue));
      };
      storage.onChanged.addListener(listener);
      return () => storage.onChanged.removeListener(listener);
    },
  };
}

function browserStorage(): StorageAdapter | null {
  try {
    // Reading the property throws where site data is blocked.
    const area = window.localStorage;
    return (
      area && {
        getItem: (k) => quietly(() => area.getItem(k)),
        setItem: async (k, value) => void (await quietly(() => area.setItem(k, value))),
        removeItem: async (k) => void (await quietly(() => area.removeItem(k))),
        watch(k, callback) {
          const listener = (event: StorageEvent) => {
            if (event.storageArea === area && event.key === k) callback(event.newValue);
          };
          addEventListener("storage", listener);
          return () => removeEventListener("storage", listener);
        },
      }
    );
  } catch {
    return null;
  }
}

let documentMemory: StorageAdapter | undefined;

function memoryStorage(): StorageAdapter {
  const map = new Map<string, string>();
  return {
    getItem: async (k) => map.get(k) ?? null,
    setItem: async (k, value) => void map.set(k, value),
    removeItem: async (k) => void map.delete(k),
  };
}

/**
 * Picks where state lives: the override, extension storage, localStorage, else memory. Memory is shared by the
 * clients of one document, but private to each client without a `window`, so that a server process never
 * shares one visitor among its users.
 */
export function createStorage(override?: StorageAdapter): StorageAdapter {
  const found = override ?? chromeStorage();
  if (found) return found;
  if (typeof window === "undefined") return memoryStorage();
  const browser = browserStorage();
  if (browser) return browser;
  documentMemory ??= memoryStorage();
  return documentMemory;
}

/** A UUID v4 that also works on insecure origins, where `crypto.randomUUID` is missing. */
export function generateVisitorId(): string {
  const { crypto } = globalThis;
  if (crypto?.randomUUID) return crypto.randomUUID();
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => {
    const random = crypto ? crypto.getRandomValues(new Uint8Array(1))[0]! : Math.random() * 256;
    return (+digit ^ (random & (15 >> (+digit / 4)))).toString(16);
  });
}

/** The stored device's id when it is plausible: anything on the origin may have written it, and it goes into headers. */
export async function storedVisitorId(storage: StorageAdapter): Promise<string | null> {
  const id = await readItem(storage, STORAGE_KEYS.visitorId);
  return id && /^[!-~]{16,128}$/.test(id) ? id : null;
}

/** The device's id: the stored one when it is plausible, else a new one that is saved if storage allows. */
export async function ensureVisitorId(storage: StorageAdapter): Promise<string> {
  const stored = () => storedVisitorId(storage);
  const known = await stored();
  if (known) return known;
  const id = generateVisitorId();
  await writeItem(storage, STORAGE_KEYS.visitorId, id);
  // Two clients that start together agree on the one who wrote last.
  return (await stored()) ?? id;
}

export const readItem = (storage: StorageAdapter, k: string): Promise<string | null> =>
  quietly(() => storage.getItem(k));

/** Writes, or removes for null. */
export async function writeItem(storage: StorageAdapter, k: string, value: string | null): Promise<void> {
  await quietly(() => (value === null ? storage.removeItem(k) : storage.setItem(k, value)));
}

/** Hears of other contexts' changes where the storage can tell; never throws, and answers how to stop. */
export function watchItem(
  storage: StorageAdapter,
  k: string,
  callback: (value: string | null) => void,
): () => void {
  try {
    if (typeof storage.watch === "function") return storage.watch(k, callback);
  } catch {
    // An extension that was updated under its page has lost its storage.
  }
  return () => {};
}

/** The objects of a list; no list is an empty one. Content is shown as far as it makes sense. */
export const objectsOf = <T>(list: T[] | null | undefined): T[] =>
  Array.isArray(list) ? list.filter((it) => it && typeof it === "object") : [];

/** Parses a stored object; anything that is not a JSON object counts as absent. */
export function parseRecord<T extends object>(text: string | null): Partial<T> | null {
  try {
    const value = text && JSON.parse(text);
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
