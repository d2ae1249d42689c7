import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { createApp } from "../../app.ts";
import { type FastPath, type RunningServer, serve } from "../../http/server.ts";
import { sql } from "../../platform/database/index.ts";

const HOME = "203.0.113.7";

let server: TestServer;
let http: RunningServer;
/** What the fast path said to each request, in order. */
const taken: boolean[] = [];

beforeAll(async () => {
  server = await startTestServer({
    env: { TOLLGATE_TRUSTED_PROXIES: "127.0.0.1", TOLLGATE_RATE_LIMIT_PER_MINUTE: "60" },
  });
  const { app, fastPath } = createApp(server.deps);
  const watched: FastPath = async (req, res) => {
    const mine = await fastPath(req, res);
    taken.push(mine);
    return mine;
  };
  http = await serve(app, { host: "127.0.0.1", port: 0, fastPath: watched });
});
afterAll(async () => {
  await http.stop();
  await server[Symbol.asyncDispose]();
});

type Answer = { status: number; headers: Record<string, unknown>; body: string };

const ask = (path: string, headers: Record<string, string>, method = "GET") =>
  new Promise<Answer>((resolve, reject) => {
    const sent = { "x-forwarded-for": HOME, "x-request-id": "a-request-id-1", ...headers };
    const options = { host: "127.0.0.1", port: http.port, path, method, headers: sent, agent: false };
    const req = request(options, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        const { date: _, ...rest } = res.headers;
        resolve({ status: res.statusCode ?? 0, headers: rest, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    req.on("error", reject);
    req.end();
  });

const pathOf = (shop: Shop, ref = shop.paywall) => `/api/v1/paywall/${ref}/user-state`;

/** Asks both ways: a query that means nothing is enough to be left to the route. */
async function bothWays(path: string, headers: Record<string, string>) {
  // Every pair from a minute of its own, far from the flood limit.
  server.clock.advance({ seconds: 61 });
  const fast = await ask(path, headers);
  const answered = taken.at(-1);
  const slow = await ask(`${path}?`, headers);
  expect(taken.at(-1)).toBe(false);
  return { fast, slow, answered };
}

test("an e-mail is answered below the framework with the route's own bytes and headers", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  const legacy = await createShop(server, { hybridTrust: "legacy" });
  const plain = await createShop(server);
  const cases = [
    [plain, "monthly"],
    [plain, "lifetime"],
    [trials, "monthly"],
    [legacy, "monthly"],
  ] as const;
  for (const [shop, price] of cases) {
    const email = someone();
    const sale = await buy(server, shop, { email, price });
    for (const ref of [shop.paywall, shop.paywallId]) {
      const { fast, slow, answered } = await bothWays(pathOf(shop, ref), {
        "x-user-email": ` ${email.toUpperCase()} `,
      });
      expect(answered).toBe(true);
      expect(fast).toEqual(slow);
      expect(fast.body).toContain(sale.contractId);
      expect(fast.headers["cache-control"]).toBe("no-store");
    }
    const strangers: Record<string, string>[] = [
      { "x-user-email": someone() },
      { "x-user-email": email, "x-forwarded-for": "198.51.100.9" },
    ];
    for (const stranger of strangers) {
      const { fast, slow, answered } = await bothWays(pathOf(shop), stranger);
      expect(answered).toBe(true);
      expect(fast).toEqual(slow);
    }
  }
});

test("a Bearer is answered the same way, until its session is revoked", async () => {
  const shop = await createShop(server);
  const { headers, sessionId, email } = await signedInCustomer(server, shop);
  await buy(server, shop, { email: email ?? "" });
  for (let i = 0; i < 2; i += 1) {
    // The Bearer decides, whatever the e-mail says.
    const { fast, slow, answered } = await bothWays(pathOf(shop), {
      ...headers,
      "x-user-email": "x@y.example",
    });
    expect(answered).toBe(true);
    expect(fast).toEqual(slow);
    expect(JSON.parse(fast.body).has_active_subscription).toBe(true);
  }
  await server.deps.db.execute(sql`update sessions set revoked_at = now() where id = ${sessionId}`);
  const { fast, slow, answered } = await bothWays(pathOf(shop), headers);
  expect(answered).toBe(false);
  expect(fast).toEqual(slow);
  expect(fast.status).toBe(401);
});

test("a Bearer that was good once is refused once it has expired, and at another tenant's paywall", async () => {
  const [shop, other] = [await createShop(server), await createShop(server)];
  const { headers } = await signedInCustomer(server, shop);
  expect((await ask(pathOf(shop), headers)).status).toBe(200);
  expect((await ask(pathOf(other), headers)).status).toBe(401);
  server.clock.advance({ days: 1 });
  expect((await ask(pathOf(shop), headers)).status).toBe(401);
});

test("what the route refuses or decides differently is left to it", async () => {
  const shop = await createShop(server);
  const none = await createShop(server, { hybridTrust: "none" });
  const email = someone();
  await buy(server, shop, { email });
  const cases: [string, Record<string, string>, string?][] = [
    [pathOf(shop), {}],
    [pathOf(shop), { "x-user-email": email }, "OPTIONS"],
    [pathOf(shop), { "x-user-email": "a@b.example;1900000000;00" }],
    [pathOf(shop), { authorization: "Bearer nonsense", "x-user-email": email }],
    [pathOf(shop, "999999999"), { "x-user-email": email }],
    [pathOf(none), { "x-user-email": email }],
  ];
  for (const [path, headers, method] of cases) {
    server.clock.advance({ seconds: 61 });
    await ask(path, headers, method);
    expect(taken.at(-1), `${method ?? "GET"} ${path} ${JSON.stringify(headers)}`).toBe(false);
  }
});

test("a paywall that is withdrawn or changes its tenant's trust is heard of at once", async () => {
  const shop = await createShop(server);
  const email = someone();
  await buy(server, shop, { email });
  const read = () => ask(pathOf(shop), { "x-user-email": email });
  expect((await read()).body).toContain('"has_active_subscription":true');
  await server.deps.db.execute(sql`update tenants set hybrid_trust = 'none' where id = ${shop.tenantId}`);
  expect((await read()).body).toContain('"has_active_subscription":false');
  await server.deps.db.execute(sql`update paywalls set status = 'draft' where id = ${shop.paywallId}`);
  expect((await read()).status).toBe(404);
});

test("the flood limit counts every request once, whichever way it is answered", async () => {
  const shop = await createShop(server);
  const unknown = pathOf(shop, "999999999");
  server.clock.advance({ seconds: 61 });
  const statuses = [];
  for (let i = 0; i < 62; i += 1) {
    // Every other request is taken by the fast path and then left to the route.
    statuses.push((await ask(i % 2 ? unknown : pathOf(shop), { "x-user-email": "a@b.example" })).status);
  }
  expect(statuses.indexOf(429)).toBe(60);
});
