import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, pay, someone, start } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { createApp } from "../../app.ts";
import { serve } from "../../http/server.ts";
import { openDatabase, sql } from "../../platform/database/index.ts";
import { createSignalStreams, SIGNAL_LIMITS, type SignalListener } from "./purchase-signal-streams.ts";

const HOME = "203.0.113.7";
const ELSEWHERE = "198.51.100.9";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

/** An open signal: what it has said so far, and its end. */
async function listen(headers: Record<string, string>, from = HOME) {
  const abort = new AbortController();
  const response = await server.fetch(shop.api("purchase-signal"), { headers, from, signal: abort.signal });
  const heard = { text: "", ended: false, response, close: () => reader.cancel() };
  if (!response.body) throw new Error("no body");
  const reader = response.body.getReader();
  void (async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      heard.text += decoder.decode(value, { stream: true });
    }
    heard.ended = true;
  })();
  return heard;
}

const changes = (heard: { text: string }) => heard.text.split("data: changed\n\n").length - 1;

test("a guest who waits hears that the payment has arrived, and user-state answers it", async () => {
  const email = someone();
  const { body } = await start(server, shop, { email });
  const heard = await listen({ "x-user-email": email });
  expect(heard.response.status).toBe(200);
  expect(heard.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(heard.response.headers.get("cache-control")).toMatch(/no-store/);
  expect(heard.response.headers.get("access-control-allow-origin")).toBe("*");
  await pay(server, body.checkoutUrl);
  await server.settle();
  await expect.poll(() => changes(heard)).toBeGreaterThanOrEqual(1);
  const state = await server.get<{ has_active_subscription: boolean }>(shop.api("user-state"), {
    "x-user-email": email,
  });
  expect(state.body.has_active_subscription).toBe(true);
  // Nothing but the news that there is news.
  expect(heard.text.replaceAll("data: changed\n\n", "").replace(/retry: \d+\n\n/, "")).toBe("");
  heard.close();
});

test("a signed-in customer hears of their own purchases and nobody else's", async () => {
  const mine = await signedInCustomer(server, shop);
  const other = await signedInCustomer(server, shop);
  const heard = await listen(mine.headers);
  await buy(server, shop, { headers: other.headers });
  await server.settle();
  await buy(server, shop, { headers: mine.headers });
  await server.settle();
  await expect.poll(() => changes(heard)).toBeGreaterThanOrEqual(1);
  const otherHeard = await listen(other.headers);
  await buy(server, shop, { headers: mine.headers, body: { ignoreActivePurchase: true } });
  await server.settle();
  await expect.poll(() => changes(heard)).toBeGreaterThanOrEqual(2);
  expect(changes(otherHeard)).toBe(0);
  heard.close();
  otherHeard.close();
});

test("somebody else's e-mail from another address opens a stream like any, and is never told a thing", async () => {
  const email = someone();
  const spy = await listen({ "x-user-email": email }, ELSEWHERE);
  const unknown = await listen({ "x-user-email": "nobody@example.com" }, ELSEWHERE);
  expect(spy.response.status).toBe(unknown.response.status);
  expect([...spy.response.headers].map(([name]) => name)).toEqual(
    [...unknown.response.headers].map(([name]) => name),
  );
  await start(server, shop, { email });
  const afterwards = await listen({ "x-user-email": email }, ELSEWHERE);
  const buyer = await listen({ "x-user-email": email }, HOME);
  await buy(server, shop, { email, from: HOME });
  await server.settle();
  await expect.poll(() => changes(buyer)).toBeGreaterThanOrEqual(1);
  expect([changes(spy), changes(afterwards), changes(unknown)]).toEqual([0, 0, 0]);
  for (const stream of [spy, unknown, afterwards, buyer]) stream.close();
});

test("whoever is signed out while listening hears nothing any more", async () => {
  const mine = await signedInCustomer(server, shop);
  const heard = await listen(mine.headers);
  const control = await listen((await signedInCustomer(server, shop, { email: mine.email })).headers);
  await server.deps.db.transaction((tx) =>
    tx.execute(sql`update sessions set revoked_at = ${server.clock.now()} where id = ${mine.sessionId}`),
  );
  await buy(server, shop, { email: mine.email ?? "" });
  await server.settle();
  await expect.poll(() => changes(control)).toBeGreaterThanOrEqual(1);
  expect(changes(heard)).toBe(0);
  heard.close();
  control.close();
});

test("without a name, or with a token that does not resolve, there is nothing to listen to", async () => {
  const none = await server.get<{ code: string }>(shop.api("purchase-signal"));
  expect([none.status, none.body.code]).toEqual([401, "authorization_required"]);
  const forged = await server.get<{ code: string }>(shop.api("purchase-signal"), {
    authorization: "Bearer forged",
  });
  expect([forged.status, forged.body.code]).toEqual([401, "invalid_token"]);
});

test("news made on another node reaches the streams of this one", async () => {
  const email = someone();
  await start(server, shop, { email });
  const heard = await listen({ "x-user-email": email });
  const { customerId } = await buy(server, shop, { email });
  await server.settle();
  await expect.poll(() => changes(heard)).toBeGreaterThanOrEqual(1);
  const before = changes(heard);
  // Another process on the same database has only its own connection.
  const node = openDatabase({
    connectionString: server.deps.config.databaseUrl ?? "",
    poolSize: 1,
    onError: () => {},
  });
  await node.query(sql`select pg_notify('tollgate', ${`access ${customerId}`})`);
  await expect.poll(() => changes(heard)).toBe(before + 1);
  await node.close();
  heard.close();
});

test("seven tabs of one person are refused the seventh stream with 429, and a closed tab makes room", async () => {
  const { headers } = await signedInCustomer(server, shop);
  const open = await Promise.all(Array.from({ length: SIGNAL_LIMITS.perCaller }, () => listen(headers)));
  const refused = await server.get<{ code: string }>(shop.api("purchase-signal"), headers);
  expect([refused.status, refused.body.code]).toEqual([429, "rate_limited"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  await open.pop()?.close();
  const again = await listen(headers);
  expect(again.response.status).toBe(200);
  for (const stream of [...open, again]) await stream.close();
});

const silent = (over: Partial<SignalListener> = {}): SignalListener => ({
  callerKey: "someone",
  address: HOME,
  customerId: null,
  readableCustomer: async () => null,
  cut: () => {},
  ...over,
});

test("a stream beats, ends by itself after its life, and leaves nothing behind", async () => {
  const streams = createSignalStreams(server.deps, { ...SIGNAL_LIMITS, heartbeatMs: 5, lifeMs: 40 });
  const body = streams.open(silent());
  const text = await new Response(body).text();
  expect(text).toMatch(/^retry: 3000\n\n(:\n\n)+$/);
  expect(streams.count()).toBe(0);
});

test("a reader who does not read is cut off instead of being written to without end", async () => {
  const streams = createSignalStreams(server.deps, { ...SIGNAL_LIMITS, heartbeatMs: 2 });
  const cut = new Promise<void>((resolve) => {
    expect(streams.open(silent({ cut: resolve }))).not.toBeNull();
  });
  await cut;
  expect(streams.count()).toBe(0);
});

test("an address and the process have their limits, and closing ends all and takes no more", async () => {
  const streams = createSignalStreams(server.deps, { ...SIGNAL_LIMITS, perNetwork: 2, perProcess: 3 });
  const ask = (address: string, callerKey: string) => streams.open(silent({ address, callerKey }));
  const first = ask(HOME, "a");
  expect(first).not.toBeNull();
  expect(ask(HOME, "b")).not.toBeNull();
  expect(ask(HOME, "c")).toBeNull();
  expect(ask(ELSEWHERE, "c")).not.toBeNull();
  expect(ask("192.0.2.1", "d")).toBeNull();
  streams.close();
  expect(streams.count()).toBe(0);
  expect(await new Response(first).text()).toBe("retry: 3000\n\n");
  expect(ask("192.0.2.1", "d")).toBeNull();
});

test("a stopping server ends its streams at once, and a visitor who goes away is forgotten", async () => {
  const email = someone();
  const { app, fastPath, endStreams } = createApp(server.deps);
  const http = await serve(app, { host: "127.0.0.1", port: 0, fastPath });
  const connect = () =>
    new Promise<{ ended: Promise<void>; leave: () => void }>((resolve, reject) => {
      const req = request(
        {
          host: "127.0.0.1",
          port: http.port,
          path: shop.api("purchase-signal"),
          headers: { "x-user-email": email },
          agent: false,
        },
        (res) => {
          res.resume();
          const ended = new Promise<void>((done) => res.on("close", done));
          resolve({ ended, leave: () => req.destroy() });
        },
      );
      req.on("error", reject);
      req.end();
    });
  // More than one caller may have open at a time, one after the other.
  for (let i = 0; i < SIGNAL_LIMITS.perCaller * 2; i += 1) {
    const visitor = await connect();
    visitor.leave();
    await visitor.ended;
  }
  const waiting = await connect();
  const stopped = Date.now();
  endStreams();
  await waiting.ended;
  await http.stop();
  // The server's own patience with requests in flight is ten seconds.
  expect(Date.now() - stopped).toBeLessThan(9_000);
});
