import { expect, test } from "vitest";
import { useCorePage } from "./core-page.ts";

const host = useCorePage();
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);

test("B-15, B-17: storage given by the host is used unchanged, and without it a page uses its localStorage", async () => {
  expect(
    await inPage(async () => {
      const mine = { getItem: async () => null, setItem: async () => {}, removeItem: async () => {} };
      await window.sdk.createStorage().setItem("k", "v");
      return [window.sdk.createStorage(mine) === mine, localStorage.getItem("k")];
    }),
  ).toEqual([true, "v"]);
});

test("B-16, B-23: an extension's storage comes before localStorage; watching it ignores other areas and non-strings", async () => {
  expect(
    await inPage(async () => {
      const listeners = new Set<(changes: object, area: string) => void>();
      const data: Record<string, unknown> = { k: "v", n: 5 };
      Object.assign(window, {
        chrome: {
          runtime: { id: "ext" },
          storage: {
            local: { get: async (key: string) => ({ [key]: data[key] }) },
            onChanged: {
              addListener: (listener: () => void) => listeners.add(listener),
              removeListener: (listener: () => void) => listeners.delete(listener),
            },
          },
        },
      });
      localStorage.setItem("k", "from localStorage");
      const storage = window.sdk.createStorage();
      const seen: (string | null)[] = [];
      const off = storage.watch!("k", (value) => seen.push(value));
      for (const listener of listeners) {
        listener({ k: { newValue: "x" } }, "sync");
        listener({ k: { newValue: 5 } }, "local");
        listener({ other: { newValue: "z" } }, "local");
        listener({ k: { newValue: "y" } }, "local");
      }
      off();
      return [await storage.getItem("k"), await storage.getItem("n"), seen, listeners.size];
    }),
  ).toEqual(["v", null, [null, "y"], 0]);
});

test("B-18, B-19, B-24: in a worker every client has memory and a visitor of its own, without watching", async () => {
  host.pages.set("/worker.js", {
    body: `import { createStorage, ensureVisitorId } from "/sdk/index.js";
      const [a, b] = [createStorage(), createStorage()];
      await a.setItem("k", "v");
      const ids = await Promise.all([ensureVisitorId(a), ensureVisitorId(a), ensureVisitorId(b)]);
      postMessage({ leaked: await b.getItem("k"), stable: ids[0] === ids[1], own: ids[0] !== ids[2], watch: "watch" in a });`,
    headers: { "content-type": "text/javascript" },
  });
  expect(
    await inPage(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker("/worker.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        }),
    ),
  ).toEqual({ leaked: null, stable: true, own: true, watch: false });
});

test("B-20, B-24: in a window whose localStorage is blocked two clients share one memory, without watching", async () => {
  expect(
    await inPage(async () => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("blocked", "SecurityError");
        },
      });
      const [a, b] = [window.sdk.createStorage(), window.sdk.createStorage()];
      await a.setItem("k", "v");
      return [await b.getItem("k"), "watch" in a];
    }),
  ).toEqual(["v", false]);
});

test("B-21: a localStorage that throws reads as empty and is written to in vain", async () => {
  expect(
    await inPage(async () => {
      const storage = window.sdk.createStorage();
      for (const name of ["getItem", "setItem", "removeItem"] as const)
        Storage.prototype[name] = () => {
          throw new DOMException("full", "QuotaExceededError");
        };
      return [await storage.getItem("k"), await storage.setItem("k", "v"), await storage.removeItem("k")];
    }),
  ).toEqual([null, undefined, undefined]);
});

test("B-22: watching localStorage hears another tab's change of that key in that area, until it is stopped", async () => {
  await inPage(() => {
    window.noted = [];
    Object.assign(window, {
      off: window.sdk.createStorage().watch!("k", (value) => window.noted.push(value)),
    });
  });
  const other = await host.tab();
  const write = (work: () => void) => other.evaluate(work);
  await write(() => {
    localStorage.setItem("other", "1");
    localStorage.setItem("k", "2");
    localStorage.removeItem("k");
  });
  await expect.poll(() => inPage(() => window.noted)).toEqual(["2", null]);
  await inPage(() => {
    const wrong = new StorageEvent("storage", { key: "k", newValue: "3", storageArea: sessionStorage });
    dispatchEvent(wrong);
    (window as unknown as { off(): void }).off();
    dispatchEvent(new StorageEvent("storage", { key: "k", newValue: "4", storageArea: localStorage }));
  });
  expect(await inPage(() => window.noted)).toEqual(["2", null]);
});

test("B-25, B-26: a visitor id of 16 characters is kept, a shorter one replaced, also where nothing can be saved", async () => {
  const [kept, replaced, unsaved] = await inPage(async () => {
    const { createStorage, ensureVisitorId } = window.sdk;
    const storage = createStorage();
    localStorage.setItem("pw-visitor-id", "x".repeat(16));
    const first = await ensureVisitorId(storage);
    localStorage.setItem("pw-visitor-id", "x".repeat(15));
    const second = await ensureVisitorId(storage);
    const refusing = {
      ...storage,
      getItem: async () => null,
      setItem: () => Promise.reject(new Error("full")),
    };
    return [first, second, await ensureVisitorId(refusing), localStorage.getItem("pw-visitor-id")];
  });
  expect(kept).toBe("x".repeat(16));
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect([replaced, unsaved]).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)]);
});

test("B-28: another identity changes the keys of user and balances, and not those of content and session", async () => {
  const email = "key@example.com";
  await host.fault("/balances", { status: 200, body: { balances: [{ type: "image", count: 1 }] } });
  await host.build({ auth: true });
  await host.signIn(email);
  await inPage(async () => {
    await Promise.all([window.billing.bootstrap(), window.billing.getUser(), window.billing.getBalances()]);
  });
  const p = host.shop.paywall;
  const keys = () => inPage(() => Object.keys(localStorage).sort());
  const shared = [`pw-${p}-auth-v1`, `pw-${p}-bootstrap-v1`, "pw-visitor-id"];
  const own = (who: string) => [`pw-${p}-${who}-user-v1`, `pw-${p}-${who}-balances-v1`];
  await expect.poll(keys).toEqual(expect.arrayContaining([...shared, ...own(email)]));
  await inPage(async () => {
    window.billing.setIdentity({ email: "other@example.com" });
    await Promise.all([window.billing.getUser(), window.billing.getBalances()]);
  });
  await expect
    .poll(keys)
    .toEqual(expect.arrayContaining([...shared, ...own(email), ...own("other@example.com")]));
  expect((await keys()).filter((key) => /auth|bootstrap/.test(key))).toHaveLength(2);
});
