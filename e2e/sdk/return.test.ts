import { expect, test } from "vitest";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: GUEST, tenant: TRUSTING });
const { start, load } = host;
const { run } = flowsOf(host);
const seen = () => run(() => window.seen);
const address = () => host.page.url().slice(host.siteOrigin.length);

test("B-263: a paid return is told with its price and session; the hash beats the query, and what is the host's stays", async () => {
  await load(
    "/shop?keep=a%20b&paywall_status=failed#tab=2&paywall_status=paid&paywall_price_id=102&paywall_session_id=cs_1",
  );
  await start();
  await expect
    .poll(seen)
    .toEqual([{ name: "purchase_completed", payload: { priceId: "102", sessionId: "cs_1" } }]);
  expect(address()).toBe("/shop?keep=a%20b#tab=2");
});

test("B-263: a fragment and a query that mean something to the host keep their spelling", async () => {
  await load("/?flag&paywall_status=cancelled&q=a+b#/route/section");
  await start();
  await expect.poll(seen).toEqual([{ name: "purchase_failed", payload: { reason: "cancelled" } }]);
  expect(address()).toBe("/?flag&q=a+b#/route/section");
  await load("/#paywall_status=paid");
  await start();
  await expect.poll(seen).toHaveLength(1);
  expect(address()).toBe("/");
});

test("B-263: failed and cancelled are told as such, other words are only tidied away, no markers do nothing", async () => {
  for (const [status, told] of [
    ["failed", [{ name: "purchase_failed", payload: { reason: "failed" } }]],
    ["pending", []],
  ] as const) {
    await load(`/?x=${status}&paywall_status=${status}`);
    await start();
    await expect.poll(address).toBe(`/?x=${status}`);
    expect(await seen()).toEqual(told);
  }
  await load("/?nothing=1#here");
  await start();
  await run(() => window.pw.checkReturn());
  expect(await seen()).toEqual([]);
  expect(address()).toBe("/?nothing=1#here");
});

test("B-264: markers are read a microtask after construction, so that listeners of the same tick hear of them", async () => {
  await load("/?paywall_status=paid");
  const { target } = host;
  const order = await host.page.evaluate(async (ids) => {
    const order: string[] = [];
    const pw = new window.sdk.PaywallUI(ids);
    pw.on("purchase_completed", () => order.push("heard"));
    order.push("constructed");
    await Promise.resolve();
    return order;
  }, target);
  expect(order).toEqual(["constructed", "heard"]);
});

test("B-264: told not to, it leaves the address alone until checkReturn is called", async () => {
  await load("/?paywall_status=paid");
  await start({ autoDetectReturn: false });
  expect(await seen()).toEqual([]);
  expect(address()).toBe("/?paywall_status=paid");
  await run(() => window.pw.checkReturn());
  expect(await seen()).toHaveLength(1);
  expect(address()).toBe("/");
});

test("a returned checkout tells the page that opened it, and a page that may not change its address is not hurt", async () => {
  await run(() => {
    window.addEventListener("message", (event) => {
      window.seen = [...(window.seen ?? []), { name: "message", payload: event.data }];
    });
  });
  const popup = host.page.waitForEvent("popup");
  await run(() => void window.open("/?paywall_status=paid&paywall_session_id=cs_9"));
  const tab = await popup;
  await tab.waitForFunction(() => window.sdk);
  await tab.evaluate(() => {
    history.replaceState = () => {
      throw new DOMException("no", "SecurityError");
    };
  });
  await start({}, tab);
  await expect.poll(seen).toContainEqual({
    name: "message",
    payload: { type: "paywall_purchase", status: "paid", priceId: null, sessionId: "cs_9" },
  });
});
