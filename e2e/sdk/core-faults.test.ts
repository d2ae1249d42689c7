import { expect, test } from "vitest";
import { MINUTE, someone, useCorePage } from "./core-page.ts";
import { payAtSandbox } from "./host-page.ts";
import { useProxy } from "./proxy.ts";

const host = useCorePage({ paywall: { checkoutMode: "guest" }, tenant: { hybridTrust: "legacy" } });
const way = useProxy(() => host.server.origin);
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const active = (on = host.page) => on.evaluate(() => window.billing.getCachedUser()?.has_active_subscription);
const refresh = (on = host.page) => on.evaluate(() => window.billing.getUser({ force: true }).then(() => {}));

test("two tabs: a purchase and a sign-out seen in one are seen in the other, without a request of its own", async () => {
  const email = someone();
  await host.build({ auth: true });
  await host.signIn(email);
  await refresh();
  const other = await host.tab();
  await host.build({ auth: true }, other);
  await other.evaluate(async () => {
    window.noted = [];
    window.billing.onUserChange(({ has_active_subscription }) => window.noted.push(has_active_subscription));
    await window.billing.getSettledUser();
  });
  await expect.poll(() => active(other)).toBe(false);
  await other.waitForFunction(() => window.billing.getIdentity()?.email);
  const { url } = await host.page.evaluate(
    (priceId) => window.billing.createCheckout({ priceId }),
    host.shop.prices.monthly,
  );
  const tab = await host.context.newPage();
  await tab.goto(url);
  await payAtSandbox(tab);
  const before = () => host.count("/user-state");
  await expect
    .poll(async () => {
      await refresh();
      return active();
    })
    .toBe(true);
  const count = before();
  await expect.poll(() => active(other)).toBe(true);
  expect(before()).toBe(count);
  expect(await other.evaluate(() => window.noted)).toEqual([false, true]);
  await inPage(() => window.auth.signOut());
  await expect.poll(() => active(other)).toBe(false);
  expect(await other.evaluate(() => window.billing.getIdentity() ?? null)).toBe(null);
});

test.each([
  ["hours ahead", 5 * 60 * MINUTE],
  ["hours behind", -5 * 60 * MINUTE],
])(
  "a clock that is %s, and is set right later, hides no purchase and no change of content",
  async (_, off) => {
    const email = someone();
    await host.page.clock.install({ time: Date.now() + off });
    await host.build({ identity: { email } });
    await inPage(() => window.billing.bootstrap().then(() => {}));
    await refresh();
    expect(await active()).toBe(false);
    await host.server.buyFor(host.shop, email);
    await refresh();
    expect(await active()).toBe(true);
    await host.shop.publish({ name: "Another", checkoutMode: "guest" });
    // The clock is put right; what was stored meanwhile carries the wrong times.
    await host.page.clock.setSystemTime(Date.now());
    await host.load();
    await host.build({ identity: { email } });
    expect((await inPage(() => window.billing.getUser())).has_active_subscription).toBe(true);
    await inPage(() => window.billing.bootstrap().then(() => {}));
    await expect.poll(() => inPage(() => window.billing.getCachedBootstrap()?.settings.name)).toBe("Another");
  },
);

test("an outage at every step rejects with a code, leaves nothing pending, and the next try works", async () => {
  const email = someone();
  await host.build({ identity: { email }, apiOrigin: way.origin });
  const steps = () =>
    host.page.evaluate(async (priceId) => {
      const { billing, failure } = window;
      const results = await Promise.all([
        failure(billing.bootstrap(true)),
        failure(billing.getUser({ force: true })),
        failure(billing.createCheckout({ priceId })),
        failure(billing.createSupportTicket({ subject: "Help", content: "Please." })),
        failure(billing.getSettledUser()),
      ]);
      return results.map(({ code }) => code ?? "ok");
    }, host.shop.prices.monthly);
  for (const fault of ["refuse", "cut"] as const) {
    way.fault = fault;
    expect(await steps()).toEqual([...Array(4).fill("network_error"), "ok"]);
  }
  way.fault = "pass";
  await host.server.goDown();
  expect(await steps()).toEqual([...Array(4).fill("network_error"), "ok"]);
  await host.server.comeBack();
  expect(await steps()).toEqual(Array(5).fill("ok"));
});

test("a checkout whose answer was lost is the same checkout when it is asked for again with its key", async () => {
  const email = someone();
  await host.build({ identity: { email }, apiOrigin: way.origin });
  const buy = () =>
    host.page.evaluate(
      (priceId) =>
        window.failure(window.billing.createCheckout({ priceId, idempotencyKey: "the-same-key-0001" })),
      host.shop.prices.monthly,
    );
  way.fault = "cut";
  expect((await buy()).code).toBe("network_error");
  way.fault = "pass";
  const first = (await buy()).value;
  expect(first).toMatchObject({ url: expect.stringMatching(/^http/) });
  expect((await buy()).value).toEqual(first);
});

test("a purchase made while the page had no network is found when it is back", async () => {
  const email = someone();
  await host.build({ identity: { email } });
  await refresh();
  await host.context.setOffline(true);
  await host.server.buyFor(host.shop, email);
  expect((await inPage(() => window.failure(window.billing.getUser({ force: true })))).code).toBe(
    "network_error",
  );
  expect(await active()).toBe(false);
  await host.context.setOffline(false);
  await refresh();
  expect(await active()).toBe(true);
});

test.each([
  ["is blocked", "get"],
  ["is full", "set"],
])(
  "a browser whose storage %s still sells: content, person, checkout and a stable visitor",
  async (_, how) => {
    const email = someone();
    await host.server.buyFor(host.shop, email);
    await host.page.evaluate((kind) => {
      const refuse = (name: string) => () => {
        throw new DOMException("no", name);
      };
      if (kind === "get") Object.defineProperty(window, "localStorage", { get: refuse("SecurityError") });
      else Storage.prototype.setItem = refuse("QuotaExceededError");
    }, how);
    await host.build({ identity: { email } });
    const result = await host.page.evaluate(async (priceId) => {
      const { billing } = window;
      const { prices } = await billing.bootstrap();
      const user = await billing.getSettledUser();
      const checkout = await billing.createCheckout({ priceId, ignoreActivePurchase: true });
      const visitors = new Set([await billing.getVisitorId(), await billing.getVisitorId()]);
      return [prices.length, user?.has_active_subscription, checkout.url.startsWith("http"), visitors.size];
    }, host.shop.prices.monthly);
    expect(result).toEqual([3, true, true, 1]);
  },
);

test("storage whose watching and reading throw, as an updated extension's does, breaks nothing", async () => {
  await host.page.evaluate((target) => {
    const gone = () => {
      throw new Error("Extension context invalidated");
    };
    const storage = { getItem: gone, setItem: gone, removeItem: gone, watch: gone } as never;
    window.billing = new window.sdk.BillingClient({ ...target, storage });
  }, host.target);
  expect(await inPage(() => window.billing.getPrices().then((prices) => prices.length))).toBe(3);
});
