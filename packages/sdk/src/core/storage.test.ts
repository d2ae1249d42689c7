import { afterEach, describe, expect, test, vi } from "vitest";
import { createStorage, ensureVisitorId, generateVisitorId, STORAGE_KEYS } from "./storage.ts";
import type { StorageAdapter } from "./types.ts";

afterEach(() => vi.unstubAllGlobals());

/** Enough of a browser window for the adapter; real ones are used in the Chromium tests. */
function stubWindow(localStorage: Partial<Storage> | undefined): EventTarget {
  const target = new EventTarget();
  vi.stubGlobal("window", { localStorage });
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("removeEventListener", target.removeEventListener.bind(target));
  return target;
}

describe("createStorage", () => {
  test("B-15: an override is used unchanged", () => {
    const mine: StorageAdapter = createStorage();
    expect(createStorage(mine)).toBe(mine);
  });

  test("B-18, B-19, B-24: without a window two clients share nothing, and each keeps its visitor", async () => {
    const [a, b] = [createStorage(), createStorage()];
    const visitor = await ensureVisitorId(a);
    expect(await ensureVisitorId(a)).toBe(visitor);
    expect(await ensureVisitorId(b)).not.toBe(visitor);
    expect(a.watch).toBeUndefined();
  });

  test("B-20: in a window without localStorage two clients share the memory", async () => {
    stubWindow(undefined);
    await createStorage().setItem("k", "v");
    expect(await createStorage().getItem("k")).toBe("v");
  });

  test("B-17, B-21: localStorage is chosen, and its exceptions are nobody's problem", async () => {
    stubWindow({
      getItem: () => {
        throw new Error("denied");
      },
      setItem: () => {
        throw new Error("full");
      },
    });
    const storage = createStorage();
    expect(await storage.getItem("k")).toBe(null);
    await expect(storage.setItem("k", "v")).resolves.toBeUndefined();
  });

  test("B-22: watch hears its own key in its own area until it is unsubscribed", () => {
    const area = {} as Storage;
    const target = stubWindow(area);
    const seen: (string | null)[] = [];
    const off = createStorage().watch!("k", (value) => seen.push(value));
    const fire = (key: string, newValue: string | null, storageArea: unknown) =>
      target.dispatchEvent(Object.assign(new Event("storage"), { key, newValue, storageArea }));
    fire("k", "1", area);
    fire("other", "2", area);
    fire("k", "3", {});
    fire("k", null, area);
    off();
    fire("k", "4", area);
    expect(seen).toEqual(["1", null]);
  });

  test("B-16, B-23: extension storage comes before localStorage, and only strings of the local area count", async () => {
    stubWindow({ getItem: () => "from localStorage" });
    const listeners = new Set<(changes: object, area: string) => void>();
    const data: Record<string, unknown> = { k: "v", n: 5 };
    vi.stubGlobal("chrome", {
      runtime: { id: "ext" },
      storage: {
        local: { get: async (key: string) => ({ [key]: data[key] }) },
        onChanged: {
          addListener: (listener: () => void) => listeners.add(listener),
          removeListener: (listener: () => void) => listeners.delete(listener),
        },
      },
    });
    const storage = createStorage();
    expect(await storage.getItem("k")).toBe("v");
    expect(await storage.getItem("n")).toBe(null);
    const seen: (string | null)[] = [];
    const off = storage.watch!("k", (value) => seen.push(value));
    for (const listener of listeners) {
      listener({ k: { newValue: "x" } }, "sync");
      listener({ k: { newValue: 5 } }, "local");
      listener({ k: { newValue: "y" } }, "local");
    }
    off();
    expect(seen).toEqual([null, "y"]);
    expect(listeners.size).toBe(0);
  });
});

describe("the visitor id", () => {
  test("B-25, B-26: a plausible one is kept, a short one replaced, and a failing write is survived", async () => {
    const kept = "x".repeat(16);
    const storing = (value: string | null): StorageAdapter => ({
      getItem: async () => value,
      setItem: async () => {
        throw new Error("full");
      },
      removeItem: async () => {},
    });
    expect(await ensureVisitorId(storing(kept))).toBe(kept);
    expect(await ensureVisitorId(storing("short"))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("it is a UUID v4 also where the browser has no randomUUID", () => {
    const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(generateVisitorId()).toMatch(v4);
    const { getRandomValues } = crypto;
    vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
    expect(generateVisitorId()).toMatch(v4);
    vi.stubGlobal("crypto", undefined);
    expect(generateVisitorId()).toMatch(v4);
  });
});

test("B-27, B-28: the keys are the ones other clients use", () => {
  expect(STORAGE_KEYS.visitorId).toBe("pw-visitor-id");
  expect(STORAGE_KEYS.authSession("7")).toBe("pw-7-auth-v1");
  expect(STORAGE_KEYS.anonRefreshToken("7")).toBe("pw-7-anon-rt-v1");
  expect(STORAGE_KEYS.bootstrap("7")).toBe("pw-7-bootstrap-v1");
  expect(STORAGE_KEYS.userState("7", "a@b.c")).toBe("pw-7-a@b.c-user-v1");
  expect(STORAGE_KEYS.balances("7", "guest")).toBe("pw-7-guest-balances-v1");
  expect(STORAGE_KEYS.checkoutPending("7")).toBe("pw-7-checkout-pending-v1");
  expect(STORAGE_KEYS.experiment("7")).toBe("pw-7-exp-v1");
  expect(STORAGE_KEYS.edgeState("pay.a.b:8443")).toBe("pw-edge-pay.a.b:8443-v1");
  expect(STORAGE_KEYS.lastLoginMethod("7")).toBe("pw-7-last-login-method");
  expect(STORAGE_KEYS.lastLoginEmail("7")).toBe("pw-7-last-login-email");
});
