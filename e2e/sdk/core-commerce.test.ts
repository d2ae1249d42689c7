import { expect, test } from "vitest";
import type { CreateCheckoutInput } from "../../packages/sdk/src/core/index.ts";
import { BillingClient } from "../../packages/sdk/src/core/index.ts";
import { someone, useCorePage } from "./core-page.ts";
import { useProxy } from "./proxy.ts";

const host = useCorePage({ paywall: { checkoutMode: "guest" }, tenant: { hybridTrust: "legacy" } });
const way = useProxy(() => host.server.origin);
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const buy = (input: Partial<CreateCheckoutInput> = {}) =>
  host.page.evaluate((given) => window.billing.createCheckout(given), {
    priceId: host.shop.prices.monthly,
    ...input,
  });
const failing = (input: Partial<CreateCheckoutInput> = {}) =>
  host.page.evaluate((given) => window.failure(window.billing.createCheckout(given)), {
    priceId: host.shop.prices.monthly,
    ...input,
  });
const last = (path = "/start-checkout") => {
  const call = host.lastCall(path)!;
  return { ...call, body: JSON.parse(call.body ?? "null") as Record<string, unknown> };
};
const keys = () =>
  host.requests
    .filter(({ path }) => path.endsWith("/start-checkout"))
    .map(({ headers }) => headers["idempotency-key"]);

/** A client as a merchant's back end has it: no window, an API key, and the real server. */
const backend = (options: object = {}) =>
  new BillingClient({ ...host.target, apiOrigin: way.origin, apiKey: host.shop.secretKey, ...options });

test("B-119: nobody can start a checkout, and nothing is sent", async () => {
  await host.build({ identity: { userId: "u1" } });
  expect(await failing()).toMatchObject({ code: "identity_required", ours: true });
  expect(host.requests).toEqual([]);
});

test("B-120, B-121, B-123: a checkout answers its page and processor; every one has a key of its own, or the given one", async () => {
  await host.build({ identity: { email: someone() } });
  const first = await buy();
  expect(first).toEqual({ url: expect.stringMatching(/^http/), acquiring: expect.any(String) });
  await buy({ idempotencyKey: "my-own-key-0001" });
  await buy();
  await host.fault("/start-checkout", "abort", 1);
  expect(await failing()).toMatchObject({ code: "network_error" });
  await buy();
  const all = keys();
  expect([all[0], all[1], all[2]]).toEqual([
    expect.stringMatching(UUID),
    "my-own-key-0001",
    expect.stringMatching(UUID),
  ]);
  expect(new Set(all).size).toBe(all.length);
});

test("B-122: parallel calls for one price are one checkout, for two prices two", async () => {
  await host.build({ identity: { email: someone() } });
  const { monthly, yearly } = host.shop.prices;
  const results = await host.page.evaluate(
    (ids) => Promise.all(ids.map((priceId) => window.billing.createCheckout({ priceId }))),
    [monthly, monthly, yearly],
  );
  expect(results[0]).toEqual(results[1]);
  expect(results[2]!.url).not.toBe(results[0]!.url);
  expect(keys()).toHaveLength(2);
});

test("B-122: one of two who share a checkout may leave; the request ends when both have", async () => {
  await host.build({ identity: { email: someone() }, apiOrigin: way.origin });
  way.fault = "hang";
  const begin = () =>
    host.page.evaluate((priceId) => {
      const both = [new AbortController(), new AbortController()];
      Object.assign(window, {
        both,
        outcomes: both.map(({ signal }) =>
          window.failure(window.billing.createCheckout({ priceId, signal })),
        ),
      });
    }, host.shop.prices.monthly);
  const leave = (which: number) =>
    host.page.evaluate(async (index) => {
      const { both, outcomes } = window as unknown as {
        both: AbortController[];
        outcomes: Promise<{ code: string }>[];
      };
      both[index]!.abort();
      return (await outcomes[index]!).code;
    }, which);
  await begin();
  await expect.poll(() => way.seen.length).toBe(1);
  expect(await leave(0)).toBe("aborted");
  expect(way.seen[0]?.gone).toBe(false);
  expect(await leave(1)).toBe("aborted");
  await expect.poll(() => way.seen[0]?.gone).toBe(true);
  // Whoever comes next does not inherit the aborted one.
  way.fault = "pass";
  expect((await buy()).url).toMatch(/^http/);
});

test("B-124, B-125, B-126: a checkout says what the page knew of price and shop, and explicit words win", async () => {
  await host.build({ identity: { email: "ada@example.com", userId: "u1" } });
  const { monthly } = host.shop.prices;
  await host.page.evaluate(async (id) => {
    await window.billing.bootstrap();
    const [price] = await window.billing.getPrices();
    window.billing.setBootstrap({
      prices: [{ ...price!, id, local: { currency: "EUR", amount: 9 } }],
      settings: {
        success_redirect_url: "https://shop.test/thanks",
        checkout_shop_url: "https://shop.test",
        checkout_product_name: "Pro",
      },
    });
  }, monthly);
  await buy({ priceId: Number(monthly) as unknown as string });
  expect(last().body).toEqual({
    email: "ada@example.com",
    priceId: Number(monthly),
    successUrl: "https://shop.test/thanks",
    shopUrl: "https://shop.test",
    productName: "Pro",
    userMeta: { userId: "u1" },
    localCurrency: "EUR",
    visitorId: await inPage(() => window.billing.getVisitorId()),
  });
  const explicit = {
    successUrl: "https://a.test/ok",
    errorUrl: "https://a.test/no",
    shopUrl: "https://a.test",
    ignoreActivePurchase: true,
  };
  await buy({ ...explicit, trialDays: 3 });
  expect(last().body).toMatchObject({ ...explicit, trial_days: 3 });
  await buy({ ignoreActivePurchase: false });
  expect(last().body).not.toHaveProperty("ignoreActivePurchase");
});

test("B-127: an assigned experiment is named in the checkout, with the variant", async () => {
  host.use(
    await host.server.sell({
      checkoutMode: "guest",
      experiments: [
        {
          key: "prices",
          state: "running",
          variants: [
            { key: "a", weight: 0 },
            { key: "b", weight: 1, options: [{ key: "cheap", replaces: "monthly", amount: 5 }] },
          ],
        },
      ],
    }),
  );
  await host.build({ identity: { email: someone() } });
  const assignment = await inPage(async () => {
    await window.billing.bootstrap();
    return window.billing.getExperimentAssignment();
  });
  expect(assignment).toEqual({ experimentId: expect.any(String), variant: "b" });
  await buy({ priceId: host.shop.price("cheap") });
  expect(last().body).toMatchObject({
    visitorId: expect.any(String),
    experimentId: assignment!.experimentId,
    variantKey: "b",
  });
});

test("B-128, B-129: who already pays is told so; other conflicts keep their code", async () => {
  const email = someone();
  await host.server.buyFor(host.shop, email);
  await host.build({ identity: { email } });
  expect(await failing()).toMatchObject({
    code: "already_purchased",
    status: 409,
    cause: { hasActivePurchase: true },
  });
  await host.fault("/start-checkout", { status: 409, body: { error: "price_changed" } });
  expect(await failing()).toMatchObject({ code: "price_changed", status: 409 });
});

test("B-130, B-132: portal, purchases and cancellation need somebody: a session, or a key with an identity", async () => {
  await host.build();
  const codes = await inPage(async () => {
    const { billing, failure } = window;
    const all = [
      billing.getCustomerPortalUrl(),
      billing.listPurchases(),
      billing.cancelSubscription({ subscriptionId: "s", reason: "other" }),
    ];
    billing.setIdentity({ email: "ada@example.com" });
    all.push(
      billing.listPurchases() as never,
      billing.cancelSubscription({ subscriptionId: "s", reason: "x" }) as never,
    );
    return Promise.all(all.map(async (it) => (await failure(it)).code));
  });
  expect(codes).toEqual(Array(5).fill("identity_required"));
  expect(host.requests.filter(({ path }) => !path.endsWith("user-state"))).toEqual([]);
  const keyOnly = backend();
  await expect(keyOnly.listPurchases()).rejects.toMatchObject({ code: "identity_required" });
  const cancel = keyOnly.cancelSubscription({ subscriptionId: "s", reason: "x" });
  await expect(cancel).rejects.toMatchObject({ code: "identity_required" });
  expect(way.seen).toEqual([]);
  // With a key, an id without an address is somebody, too: the server decides whether it knows them.
  await backend({ identity: { userId: "u1" } })
    .listPurchases()
    .catch(() => {});
  expect(way.seen.map(({ path }) => path)).toEqual([`${host.shop.api("user")}?user_id=u1`]);
});

test("B-131, B-133, B-134: with a session, requests name nobody: the portal, the purchases, and a cancellation at the end of the period", async () => {
  const email = someone();
  await host.server.buyFor(host.shop, email);
  await host.build({ auth: true });
  await host.signIn(email);
  const { url } = await inPage(() =>
    window.billing.getCustomerPortalUrl({ returnUrl: "https://shop.test/back" }),
  );
  expect(url).toMatch(/^http/);
  expect(last("/get-customer-portal").body).toEqual({ returnUrl: "https://shop.test/back" });
  const [purchase] = await inPage(() => window.billing.listPurchases());
  expect(purchase).toMatchObject({ status: "active", unit_amount: 1200, currency: "USD" });
  expect(host.lastCall("/user")?.path).toBe(`/api/v1/paywall/${host.shop.paywall}/user`);
  expect(host.lastCall("/user")?.headers).not.toHaveProperty("x-api-key");
  const cancelled = await host.page.evaluate(
    (subscriptionId) => window.billing.cancelSubscription({ subscriptionId, reason: "too_expensive" }),
    purchase!.id,
  );
  expect(cancelled.subscription).toMatchObject({ cancel_at_period_end: true });
  expect(last("/api/paywall/cancel-subscription").body).toEqual({
    subscriptionId: purchase!.id,
    paywallId: host.shop.paywall,
    cancellationReason: "too_expensive",
  });
});

test("B-64, B-133, B-134: a back end without a window asks with its key and for whom", async () => {
  const email = someone();
  await host.server.buyFor(host.shop, email);
  const billing = backend({ identity: { email } });
  const [purchase] = await billing.listPurchases();
  expect(purchase?.status).toBe("active");
  const asked = way.seen.at(-1)!;
  expect(asked.path).toBe(`${host.shop.api("user")}?email=${encodeURIComponent(email)}`);
  expect(asked.headers["x-api-key"]).toBe(host.shop.secretKey);
  await billing.cancelSubscription({ subscriptionId: purchase!.id, reason: "other" });
  expect(way.seen.at(-1)).toMatchObject({ method: "POST", path: "/api/paywall/cancel-subscription" });
  expect(JSON.parse(way.seen.at(-1)!.body)).toEqual({
    subscriptionId: purchase!.id,
    paywallId: host.shop.paywall,
    cancellationReason: "other",
    email,
  });
  expect((await billing.getCustomerPortalUrl()).url).toMatch(/^http/);
  expect(JSON.parse(way.seen.at(-1)!.body)).toEqual({ email });
});

test("B-135, B-136: a ticket is JSON, or a form with every file; its address is the given one, else the identity's, else null", async () => {
  await host.build({ identity: { email: "ada@example.com" } });
  const words = { subject: "It broke", content: "All of it." };
  const ticket = (given: object) =>
    host.page.evaluate((input) => window.billing.createSupportTicket(input as never), { ...words, ...given });
  expect(await ticket({})).toEqual({ ticket: { id: expect.any(Number), status: "open" } });
  expect(last("/support/ticket").body).toEqual({ ...words, customer_email: "ada@example.com" });
  await ticket({ email: "other@example.com" });
  expect(last("/support/ticket").body).toMatchObject({ customer_email: "other@example.com" });
  await host.build();
  const refused = await host.page.evaluate(
    (input) => window.failure(window.billing.createSupportTicket(input)),
    words,
  );
  expect(refused.code).toBe("email_required");
  expect(last("/support/ticket").body).toMatchObject({ customer_email: null });
});

test("B-135: files of a ticket reach the server as repeated parts", async () => {
  await host.build({ identity: { email: someone() }, apiOrigin: way.origin });
  const answer = await inPage(() => {
    const dot =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const bytes = Uint8Array.from(atob(dot), (c) => c.charCodeAt(0));
    const files = ["a.png", "b.png"].map((name) => new File([bytes], name, { type: "image/png" }));
    return window.failure(
      window.billing.createSupportTicket({ subject: "Pictures", content: "See.", files }),
    );
  });
  const sent = way.seen.find(({ path }) => path.endsWith("/support/ticket"))!;
  expect(sent.headers["content-type"]).toMatch(/^multipart\/form-data/);
  expect(sent.body.match(/name="files"/g)).toHaveLength(2);
  expect(sent.body).toContain('name="customer_email"');
  expect(answer.status).not.toBe(500);
});

test("B-137: credits and debits need a key, then somebody, then a sensible amount, before anything is sent", async () => {
  const image = { type: "image", amount: 2 };
  const code = (options: object, input: object = image) =>
    backend(options)
      .creditTokens(input as never)
      .catch((error) => error.code);
  const identity = { email: "ada@example.com" };
  expect(await code({ apiKey: undefined })).toBe("apikey_required");
  expect(await code({})).toBe("identity_required");
  for (const amount of [0, -1, 1.5, Number.NaN, "2"])
    expect(await code({ identity }, { ...image, amount })).toBe("invalid_argument");
  expect(await code({ identity }, { type: "", amount: 1 })).toBe("invalid_argument");
  expect(way.seen).toEqual([]);
});

test("B-138: credits and debits answer the new count; too little left is the server's word", async () => {
  const billing = backend({ identity: { email: "ada@example.com", userId: "u1" } });
  const full = { success: true, user_id: "u1", type: "image", count: 12, balances: [] };
  way.answer("/balances", { status: 200, body: full });
  expect(await billing.creditTokens({ type: "image", amount: 2 })).toEqual({ type: "image", count: 12 });
  expect(JSON.parse(way.seen[0]!.body)).toEqual({
    email: "ada@example.com",
    user_id: "u1",
    type: "image",
    amount: 2,
    op: "credit",
  });
  expect(way.seen[0]?.headers["x-api-key"]).toBe(host.shop.secretKey);
  way.answer("/balances", { status: 400, body: { code: "insufficient", available: 1 } });
  const debit = billing.debitTokens({ type: "image", amount: 2 });
  await expect(debit).rejects.toMatchObject({ code: "insufficient", status: 400, cause: { available: 1 } });
});
