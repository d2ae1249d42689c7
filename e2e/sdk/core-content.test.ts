import { expect, test } from "vitest";
import type { PaywallBootstrap } from "../../packages/sdk/src/index.ts";
import { MINUTE, someone, useCorePage } from "./core-page.ts";

const host = useCorePage({ paywall: { checkoutMode: "guest" }, tenant: { hybridTrust: "legacy" } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const asked = () => host.calls("/bootstrap").map((it) => it.includes("if_version="));
const load = (given?: boolean | { force?: boolean }) =>
  host.page.evaluate((options) => window.billing.bootstrap(options), given);
const key = () => `pw-${host.shop.paywall}-bootstrap-v1`;
const patch = (change: (body: PaywallBootstrap) => void) => host.patch("/bootstrap", change);
const version = (on = host.page) => on.evaluate(() => window.billing.getCachedBootstrap()?.version);

/** Builds a client whose page clock can be moved. */
async function timed(given: Parameters<typeof host.build>[0] = {}) {
  await host.page.clock.install();
  await host.build(given);
}

test("B-62, B-63: a client without ids, or with an API key in a page, is refused", async () => {
  const codes = await host.page.evaluate(async (target) => {
    const code = (options: object) => {
      try {
        new window.sdk.BillingClient({ ...target, ...options });
        return "built";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    return [
      code({ paywallId: "" }),
      code({ apiOrigin: "" }),
      code({ apiKey: "sk_x" }),
      code({ apiKey: "sk_x", allowInsecureBrowserUsage: true }),
    ];
  }, host.target);
  expect(codes).toEqual(["invalid_config", "invalid_config", "apikey_in_browser", "built"]);
});

test("B-63: a key that is allowed in a page is complained about in the console", async () => {
  const heard = host.page.waitForEvent("console", (message) => message.type() === "error");
  await host.build({ apiKey: "sk_x", allowInsecureBrowserUsage: true });
  expect((await heard).text()).toContain("API key");
});

test.each([
  ["pay.example.test", "https://pay.example.test", "ok"],
  ["https://pay.example.test/", "https://pay.example.test", "ok"],
  ["pay.example.test", "https://pay.example.test/", "ok"],
  ["other.example.test", "https://pay.example.test", "invalid_config"],
  ["", "https://pay.example.test", "ok"],
])("B-65, B-66: custom domain %o, asked at %s: %s", async (domain, apiOrigin, outcome) => {
  await patch((body) => {
    body.settings.custom_domain = domain;
  });
  await host.build({ apiOrigin });
  const failure = await inPage(() => window.failure(window.billing.bootstrap()));
  expect(failure.code ?? "ok").toBe(outcome);
  expect(await version()).toEqual(outcome === "ok" ? expect.any(String) : undefined);
});

test("B-67: without a layout there are five blocks in order, and a name for what has none", async () => {
  await patch((body) => {
    delete body.layout;
    body.settings.name = "";
  });
  await host.build();
  const { layout, prices } = await load();
  expect(layout?.blocks.map(({ type }) => type)).toEqual([
    "heading",
    "price_grid",
    "cta_button",
    "guarantee_badge",
    "current_session",
  ]);
  expect(layout?.blocks[0]).toMatchObject({ text: "Upgrade" });
  expect(layout?.blocks[1]).toMatchObject({ priceIds: prices.map(({ id }) => id) });
});

test("B-68, B-69, B-70, B-71: shared while under way, free for five minutes, shown and checked for an hour, then waited for", async () => {
  await timed();
  await inPage(() => Promise.all([window.billing.bootstrap(), window.billing.getPrices()]).then(() => {}));
  expect(asked()).toEqual([false]);
  await host.pass(4.5 * MINUTE);
  await load();
  expect(asked()).toEqual([false]);
  await host.pass(MINUTE);
  // What is cached is there although the background's answer is still out.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await host.context.route(/\/bootstrap\?/, async (route) => {
    await held;
    await route.fallback();
  });
  await load();
  await expect.poll(asked).toEqual([false, true]);
  release();
  await host.mend();
  const before = await version();
  await host.shop.publish({ name: "Another" });
  await host.pass(61 * MINUTE);
  expect((await load()).settings.name).toBe("Another");
  expect(await version()).not.toBe(before);
  expect(asked()).toEqual([false, true, true]);
});

test("B-72, B-73: force asks in full, and true is short for it", async () => {
  await host.build();
  await load();
  await load(true);
  await load({ force: true });
  expect(asked()).toEqual([false, false, false]);
});

test("B-74: an unchanged answer keeps the content and brings the fresh user", async () => {
  const email = someone();
  await timed({ identity: { email } });
  expect((await load()).user?.has_active_subscription).toBe(false);
  const before = await inPage(() => window.billing.getCachedBootstrap()?.layout);
  await host.server.buyFor(host.shop, email);
  await host.pass(61 * MINUTE);
  const after = await load();
  expect(asked()).toEqual([false, true]);
  expect(after.user?.has_active_subscription).toBe(true);
  expect(after.layout).toEqual(before);
  expect(await inPage(() => window.billing.getCachedUser()?.has_active_subscription)).toBe(true);
});

test("B-75: a background check that fails is nobody's error", async () => {
  await timed();
  await load();
  await host.server.goDown();
  await host.pass(10 * MINUTE);
  expect((await load()).version).toBe(await version());
});

test("B-76: only versioned content is stored, and never the user", async () => {
  await host.build({ identity: { email: someone() } });
  await load();
  await expect.poll(() => host.stored(key())).toMatchObject({ at: expect.any(Number) });
  const { bootstrap } = await host.stored(key());
  expect(bootstrap).toHaveProperty("version");
  expect(bootstrap).not.toHaveProperty("user");
  await inPage(() => localStorage.clear());
  await patch((body) => void delete body.version);
  await host.build();
  await load();
  await inPage(() => window.billing.getVisitorId());
  expect(await host.stored(key())).toBe(null);
});

test("B-77: content stored less than an hour ago is shown by a new page before any request", async () => {
  await timed();
  await load();
  await expect.poll(() => host.stored(key())).not.toBe(null);
  await host.load();
  await host.pass(50 * MINUTE);
  await host.server.goDown();
  await host.build();
  expect((await load()).prices).toHaveLength(3);
  await host.load();
  await host.pass(20 * MINUTE);
  await host.build();
  const failure = await inPage(() => window.failure(window.billing.bootstrap()));
  expect(failure.code).toBe("network_error");
});

test("B-78, B-79: another tab's content is adopted without a request, and told only when its version differs", async () => {
  await host.build();
  await load();
  const other = await host.tab();
  await host.build({}, other);
  await other.evaluate(async () => {
    await window.billing.bootstrap();
    window.noted = [];
    const off = window.billing.onBootstrapChange(({ version }) => window.noted.push(version));
    Object.assign(window, { off });
  });
  const before = await version();
  const count = host.count("/bootstrap");
  await load(true);
  await host.shop.publish({ name: "Another" });
  await load(true);
  const after = await version();
  expect(after).not.toBe(before);
  await expect.poll(() => version(other)).toBe(after);
  expect(await other.evaluate(() => window.noted)).toEqual([after]);
  expect(host.count("/bootstrap")).toBe(count + 2);
  await other.evaluate(() => (window as unknown as { off(): void }).off());
  await host.shop.publish({ name: "A third" });
  await load(true);
  await expect.poll(async () => (await version(other)) === (await version())).toBe(true);
  expect(await other.evaluate(() => window.noted)).toHaveLength(1);
});

test("B-81, B-82: a preview shows what it is given and asks nobody", async () => {
  await host.build({ preview: true });
  expect((await inPage(() => window.failure(window.billing.bootstrap()))).code).toBe("invalid_config");
  const shown = await inPage(() => {
    const { billing } = window;
    const price = {
      id: "1",
      currency: "USD",
      amount: 1,
      interval: null,
      interval_count: null,
      trial_days: null,
    };
    billing.setBootstrap({ settings: { name: "A", brand_color: "#fff" }, prices: [price, price] });
    billing.setBootstrap({ settings: { name: "B" }, prices: [price] });
    return billing.bootstrap(true);
  });
  expect(shown).toMatchObject({ version: "preview:2", settings: { name: "B", brand_color: "#fff" } });
  expect(shown.prices).toHaveLength(1);
  expect(asked()).toEqual([]);
  expect(await host.stored(key())).toBe(null);
});

test("B-83, B-84: prices and offers are the content's, null before it is loaded", async () => {
  await host.build();
  const cached = () => inPage(() => [window.billing.getCachedPrices(), window.billing.getCachedOffers()]);
  expect(await cached()).toEqual([null, null]);
  const [prices, { prices: all }] = await inPage(() =>
    Promise.all([window.billing.getPrices(), window.billing.bootstrap()]),
  );
  expect(prices).toEqual(all);
  expect(await cached()).toEqual([prices, []]);
});

test.each([
  ["de-AT", "Jährlich (AT)", "de-AT"],
  ["de-CH", "Jährlich", "de"],
  ["ja", "Annuel", "fr"],
])(
  "B-85, B-86, B-87: for a browser in %s, texts are the closest that exist: %s",
  async (language, label, applied) => {
    await patch((body) => {
      body.settings.locale_default = "fr";
      const [first, second] = body.prices;
      Object.assign(second!, { label: "Monthly", description: "kept" });
      const texts = (text: string) => ({
        prices: { [first!.id]: { label: text }, [second!.id]: { label: null } },
      });
      body.locales = { "de-AT": texts("Jährlich (AT)"), de: texts("Jährlich"), fr: texts("Annuel") };
    });
    await host.page.evaluate((tag) => {
      Object.defineProperty(navigator, "language", { value: tag });
    }, language);
    await host.build();
    // B-88: before anything is loaded, the browser is all there is.
    expect(await inPage(() => window.billing.getUserLanguage())).toEqual({
      tag: language,
      applied: null,
      browserLanguage: language,
      countryLanguage: null,
    });
    const { prices } = await load();
    expect(prices[0]).toMatchObject({ label });
    expect(prices[1]).toMatchObject({ label: null, description: "kept" });
    expect(await inPage(() => window.billing.getUserLanguage())).toEqual({
      tag: applied,
      applied,
      browserLanguage: language,
      countryLanguage: "fr",
    });
  },
);

test("B-87, B-88: the language is the browser's before content is loaded, and where no texts exist for it", async () => {
  await patch((body) => {
    body.settings.locale_default = "fr";
  });
  await host.build();
  const language = () => inPage(() => window.billing.getUserLanguage());
  const browser = { tag: "en-US", applied: null, browserLanguage: "en-US" };
  expect(await language()).toEqual({ ...browser, countryLanguage: null });
  await load();
  expect(await language()).toEqual({ ...browser, countryLanguage: "fr" });
});

test("B-89: a caller who aborts leaves alone; the others get their content from the one request", async () => {
  await host.build();
  const [left, stayed] = await inPage(async () => {
    const controller = new AbortController();
    const leaving = window.failure(window.billing.bootstrap({ signal: controller.signal }));
    const staying = window.billing.bootstrap();
    setTimeout(() => controller.abort());
    return [await leaving, (await staying).prices.length] as const;
  });
  expect(left).toMatchObject({ code: "aborted", ours: true });
  expect(stayed).toBe(3);
  expect(asked()).toEqual([false]);
});
