import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, contractOf, eventTypes, pay, someone, start, userState } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { json, sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const count = async (table: "checkouts" | "customers" | "sandbox_sessions", owner: Shop): Promise<number> => {
  const rows = await server.deps.db.query<{ n: number }>({
    text: `select count(*)::int n from ${table} where tenant_id = $1`,
    values: [owner.tenantId],
    name: undefined,
  });
  return rows[0]?.n ?? -1;
};
const key = (secret: string) => ({ "x-api-key": secret });

test("#92 #97 a guest with an e-mail gets an absolute checkout address, their user id and the processor's name", async () => {
  const { status, body } = await start(server, shop, { email: someone() });
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(["checkoutUrl", "userId", "acquiring"]);
  expect(new URL(body.checkoutUrl).protocol).toMatch(/^https?:$/);
  expect(body.userId).toMatch(/^[0-9a-f-]{36}$/);
  expect(body.acquiring).toBe("stripe");
});

test("#51 a price is named by a number or by digits, and both mean the same", async () => {
  const email = someone();
  const asNumber = await start(server, shop, { email, priceId: Number(shop.prices.yearly) });
  const asText = await start(server, shop, { email, priceId: shop.prices.yearly });
  expect(asNumber.status).toBe(200);
  expect(asText.body.checkoutUrl).toBe(asNumber.body.checkoutUrl);
});

test("#99 what is missing, null or stale is refused and leaves no trace", async () => {
  const before = [await count("customers", shop), await count("checkouts", shop)];
  const cases: [Record<string, unknown>, number, string][] = [
    [{ email: undefined }, 400, "missing_parameters"],
    [{ email: null }, 400, "missing_parameters"],
    [{ email: someone(), priceId: null }, 400, "missing_parameters"],
    [{ email: someone(), priceId: undefined }, 400, "missing_parameters"],
    [{ email: someone(), priceId: 99_999_999 }, 404, "price_not_found"],
    [{ email: someone(), priceId: "monthly" }, 404, "price_not_found"],
    [{ email: "not an address" }, 400, "invalid_email"],
  ];
  for (const [body, status, code] of cases) {
    const answer = await start(server, shop, body);
    expect([answer.status, answer.body.code], JSON.stringify(body)).toEqual([status, code]);
  }
  expect([await count("customers", shop), await count("checkouts", shop)]).toEqual(before);
});

test("another merchant's price is answered as a price that does not exist", async () => {
  const other = await createShop(server);
  const foreign = await start(server, shop, { email: someone(), priceId: other.prices.monthly });
  const missing = await start(server, shop, { email: someone(), priceId: 99_999_999 });
  expect(foreign.status).toBe(404);
  expect(foreign.body).toEqual(missing.body);
});

test("#100 only http and https addresses are accepted to return to", async () => {
  for (const field of ["successUrl", "errorUrl", "shopUrl"]) {
    for (const url of ["javascript:alert(1)", "ftp://example.com/x", "//example.com", "app://paid", 7]) {
      const { status, body } = await start(server, shop, { email: someone(), [field]: url });
      expect(status, `${field} ${url}`).toBe(400);
      expect(body.code).toBe(`invalid_${field.replace("Url", "_url")}`);
    }
  }
});

test("#20 #24 #25 a bad Bearer is 401 invalid_token, keys are 401, 403 and 403, and a good key works with an Origin", async () => {
  const email = someone();
  const bad = await start(server, shop, { email }, { headers: { authorization: "Bearer nonsense" } });
  expect([bad.status, bad.body.code]).toEqual([401, "invalid_token"]);

  const unknown = await start(server, shop, { email }, { headers: key("sk_test_unknown") });
  expect([unknown.status, unknown.body]).toMatchObject([401, { message: "Invalid API key" }]);

  const stranger = await createShop(server);
  const foreign = await start(server, shop, { email }, { headers: key(stranger.secretKey) });
  expect(foreign.status).toBe(403);
  await server.deps.db.execute(
    sql`update api_keys set active = false where tenant_id = ${stranger.tenantId}`,
  );
  expect((await start(server, stranger, { email }, { headers: key(stranger.secretKey) })).status).toBe(403);
  // #21: none of them left a customer behind.
  const found = await server.deps.db.query(sql`select 1 from customers where email = ${email}`);
  expect(found).toEqual([]);

  const good = await start(
    server,
    shop,
    { email },
    { headers: { ...key(shop.secretKey), origin: "https://evil.example" } },
  );
  expect(good.status).toBe(200);
});

test("#23 with a Bearer the e-mail in the body counts for nothing, even when it is malformed", async () => {
  const reader = await signedInCustomer(server, shop);
  const { status, body } = await start(
    server,
    shop,
    { email: "not an address" },
    { headers: reader.headers },
  );
  expect(status).toBe(200);
  expect(body.userId).toBe(reader.userId);
});

test("an anonymous Bearer has nobody to sell to", async () => {
  const nobody = await signedInCustomer(server, shop, { email: null });
  const { status, body } = await start(server, shop, {}, { headers: nobody.headers });
  expect([status, body.code]).toEqual([400, "missing_parameters"]);
});

test("#98 a paywall that wants sign-in first sells to a Bearer and to a key, and to nobody else", async () => {
  const closed = await createShop(server, { settings: { checkoutMode: "preauth" } });
  const guest = await start(server, closed, { email: someone() });
  expect([guest.status, guest.body.code]).toEqual([401, "authorization_required"]);
  const reader = await signedInCustomer(server, closed);
  expect((await start(server, closed, {}, { headers: reader.headers })).status).toBe(200);
  expect((await start(server, closed, { email: someone() }, { headers: key(closed.secretKey) })).status).toBe(
    200,
  );
});

test("#40 one idempotency key gives one address, without a second session", async () => {
  const email = someone();
  const headers = { "idempotency-key": randomUUID() };
  const first = await start(server, shop, { email, userMeta: { n: "1" } }, { headers });
  const sessions = await count("sandbox_sessions", shop);
  const again = await start(server, shop, { email, userMeta: { n: "2" } }, { headers });
  expect(again.body).toEqual(first.body);
  expect(await count("sandbox_sessions", shop)).toBe(sessions);
  // Control: without the key the other terms are another checkout.
  const other = await start(server, shop, { email, userMeta: { n: "2" } });
  expect(other.body.checkoutUrl).not.toBe(first.body.checkoutUrl);
});

test("#41 a key that comes back with another price is refused", async () => {
  const email = someone();
  const headers = { "idempotency-key": randomUUID() };
  await start(server, shop, { email }, { headers });
  const other = await start(server, shop, { email, priceId: shop.prices.yearly }, { headers });
  expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
});

test("#42 a key of one person never gives another person their address", async () => {
  const headers = { "idempotency-key": randomUUID() };
  const a = await start(server, shop, { email: someone() }, { headers });
  const b = await start(server, shop, { email: someone() }, { headers });
  expect(b.status).toBe(200);
  expect(b.body.checkoutUrl).not.toBe(a.body.checkoutUrl);
});

test("#31 fifty copies of one request at once, on both hosts, make one session and get one address", async () => {
  const email = someone();
  const idempotencyKey = randomUUID();
  const before = await count("sandbox_sessions", shop);
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const response = await server.fetch(shop.api("start-checkout"), {
        method: "POST",
        host: i % 2 ? "pay.example.com" : "edge.pay.example.com",
        headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
        body: JSON.stringify({ email, priceId: shop.prices.monthly }),
      });
      return { status: response.status, body: (await response.json()) as { checkoutUrl: string } };
    }),
  );
  expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]));
  expect(new Set(answers.map((it) => it.body.checkoutUrl)).size).toBe(1);
  expect(await count("sandbox_sessions", shop)).toBe(before + 1);
});

test("a second click on the same terms within half an hour gets the first checkout; other terms, or later, a new one", async () => {
  const email = someone();
  const first = await start(server, shop, { email });
  expect((await start(server, shop, { email })).body).toEqual(first.body);
  const yearly = await start(server, shop, { email, priceId: shop.prices.yearly });
  expect(yearly.body.checkoutUrl).not.toBe(first.body.checkoutUrl);
  const fromElsewhere = await start(server, shop, { email }, { from: "198.51.100.9" });
  expect(fromElsewhere.body.checkoutUrl).not.toBe(first.body.checkoutUrl);
  server.clock.advance({ minutes: 31 });
  expect((await start(server, shop, { email })).body.checkoutUrl).not.toBe(first.body.checkoutUrl);
});

test("#93 whoever has bought is told so, with a boolean", async () => {
  const email = someone();
  await buy(server, shop, { email });
  const again = await start(server, shop, { email });
  expect(again.status).toBe(409);
  expect(again.body).toMatchObject({
    code: "active_purchase",
    error: "active_purchase",
    hasActivePurchase: true,
  });
  const byKey = await start(server, shop, { email }, { headers: key(shop.secretKey) });
  expect(byKey.status).toBe(409);
});

test("a stranger who types a subscriber's address is not told about it, and cannot end it", async () => {
  const email = someone();
  const sale = await buy(server, shop, { email });
  const probe = await start(server, shop, { email }, { from: "198.51.100.66" });
  expect(probe.status).toBe(200);
  const replacing = await start(
    server,
    shop,
    { email, ignoreActivePurchase: true },
    { from: "198.51.100.66" },
  );
  expect((await pay(server, replacing.body.checkoutUrl)).status).toBe(303);
  await server.settle();
  expect((await contractOf(server, sale.contractId)).state).toBe("active");
});

test("starting a checkout trusts no address; paying it does, for the address that started it", async () => {
  const email = someone();
  await buy(server, shop, { email, from: "198.51.100.20" });
  const at = async (from: string) => {
    const response = await server.fetch(shop.api("user-state"), { headers: { "x-user-email": email }, from });
    return ((await response.json()) as { has_active_subscription: boolean }).has_active_subscription;
  };
  await start(server, shop, { email }, { from: "198.51.100.21" });
  expect(await at("198.51.100.20")).toBe(true);
  expect(await at("198.51.100.21")).toBe(false);
});

test("a purchase that a merchant's back end starts makes its own address nobody's", async () => {
  const email = someone();
  await buy(server, shop, { email, headers: key(shop.secretKey), from: "198.51.100.30" });
  const response = await server.fetch(shop.api("user-state"), {
    headers: { "x-user-email": email },
    from: "198.51.100.30",
  });
  expect(await response.json()).toMatchObject({ has_active_subscription: false });
});

test("#94 with ignoreActivePurchase the old subscription ends once the new one is paid, not before", async () => {
  const email = someone();
  const old = await buy(server, shop, { email });
  const started = await start(server, shop, {
    email,
    priceId: shop.prices.yearly,
    ignoreActivePurchase: true,
  });
  expect(started.status).toBe(200);
  await server.settle();
  expect((await contractOf(server, old.contractId)).state).toBe("active");

  await pay(server, started.body.checkoutUrl, CARDS.declined);
  await server.settle();
  expect((await contractOf(server, old.contractId)).state).toBe("active");

  await pay(server, started.body.checkoutUrl);
  await server.settle();
  expect(await contractOf(server, old.contractId)).toMatchObject({
    state: "canceled",
    cancelReason: "replaced",
  });
  expect((await userState(server, shop, email)).body.has_active_subscription).toBe(true);
});

test("#95 an unknown offer is ignored; an applicable one is taken off every period and shows in GET user", async () => {
  const email = someone();
  const unknown = await start(server, shop, { email, offerId: "ofr_nothing" });
  expect(unknown.status).toBe(200);
  const offerId = server.deps.ids.next("offer");
  await server.deps.db.execute(sql`
    insert into offers (id, tenant_id, paywall_id, key, percent_bp) values (${offerId}, ${shop.tenantId}, ${shop.paywallId}, 'half', 5000)`);
  const sale = await buy(server, shop, { email, body: { offerId } });
  const bills = await server.deps.db.query<{ grossMinor: number }>(sql`
    select gross_minor "grossMinor" from bills where contract_id = ${sale.contractId}`);
  expect(bills).toEqual([{ grossMinor: 499 }]);
  const user = await server.get<{ purchases: { unit_amount: number; discount: number }[] }>(
    `${shop.api("user")}?email=${email}`,
    key(shop.secretKey),
  );
  expect(user.body.purchases[0]).toMatchObject({ unit_amount: 999, discount: 50 });
});

test("#96 whoever had a trial gets none, whatever is asked for", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  const email = someone();
  const sale = await buy(server, trials, { email });
  expect((await contractOf(server, sale.contractId)).state).toBe("trialing");
  const again = await buy(server, trials, {
    email,
    price: "yearly",
    body: { ignoreActivePurchase: true, trial_days: 30 },
  });
  expect((await contractOf(server, again.contractId)).state).toBe("active");
  const override = await buy(server, shop, {
    email: someone(),
    body: { trial_days: 3 },
    headers: key(shop.secretKey),
  });
  expect((await contractOf(server, override.contractId)).state).toBe("trialing");
});

test("a card that had a trial pays at once, although its holder is somebody new", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  await buy(server, trials, { email: someone() });
  const second = await buy(server, trials, { email: someone() });
  await server.settle();
  expect((await contractOf(server, second.contractId)).state).toBe("active");
});

test("#101 a currency without a local price means the base price; with one, it is charged", async () => {
  const none = await buy(server, shop, { email: someone(), body: { localCurrency: "EUR" } });
  const local = await createShop(server);
  await server.deps.db.execute(sql`
    update purchase_options set local = ${json([{ currency: "EUR", amountMinor: 899 }])} where tenant_id = ${local.tenantId}`);
  const some = await buy(server, local, { email: someone(), body: { localCurrency: "eur" } });
  const amounts = await server.deps.db.query<{ currency: string; grossMinor: number }>(sql`
    select currency, gross_minor "grossMinor" from bills where contract_id = any (${[none.contractId, some.contractId]}) order by currency`);
  expect(amounts).toEqual([
    { currency: "EUR", grossMinor: 899 },
    { currency: "USD", grossMinor: 999 },
  ]);
});

test("#102 #103 visitor, experiment, offer and the merchant's own meta end in the purchase", async () => {
  const visitorId = randomUUID();
  const sale = await buy(server, shop, {
    email: someone(),
    body: { visitorId, experimentId: "exp_1", variantKey: "b", userMeta: { userId: "u-7" } },
  });
  expect((await contractOf(server, sale.contractId)).metadata).toEqual({
    visitorId,
    experimentId: "exp_1",
    variantKey: "b",
    userId: "u-7",
  });
  const created = await server.deps.db.one<{ data: { userMeta: unknown } }>(sql`
    select data from events where object_id = ${sale.contractId} and type = 'subscription.created'`);
  expect(created.data.userMeta).toEqual({ userId: "u-7" });
});

test("#104 return addresses keep their query and get the markers in the fragment", async () => {
  const sale = await buy(server, shop, {
    email: someone(),
    body: { successUrl: "https://app.example.com/done?id=3&s=__SESSION__#tab=plans" },
  });
  const url = new URL(sale.location);
  const sessionId = sale.checkoutUrl.split("/").at(-1);
  expect(url.origin + url.pathname + url.search).toBe(`https://app.example.com/done?id=3&s=${sessionId}`);
  expect(Object.fromEntries(new URLSearchParams(url.hash.slice(1)))).toEqual({
    tab: "plans",
    paywall_status: "paid",
    paywall_price_id: shop.prices.monthly,
    paywall_session_id: sessionId,
  });
});

test("#105 without addresses in the body the merchant's are used, without those our own pages", async () => {
  const hosted = await buy(server, shop, { email: someone() });
  expect(new URL(hosted.location).pathname).toBe(`/paywall/${shop.paywall}/checkout/success`);
  const configured = await createShop(server, {
    settings: { successRedirectUrl: "https://app.example.com/welcome" },
  });
  const own = await buy(server, configured, { email: someone() });
  expect(own.location.split("#")[0]).toBe("https://app.example.com/welcome");
});

test("#191 a live paywall never uses a test processor: it cannot take payments", async () => {
  const live = await createShop(server, { paymentMode: "live" });
  const before = await count("customers", live);
  const { status, body } = await start(server, live, { email: someone() });
  expect([status, body.code]).toEqual([503, "no_processor"]);
  expect(await count("customers", live)).toBe(before);
});

test("two processors share the traffic by weight, and a customer stays with theirs", async () => {
  const split = await createShop(server);
  const second = server.deps.ids.next("connection");
  await server.deps.db.execute(sql`
    insert into processor_connections (id, tenant_id, key, kind, label, mode, acquiring, webhook_secret_sealed)
    values (${second}, ${split.tenantId}, 'second', 'sandbox', 'Second', 'test', 'paddle',
            ${server.deps.keys.seal("whsec_second", `webhook-secret:${second}`)})`);
  await server.deps.db.execute(sql`
    insert into paywall_connections (tenant_id, paywall_id, connection_id, weight) values (${split.tenantId}, ${split.paywallId}, ${second}, 100)`);
  const seen = new Set<string>();
  for (let i = 0; i < 24 && seen.size < 2; i += 1) {
    const email = someone();
    const { body } = await start(server, split, { email });
    const next = await start(server, split, { email, priceId: split.prices.yearly });
    expect(next.body.acquiring).toBe(body.acquiring);
    seen.add(body.acquiring);
  }
  expect(seen).toEqual(new Set(["stripe", "paddle"]));
});

test("#188 a lifetime purchase tells payment.completed and no subscription.created", async () => {
  const sale = await buy(server, shop, { email: someone(), price: "lifetime" });
  const types = await eventTypes(server, shop, sale.contractId);
  expect(types).toContain("payment.completed");
  expect(types).not.toContain("subscription.created");
});

test("#112 #113 #114 the portal opens for whoever bought, by Bearer or key, and for nobody else", async () => {
  type Portal = { url?: string; code?: string; isTest?: string };
  const portal = (body: unknown, headers?: Record<string, string>) =>
    server.post<Portal>(shop.api("get-customer-portal"), body, headers);
  const email = someone();
  const none = await portal({ email });
  expect([none.status, none.body.code]).toEqual([401, "authorization_required"]);
  const bad = await portal({}, { authorization: "Bearer x" });
  expect([bad.status, bad.body.code]).toEqual([401, "invalid_token"]);
  const missing = await portal({}, key(shop.secretKey));
  expect([missing.status, missing.body.code]).toEqual([400, "email_required"]);
  const malformed = await portal({ email: "x" }, key(shop.secretKey));
  expect([malformed.status, malformed.body.code]).toEqual([400, "invalid_email"]);
  const unpaid = await portal({ email }, key(shop.secretKey));
  expect([unpaid.status, unpaid.body]).toMatchObject([
    403,
    { code: "forbidden", error: "forbidden", isTest: "1" },
  ]);

  await buy(server, shop, { email });
  const byKey = await portal({ email }, key(shop.secretKey));
  expect(byKey.status).toBe(200);
  expect(new URL(byKey.body.url ?? "").pathname).toBe(`/paywall/${shop.paywall}/customer-portal/get`);
  const reader = await signedInCustomer(server, shop, { email });
  expect((await portal({ returnUrl: "https://app.example.com" }, reader.headers)).status).toBe(200);
  const evil = await portal({ returnUrl: "javascript:1" }, reader.headers);
  expect([evil.status, evil.body.code]).toEqual([400, "invalid_return_url"]);
});
