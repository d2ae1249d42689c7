import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stubFetch } from "../../test/stub-fetch.ts";
import { EventTracker, type EventTrackerOptions } from "./event-tracker.ts";
import { SDK_VERSION } from "./version.ts";

let net: ReturnType<typeof stubFetch>;
let beacons: { url: string; body: Record<string, unknown> }[];
let page: EventTarget;
let trackers: EventTracker[];

beforeEach(() => {
  vi.useFakeTimers();
  net = stubFetch(() => ({ status: 204 }));
  beacons = [];
  trackers = [];
  page = new EventTarget();
  vi.stubGlobal("window", {});
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
  for (const tracker of trackers) tracker.destroy();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function build(options: Partial<EventTrackerOptions> = {}): EventTracker {
  const tracker = new EventTracker({
    endpoint: "https://api.test/events",
    paywallId: "7",
    getVisitorId: async () => "visitor",
    getCachedVisitorId: () => "visitor",
    fetch: net.fetch,
    sendBeacon: (url, body) => {
      beacons.push({ url, body: JSON.parse(body) });
      return true;
    },
    ...options,
  });
  trackers.push(tracker);
  return tracker;
}
const sent = () =>
  net.calls.map(({ body }) => (body as { events: { type: string; props?: object }[] }).events);

describe("by fetch", () => {
  test("B-216, B-217: events leave together after a moment, or when there are twenty", async () => {
    const tracker = build({ capabilities: ["x"], getUserId: () => "u1" });
    tracker.track("a");
    tracker.track("b", { n: 1 });
    await vi.advanceTimersByTimeAsync(1499);
    expect(net.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent()).toMatchObject([[{ type: "a" }, { type: "b", props: { n: 1 } }]]);
    expect(net.calls[0]?.init.keepalive).toBe(true);
    expect(Object.fromEntries(net.calls[0]!.headers)).toMatchObject({
      "x-visitor-id": "visitor",
      "x-user-id": "u1",
      "x-sdk-version": SDK_VERSION,
      "x-paywall-id": "7",
      "x-sdk-capabilities": "x",
    });
    for (let i = 0; i < 20; i++) tracker.track("many");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()[1]).toHaveLength(20);
  });

  test("B-218, B-219, B-220: nothing empty, never more than a hundred, and failures are silent", async () => {
    const off = build({ enabled: false });
    off.track("a");
    const tracker = build({ maxBufferSize: 1000 });
    tracker.track("");
    tracker.track(5 as unknown as string);
    await vi.advanceTimersByTimeAsync(5000);
    expect(net.calls).toEqual([]);
    for (let i = 0; i < 150; i++) tracker.track(`e${i}`);
    await tracker.flush();
    expect(sent()[0]).toHaveLength(100);
    expect(sent()[0]?.[0]?.type).toBe("e50");
    const broken = build({ fetch: async () => Promise.reject(new Error("no")) });
    broken.track("a");
    await expect(broken.flush()).resolves.toBeUndefined();
  });

  test("B-223, B-224: destroy sends what is left, and an experiment is on every event unless it says otherwise", async () => {
    const tracker = build({ getExperimentContext: () => ({ experimentId: "e1", variant: "b" }) });
    tracker.track("a");
    tracker.track("b", { variant: "mine" });
    tracker.destroy();
    tracker.track("late");
    await vi.advanceTimersByTimeAsync(5000);
    expect(
      sent()
        .flat()
        .map(({ props }) => props),
    ).toEqual([
      { experiment_id: "e1", variant: "b" },
      { experiment_id: "e1", variant: "mine" },
    ]);
  });
});

describe("when the page goes away", () => {
  test("B-221, B-222: a beacon carries in its body what headers would have said", () => {
    const tracker = build({ capabilities: ["x", "y"] });
    page.dispatchEvent(new Event("pagehide"));
    expect(beacons).toEqual([]);
    tracker.track("a");
    page.dispatchEvent(new Event("pagehide"));
    expect(beacons[0]).toMatchObject({
      url: "https://api.test/events",
      body: {
        events: [{ type: "a" }],
        visitor_id: "visitor",
        user_id: null,
        sdk_version: SDK_VERSION,
        paywall_id: "7",
        capabilities: "x,y",
      },
    });
  });

  test.each([
    ["there is no visitor yet", { getCachedVisitorId: () => null }],
    ["the browser refuses", { sendBeacon: () => false }],
    [
      "the browser throws",
      {
        sendBeacon: () => {
          throw new Error("no");
        },
      },
    ],
  ])("fetch is used when %s", async (_, options) => {
    const tracker = build(options);
    tracker.track("a");
    tracker.flushBeacon();
    await vi.advanceTimersByTimeAsync(0);
    expect(beacons).toEqual([]);
    expect(sent()).toMatchObject([[{ type: "a" }]]);
  });
});
