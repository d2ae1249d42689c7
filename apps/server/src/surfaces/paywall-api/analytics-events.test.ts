import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { advanceTenantClock } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await server.deps.db.execute(sql`delete from analytics_events`);
});

type Stored = Record<string, unknown> & { type: string; occurredAt: Date; receivedAt: Date };
const stored = () =>
  server.deps.db.query<Stored>(sql`
    select type, occurred_at "occurredAt", received_at "receivedAt", visitor_id "visitorId", user_id "userId",
      experiment_id "experimentId", variant_key "variantKey", sdk_version "sdkVersion", capabilities, props
    from analytics_events order by id`);

const nowMs = () => server.clock.now().getTime();
const event = (type = "paywall_viewed", props?: Record<string, unknown>) => ({ type, ts: nowMs(), props });
const send = (body: unknown, headers: Record<string, string> = {}) =>
  server.post(shop.api("events"), body, headers);
const sendText = (body: string, type = "text/plain;charset=UTF-8") =>
  server.fetch(shop.api("events"), { method: "POST", body, headers: { "content-type": type } });

describe("batches", () => {
  test("#170 100 events pass without authentication and 101 are refused whole", async () => {
    const { status, body } = await send({ events: Array.from({ length: 100 }, () => event()) });
    expect([status, body]).toEqual([204, ""]);
    expect(await stored()).toHaveLength(100);
    const more = await send({ events: Array.from({ length: 101 }, () => event()) });
    expect([more.status, more.body]).toMatchObject([413, { code: "too_many_events" }]);
    expect(await stored()).toHaveLength(100);
  });

  test("#172 unknown and retired names are dropped, the rest of the batch and host: names are stored", async () => {
    const names = [
      "paywall_opened",
      "app_opened",
      "nonsense",
      "host:saved_draft",
      "host:",
      "auth_signout",
      "error",
      "",
    ];
    expect((await send({ events: names.map((name) => event(name)) })).status).toBe(204);
    expect((await stored()).map(({ type }) => type)).toEqual(["app_opened", "host:saved_draft", "error"]);
  });

  test("an event whose props exceed 8 KB is dropped and the rest of the batch kept", async () => {
    const sized = (bytes: number) => event("error", { m: "x".repeat(bytes - 8) });
    await send({ events: [sized(8192), sized(8193), event("app_opened")] });
    expect((await stored()).map(({ type }) => type)).toEqual(["error", "app_opened"]);
  });

  test("an empty batch is fine", async () => {
    expect((await send({ events: [] })).status).toBe(204);
  });

  test("malformed bodies are refused and store nothing", async () => {
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"events":{}}',
      '{"events":[null]}',
      '{"events":[{"type":1,"ts":1}]}',
      '{"events":[{"type":"error"}]}',
      '{"events":[{"type":"error","ts":"now"}]}',
      '{"events":[{"type":"error","ts":1e999}]}',
      '{"events":[{"type":"error","ts":1,"props":[]}]}',
      '{"events":[{"type":"error","ts":1,"props":{"a":"\\u0000"}}]}',
      "\u00ff",
    ]) {
      const response = await sendText(body, "application/json");
      expect([body, response.status]).toEqual([body, 400]);
    }
    expect(await stored()).toEqual([]);
  });

  test("a body over 256 KB is refused", async () => {
    const padding = "x".repeat(256 * 1024);
    expect((await sendText(JSON.stringify({ events: [event()], padding }))).status).toBe(413);
  });

  test("an unknown paywall is 404", async () => {
    expect((await server.post("/api/v1/paywall/999999/events", { events: [event()] })).status).toBe(404);
  });
});

describe("who and when", () => {
  const sender = {
    visitor_id: "body-visitor-0123456789",
    user_id: "body-user",
    sdk_version: "3.4.0",
    paywall_id: "1",
    capabilities: "a,b",
  };

  test("#171 a text/plain beacon is read whole: events, visitor, user, version and capabilities", async () => {
    const response = await sendText(JSON.stringify({ events: [event("paywall_closed")], ...sender }));
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await stored()).toMatchObject([
      {
        type: "paywall_closed",
        visitorId: "body-visitor-0123456789",
        userId: "body-user",
        sdkVersion: "3.4.0",
        capabilities: "a,b",
      },
    ]);
  });

  test("headers win over the body", async () => {
    await send(
      { events: [event()], ...sender },
      {
        "x-visitor-id": "head-visitor",
        "x-user-id": "head-user",
        "x-sdk-version": "4.0.0",
        "x-sdk-capabilities": "c",
      },
    );
    expect(await stored()).toMatchObject([
      { visitorId: "head-visitor", userId: "head-user", sdkVersion: "4.0.0", capabilities: "c" },
    ]);
  });

  test("the experiment of an event is found in its props", async () => {
    await send({
      events: [event("paywall_viewed", { experiment_id: "exp_1", variant: "b", prices_count: 2 })],
    });
    expect(await stored()).toMatchObject([
      {
        experimentId: "exp_1",
        variantKey: "b",
        props: { experiment_id: "exp_1", variant: "b", prices_count: 2 },
      },
    ]);
  });

  test("an absurd time is bounded and the receive time is kept beside it", async () => {
    const day = 86_400_000;
    const times = [nowMs() - 1000, 0, -1e300, nowMs() + 365 * day, 1e300];
    await send({ events: times.map((ts) => ({ type: "error", ts })) });
    const events = await stored();
    expect(events.map(({ occurredAt }) => occurredAt.getTime() - nowMs())).toEqual([
      -1000,
      -30 * day,
      -30 * day,
      300_000,
      300_000,
    ]);
    expect(events.every(({ receivedAt }) => receivedAt.getTime() === nowMs())).toBe(true);
  });

  test("half surrogate pairs and deep nesting in props are stored, not a failure", async () => {
    const deep = `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`;
    const body = `{"events":[{"type":"error","ts":1,"props":{"m":"\\ud800","\\udc00":1,"b":"\\\\ud800"}},{"type":"host:\\ud800","ts":1,"props":${deep}}]}`;
    expect((await sendText(body)).status).toBe(204);
    const events = await stored();
    expect(events[0]?.props).toEqual({ m: "\uFFFD", "\uFFFD": 1, b: "\\ud800" });
    expect(events).toHaveLength(2);
  });

  test("on a moved test clock events keep their distance from the receive time", async () => {
    const realNow = server.clock.now();
    const target = new Date("2031-09-10T00:00:00.000Z");
    await server.deps.db.transaction((tx) => advanceTenantClock(tx, shop.tenantId, { realNow, target }));
    await send({ events: [{ type: "error", ts: realNow.getTime() - 5000 }] });
    const [only] = await stored();
    expect(only?.receivedAt).toEqual(target);
    expect(only?.occurredAt.getTime()).toBe(target.getTime() - 5000);
  });
});

test("months get their own tables ahead of time, and rows that came earlier move there", async () => {
  await using fresh = await startTestServer({ now: "2031-11-30T23:59:00.000Z" });
  const other = await createShop(fresh);
  await fresh.post(other.api("events"), { events: [{ type: "error", ts: 0 }] });
  const tables = () =>
    fresh.deps.db.query<{ name: string; n: number }>(sql`
      select tableoid::regclass::text "name", count(*) n from analytics_events group by 1`);
  expect(await tables()).toEqual([{ name: "analytics_events_default", n: 1 }]);
  await fresh.settle();
  expect(await tables()).toEqual([{ name: "analytics_events_2031_11", n: 1 }]);
  fresh.clock.advance({ minutes: 2 });
  await fresh.post(other.api("events"), { events: [{ type: "error", ts: 0 }] });
  expect((await tables()).map(({ name }) => name).sort()).toEqual([
    "analytics_events_2031_11",
    "analytics_events_2031_12",
  ]);
});
