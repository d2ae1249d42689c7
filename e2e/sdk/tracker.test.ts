import { expect, test } from "vitest";
import { sql } from "../../apps/server/src/platform/database/index.ts";
import type { EventTracker, EventTrackerOptions } from "../../packages/sdk/src/index.ts";
import { useCorePage } from "./core-page.ts";
import { useProxy } from "./proxy.ts";

const host = useCorePage();
const way = useProxy(() => host.server.origin);
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
type Sent = { type: string; ts: number; props?: Record<string, unknown> }[];
declare const window: Window & { tracker: EventTracker; visitor: string | null; experiment: unknown };

type Plain = Pick<EventTrackerOptions, "capabilities" | "enabled" | "maxBufferSize" | "flushIntervalMs"> & {
  userId?: string;
};
const endpoint = () => `${way.origin}${host.shop.api("events")}`;
const VISITOR = "visitor-0123456789";

/** Builds `window.tracker` on a page whose clock stands in the test's hands. */
async function build(given: Plain = {}) {
  await host.page.evaluate(
    ({ userId, ...all }) => {
      window.visitor = all.visitor;
      window.experiment = null;
      window.tracker = new window.sdk.EventTracker({
        ...all,
        getVisitorId: async () => all.visitor,
        getCachedVisitorId: () => window.visitor,
        getUserId: () => userId,
        getExperimentContext: () => window.experiment as never,
      });
    },
    { endpoint: endpoint(), paywallId: host.shop.paywall, visitor: VISITOR, ...given },
  );
}
const track = (...types: string[]) =>
  host.page.evaluate((all) => {
    for (const type of all) window.tracker.track(type);
  }, types);
const bodies = () => way.seen.map(({ body }) => JSON.parse(body) as { events: Sent });
const sent = () => bodies().map(({ events }) => events.map(({ type }) => type));
/** Frozen, then moved by hand: what has not left by now will not leave by itself. */
const freeze = () => host.page.clock.install();

test("B-216, B-217: events leave together after the interval, with all that the headers say, and the server takes them", async () => {
  await freeze();
  await build({ capabilities: ["x", "y"], userId: "u1" });
  await host.page.clock.pauseAt(Date.now() + 60_000);
  await track("app_opened", "host:clicked");
  await host.page.clock.runFor(1_499);
  expect(way.seen).toEqual([]);
  await host.page.clock.runFor(1);
  await expect.poll(sent).toEqual([["app_opened", "host:clicked"]]);
  const [request] = way.seen;
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "x-sdk-version": await inPage(() => window.sdk.SDK_VERSION),
    "x-paywall-id": host.shop.paywall,
    "x-visitor-id": VISITOR,
    "x-user-id": "u1",
    "x-sdk-capabilities": "x,y",
  });
  const stored = () =>
    host.server.deps.db.query<{ type: string; visitorId: string }>(
      sql`select type, visitor_id "visitorId" from analytics_events where tenant_id = ${host.shop.tenantId} order by type`,
    );
  await expect.poll(stored).toEqual([
    { type: "app_opened", visitorId: VISITOR },
    { type: "host:clicked", visitorId: VISITOR },
  ]);
});

test("B-216: a full buffer leaves at once, in one request that outlives its page", async () => {
  await freeze();
  await inPage(() => {
    const original = window.fetch;
    window.fetch = (input, init) => {
      window.noted = [init?.keepalive];
      return original(input, init);
    };
  });
  await build();
  await host.page.clock.pauseAt(Date.now() + 60_000);
  await track(...Array(20).fill("app_opened"));
  await expect.poll(sent).toEqual([Array(20).fill("app_opened")]);
  expect(await inPage(() => window.noted)).toEqual([true]);
});

test("B-218: empty types are not events, and a tracker that is switched off sends nothing", async () => {
  await build({ enabled: false });
  await track("app_opened");
  await inPage(() => window.tracker.flush());
  await build();
  await track("");
  await inPage(() => {
    window.tracker.track(5 as unknown as string);
    return window.tracker.flush();
  });
  await inPage(() => dispatchEvent(new Event("pagehide")));
  expect(way.seen).toEqual([]);
});

test("B-219: the buffer keeps the newest hundred, also when events come back to it", async () => {
  await build({ maxBufferSize: 1_000, flushIntervalMs: 1e9 });
  await track(...Array.from({ length: 150 }, (_, i) => `host:${i}`));
  way.answer("/events", { status: 503 });
  await inPage(() => window.tracker.flush());
  await track("host:late");
  way.answer("/events", { status: 204 });
  await inPage(() => window.tracker.flush());
  expect(sent()).toHaveLength(2);
  expect(sent()[0]).toEqual(Array.from({ length: 100 }, (_, i) => `host:${i + 50}`));
  expect(sent()[1]).toEqual([...Array.from({ length: 99 }, (_, i) => `host:${i + 51}`), "host:late"]);
});

test("B-220: a failing network is silent; the events wait, and leave when it is back", async () => {
  await freeze();
  await build();
  way.fault = "refuse";
  await track("app_opened");
  await inPage(() => window.tracker.flush());
  // A click during the outage does not knock again.
  await track(...Array(30).fill("host:clicked"));
  way.fault = "pass";
  expect(way.seen.length).toBeLessThanOrEqual(2);
  way.seen.length = 0;
  await host.page.clock.fastForward(30_000);
  await expect.poll(() => sent().flat()).toEqual(["app_opened", ...Array(30).fill("host:clicked")]);
});

test("B-220: a refused batch is not sent again", async () => {
  await build();
  way.answer("/events", { status: 413 });
  await track("app_opened");
  await inPage(() => window.tracker.flush());
  await inPage(() => window.tracker.flush());
  expect(way.seen).toHaveLength(1);
});

test("B-221: a page that hides sends a beacon whose body says what headers would have", async () => {
  await build({ capabilities: ["x", "y"], userId: "u1" });
  await track("app_opened");
  await inPage(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => way.seen.length).toBe(1);
  expect(bodies()[0]).toMatchObject({
    events: [{ type: "app_opened", ts: expect.any(Number) }],
    visitor_id: VISITOR,
    user_id: "u1",
    sdk_version: await inPage(() => window.sdk.SDK_VERSION),
    paywall_id: host.shop.paywall,
    capabilities: "x,y",
  });
  expect(way.seen[0]?.headers).not.toHaveProperty("x-visitor-id");
});

test("B-221: events of a page that is left for another one still arrive", async () => {
  await build();
  await track("app_opened");
  await host.page.goto("about:blank");
  await expect.poll(sent).toEqual([["app_opened"]]);
});

test.each([
  ["there is no visitor yet", () => void Object.assign(window, { visitor: null })],
  ["the browser has no beacons", () => void Object.assign(navigator, { sendBeacon: undefined })],
  ["the browser refuses", () => void Object.assign(navigator, { sendBeacon: () => false })],
  [
    "the browser throws",
    () =>
      void Object.assign(navigator, {
        sendBeacon: () => {
          throw new Error("no");
        },
      }),
  ],
])("B-221: fetch takes over when %s", async (_, break_) => {
  await build();
  await track("app_opened");
  await inPage(break_);
  await inPage(() => window.tracker.flushBeacon());
  await expect.poll(sent).toEqual([["app_opened"]]);
  expect(way.seen[0]?.headers["x-visitor-id"]).toBe(VISITOR);
  expect(bodies()[0]).not.toHaveProperty("visitor_id");
});

test("B-222: without events no beacon leaves", async () => {
  await build();
  await inPage(() => dispatchEvent(new Event("pagehide")));
  await track("app_opened");
  await inPage(() => dispatchEvent(new Event("pagehide")));
  await inPage(() => dispatchEvent(new Event("pagehide")));
  await expect.poll(sent).toEqual([["app_opened"]]);
});

test("B-223: destroy sends what is left, and what comes later is ignored", async () => {
  await build();
  await track("app_opened");
  await inPage(() => window.tracker.destroy());
  await track("host:late");
  await inPage(() => dispatchEvent(new Event("pagehide")));
  await inPage(() => window.tracker.flush());
  await expect.poll(sent).toEqual([["app_opened"]]);
});

test("B-224: an assigned experiment is on every event, unless the event says otherwise", async () => {
  await build();
  await inPage(async () => {
    window.experiment = { experimentId: "e1", variant: "b" };
    window.tracker.track("app_opened");
    window.tracker.track("host:own", { variant: "mine", n: 1 });
    await window.tracker.flush();
  });
  expect(bodies()[0]?.events.map(({ props }) => props)).toEqual([
    { experiment_id: "e1", variant: "b" },
    { experiment_id: "e1", variant: "mine", n: 1 },
  ]);
});
