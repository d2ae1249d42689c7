import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { findDrift } from "../../domains/credits/index.ts";
import { json, sql } from "../../platform/database/index.ts";

const TOKENIZATION = {
  queries: [
    { type: "standard", name: "Standard", desc: "Small models", monthly: 100 },
    { type: "advanced", monthly: 10, trial: { count: 5 }, lowAt: 2 },
    { type: "free" },
  ],
};

type Adjusted = {
  success: boolean;
  user_id: string;
  type: string;
  count: number;
  balances: { type: string; count: number }[];
  code?: string;
  error?: string;
  available?: number;
};

let server: TestServer;
let shop: Shop;
let plain: Shop;
let live: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server, { settings: { tokenization: TOKENIZATION } });
  plain = await createShop(server);
  live = await createShop(server, { settings: { tokenization: TOKENIZATION }, paymentMode: "live" });
});
afterAll(async () => {
  // Whatever the tests did, nothing was made or lost.
  expect(await findDrift(server.deps.db)).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const balances = (who: SignedInCustomer, of = shop) =>
  server.get<{ balances: { type: string; count: number }[]; tokenization: boolean; code?: string }>(
    of.api("balances"),
    who.headers,
  );
const adjust = (body: Record<string, unknown>, headers: Record<string, string> = {}, of = shop) =>
  server.post<Adjusted>(of.api("balances"), body, { "x-api-key": of.secretKey, ...headers });
const credit = async (who: SignedInCustomer, amount: number, type = "standard") => {
  const { status, body } = await adjust({ user_id: who.userId, type, amount, op: "credit" });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const debitOf = (who: SignedInCustomer, amount: unknown = 1, type: unknown = "standard") => ({
  user_id: who.userId,
  type,
  amount,
  op: "debit",
});

describe("GET balances", () => {
  test("#123 balances ask for a sign-in, and a paywall without tokens has none", async () => {
    const who = await signedInCustomer(server, plain);
    const nobody = await server.get(plain.api("balances"));
    expect([nobody.status, nobody.body]).toMatchObject([401, { code: "authorization_required" }]);
    const key = await server.get(plain.api("balances"), { "x-api-key": plain.secretKey });
    expect([key.status, key.body]).toMatchObject([401, { code: "authorization_required" }]);
    const bad = await server.get(plain.api("balances"), { authorization: "Bearer x" });
    expect([bad.status, bad.body]).toMatchObject([401, { code: "invalid_token" }]);
    const elsewhere = await server.get(shop.api("balances"), who.headers);
    expect([elsewhere.status, elsewhere.body]).toMatchObject([401, { code: "invalid_token" }]);
    const mine = await balances(who, plain);
    expect([mine.status, mine.body]).toEqual([200, { balances: [], tokenization: false }]);
    expect(mine.headers.get("cache-control")).toBe("no-store");
  });

  test("every counted type has an entry, in the paywall's order, and GET user says the same", async () => {
    const who = await signedInCustomer(server, shop);
    const expected = [
      { type: "standard", count: 0 },
      { type: "advanced", count: 5 },
    ];
    expect((await balances(who)).body).toEqual({ balances: expected, tokenization: true });
    const user = await server.get<{ balances: unknown }>(shop.api("user"), who.headers);
    expect(user.body.balances).toEqual(expected);
    const keyed = await server.get<{ balances: unknown }>(`${shop.api("user")}?user_id=${who.userId}`, {
      "x-api-key": shop.secretKey,
    });
    expect(keyed.body.balances).toEqual(expected);
  });

  test("what everybody may try is given once, to an anonymous customer as well, however many ask at once", async () => {
    const who = await signedInCustomer(server, shop, { email: null });
    const answers = await Promise.all(Array.from({ length: 10 }, () => balances(who)));
    for (const { body } of answers) expect(body.balances[1]).toEqual({ type: "advanced", count: 5 });
    const { granted } = await server.deps.db.one<{ granted: number }>(sql`
      select sum(granted)::bigint granted from credit_lots l join credit_accounts a on a.id = l.account_id
      where a.customer_id = ${who.customer.id}`);
    expect(granted).toBe(5);
  });

  test("#136 an upgrade of an anonymous customer keeps the balances, and gives no second trial", async () => {
    const open = await createShop(server, {
      settings: { tokenization: TOKENIZATION, allowAnonymous: true, confirmEmail: false },
    });
    const anonymous = await server.post<{ access_token: string; user: { id: string } }>(
      open.api("auth/anonymous/signin"),
      {},
    );
    const headers = { authorization: `Bearer ${anonymous.body.access_token}` };
    const read = () => server.get<{ balances: unknown }>(open.api("balances"), headers);
    await read();
    await adjust({ user_id: anonymous.body.user.id, type: "advanced", amount: 2, op: "debit" }, {}, open);
    await adjust({ user_id: anonymous.body.user.id, type: "standard", amount: 9, op: "credit" }, {}, open);
    const upgraded = await server.post(
      open.api("auth/anonymous/upgrade"),
      { email: "keeps@example.com", password: "long enough" },
      headers,
    );
    expect(upgraded.status).toBe(200);
    expect((await read()).body.balances).toEqual([
      { type: "standard", count: 9 },
      { type: "advanced", count: 3 },
    ]);
  });

  test("#127 the daily trial top-up raises a balance to the limit once a day and never lowers one", async () => {
    const low = await signedInCustomer(server, shop);
    const high = await signedInCustomer(server, shop);
    const count = async (who: SignedInCustomer) => (await balances(who)).body.balances[1]?.count;
    await balances(low);
    await adjust(debitOf(low, 4, "advanced"));
    await balances(high);
    await credit(high, 20, "advanced");
    // The same day gives nothing.
    expect([await count(low), await count(high)]).toEqual([1, 25]);
    await moveClock(server, shop, { days: 1 });
    expect([await count(low), await count(high)]).toEqual([5, 25]);
    expect([await count(low), await count(high)]).toEqual([5, 25]);
    await adjust(debitOf(high, 22, "advanced"));
    expect(await count(high)).toBe(3);
    await moveClock(server, shop, { days: 1 });
    expect(await count(high)).toBe(5);
  });
});

describe("POST balances", () => {
  test("credits and debits answer with the new count and all balances, named by id or by e-mail", async () => {
    const who = await signedInCustomer(server, shop);
    const credited = await adjust({ email: who.email, type: "standard", amount: 30, op: "credit" });
    expect([credited.status, credited.body]).toEqual([
      200,
      {
        success: true,
        user_id: who.userId,
        type: "standard",
        count: 30,
        balances: [
          { type: "standard", count: 30 },
          { type: "advanced", count: 5 },
        ],
      },
    ]);
    expect((await adjust(debitOf(who, 12))).body).toMatchObject({ count: 18 });
    expect((await balances(who)).body.balances[0]).toEqual({ type: "standard", count: 18 });
  });

  test("#124 a debit above the balance gives 400 insufficient with what is available, and nothing changes", async () => {
    const who = await signedInCustomer(server, shop);
    await credit(who, 3);
    const { status, body } = await adjust(debitOf(who, 4));
    expect([status, body.code, body.available]).toEqual([400, "insufficient", 3]);
    expect((await balances(who)).body.balances[0]?.count).toBe(3);
  });

  test("#125 amounts that are no positive whole number, other ops and a missing type are refused by name", async () => {
    const who = await signedInCustomer(server, shop);
    for (const amount of [0, -1, 1.5, "2", null, Number.MAX_SAFE_INTEGER + 1, 10 ** 13]) {
      expect([amount, (await adjust(debitOf(who, amount))).body.code]).toEqual([amount, "invalid_amount"]);
    }
    for (const op of ["add", "", null, 1]) {
      expect((await adjust({ ...debitOf(who), op })).body.code).toBe("invalid_op");
    }
    for (const type of [undefined, null, "", 4]) {
      expect((await adjust(debitOf(who, 1, type === undefined ? null : type))).body.code).toBe(
        "type_required",
      );
    }
    expect((await adjust(debitOf(who, 1, "gpt-9"))).body.code).toBe("unknown_type");
    expect((await adjust(debitOf(who, 1, "free"))).body.code).toBe("unknown_type");
    const anonymous = await adjust({ type: "standard", amount: 1, op: "credit" });
    expect([anonymous.status, anonymous.body.code]).toEqual([400, "identity_required"]);
    const unknown = await adjust({ ...debitOf(who), user_id: "nobody" });
    expect([unknown.status, unknown.body.code]).toEqual([404, "identity_not_found"]);
  });

  test("#126 fifty debits of 1 at once, on a balance of 10, succeed exactly ten times", async () => {
    const who = await signedInCustomer(server, shop);
    await credit(who, 10);
    const answers = await Promise.all(Array.from({ length: 50 }, () => adjust(debitOf(who))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === "insufficient")).toHaveLength(40);
    expect(
      answers
        .filter(({ status }) => status === 200)
        .map(({ body }) => body.count)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await balances(who)).body.balances[0]?.count).toBe(0);
  });

  test("#43 two identical calls without a key both apply; with one they are one", async () => {
    const who = await signedInCustomer(server, shop);
    await credit(who, 10);
    await credit(who, 10);
    const headers = { "idempotency-key": "k-1" };
    const answers = await Promise.all(Array.from({ length: 8 }, () => adjust(debitOf(who, 3), headers)));
    for (const { status, body } of answers) expect([status, body.count]).toEqual([200, 17]);
    expect((await balances(who)).body.balances[0]?.count).toBe(17);
    // Another request under the key is refused, and so is what no key looks like.
    expect((await adjust(debitOf(who, 4), headers)).body.code).toBe("idempotency_key_reused");
    const another = await signedInCustomer(server, shop);
    expect((await adjust({ ...debitOf(another, 3), op: "credit" }, headers)).body.code).toBe(
      "idempotency_key_reused",
    );
    expect((await adjust(debitOf(who), { "idempotency-key": "a b" })).body.code).toBe(
      "invalid_idempotency_key",
    );
  });

  test("#27 a customer's own token is refused, and so are no key, an unknown one and another merchant's", async () => {
    const who = await signedInCustomer(server, shop);
    const path = shop.api("balances");
    const body = { ...debitOf(who), op: "credit" };
    const bearer = await server.post<Adjusted>(path, body, who.headers);
    expect([bearer.status, bearer.body.code]).toEqual([403, "apikey_required"]);
    const nothing = await server.post<Adjusted>(path, body);
    expect([nothing.status, nothing.body.code]).toEqual([401, "api_key_required"]);
    expect((await adjust(body, { "x-api-key": "sk_test_x" })).status).toBe(401);
    expect((await adjust(body, { "x-api-key": plain.secretKey })).status).toBe(403);
    // Somebody of another merchant, or who was never here, holds nothing here.
    const stranger = await signedInCustomer(server, plain);
    expect((await adjust({ ...body, user_id: stranger.userId })).body.code).toBe("identity_not_found");
    expect((await balances(who)).body.balances[0]?.count).toBe(0);
  });

  test("each world has its own credits", async () => {
    const who = await signedInCustomer(server, shop);
    await credit(who, 7);
    await server.deps.db.execute(sql`update paywalls set payment_mode = 'live' where id = ${shop.paywallId}`);
    try {
      expect((await balances(who)).body.balances[0]?.count).toBe(0);
    } finally {
      await server.deps.db.execute(
        sql`update paywalls set payment_mode = 'test' where id = ${shop.paywallId}`,
      );
    }
    expect((await balances(who)).body.balances[0]?.count).toBe(7);
  });
});

describe("earlier endpoints", () => {
  const withdraw = (body: object, headers: Record<string, string> = { "x-api-key": shop.secretKey }) =>
    server.post<Record<string, unknown>>("/api/v1/withdraw-tokens", body, headers);

  test("#195 withdraw-tokens takes standard tokens unless told otherwise, and a shortage says what is there", async () => {
    const who = await signedInCustomer(server, shop);
    await credit(who, 10);
    const of = { paywall_id: Number(shop.paywall), user_id: who.userId };
    expect(await withdraw({ ...of, tokens: 4 })).toMatchObject({
      status: 200,
      body: { success: true, remaining: 6 },
    });
    expect((await withdraw({ ...of, tokens: 2, token_type: "advanced" })).body).toEqual({
      success: true,
      remaining: 3,
    });
    expect(await withdraw({ ...of, tokens: 7 })).toMatchObject({
      status: 400,
      body: { error: "Insufficient tokens", code: "insufficient", available: 6, requested: 7 },
    });
    const once = { "x-api-key": shop.secretKey, "idempotency-key": "w-1" };
    for (let i = 0; i < 2; i += 1)
      expect((await withdraw({ ...of, tokens: 1 }, once)).body).toMatchObject({ remaining: 5 });
    const sentences: [object, Record<string, string> | undefined, number, string][] = [
      [{ ...of, tokens: 1 }, {}, 401, "API key is required"],
      [{ ...of, tokens: 1 }, { "x-api-key": "sk_test_no" }, 401, "Invalid API key"],
      [
        { ...of, tokens: 1 },
        { "x-api-key": plain.secretKey },
        403,
        "Unauthorized. You are not the owner of this paywall",
      ],
      [{ ...of, user_id: undefined, tokens: 1 }, undefined, 400, "User ID is required"],
      [{ ...of, paywall_id: 999_999, tokens: 1 }, undefined, 404, "Paywall not found"],
      [{ ...of, user_id: "nobody", tokens: 1 }, undefined, 404, "No balance found for this user and paywall"],
      [
        { ...of, tokens: 1, token_type: "gpt-9" },
        undefined,
        400,
        "Token type gpt-9 not found in user balance",
      ],
      [{ ...of, tokens: 0 }, undefined, 400, "Tokens must be a positive whole number"],
    ];
    for (const [body, headers, status, sentence] of sentences) {
      const answer = await withdraw(body, headers);
      expect([answer.status, answer.body.error]).toEqual([status, sentence]);
    }
    expect((await balances(who)).body.balances).toMatchObject([{ count: 5 }, { count: 3 }]);
  });

  test("#197 test/withdraw-balances sets every balance, and is refused for a paywall on live processors", async () => {
    const who = await signedInCustomer(server, shop);
    const set = (of: Shop, body: object) =>
      server.post<Record<string, unknown>>("/api/v1/test/withdraw-balances", {
        paywall_id: Number(of.paywall),
        ...body,
      });
    expect(await set(shop, { user_id: who.userId, tokens: 40 })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await balances(who)).body.balances).toMatchObject([{ count: 40 }, { count: 40 }]);
    expect((await set(shop, { user_id: who.userId })).status).toBe(200);
    expect((await balances(who)).body.balances).toMatchObject([{ count: 0 }, { count: 0 }]);
    const paying = await signedInCustomer(server, live);
    expect((await set(live, { user_id: paying.userId, tokens: 40 })).status).toBe(403);
    expect((await balances(paying, live)).body.balances).toMatchObject([{ count: 0 }, { count: 5 }]);
    expect((await set(shop, { user_id: "nobody" })).status).toBe(404);
    expect((await set(shop, { user_id: who.userId, tokens: -1 })).status).toBe(400);
  });
});

test("a tokenization gate without queries of its own shows what the paywall counts", async () => {
  await server.deps.db.execute(sql`
    update paywall_versions set body = ${json({ layout: { type: "modal", blocks: [{ type: "tokenization_gate" }] } })}
    where paywall_id = ${shop.paywallId}`);
  const { body } = await server.get<{ layout: { blocks: unknown[] } }>(shop.api("bootstrap"));
  expect(body.layout.blocks).toEqual([
    {
      type: "tokenization_gate",
      queries: [
        { id: "standard", name: "Standard", desc: "Small models", count: 100 },
        { id: "advanced", name: "advanced", desc: "", count: 10 },
      ],
    },
  ]);
});
