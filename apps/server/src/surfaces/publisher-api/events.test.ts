import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import {
  anonymisePublisherEvents,
  countPublisherEvents,
  type EventFilter,
  listPublisherEvents,
} from "../../domains/analytics/index.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
  for (const [clientId, { tenantId }] of [
    ["web", shop],
    ["other-web", other],
  ] as const) {
    await server.deps.db.transaction((tx) =>
      saveOAuthClient(tx, server.deps, {
        tenantId,
        clientId,
        name: clientId,
        kind: "browser",
        origins: [`https://${clientId}.example`],
        scopes: [],
      }),
    );
  }
});
afterAll(() => server[Symbol.asyncDispose]());

/** An event as the published browser client sends it. */
const event = (values: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "track",
  event: "viewArticle",
  anonymousId: "581f6d1e-0d3c-4f0a-9a57-5a1f6a2f9a10",
  userId: null,
  properties: { name: "A", itemSrc: "https://daily.example/a", publisherContentId: "a", state: "locked" },
  clientId: "web",
  requestId: `r${++count}`,
  sessionId: "abc1234",
  timestamp: "2031-03-01T09:59:59.000Z",
  version: "1.74.0",
  context: {
    page: {
      url: "https://daily.example/a?token=ey.ab.cd&x=1#access_token=s",
      title: "A",
      publisherContentId: "a",
    },
    userAgent: "Browser/1",
    clientId: "web",
  },
  ...values,
});
const send = (body: string, headers: Record<string, string> = {}) =>
  server.fetch("/events", { method: "POST", body, headers: { "content-type": "text/plain", ...headers } });
const post = (events: unknown) => send(JSON.stringify(events));
const stored = (filter: Partial<EventFilter> = {}, of = shop) =>
  listPublisherEvents(server.deps.db, of.tenantId, { limit: 100, ...filter });

test("P-135: a text/plain array answers 204 and every event of it is stored, with the country and without the address", async () => {
  const events = ["one", "two", "three"].map((name) => event({ event: name }));
  const response = await send(JSON.stringify(events), {
    "content-type": "text/plain;charset=UTF-8",
    origin: "https://daily.example",
  });
  expect([response.status, await response.text()]).toEqual([204, ""]);
  expect(response.headers.get("access-control-allow-origin")).toBe("https://daily.example");
  expect(response.headers.get("access-control-allow-credentials")).toBe("true");
  const rows = await stored();
  expect(rows.map((row) => row.event).sort()).toEqual(["one", "three", "two"]);
  expect(rows[0]).toMatchObject({
    clientId: "web",
    type: "track",
    sessionId: "abc1234",
    occurredAt: new Date("2031-03-01T09:59:59.000Z"),
    receivedAt: server.clock.now(),
    publisherContentId: "a",
    properties: { name: "A", state: "locked" },
    context: { userAgent: "Browser/1" },
  });
  const page = await server.fetch("/events", {
    method: "POST",
    body: JSON.stringify([
      event({ type: "page", event: undefined }),
      event({ type: "identify", userId: "u1" }),
    ]),
    from: "8.8.8.8",
  });
  expect(page.status).toBe(204);
  expect(await stored({ type: "page" })).toMatchObject([{ country: "US", event: null }]);
  const [row] = await server.deps.db.query(sql`select * from publisher_events where country = 'US' limit 1`);
  expect(JSON.stringify(row)).not.toContain("8.8.8.8");
});

test("P-136: an object is 400, and so is what is no JSON; more than 256 kB is 413; nothing redirects", async () => {
  for (const body of ["{}", JSON.stringify(event()), "", "nonsense", '"x"', "null"]) {
    const refused = await send(body);
    expect(refused.status, body).toBe(400);
    expect((await refused.json()) as object).toMatchObject({ error: { code: "validation_error" } });
  }
  expect((await post([event({ properties: { text: "x".repeat(300_000) } })])).status).toBe(413);
  expect((await send("[]")).status).toBe(204);
});

test("P-137: the same event posted twice is stored once, also at the same time, and with itself in one array", async () => {
  const one = event({ event: "once" });
  const answers = await Promise.all(Array.from({ length: 6 }, () => post([one, one])));
  expect(answers.map((it) => it.status)).toEqual(Array(6).fill(204));
  expect(await stored({ event: "once" })).toHaveLength(1);
  await post([
    { ...one, timestamp: "2031-03-01T09:59:58.000Z" },
    { ...one, requestId: "other" },
  ]);
  expect(await stored({ event: "once" })).toHaveLength(3);
  const nameless = event({ event: "nameless", requestId: undefined });
  await post([nameless]);
  await post([nameless]);
  expect(await stored({ event: "nameless" })).toHaveLength(1);
});

test("what a page's address proved is not kept, in whatever field it comes", async () => {
  const secret = "s3cr3t";
  await post([
    event({
      event: "secretive",
      properties: {
        url: `https://daily.example/a?token=${secret}&id=7`,
        hash: `#access_token=${secret}`,
        search: `?sesamy-token=${secret}`,
        deep: [{ referrer: `https://x.example/?email=${secret}` }],
      },
    }),
  ]);
  const [row] = await stored({ event: "secretive" });
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(row?.properties).toMatchObject({ url: "https://daily.example/a?token=removed&id=7" });
  expect(row?.url).toBe("https://daily.example/a?token=removed&x=1#access_token=removed");
});

test("what is dropped is said with 202: nonsense, strangers' clients, more than ten, and a browser that floods", async () => {
  expect((await post([event({ event: "fine" }), event({ type: "hack" })])).status).toBe(202);
  expect((await post([event({ clientId: "nobody", context: {} })])).status).toBe(202);
  expect((await post([1, null, "x", [], {}])).status).toBe(202);
  expect(await stored({ event: "fine" })).toHaveLength(1);
  expect((await post(Array.from({ length: 12 }, () => event({ event: "many" })))).status).toBe(202);
  expect(await stored({ event: "many" })).toHaveLength(10);
  const flood = () => Array.from({ length: 10 }, () => event({ event: "flood", anonymousId: "flooder" }));
  const answers = [];
  for (let i = 0; i < 61; i += 1) answers.push((await post(flood())).status);
  expect([answers.slice(0, 60).every((it) => it === 204), answers[60]]).toEqual([true, 202]);
  expect(await countPublisherEvents(server.deps.db, shop.tenantId, { event: "flood" })).toBe(600);
  expect((await post([event({ event: "calm", anonymousId: "calm" })])).status).toBe(204);
});

test("strange values are kept as far as they can be, and a clock that is wrong is bounded", async () => {
  const strange = [
    event({ event: "nul\u0000", properties: { a: "\u0000", b: "\ud800" } }),
    event({ event: "deep", properties: JSON.parse(`${'{"a":'.repeat(50)}1${"}".repeat(50)}`) }),
    event({ event: "huge", properties: { list: Array.from({ length: 5000 }, () => "y".repeat(20)) } }),
    event({ event: "early", timestamp: "1999-01-01T00:00:00Z" }),
    event({ event: "late", timestamp: "2999-01-01T00:00:00Z" }),
    event({ event: "timeless", timestamp: "soon" }),
    event({ event: 7, properties: "text", context: [] }),
  ];
  expect((await post(strange)).status).toBe(204);
  expect((await stored({ event: "early" }))[0]?.occurredAt).toEqual(new Date("2031-01-30T10:00:00Z"));
  expect((await stored({ event: "late" }))[0]?.occurredAt).toEqual(new Date("2031-03-01T10:05:00Z"));
  expect((await stored({ event: "timeless" }))[0]?.occurredAt).toEqual(server.clock.now());
});

test("a vendor sees its own events alone; they are listed newest first, in pages", async () => {
  await post([event({ clientId: "other-web", event: "theirs" })]);
  expect(await stored({ event: "theirs" })).toHaveLength(0);
  expect(await stored({ event: "theirs" }, other)).toHaveLength(1);
  for (const name of ["p1", "p2", "p3"]) {
    server.clock.advance({ seconds: 1 });
    await post([event({ event: name, sessionId: "paged", type: "track" })]);
  }
  const first = await stored({ limit: 2 });
  expect(first.map((it) => it.event)).toEqual(["p3", "p2"]);
  const next = await stored({ limit: 1, after: first[1]?.id });
  expect(next.map((it) => it.event)).toEqual(["p1"]);
  expect(
    await stored({
      from: new Date("2031-03-01T09:59:59Z"),
      to: new Date("2031-03-01T09:59:59.001Z"),
      event: "p1",
    }),
  ).toHaveLength(1);
});

test("whoever deletes their account is somebody in what their pages reported", async () => {
  const reader = await signedInCustomer(server, shop);
  await post([event({ event: "theirs-too", userId: reader.userId, anonymousId: "known-browser" })]);
  const gone = await server.fetch("/profile", { method: "DELETE", headers: reader.headers });
  expect(gone.status).toBe(204);
  await server.settle();
  expect(await stored({ event: "theirs-too" })).toMatchObject([{ userId: null, anonymousId: null }]);
});

test("whoever is forgotten is somebody, and events go after 25 months", async () => {
  await post([event({ event: "mine", userId: "user-9" })]);
  expect(await anonymisePublisherEvents(server.deps.db, shop.tenantId, "user-9")).toBe(1);
  expect((await stored({ event: "mine" }))[0]).toMatchObject({ userId: null, anonymousId: null });
  server.clock.advance({ days: 740 });
  await server.settle();
  expect(await stored({ event: "mine" })).toHaveLength(1);
  server.clock.advance({ days: 40 });
  await server.settle();
  expect(await stored()).toHaveLength(0);
});
