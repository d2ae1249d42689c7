import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Handler, settle, sharedStorage, stubFetch } from "../../test/stub-fetch.ts";
import { AuthClient } from "./auth-client.ts";
import { BillingClient, type BillingClientOptions } from "./billing-client.ts";
import type { PaywallError } from "./errors.ts";
import type { PaywallBootstrap, PaywallUser } from "./types.ts";
import { emptyUser } from "./user-state.ts";

const ORIGIN = "http://api.test";
const ADA = { email: "ada@example.com", userId: "u1" };
const MINUTE = 60_000;
const active: PaywallUser = { ...emptyUser(), has_active_subscription: true };

const content = (patch: Partial<PaywallBootstrap> = {}): PaywallBootstrap => ({
  version: "v1",
  settings: { id: "7", name: "Pro", checkout_shop_url: "https://shop.test" },
  prices: [
    {
      id: "101",
      currency: "USD",
      amount: 10,
      interval: "month",
      interval_count: 1,
      trial_days: null,
      label: "Base",
      local: { currency: "EUR", amount: 9 },
    },
  ],
  offers: [],
  ...patch,
});

/** The usual server: one bootstrap with versions, one user, one checkout. */
function server(
  state: { content: PaywallBootstrap; user: PaywallUser },
  extra: Handler = () => ({ status: 404 }),
) {
  return stubFetch((call) => {
    if (call.path.includes("/bootstrap")) {
      const { version } = state.content;
      const unchanged = call.path.includes(`if_version=${version}`);
      return {
        body: unchanged ? { unchanged, version, user: state.user } : { ...state.content, user: state.user },
      };
    }
    if (call.path.endsWith("/user-state")) return { body: state.user };
    if (call.path.endsWith("/start-checkout"))
      return { body: { checkoutUrl: "https://pay.test/1", userId: "u1", acquiring: "stripe" } };
    return extra(call);
  });
}

let state: { content: PaywallBootstrap; user: PaywallUser };
let storage: ReturnType<typeof sharedStorage>;
const build = (net: ReturnType<typeof stubFetch>, options: Partial<BillingClientOptions> = {}) =>
  new BillingClient({
    paywallId: "7",
    apiOrigin: ORIGIN,
    storage: storage.tab(),
    fetch: net.fetch,
    ...options,
  });
const failure = (promise: Promise<unknown>): Promise<PaywallError> =>
  promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const asked = (net: ReturnType<typeof stubFetch>, part: string) =>
  net.calls.filter(({ path }) => path.includes(part)).length;

beforeEach(() => {
  state = { content: content(), user: emptyUser() };
  storage = sharedStorage();
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime("2031-03-01T10:00:00Z");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe("construction", () => {
  test("B-62, B-63, B-64: bad configuration is refused, and a key never works in a page", () => {
    const refuse = (options: object, code: string) =>
      expect(() => new BillingClient({ paywallId: "7", apiOrigin: ORIGIN, ...options })).toThrow(
        expect.objectContaining({ code }),
      );
    refuse({ paywallId: "" }, "invalid_config");
    refuse({ apiOrigin: "" }, "invalid_config");
    expect(() => new BillingClient({ paywallId: "7", apiOrigin: ORIGIN, apiKey: "sk" })).not.toThrow();
    vi.stubGlobal("window", { document: {} });
    refuse({ apiKey: "sk" }, "apikey_in_browser");
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    new BillingClient({ paywallId: "7", apiOrigin: ORIGIN, apiKey: "sk", allowInsecureBrowserUsage: true });
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  test("B-65, B-66: another custom domain than the configured origin is refused, differences of form are not", async () => {
    const check = (custom_domain: string, apiOrigin: string) => {
      state.content = content({ settings: { id: "7", name: "", custom_domain } });
      storage = sharedStorage();
      return build(server(state), { apiOrigin }).bootstrap();
    };
    expect((await failure(check("pay.other.com", "https://pay.example.com"))).code).toBe("invalid_config");
    await check("pay.example.com", "https://pay.example.com/");
    await check("https://pay.example.com/", "https://pay.example.com");
    await check("", ORIGIN);
  });
});

describe("bootstrap", () => {
  test("B-67: without a layout there are the five default blocks", async () => {
    state.content = content({ settings: { id: "7", name: "" } });
    const { layout } = await build(server(state)).bootstrap();
    expect(layout?.blocks.map(({ type }) => type)).toEqual([
      "heading",
      "price_grid",
      "cta_button",
      "guarantee_badge",
      "current_session",
    ]);
    expect(layout?.blocks[0]).toMatchObject({ text: "Upgrade" });
  });

  test("B-68, B-69, B-70, B-71: parallel calls share; fresh is free, then shown and checked, then waited for", async () => {
    const net = server(state);
    const billing = build(net);
    await Promise.all([billing.bootstrap(), billing.bootstrap(), billing.getPrices()]);
    expect(asked(net, "/bootstrap")).toBe(1);
    pass(5 * MINUTE);
    await billing.bootstrap();
    expect(asked(net, "/bootstrap")).toBe(1);
    pass(1000);
    await billing.bootstrap();
    await settle();
    expect(net.calls.at(-1)?.path).toContain("if_version=v1");
    expect(asked(net, "/bootstrap")).toBe(2);
    pass(61 * MINUTE);
    state.content = content({ version: "v2", prices: [] });
    expect((await billing.bootstrap()).prices).toEqual([]);
    expect(asked(net, "/bootstrap")).toBe(3);
  });

  test("B-72, B-73: force asks in full", async () => {
    const net = server(state);
    const billing = build(net);
    await billing.bootstrap();
    await billing.bootstrap(true);
    await billing.bootstrap({ force: true });
    expect(net.calls.filter(({ path }) => path.includes("if_version"))).toEqual([]);
    expect(asked(net, "/bootstrap")).toBe(3);
  });

  test("B-74: an unchanged answer keeps the content and brings the fresh user", async () => {
    const billing = build(server(state), { identity: ADA });
    await billing.bootstrap();
    pass(61 * MINUTE);
    state.user = active;
    const second = await billing.bootstrap();
    expect(second.prices).toHaveLength(1);
    expect(second.user).toEqual(active);
  });

  test("B-75: a background check that fails is nobody's error", async () => {
    let down = false;
    const up = server(state);
    const net = stubFetch((call) => (down ? "offline" : up.fetch(call.url, call.init)));
    const billing = build(net);
    await billing.bootstrap();
    down = true;
    pass(10 * MINUTE);
    expect((await billing.bootstrap()).version).toBe("v1");
    await settle();
  });

  test("B-76: only versioned content is stored, and never the user", async () => {
    state.user = active;
    await build(server(state), { identity: ADA }).bootstrap();
    const stored = JSON.parse(storage.data.get("pw-7-bootstrap-v1")!);
    expect(stored.bootstrap.version).toBe("v1");
    expect(stored.bootstrap).not.toHaveProperty("user");
    storage = sharedStorage();
    state.content = content({ version: undefined });
    await build(server(state)).bootstrap();
    expect(storage.data.has("pw-7-bootstrap-v1")).toBe(false);
  });

  test("B-77, B-78, B-79: another tab's content is adopted without a request, and told only when it differs", async () => {
    const net = server(state);
    await build(net).bootstrap();
    const second = build(net);
    const heard: (string | undefined)[] = [];
    const off = second.onBootstrapChange(({ version }) => heard.push(version));
    expect((await second.bootstrap()).version).toBe("v1");
    expect(asked(net, "/bootstrap")).toBe(1);

    const third = build(net);
    pass(1000);
    await third.bootstrap(true);
    state.content = content({ version: "v2" });
    pass(1000);
    await third.bootstrap(true);
    await settle();
    expect(heard).toEqual(["v1", "v2"]);
    off();
    state.content = content({ version: "v3" });
    pass(1000);
    await third.bootstrap(true);
    await settle();
    expect(second.getCachedBootstrap()?.version).toBe("v3");
    expect(heard).toEqual(["v1", "v2"]);
  });

  test("B-81, B-82: a preview shows what it is given, and nothing else", async () => {
    const net = server(state);
    const billing = build(net, { preview: true });
    expect((await failure(billing.bootstrap())).code).toBe("invalid_config");
    billing.setBootstrap({ settings: { name: "A", brand_color: "#fff" }, prices: content().prices });
    billing.setBootstrap({ settings: { name: "B" }, prices: [] });
    const shown = await billing.bootstrap();
    expect(shown.settings).toMatchObject({ name: "B", brand_color: "#fff" });
    expect(shown.prices).toEqual([]);
    expect(shown.version).toBe("preview:2");
    expect(net.calls).toEqual([]);
    expect(storage.data.has("pw-7-bootstrap-v1")).toBe(false);
  });

  test("B-83, B-84, B-89: cached reads, and a caller that walks away alone", async () => {
    const billing = build(server(state));
    expect([billing.getCachedPrices(), billing.getCachedOffers()]).toEqual([null, null]);
    const controller = new AbortController();
    const leaving = failure(billing.bootstrap({ signal: controller.signal }));
    const staying = billing.bootstrap();
    controller.abort();
    expect((await leaving).code).toBe("aborted");
    expect((await staying).version).toBe("v1");
    expect(billing.getCachedPrices()).toHaveLength(1);
    expect(billing.getCachedOffers()).toEqual([]);
  });

  test("B-85, B-86, B-87, B-88: content follows the full tag, the base, then the country, and null clears", async () => {
    vi.stubGlobal("navigator", { language: "de-AT" });
    const text = (label: string | null) => ({ prices: { 101: { label } } });
    const label = async (locales: PaywallBootstrap["locales"], locale_default?: string) => {
      state.content = content({ locales, settings: { id: "7", name: "", locale_default } });
      storage = sharedStorage();
      const billing = build(server(state));
      const [price] = await billing.getPrices();
      return [price?.label, billing.getUserLanguage().applied];
    };
    expect(await label({ "de-AT": text("AT"), de: text("DE") })).toEqual(["AT", "de-AT"]);
    expect(await label({ de: text("DE"), fr: text("FR") }, "fr")).toEqual(["DE", "de"]);
    expect(await label({ fr: text("FR") }, "fr")).toEqual(["FR", "fr"]);
    expect(await label({ de: text(null) })).toEqual([null, "de"]);
    expect(await label({ it: text("IT") })).toEqual(["Base", null]);
    expect(build(server(state), { storage: sharedStorage().tab() }).getUserLanguage()).toEqual({
      tag: "de-AT",
      applied: null,
      browserLanguage: "de-AT",
      countryLanguage: null,
    });
  });
});

describe("the user", () => {
  test("B-90, B-91: nobody is empty without a request, somebody is asked for by e-mail", async () => {
    const net = server(state);
    expect(await build(net).getUser()).toEqual(emptyUser());
    expect(net.calls).toEqual([]);
    await build(net, { identity: ADA }).getUser();
    expect(net.calls[0]?.headers.get("x-user-email")).toBe(ADA.email);
  });

  test("B-92, B-93: five seconds of memory, one request at a time, force always", async () => {
    const net = server(state);
    const billing = build(net, { identity: ADA });
    await Promise.all([billing.getUser(), billing.getUser({ force: true })]);
    pass(4_999);
    await billing.getUser();
    expect(asked(net, "user-state")).toBe(1);
    await billing.getUser({ force: true });
    expect(asked(net, "user-state")).toBe(2);
    pass(5_001);
    await billing.getUser();
    expect(asked(net, "user-state")).toBe(3);
  });

  test("B-95, B-96, B-97, B-98: listeners hear changes, the current value once, and not each other's errors", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const billing = build(server(state), { identity: ADA });
    await billing.getUser();
    const heard: Record<string, number> = { micro: 0, sync: 0, none: 0, gone: 0 };
    const count = (name: string) => () => {
      heard[name] = (heard[name] ?? 0) + 1;
    };
    billing.onUserChange(() => {
      throw new Error("mine");
    });
    billing.onUserChange(count("micro"));
    billing.onUserChange(count("sync"), { immediate: "sync" });
    billing.onUserChange(count("none"), { immediate: "none" });
    billing.onUserChange(count("gone"))();
    expect(heard).toEqual({ micro: 0, sync: 1, none: 0, gone: 0 });
    await settle();
    expect(heard).toEqual({ micro: 1, sync: 1, none: 0, gone: 0 });
    await billing.getUser({ force: true });
    expect(heard.micro).toBe(1);
    state.user = active;
    await billing.getUser({ force: true });
    expect(heard).toEqual({ micro: 2, sync: 2, none: 1, gone: 0 });
    log.mockRestore();
  });

  test("B-80, B-99, B-100, B-101: another identity is another person with the same paywall", async () => {
    state.user = active;
    const net = server(state);
    const billing = build(net, { identity: ADA });
    await billing.bootstrap();
    await billing.getUser();
    billing.setIdentity({ email: "bob@example.com" });
    expect(billing.getCachedUser()).toBe(null);
    expect(billing.getCachedBootstrap()?.version).toBe("v1");
    await settle();
    expect(net.calls.at(-1)?.headers.get("x-user-email")).toBe("bob@example.com");
    expect(billing.getCachedUser()).toEqual(active);

    const heard: PaywallUser[] = [];
    billing.onUserChange((user) => heard.push(user), { immediate: "none" });
    billing.setIdentity(undefined);
    expect(heard).toEqual([emptyUser()]);
    expect(billing.getCachedBalances()).toEqual([]);
  });

  test("an answer for the person before is not taken for the one after", async () => {
    const waiting: (() => void)[] = [];
    const net = stubFetch(
      ({ headers }) =>
        new Promise((resolve) => {
          const user = { ...emptyUser(), had_previous_trial: headers.get("x-user-email") === ADA.email };
          waiting.push(() => resolve({ body: user }));
        }),
    );
    const billing = build(net, { identity: ADA });
    const before = billing.getUser();
    await settle();
    billing.setIdentity({ email: "bob@example.com" });
    await settle();
    waiting[1]?.();
    await settle();
    waiting[0]?.();
    await before;
    expect(billing.getCachedUser()?.had_previous_trial).toBe(false);
  });

  test("B-103, B-104, B-105, B-109: a settled user comes from the cache while that can be believed", async () => {
    const net = server(state);
    const first = build(net, { identity: ADA });
    await first.getUser();
    const cold = () => build(net, { identity: ADA });
    expect(await cold().getSettledUser()).toEqual(emptyUser());
    expect(asked(net, "user-state")).toBe(1);
    state.user = active;
    await first.getUser({ force: true });
    expect(await cold().getSettledUser()).toEqual(active);
    expect(asked(net, "user-state")).toBe(2);
    pass(31 * MINUTE);
    state.user = emptyUser();
    expect(await cold().getSettledUser()).toEqual(emptyUser());
    expect(asked(net, "user-state")).toBe(3);
    const offline = build(
      stubFetch(() => "offline"),
      { identity: { email: "new@example.com" } },
    );
    expect(await offline.getSettledUser()).toBe(null);
  });

  test.each([
    ["B-106: a fresh checkout marker makes a stored no be checked, once", 29, 2],
    ["B-107: an old marker is ignored", 31, 1],
  ])("%s", async (_, minutes, requests) => {
    const net = server(state);
    await build(net, { identity: ADA }).getUser();
    const at = Date.now() - minutes * MINUTE;
    storage.data.set("pw-7-checkout-pending-v1", JSON.stringify({ at }));
    const cold = build(net, { identity: ADA });
    // B-108
    expect(await cold.peekCachedUser()).toEqual(emptyUser());
    expect(storage.data.has("pw-7-checkout-pending-v1")).toBe(true);
    await cold.getSettledUser();
    expect(asked(net, "user-state")).toBe(requests);
    expect(storage.data.has("pw-7-checkout-pending-v1")).toBe(false);
  });
});

describe("with an auth client", () => {
  const tokens = { access_token: "at", refresh_token: "rt", expires_in: 3600, expires_at: null };
  const net = () =>
    server(state, ({ path }) => {
      if (path.endsWith("/signin")) return { body: { ...tokens, user: { id: "u1", email: ADA.email } } };
      if (path.endsWith("/refresh")) return { body: { ...tokens, access_token: "at2" } };
      if (path.endsWith("/balances")) return { body: { balances: [{ type: "image", count: 2 }] } };
      return { body: { ok: true } };
    });
  const pair = (wire: ReturnType<typeof stubFetch>, options: Partial<BillingClientOptions> = {}) => {
    const auth = new AuthClient({
      paywallId: "7",
      apiOrigin: ORIGIN,
      storage: storage.tab(),
      fetch: wire.fetch,
    });
    return { auth, billing: build(wire, { auth, ...options }) };
  };

  test("B-94, B-102: the identity follows the session and only the session's changes", async () => {
    const wire = net();
    const { auth, billing } = pair(wire);
    await auth.ready();
    await auth.signInWithEmail({ email: ADA.email, password: "x" });
    expect(billing.getIdentity()).toEqual(ADA);
    await settle();
    const before = asked(wire, "user-state");
    await auth.refresh();
    await settle();
    expect(asked(wire, "user-state")).toBe(before);
    const later = pair(wire).billing;
    expect(await later.getUser()).toEqual(emptyUser());
    expect(wire.calls.at(-1)?.headers.get("x-user-email")).toBe(ADA.email);
    await auth.signOut();
    expect(billing.getIdentity()).toBe(undefined);
  });

  test("an identity the host has set survives a page without a session", async () => {
    const { auth, billing } = pair(net(), { identity: ADA });
    await auth.ready();
    await settle();
    expect(billing.getIdentity()).toEqual(ADA);
  });

  test("B-110, B-111, B-112, B-113: balances are empty for nobody, cached, checked and shared", async () => {
    const wire = net();
    expect(await build(wire).getBalances()).toEqual([]);
    const { auth, billing } = pair(wire);
    expect(await billing.getBalances()).toEqual([]);
    expect(asked(wire, "/balances")).toBe(0);
    await auth.signInWithEmail({ email: ADA.email, password: "x" });
    await Promise.all([billing.getBalances(), billing.getBalances()]);
    expect(asked(wire, "/balances")).toBe(1);
    pass(30_000);
    await billing.getBalances();
    expect(asked(wire, "/balances")).toBe(1);
    pass(1);
    await billing.getBalances();
    await settle();
    expect(asked(wire, "/balances")).toBe(2);
  });

  test("B-114, B-115, B-116, B-117: a spent unit shows here and in the other tab at once", async () => {
    const wire = net();
    const { auth, billing } = pair(wire);
    await auth.signInWithEmail({ email: ADA.email, password: "x" });
    await billing.getBalances();
    const other = pair(wire);
    await other.auth.ready();
    await settle();
    pass(1);
    billing.decrementBalanceLocal("image");
    await settle();
    expect(billing.getCachedBalances()).toEqual([{ type: "image", count: 1 }]);
    expect(other.billing.getCachedBalances()).toEqual([{ type: "image", count: 1 }]);
    pass(1);
    billing.decrementBalanceLocal("image");
    billing.decrementBalanceLocal("image");
    billing.decrementBalanceLocal("video");
    expect(billing.getCachedBalances()).toEqual([{ type: "image", count: 0 }]);
    const before = asked(wire, "/balances");
    billing.decrementBalanceLocal();
    await settle();
    expect(asked(wire, "/balances")).toBe(before + 1);
  });

  test("B-131: with a session the portal is told only where to come back", async () => {
    const wire = net();
    const { auth, billing } = pair(wire);
    await auth.signInWithEmail({ email: ADA.email, password: "x" });
    await billing.getCustomerPortalUrl({ returnUrl: "https://a.b" });
    expect(wire.calls.at(-1)?.body).toEqual({ returnUrl: "https://a.b" });
    await billing.listPurchases();
    expect(wire.calls.at(-1)?.path).toBe("/api/v1/paywall/7/user");
  });
});

describe("buying", () => {
  test("B-119, B-120, B-124, B-125, B-126, B-127: what a checkout says about the buyer and the price", async () => {
    const net = server(state);
    const billing = build(net, { identity: ADA });
    expect((await failure(build(net).createCheckout({ priceId: "101" }))).code).toBe("identity_required");
    await billing.bootstrap();
    net.calls.length = 0;
    const result = await billing.createCheckout({ priceId: 101 as unknown as string });
    expect(result).toEqual({ url: "https://pay.test/1", acquiring: "stripe" });
    expect(net.calls[0]?.body).toEqual({
      email: ADA.email,
      priceId: 101,
      shopUrl: "https://shop.test",
      userMeta: { userId: "u1" },
      localCurrency: "EUR",
      visitorId: await billing.getVisitorId(),
    });
    await billing.createCheckout({
      priceId: "101",
      shopUrl: "https://mine.test",
      ignoreActivePurchase: true,
    });
    expect(net.calls[1]?.body).toMatchObject({ shopUrl: "https://mine.test", ignoreActivePurchase: true });
  });

  test("B-121, B-122, B-123: a double click is one checkout, a later click is another", async () => {
    const net = server(state);
    const billing = build(net, { identity: ADA });
    await Promise.all([
      billing.createCheckout({ priceId: "101" }),
      billing.createCheckout({ priceId: "101" }),
      billing.createCheckout({ priceId: "102" }),
    ]);
    await billing.createCheckout({ priceId: "101" });
    await billing.createCheckout({ priceId: "101", idempotencyKey: "mine" });
    const keys = net.calls.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(4);
    expect(keys[3]).toBe("mine");
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["B-128: an active purchase", { hasActivePurchase: true, error: "has one" }, "already_purchased"],
    ["B-129: another conflict", { code: "locked" }, "locked"],
  ])("%s", async (_, body, code) => {
    const net = stubFetch(() => ({ status: 409, body }));
    const error = await failure(build(net, { identity: ADA }).createCheckout({ priceId: "101" }));
    expect([error.code, error.status, error.cause]).toEqual([code, 409, body]);
  });

  test("B-130, B-132, B-133, B-134: a back end speaks for an identity with its key", async () => {
    const net = server(state, () => ({ body: { purchases: [], url: "x" } }));
    const nobody = build(net);
    for (const refused of [
      nobody.getCustomerPortalUrl(),
      nobody.listPurchases(),
      nobody.cancelSubscription({ subscriptionId: "s", reason: "other" }),
      build(net, { identity: ADA }).listPurchases(),
    ])
      expect((await failure(refused)).code).toBe("identity_required");
    expect(net.calls).toEqual([]);
    const billing = build(net, { identity: ADA, apiKey: "sk_1" });
    await billing.listPurchases();
    expect(net.calls[0]?.path).toBe("/api/v1/paywall/7/user?email=ada%40example.com&user_id=u1");
    expect(net.calls[0]?.headers.get("x-api-key")).toBe("sk_1");
    await billing.cancelSubscription({ subscriptionId: "s", reason: "other" });
    expect(net.calls[1]).toMatchObject({
      path: "/api/paywall/cancel-subscription",
      body: { subscriptionId: "s", paywallId: "7", cancellationReason: "other", ...ADA },
    });
  });

  test("B-135, B-136: a ticket is JSON, with pictures a form, and from whom it says", async () => {
    const net = server(state, () => ({ body: { ticket: { id: 1, status: "open" } } }));
    const ticket = { subject: "Hello", content: "There" };
    await build(net).createSupportTicket(ticket);
    await build(net, { identity: ADA }).createSupportTicket(ticket);
    await build(net, { identity: ADA }).createSupportTicket({ ...ticket, email: "x@y.z" });
    expect(net.calls.map(({ body }) => (body as { customer_email: string }).customer_email)).toEqual([
      null,
      ADA.email,
      "x@y.z",
    ]);
    const files = [new File(["a"], "a.png"), new File(["b"], "b.png")];
    await build(net).createSupportTicket({ ...ticket, files });
    expect((net.calls[3]!.body as FormData).getAll("files")).toHaveLength(2);
  });

  test("B-137, B-138: tokens are the back end's, and every refusal comes before a request", async () => {
    const net = stubFetch(({ body }) =>
      (body as { op: string }).op === "debit"
        ? { status: 400, body: { code: "insufficient" } }
        : { body: { success: true, type: "image", count: 12 } },
    );
    const adjust = { type: "image", amount: 2 };
    expect((await failure(build(net, { identity: ADA }).creditTokens(adjust))).code).toBe("apikey_required");
    expect((await failure(build(net, { apiKey: "sk" }).creditTokens(adjust))).code).toBe("identity_required");
    const billing = build(net, { apiKey: "sk", identity: ADA });
    for (const amount of [0, -1, 1.5, Number.NaN])
      expect((await failure(billing.creditTokens({ type: "image", amount }))).code).toBe("invalid_argument");
    expect(net.calls).toEqual([]);
    expect(await billing.creditTokens(adjust)).toEqual({ type: "image", count: 12 });
    expect((await failure(billing.debitTokens(adjust))).code).toBe("insufficient");
  });

  test("B-118: after destroy nothing is heard any more", async () => {
    const net = server(state);
    const billing = build(net, { identity: ADA });
    const heard = vi.fn();
    billing.onUserChange(heard, { immediate: "none" });
    billing.destroy();
    await billing.getUser();
    expect(heard).not.toHaveBeenCalled();
  });
});
