import { expect, test } from "vitest";
import type { PaywallUser } from "../../packages/sdk/src/index.ts";
import { MINUTE, someone, useCorePage } from "./core-page.ts";

const host = useCorePage({ paywall: { checkoutMode: "guest" }, tenant: { hybridTrust: "legacy" } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const EMPTY: PaywallUser = {
  has_active_subscription: false,
  purchases: [],
  trial: null,
  had_previous_trial: false,
};
const user = (force = false, on = host.page) =>
  on.evaluate((given) => window.billing.getUser({ force: given }), force);
const cachedUser = (on = host.page) => on.evaluate(() => window.billing.getCachedUser());
const active = async (on = host.page) => (await cachedUser(on))?.has_active_subscription;
const settled = () => inPage(() => window.billing.getSettledUser());
const asked = () => host.count("/user-state");
const stored = (ik: string) => host.stored(`pw-${host.shop.paywall}-${ik}-user-v1`);
const reload = async (given: Parameters<typeof host.build>[0]) => {
  await host.load();
  await host.build(given);
};
/** A client of somebody, on a page whose clock can be moved. */
async function known(given: Parameters<typeof host.build>[0] = {}) {
  const email = someone();
  await host.page.clock.install();
  await host.build({ identity: { email }, ...given });
  return email;
}

test("B-90: nobody, and somebody without an address, is the empty user, without a request", async () => {
  await host.build();
  expect(await user()).toEqual(EMPTY);
  await host.build({ identity: { userId: "u1" } });
  expect(await user()).toEqual(EMPTY);
  expect(asked()).toBe(0);
});

test("B-91: somebody with an address is asked for by it", async () => {
  const email = await known();
  await host.server.buyFor(host.shop, email);
  expect(await user()).toMatchObject({ has_active_subscription: true, purchases: [{ status: "active" }] });
  expect(host.lastCall("/user-state")?.headers["x-user-email"]).toBe(email);
});

test("B-92, B-93: one request for all who ask at once, none for five seconds, one after, always when forced", async () => {
  await known();
  await inPage(async () => {
    await Promise.all([
      window.billing.getUser(),
      window.billing.getUser({ force: true }),
      window.billing.getUser(),
    ]);
  });
  expect(asked()).toBe(1);
  await host.pass(4_000);
  await user();
  expect(asked()).toBe(1);
  await host.pass(2_000);
  await user();
  expect(asked()).toBe(2);
  await user(true);
  expect(asked()).toBe(3);
});

test("B-94: with an auth client the stored session is waited for, and no empty user is taken for an answer", async () => {
  const email = someone();
  await host.server.buyFor(host.shop, email);
  await host.build({ auth: true });
  await host.signIn(email);
  await inPage(() => window.billing.getUser().then(() => {}));
  await host.load();
  await inPage(() => {
    for (const key of Object.keys(localStorage)) if (key.includes("-user-v1")) localStorage.removeItem(key);
  });
  const before = asked();
  await host.build({ auth: true });
  const [answer, noted] = await inPage(async () => {
    const all: boolean[] = [];
    window.billing.onUserChange((it) => all.push(it.has_active_subscription));
    return [await window.billing.getUser(), all] as const;
  });
  expect(answer.has_active_subscription).toBe(true);
  expect(noted).toEqual([true]);
  expect(asked()).toBe(before + 1);
});

test("B-95, B-96, B-97, B-98: listeners hear changes only, the current value as they wish, and not each other's errors", async () => {
  const email = await known();
  await user();
  const counts = () => inPage(() => (window as unknown as { counts: Record<string, number> }).counts);
  const atOnce = await inPage(async () => {
    const counts: Record<string, number> = { micro: 0, sync: 0, none: 0, gone: 0 };
    const listen = (name: string, immediate?: "sync" | "none") =>
      window.billing.onUserChange(() => void counts[name]!++, { immediate });
    window.billing.onUserChange(() => {
      throw new Error("mine");
    });
    listen("micro");
    listen("sync", "sync");
    listen("none", "none");
    listen("gone")();
    Object.assign(window, { counts });
    const before = { ...counts };
    await null;
    return [before, { ...counts }];
  });
  expect(atOnce).toEqual([
    { micro: 0, sync: 1, none: 0, gone: 0 },
    { micro: 1, sync: 1, none: 0, gone: 0 },
  ]);
  await user(true);
  expect(await counts()).toEqual({ micro: 1, sync: 1, none: 0, gone: 0 });
  await host.server.buyFor(host.shop, email);
  await user(true);
  expect(await counts()).toEqual({ micro: 2, sync: 2, none: 1, gone: 0 });
});

test("B-80, B-99, B-101: another identity is another person, asked for once, with the same content", async () => {
  await known();
  await inPage(async () => {
    await window.billing.bootstrap();
    await window.billing.getUser();
  });
  const [before, bootstraps] = [asked(), host.count("/bootstrap")];
  const other = someone();
  await host.server.buyFor(host.shop, other);
  const at = await host.page.evaluate((email) => {
    window.billing.setIdentity({ email });
    const { billing } = window;
    return [billing.getCachedUser(), billing.getCachedBalances(), !!billing.getCachedBootstrap()];
  }, other);
  expect(at).toEqual([null, null, true]);
  await expect.poll(() => active()).toBe(true);
  await user();
  expect([asked(), host.count("/bootstrap")]).toEqual([before + 1, bootstraps]);
  expect(host.lastCall("/user-state")?.headers["x-user-email"]).toBe(other);
});

test("B-100: without an identity listeners hear at once of a guest with nothing", async () => {
  const email = await known();
  await host.server.buyFor(host.shop, email);
  await user();
  const noted = await inPage(() => {
    const all: unknown[] = [];
    window.billing.onUserChange((it) => all.push(it), { immediate: "none" });
    window.billing.onBalanceChange((it) => all.push(it), { immediate: "none" });
    window.billing.setIdentity(undefined);
    return all;
  });
  expect(noted).toHaveLength(2);
  expect(noted).toEqual(expect.arrayContaining([EMPTY, []]));
});

test("an answer for the person before is not taken for the one after", async () => {
  const [first, second] = [someone(), someone()];
  await host.server.buyFor(host.shop, first);
  let release = () => {};
  await host.context.route(/user-state/, async (route) => {
    if (route.request().headers()["x-user-email"] !== first) return route.fallback();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    await route.continue();
  });
  await host.build({ identity: { email: first } });
  const late = user();
  await expect.poll(asked).toBe(1);
  await host.page.evaluate((email) => window.billing.setIdentity({ email }), second);
  await expect.poll(() => cachedUser()).toEqual(EMPTY);
  release();
  expect((await late).has_active_subscription).toBe(true);
  expect(await cachedUser()).toEqual(EMPTY);
  expect(await stored(second)).toMatchObject({ user: EMPTY });
});

test("an answer that was asked for earlier does not undo what a later one has shown", async () => {
  const email = someone();
  let release = () => {};
  await host.context.route(/user-state/, async (route) => {
    if (asked() > 1) return route.fallback();
    const response = await route.fetch();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    await route.fulfill({ response });
  });
  await host.build({ identity: { email } });
  const early = user();
  await expect.poll(asked).toBe(1);
  await host.server.buyFor(host.shop, email);
  // The content brings its own, newer, snapshot of the person.
  await inPage(() => window.billing.bootstrap().then(() => {}));
  expect(await active()).toBe(true);
  release();
  expect((await early).has_active_subscription).toBe(true);
  expect(await active()).toBe(true);
});

test("B-102: signing in sets the identity, signing out clears it, and a refreshed token changes nothing", async () => {
  const email = someone();
  await host.build({ auth: true });
  await host.signIn(email);
  const identity = () => inPage(() => window.billing.getIdentity() ?? null);
  expect(await identity()).toEqual({ email, userId: expect.any(String) });
  await expect.poll(() => cachedUser()).toEqual(EMPTY);
  const before = asked();
  await inPage(() => window.auth.refresh().then(() => {}));
  await inPage(() => window.billing.bootstrap().then(() => {}));
  expect(asked()).toBe(before);
  await inPage(() => window.auth.signOut());
  expect(await identity()).toBe(null);
});

test("an identity that the host has set survives a page without a session, and a sign-in replaces it", async () => {
  const email = someone();
  await host.build({ auth: true, identity: { email: "given@example.com" } });
  await inPage(() => window.auth.ready());
  await settled();
  const identity = () => inPage(() => window.billing.getIdentity());
  expect(await identity()).toEqual({ email: "given@example.com" });
  await host.signIn(email);
  expect(await identity()).toMatchObject({ email });
});

test("B-103: a settled user is never an error: what is known, or nothing", async () => {
  await host.server.goDown();
  await host.build({ identity: { email: someone() } });
  expect(await settled()).toBe(null);
  await host.build();
  expect(await settled()).toEqual(EMPTY);
});

test("B-104, B-109: a stored subscriber is believed without a request for half an hour", async () => {
  const email = await known();
  await host.server.buyFor(host.shop, email);
  await user();
  await expect.poll(() => stored(email)).not.toBe(null);
  const before = asked();
  await reload({ identity: { email } });
  expect((await settled())?.has_active_subscription).toBe(true);
  expect(asked()).toBe(before);
  await host.pass(31 * MINUTE);
  await reload({ identity: { email } });
  expect(await inPage(() => window.billing.peekCachedUser())).toBe(null);
  await settled();
  expect(asked()).toBe(before + 1);
});

test.each([
  ["B-105: without a checkout under way a stored no is believed", null, false],
  ["B-106: a checkout started lately makes a stored no be checked, once", 29, true],
  ["B-107: one started long ago does not, and is forgotten", 31, false],
])("%s", async (_, minutes, checked) => {
  const email = await known();
  await user();
  await expect.poll(() => stored(email)).not.toBe(null);
  await host.server.buyFor(host.shop, email);
  const marker = `pw-${host.shop.paywall}-checkout-pending-v1`;
  await host.page.evaluate(
    ({ key, age }) => {
      if (age) localStorage.setItem(key, JSON.stringify({ at: Date.now() - age * 60_000 }));
    },
    { key: marker, age: minutes },
  );
  await reload({ identity: { email } });
  const before = asked();
  // B-108: looking waits for the storage, asks nobody, and uses nothing up.
  expect(await inPage(() => window.billing.peekCachedUser())).toEqual(EMPTY);
  expect(await host.stored(marker)).toEqual(minutes ? { at: expect.any(Number) } : null);
  expect((await settled())?.has_active_subscription).toBe(checked);
  expect(asked() - before).toBe(checked ? 1 : 0);
  expect(await host.stored(marker)).toBe(null);
  await settled();
  expect(asked() - before).toBe(checked ? 1 : 0);
});

test("B-108: peeking shows what is stored, without asking", async () => {
  const email = await known();
  await user();
  await expect.poll(() => stored(email)).not.toBe(null);
  const before = asked();
  await reload({ identity: { email } });
  expect(await inPage(() => window.billing.peekCachedUser())).toEqual(EMPTY);
  expect(asked()).toBe(before);
});

/** The server counts no units yet: its balances are played, its sessions are real. */
let units = 3;
async function metered() {
  units = 3;
  await host.context.route(
    (url) => url.pathname.endsWith("/balances"),
    (route) =>
      route.request().method() === "OPTIONS"
        ? route.fallback()
        : route.fulfill({ json: { balances: [{ type: "image", count: units }], tokenization: true } }),
  );
  await host.page.clock.install();
  await host.build({ auth: true });
  const email = someone();
  await host.signIn(email);
  return email;
}
const balances = (on = host.page) => on.evaluate(() => window.billing.getBalances());
const cachedUnits = (on = host.page) => on.evaluate(() => window.billing.getCachedBalances()?.[0]?.count);

test("B-110, B-111: nobody signed in has no balances, without a request", async () => {
  await host.build();
  expect(await balances()).toEqual([]);
  await host.build({ auth: true });
  expect(await balances()).toEqual([]);
  expect(await inPage(() => window.billing.refreshBalances())).toEqual([]);
  expect(host.count("/balances")).toBe(0);
});

test("B-112, B-113: balances are shared while under way, kept for 30 s, shown and checked for 5 min, then waited for", async () => {
  await metered();
  await inPage(() =>
    Promise.all([window.billing.getBalances(), window.billing.getBalances()]).then(() => {}),
  );
  expect(host.count("/balances")).toBe(1);
  await host.pass(25_000);
  await balances();
  expect(host.count("/balances")).toBe(1);
  units = 2;
  await host.pass(10_000);
  expect(await balances()).toEqual([{ type: "image", count: 3 }]);
  await expect.poll(() => cachedUnits()).toBe(2);
  units = 1;
  await host.pass(5 * MINUTE + 1_000);
  expect(await balances()).toEqual([{ type: "image", count: 1 }]);
  expect(host.count("/balances")).toBe(3);
});

test("B-114, B-115, B-116: a spent unit shows at once and is stored; never below zero, nothing for unknown types; no type asks", async () => {
  const email = await metered();
  await inPage(() => window.billing.decrementBalanceLocal("image"));
  expect(await cachedUnits()).toBe(undefined);
  await balances();
  const noted = await inPage(() => {
    const all: (number | undefined)[] = [];
    window.billing.onBalanceChange(([first]) => all.push(first?.count), { immediate: "none" });
    for (const type of ["image", "video", "image", "image", "image"])
      window.billing.decrementBalanceLocal(type);
    return all;
  });
  expect(noted).toEqual([2, 1, 0]);
  const record = { balances: [{ type: "image", count: 0 }] };
  await expect.poll(() => host.stored(`pw-${host.shop.paywall}-${email}-balances-v1`)).toMatchObject(record);
  await inPage(() => window.billing.decrementBalanceLocal(undefined));
  await expect.poll(() => cachedUnits()).toBe(3);
  expect(host.count("/balances")).toBe(2);
});

test("B-117: another tab's newer balances are adopted, older ones are not", async () => {
  const email = await metered();
  await balances();
  const other = await host.tab();
  await host.build({ auth: true }, other);
  await expect.poll(() => cachedUnits(other)).toBe(3);
  await host.pass(1_000);
  await inPage(() => window.billing.decrementBalanceLocal("image"));
  await expect.poll(() => cachedUnits(other)).toBe(2);
  expect(host.count("/balances")).toBe(1);
  await other.evaluate((key) => {
    const balances = [{ type: "image", count: 99 }];
    localStorage.setItem(key, JSON.stringify({ at: Date.now() - 60_000, balances }));
    localStorage.setItem("done", "1");
  }, `pw-${host.shop.paywall}-${email}-balances-v1`);
  await expect.poll(() => inPage(() => localStorage.getItem("done"))).toBe("1");
  expect(await cachedUnits()).toBe(2);
});

test("B-118: a destroyed client hears nothing more, of sessions, tabs or answers", async () => {
  const email = someone();
  await host.build({ auth: true });
  await inPage(() => {
    window.noted = [];
    const note = (what: unknown) => window.noted.push(what);
    window.billing.onUserChange(note, { immediate: "none" });
    window.billing.onBalanceChange(note, { immediate: "none" });
    window.billing.onBootstrapChange(note);
    window.billing.destroy();
  });
  await host.signIn(email);
  expect(await inPage(() => window.billing.getIdentity() ?? null)).toBe(null);
  const other = await host.tab();
  await host.build({}, other);
  await other.evaluate(() => window.billing.bootstrap().then(() => {}));
  await inPage(() => window.billing.getUser().then(() => {}));
  expect(await inPage(() => window.noted)).toEqual([]);
});
