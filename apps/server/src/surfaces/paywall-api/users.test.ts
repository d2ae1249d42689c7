import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import {
  buy,
  keyedUser,
  moveClock,
  someone,
  start,
  type UserState,
  userState,
} from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const EMPTY = { has_active_subscription: false, purchases: [], trial: null, had_previous_trial: false };

type User = {
  user?: { id: string; email: string; created_at: string };
  tier: number | null;
  country: string | null;
  countryMatch: boolean;
  balances: unknown[];
  purchases: Record<string, unknown>[];
  paid: boolean;
  trial: { startedAt: string; expiresAt: string } | null;
  meta: Record<string, string> | null;
};

test("#80 #83 #55 a paid checkout is active on the next poll, which carries nothing but the e-mail", async () => {
  const email = someone();
  expect((await userState(server, shop, email)).body).toEqual(EMPTY);
  const sale = await buy(server, shop, { email });
  const { status, body } = await userState(server, shop, email);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    has_active_subscription: true,
    purchases: [{ id: sale.contractId, status: "active", cancel_at_period_end: false }],
    trial: null,
    had_previous_trial: false,
  });
});

test("#81 an unknown e-mail and no e-mail at all get the empty user, byte for byte", async () => {
  const texts = await Promise.all(
    [{ "x-user-email": someone() }, {}].map(async (headers) =>
      (await server.fetch(shop.api("user-state"), { headers })).text(),
    ),
  );
  expect(new Set(texts)).toEqual(new Set([JSON.stringify(EMPTY)]));
});

test("somebody else's address tells nothing from a place where its owner has never paid", async () => {
  const email = someone();
  await buy(server, shop, { email });
  const response = await server.fetch(shop.api("user-state"), {
    headers: { "x-user-email": email },
    from: "198.51.100.77",
  });
  expect(await response.json()).toEqual(EMPTY);
});

test("being asked from a trusted address keeps it trusted", async () => {
  const sliding = await createShop(server);
  const email = someone();
  await buy(server, sliding, { email });
  for (let i = 0; i < 3; i += 1) {
    await moveClock(server, sliding, { days: 20 });
    expect((await userState(server, sliding, email)).body.has_active_subscription).toBe(true);
  }
  await moveClock(server, sliding, { days: 31 });
  expect((await userState(server, sliding, email)).body).toEqual(EMPTY);
});

test("#82 a bad Bearer is 401 invalid_token, on user-state and on user", async () => {
  for (const path of ["user-state", "user"]) {
    for (const authorization of ["Bearer nonsense", "Basic abc", "Bearer"]) {
      const { status, body } = await server.get<{ code: string }>(shop.api(path), { authorization });
      expect([status, body.code]).toEqual([401, "invalid_token"]);
    }
  }
});

test("#84 two answers for an unchanged user are the same bytes, keys in the contract's order", async () => {
  const email = someone();
  await buy(server, shop, { email });
  const read = async () =>
    (await server.fetch(shop.api("user-state"), { headers: { "x-user-email": email } })).text();
  const first = await read();
  expect(await read()).toBe(first);
  const body = JSON.parse(first) as UserState;
  expect(Object.keys(body)).toEqual(["has_active_subscription", "purchases", "trial", "had_previous_trial"]);
  expect(Object.keys(body.purchases[0] ?? {})).toEqual([
    "id",
    "status",
    "current_period_end",
    "cancel_at_period_end",
  ]);
});

test("#55 a trial and a lifetime purchase are active; the lifetime one is called paid", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  const onTrial = someone();
  await buy(server, trials, { email: onTrial });
  const trial = (await userState(server, trials, onTrial)).body;
  expect(trial).toMatchObject({
    has_active_subscription: true,
    had_previous_trial: true,
    purchases: [{ status: "trialing" }],
  });
  expect(trial.trial?.expires_at).toBe(trial.purchases[0]?.current_period_end);

  const forGood = someone();
  await buy(server, shop, { email: forGood, price: "lifetime" });
  expect((await userState(server, shop, forGood)).body).toMatchObject({
    has_active_subscription: true,
    purchases: [{ status: "paid", current_period_end: null }],
  });
});

test("#88 a card trial is camelCase in GET user and snake_case in user-state", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  const email = someone();
  await buy(server, trials, { email });
  const state = (await userState(server, trials, email)).body;
  const user = (await keyedUser<User>(server, trials, email)).body;
  expect(user.trial).toEqual({ startedAt: state.trial?.started_at, expiresAt: state.trial?.expires_at });
});

test("a trial that is over stays remembered", async () => {
  const trials = await createShop(server, { trialDays: 7, hybridTrust: "legacy" });
  const email = someone();
  await buy(server, trials, { email });
  await moveClock(server, trials, { days: 8 });
  expect((await userState(server, trials, email)).body).toMatchObject({
    trial: null,
    had_previous_trial: true,
  });
});

test("#49 #53 #54 amounts are minor units, instants ISO 8601 in UTC, codes upper-case", async () => {
  const email = someone();
  const sale = await buy(server, shop, { email, body: { userMeta: { userId: "host-1", plan: "x" } } });
  const { status, body } = await keyedUser<User>(server, shop, email);
  expect(status).toBe(200);
  expect(body.meta).toEqual({ userId: "host-1", plan: "x" });
  expect(body.balances).toEqual([]);
  const [purchase] = body.purchases;
  expect(purchase).toEqual({
    id: sale.contractId,
    status: "active",
    created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    current_period_start: expect.stringMatching(/Z$/),
    current_period_end: expect.stringMatching(/Z$/),
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    unit_amount: 999,
    currency: "USD",
    interval: "month",
  });
});

test("#58 paid and has_active_subscription agree through a whole life", async () => {
  const legacy = await createShop(server, { hybridTrust: "legacy" });
  const email = someone();
  await buy(server, legacy, { email, card: "4000000000000341" });
  const seen = new Set<boolean>();
  for (let day = 0; day < 12; day += 1) {
    const [state, user] = [
      await userState(server, legacy, email),
      await keyedUser<User>(server, legacy, email),
    ];
    expect(user.body.paid).toBe(state.body.has_active_subscription);
    expect(state.body.purchases.map((it) => it.id)).toEqual(user.body.purchases.map((it) => it.id));
    seen.add(user.body.paid);
    await moveClock(server, legacy, { days: 5 });
  }
  // Control: the life had both in it.
  expect(seen).toEqual(new Set([true, false]));
});

test("#85 #23 a Bearer gets its own user whatever the query and headers say; a key gets none", async () => {
  const reader = await signedInCustomer(server, shop);
  const other = someone();
  await buy(server, shop, { email: other });
  const { body } = await server.get<User>(`${shop.api("user")}?email=${other}`, {
    ...reader.headers,
    "x-user-email": other,
    "x-api-key": shop.secretKey,
  });
  expect(body.user).toMatchObject({ id: reader.userId, email: reader.email });
  expect(body.paid).toBe(false);
  const byKey = await keyedUser<User>(server, shop, other);
  expect(Object.keys(byKey.body)).not.toContain("user");
  expect(byKey.body.paid).toBe(true);
});

test("#86 #91 the key path says which identity is missing, unknown or not here; the e-mail wins over the id", async () => {
  const ask = (query: string, to = shop) =>
    server.get<User & { code: string }>(`${to.api("user")}${query}`, { "x-api-key": to.secretKey });
  expect([(await ask("")).status, (await ask("")).body.code]).toEqual([400, "identity_required"]);
  expect((await ask(`?email=${someone()}`)).body.code).toBe("identity_not_found");
  expect((await ask("?user_id=nobody")).status).toBe(404);

  const [a, b] = [someone(), someone()];
  const sale = await buy(server, shop, { email: a, body: { userMeta: { userId: "host-a" } } });
  await start(server, shop, { email: b });
  expect((await ask("?user_id=host-a")).body.paid).toBe(true);
  expect((await ask(`?user_id=${sale.userId}`)).body.paid).toBe(true);
  expect((await ask(`?email=${b}&user_id=host-a`)).body.paid).toBe(false);

  const stranger = await signedInCustomer(server, shop);
  await server.deps.db.execute(sql`delete from paywall_links where customer_id = ${stranger.customer.id}`);
  const unlinked = await ask(`?email=${stranger.email}`);
  expect([unlinked.status, unlinked.body.code]).toEqual([404, "identity_not_on_paywall"]);
  // Another merchant knows none of them.
  const other = await createShop(server);
  expect((await ask(`?email=${a}`, other)).body.code).toBe("identity_not_found");
});

test("#24 keys on GET user: missing 401, unknown 401, another account's 403", async () => {
  const ask = (headers: Record<string, string>) =>
    server.get<Record<string, unknown>>(`${shop.api("user")}?email=a@example.com`, headers);
  const none = await ask({});
  expect([none.status, none.body]).toMatchObject([
    401,
    { error: "Unauthorized", code: "authorization_required" },
  ]);
  expect(none.body).toHaveProperty("countryMatch");
  expect((await ask({ "x-api-key": "sk_test_x" })).status).toBe(401);
  const other = await createShop(server);
  expect((await ask({ "x-api-key": other.secretKey })).status).toBe(403);
});

test("#87 X-Client-Ip decides country, tier and match; X-Forwarded-For from a caller decides nothing", async () => {
  const german = await createShop(server, { settings: { countries: ["DE"] } });
  const email = someone();
  await start(server, german, { email }, { headers: { "x-api-key": german.secretKey } });
  const ask = async (headers: Record<string, string>) => {
    const { body } = await server.get<User>(`${german.api("user")}?email=${email}`, {
      "x-api-key": german.secretKey,
      ...headers,
    });
    return [body.country, body.tier, body.countryMatch];
  };
  const unchanged = await ask({});
  expect(await ask({ "x-forwarded-for": "8.8.8.8" })).toEqual(unchanged);
  expect(await ask({ "x-client-ip": "8.8.8.8" })).toEqual(["US", 1, false]);
  expect(await ask({ "x-client-ip": "not an address" })).toEqual(unchanged);
  const [country, tier, match] = await ask({ "x-client-ip": "85.214.132.117" });
  expect([country, match]).toEqual(["DE", true]);
  expect(tier).toBe(2);
});

test("#89 a session that was revoked a moment ago is 401", async () => {
  const reader = await signedInCustomer(server, shop);
  expect((await server.get(shop.api("user"), reader.headers)).status).toBe(200);
  await server.deps.db.execute(sql`update sessions set revoked_at = now() where id = ${reader.sessionId}`);
  expect((await server.get(shop.api("user"), reader.headers)).status).toBe(401);
});

test("a Bearer of one merchant is nobody at another's paywall", async () => {
  const other = await createShop(server);
  const reader = await signedInCustomer(server, other);
  const { status } = await server.get(shop.api("user"), reader.headers);
  expect(status).toBe(401);
});

test("test purchases give no access once the paywall is live", async () => {
  const moving = await createShop(server);
  const email = someone();
  await buy(server, moving, { email });
  await server.deps.db.execute(sql`update paywalls set payment_mode = 'live' where id = ${moving.paywallId}`);
  expect((await userState(server, moving, email)).body).toEqual(EMPTY);
});
