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

const key = (p: string, rest: string) => `pw-${p}-${rest}`;

/** Every key the SDK writes through the adapter; the names are shared with other 3.x clients on the same page. */
export const STORAGE_KEYS = {
  visitorId: "pw-visitor-id",
  authSession: (p: string) => key(p, "auth-v1"),
  anonRefreshToken: (p: string) => key(p, "anon-rt-v1"),
  bootstrap: (p: string) => key(p, "bootstrap-v1"),
  userState: (p: string, ik: string) => key(p, `${ik}-user-v1`),
  balances: (p: string, ik: string) => key(p, `${ik}-balances-v1`),
  checkoutPending: (p: string) => key(p, "checkout-pending-v1"),
  experiment: (p: string) => key(p, "exp-v1"),
  edgeState: (host: string) => `pw-edge-${host}-v1`,
  lastLoginMethod: (p: string) => key(p, "last-login-method"),
  lastLoginEmail: (p: string) => key(p, "last-login-email"),
} as const;

function chromeStorage(chrome: ChromeLike | undefined): StorageAdapter | null {
  const storage = chrome?.storage;
  const local = storage?.local;
  if (!local || !chrome?.runtime?.id) return null;
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
    if (!area) return null;
    return {
      getItem: async (k) => quietly(() => area.getItem(k)) ?? null,
      setItem: async (k, value) => quietly(() => area.setItem(k, value)),
      removeItem: async (k) => quietly(() => area.removeItem(k)),
      watch(k, callback) {
        const listener = (event: StorageEvent) => {
          if (event.storageArea === area && event.key === k) callback(event.newValue);
        };
        addEventListener("storage", listener);
        return () => removeEventListener("storage", listener);
      },
    };
  } catch {
    return null;
  }
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
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
  if (override) return override;
  const chrome = chromeStorage((globalThis as { chrome?: ChromeLike }).chrome);
  if (chrome) return chrome;
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
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16);
  });
}

/** The device's id: the stored one when it is plausible, else a new one that is saved if storage allows. */
export async function ensureVisitorId(storage: StorageAdapter): Promise<string> {
  const stored = await readItem(storage, STORAGE_KEYS.visitorId);
  if (stored && stored.length >= 16) return stored;
  const id = generateVisitorId();
  await writeItem(storage, STORAGE_KEYS.visitorId, id);
  return id;
}

export async function readItem(storage: StorageAdapter, k: string): Promise<string | null> {
  try {
    return await storage.getItem(k);
  } catch {
    return null;
  }
}

/** Writes, or removes for null. Storage that is full, blocked or gone never breaks the caller. */
export async function writeItem(storage: StorageAdapter, k: string, value: string | null): Promise<void> {
  try {
    await (value === null ? storage.removeItem(k) : storage.setItem(k, value));
  } catch {
    // The SDK works from memory and the network then.
  }
}

/** Parses a stored object; anything that is not a JSON object counts as absent. */
export function parseRecord<T extends object>(text: string | null): Partial<T> | null {
  try {
    const value = text ? JSON.parse(text) : null;
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
