import { describe, expect, test } from "vitest";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({
  paywall: { checkoutMode: "guest", trial: { mode: "opens", payload: 0 } },
  tenant: { hybridTrust: "legacy" },
});

/** Lets the server answer `path` with its own JSON, changed. */
async function spoil(path: string, change: (body: Record<string, unknown>) => unknown): Promise<void> {
  await host.context.route(
    (url) => url.origin === host.server.origin && url.pathname.endsWith(path),
    async (route) => {
      if (route.request().method() === "OPTIONS") return route.fallback();
      const response = await route.fetch();
      await route.fulfill({ response, json: change(await response.json()) });
    },
  );
}

/** What a script would have left behind, had one of the server's words been taken for one. */
const SCRIPT = "javascript:localStorage.setItem('ran','yes')";
const ran = () => host.page.evaluate(() => localStorage.getItem("ran"));

describe("addresses that are no web addresses are never opened", () => {
  test("as a checkout", async () => {
    await spoil("/start-checkout", (body) => ({ ...body, checkoutUrl: SCRIPT }));
    await host.start({ identity: { email: ADA }, auth: undefined });
    await host.open();
    await host.cta().click();
    await host.page.waitForFunction(() => window.seen.some(({ name }) => name === "error"));
    expect(host.context.pages()).toHaveLength(1);
    expect(await ran()).toBeNull();
    // Whoever wants to may try again.
    await host.waitForView("layout");
    expect(await host.cta().isEnabled()).toBe(true);
  });

  test("as a provider's page", async () => {
    await host.fault("/oauth/init", { status: 200, body: { authorize_url: SCRIPT } });
    const code = await host.page.evaluate(
      async ([target]) => {
        const auth = new window.sdk.AuthClient(target!);
        const signIn = auth.signInWithOAuth({ provider: "google" });
        return Promise.race([
          signIn.then(
            () => "signed in",
            (error) => error.code,
          ),
          new Promise((go) => setTimeout(() => go("waiting"), 3000)),
        ]);
      },
      [host.target],
    );
    expect([code, await ran()]).toEqual(["oauth_failed", null]);
  });
});

const block = (...blocks: unknown[]) => ({ layout: { type: "modal", blocks } });
const CTA = { type: "cta_button", action: "checkout" };
type Content = { prices: object[]; settings: object };
const CONTENTS: [name: string, change: (body: Content) => object][] = [
  ["prices that are no list", () => ({ prices: "many" })],
  ["prices of nothing", () => ({ prices: [null, 5, "x", {}] })],
  [
    "prices in numbers that are none",
    ({ prices }) => ({
      prices: prices.map((price) => ({
        ...price,
        amount: "NaN",
        currency: {},
        interval: "eon",
        interval_count: -1,
        local: 3,
      })),
    }),
  ],
  ["offers that are no list", () => ({ offers: { length: 9 } })],
  [
    "offers of nothing",
    () => ({
      offers: [
        null,
        { discount_percent: "x", expires_at: 5 },
        { id: 5, discount_percent: 1e9, expires_at: "9999999-01-01" },
      ],
    }),
  ],
  [
    "an offer beyond the end of time",
    () => ({ offers: [{ id: "o", discount_percent: 10, duration_minutes: 1e300 }] }),
  ],
  ["a layout that is none", () => ({ layout: "modal" })],
  ["blocks that are no list", () => ({ layout: { type: "modal", blocks: { 0: CTA } } })],
  ["blocks of nothing", () => block(null, 5, "x", {}, [], CTA)],
  [
    "blocks with things for texts",
    () => block({ type: "heading", text: { a: 1 } }, { type: "text", text: [{}] }, CTA),
  ],
  [
    "lists of nothing",
    () =>
      block(
        { type: "features_list", items: [null] },
        { type: "tokenization_gate", queries: [null, { count: "x" }] },
        CTA,
      ),
  ],
  [
    "lists that are none",
    () => block({ type: "features_list", items: "abc" }, { type: "price_grid", priceIds: 5 }, CTA),
  ],
  ["a badge of numbers", () => block({ type: "guarantee_badge", title: 30 }, CTA)],
  [
    "names of inherited things",
    () => block({ type: "constructor" }, { type: "__proto__" }, { type: "toString" }, CTA),
  ],
  [
    "settings of the wrong kind",
    ({ settings }) => ({
      settings: {
        ...settings,
        brand_color: 5,
        custom_css: 7,
        trial: "free",
        visibility: "yes",
        name: { a: 1 },
        locale_default: 4,
      },
    }),
  ],
  ["locales of the wrong kind", () => ({ locales: { en: 5, "en-US": { layout: 7, prices: 3 } } })],
  ["an experiment of the wrong kind", () => ({ experiment: { id: "e", kind: "prices", variants: 7 } })],
  ["a user of the wrong kind", () => ({ user: { has_active_subscription: false, purchases: 5 } })],
];

describe("whatever the server says, the plans or a way on are shown, and the page can be used afterwards", () => {
  test.each(CONTENTS)("%s", async (_name, change) => {
    await spoil("/bootstrap", (body) => ({ ...body, ...change(body as Content) }));
    await host.start({ identity: { email: ADA } });
    await host.open();
    await expect.poll(host.view).toMatch(/^(layout|error)$/);
    const dialog = host.page.getByRole("dialog");
    await expect.poll(() => dialog.isVisible()).toBe(true);
    await expect.poll(() => dialog.getByRole("button").count()).toBeGreaterThan(0);
    await host.page.evaluate(() => window.pw.close());
    expect(await dialog.count()).toBe(0);
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("");
    // The second time it comes from what was kept.
    await host.open();
    await expect.poll(() => dialog.isVisible()).toBe(true);
  });
});

const POISON = [
  "",
  "null",
  "5",
  "[]",
  "{}",
  "{",
  '"text"',
  '{"__proto__":{"polluted":1}}',
  JSON.stringify({ at: 0 }),
];

test("what another script writes under our keys never breaks the paywall", async () => {
  await host.start({ identity: { email: ADA } });
  await host.open();
  await host.waitForView("layout");
  const id = host.shop.paywall;
  const { sdk } = { sdk: await host.page.evaluate(() => Object.keys(window.sdk.STORAGE_KEYS)) };
  expect(sdk).toContain("bootstrap");
  const now = Date.now();
  const settings = { id, name: "x" };
  const deep = [
    { at: now, bootstrap: 5, user: 5, balances: 5 },
    { at: now, bootstrap: { settings: 5 }, user: [], balances: [null] },
    {
      at: now,
      bootstrap: { settings, version: "v", prices: "x", layout: null },
      user: { purchases: 5 },
      balances: {},
    },
    {
      at: now,
      bootstrap: { settings, version: "v", prices: [null], layout: { blocks: [null] } },
      user: { purchases: [null] },
    },
    {
      access_token: "line\nbreak",
      refresh_token: "☃",
      expires_at: now + 1e7,
      user: { id: "u", email: "☃@b.c" },
    },
    { access_token: "a", refresh_token: "b", expires_at: now + 1e7, user: "me" },
    { active: "edge", switchedAt: "x", experimentId: 5, variant: {} },
  ].map((it) => JSON.stringify(it));
  for (const text of [...POISON, ...deep, "☃".repeat(20), "x".repeat(5000)]) {
    await host.page.evaluate(
      ([value, paywall, email]) => {
        const keys = window.sdk.STORAGE_KEYS;
        localStorage.clear();
        for (const key of [
          keys.visitorId,
          keys.authSession(paywall!),
          keys.anonRefreshToken(paywall!),
          keys.bootstrap(paywall!),
          keys.checkoutPending(paywall!),
          keys.experiment(paywall!),
          keys.lastLoginMethod(paywall!),
          keys.lastLoginEmail(paywall!),
          keys.userState(paywall!, email!),
          keys.balances(paywall!, email!),
          keys.edgeState(new URL(location.href).host),
          `ms_sdk_purchases_reported:${paywall}`,
          `paywall-${paywall}-skip-times`,
        ])
          localStorage.setItem(key, value!);
      },
      [text, String(id), ADA],
    );
    for (const auth of [undefined, true] as const) {
      await host.load();
      await host.start({ identity: { email: ADA }, ...(auth && { auth }) });
      await host.open();
      await expect.poll(host.view, { message: text.slice(0, 60) }).toBe("layout");
      await expect.poll(() => host.cta().isEnabled(), { message: text.slice(0, 60) }).toBe(true);
    }
  }
  expect(
    await host.page.evaluate(() => ({}) as { polluted?: number }).then((it) => it.polluted),
  ).toBeUndefined();
}, 300_000);

test("a visitor id that another script spoilt costs no sale", async () => {
  for (const text of ["☃".repeat(20), "x".repeat(5000), "line\nbreak in the middle of it"]) {
    await host.page.evaluate((value) => localStorage.setItem("pw-visitor-id", value), text);
    await host.load();
    const answer = await host.page.evaluate(
      async ([target, email]) => {
        const client = new window.sdk.BillingClient({ ...target, identity: { email } });
        const { prices } = await client.bootstrap();
        return client.createCheckout({ priceId: prices[0]!.id }).then(
          ({ url }) => url,
          (error) => error.code,
        );
      },
      [host.target, ADA] as const,
    );
    expect(answer).toMatch(/^http/);
  }
});

test("a frame that keeps claiming purchases unlocks nothing and does not make the page flood the server", async () => {
  await host.start({ identity: { email: ADA } });
  await host.open();
  await host.cta().click();
  await host.waitForView("awaiting_payment");
  const before = host.calls("/user-state").length;
  await host.page.evaluate(async () => {
    const frame = document.createElement("iframe");
    frame.srcdoc =
      "<script>setInterval(() => parent.postMessage({type:'paywall_purchase',status:'paid'}, '*'), 5)</script>";
    document.body.append(frame);
    await new Promise((go) => setTimeout(go, 4000));
    frame.remove();
  });
  const asked = host.calls("/user-state").length - before;
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(12);
  expect(await host.view()).toBe("awaiting_payment");
  expect(await host.names()).not.toContain("purchase_completed");
});
