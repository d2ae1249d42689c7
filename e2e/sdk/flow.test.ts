import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: GUEST, tenant: TRUSTING });
const { start, open, view, names, waitForView } = host;
const { run, sell, count, calls, checkouts, button, beginCheckout, show, settle } = flowsOf(host);
const asAda = { identity: { email: ADA } };
const signals = () => calls("/purchase-signal");
const checks = () => calls("/user-state");
const noSignal = () => host.fault("/purchase-signal", { status: 404 });
/** Nothing is polled any more: what is noticed from here on was said by the server, or by the page. */
const stopTheClock = async (page: Page) => {
  await page.clock.pauseAt(new Date(Date.now() + 2_000));
};

describe("noticing the payment", () => {
  test("B-275: it looks at once, every 5 s, every 30 s in the background, on return, and no longer than 10 min", async () => {
    await noSignal();
    await host.page.clock.install();
    await host.load();
    await start(asAda);
    await beginCheckout();
    await host.page.clock.pauseAt(new Date(Date.now() + 60_000));
    // Whatever had fallen due until the clock stood still.
    await settle();
    let seen = checks();
    expect(seen).toBeGreaterThan(0);
    const advance = async (ms: number, more: number) => {
      await host.page.clock.runFor(ms);
      await expect.poll(checks).toBe(seen + more);
      seen += more;
      // The answer is there before the clock moves on: the next look is planned when it is.
      await settle();
    };
    await run(() => window.dispatchEvent(new Event("focus")));
    await expect.poll(checks).toBe(seen + 1);
    seen += 1;
    await settle();
    await advance(4_900, 0);
    await advance(200, 1);
    await advance(5_000, 1);
    await show(false);
    await advance(5_000, 1);
    await advance(29_000, 0);
    await advance(1_500, 1);
    await show(true);
    await expect.poll(checks).toBe(++seen);
    await settle();
    await run(() => window.postMessage({ type: "paywall_purchase" }, "*"));
    await expect.poll(checks).toBe(++seen);
    await settle();
    await host.page.clock.fastForward(10 * 60_000);
    await settle();
    seen = checks();
    await run(() => window.dispatchEvent(new Event("focus")));
    await advance(60_000, 0);
    expect(await view()).toBe("awaiting_payment");
    expect(await names()).not.toContain("error");
  });

  test("B-275: the first look comes at once, not after a pause", async () => {
    await noSignal();
    await host.page.clock.install();
    await host.load();
    await start(asAda);
    await open();
    await waitForView("layout");
    await settle();
    await stopTheClock(host.page);
    const before = checks();
    await host.cta().evaluate((element) => (element as HTMLElement).click());
    await expect.poll(view).toBe("awaiting_payment");
    await expect.poll(checks).toBe(before + 1);
  });

  test("B-276: a user who turns active while paying is one purchase without any polling, and none outside of it", async () => {
    await noSignal();
    await start(asAda);
    await host.page.clock.install();
    await beginCheckout();
    await stopTheClock(host.page);
    await host.server.buyFor(host.shop, ADA);
    await run(() => window.pw.billing.getUser({ force: true }));
    await waitForView("purchased");
    await run(() => window.pw.billing.getUser({ force: true }));
    expect(await host.payloads("purchase_completed")).toEqual([{ priceId: null, sessionId: null }]);

    await sell(GUEST);
    await start(asAda);
    await run(() => window.pw.billing.getUser({ force: true }));
    await host.server.buyFor(host.shop, ADA);
    await run(() => window.pw.billing.getUser({ force: true }));
    expect(await names()).toEqual([]);
  });

  test("B-277: with a redirect for success, the page goes there instead of showing a screen", async () => {
    host.pages.set("/thanks", { body: "<!doctype html><title>Thanks</title>" });
    await sell({ ...GUEST, successRedirectUrl: `${host.siteOrigin}/thanks` });
    await start(asAda);
    await beginCheckout();
    const away = host.page.waitForURL("**/thanks");
    await host.server.buyFor(host.shop, ADA);
    await away;
  });

  test("B-281: a renewal is paid when a new purchase appears, not because the old one is there", async () => {
    await host.server.buyFor(host.shop, ADA);
    await start(asAda);
    // What this page believes is older than the purchase that is renewed.
    await open({ renew: true });
    await waitForView("layout");
    const tab = host.page.waitForEvent("popup");
    await host.cta().click();
    const checkout = await tab;
    await waitForView("awaiting_payment");
    await button("I’ve paid").click();
    await host.page.getByText("Not confirmed yet").waitFor();
    expect(await count("purchase_completed")).toBe(0);
    await payAtSandbox(checkout);
    await waitForView("purchased");
    expect(await host.payloads("purchase_completed")).toEqual([{ priceId: null, sessionId: null }]);
  });

  test("“I’ve paid” says so when nothing has arrived, and tells the page when it has", async () => {
    await noSignal();
    await host.page.clock.install();
    await host.load();
    await start(asAda);
    await beginCheckout();
    await stopTheClock(host.page);
    // Playwright's own clicks wait for a frame, which does not come while the clock stands still.
    const press = () => button("I’ve paid").evaluate((element) => (element as HTMLElement).click());
    await settle();
    await run(() => {
      window.addEventListener("message", (event) =>
        window.seen.push({ name: "message", payload: event.data }),
      );
    });
    await press();
    await expect.poll(() => host.page.getByText("Not confirmed yet").isVisible()).toBe(true);
    await host.server.buyFor(host.shop, ADA);
    await press();
    await expect.poll(view).toBe("purchased");
    await expect.poll(() => host.payloads("message")).toEqual([{ type: "paywall_purchase" }]);
    expect(await count("purchase_completed")).toBe(1);
  });

  test("a payment that arrives after the modal was closed is told, and nothing opens by itself", async () => {
    await start(asAda);
    await beginCheckout();
    await host.page.keyboard.press("Escape");
    await waitForView(null);
    await host.server.buyFor(host.shop, ADA);
    await run(() => window.dispatchEvent(new Event("focus")));
    await expect.poll(() => count("purchase_completed")).toBe(1);
    expect(await view()).toBe(null);
  });
});

describe("the server's word", () => {
  test("a payment is noticed although the page's clock stands still: the server says that there is news", async () => {
    await host.page.clock.install();
    await host.load();
    await start(asAda);
    const tab = await beginCheckout();
    await expect.poll(signals).toBe(1);
    await stopTheClock(host.page);
    await payAtSandbox(tab);
    await expect.poll(view).toBe("purchased");
    expect(await host.payloads("purchase_completed")).toEqual([{ priceId: null, sessionId: null }]);
  });

  test("the signal is asked for only while somebody pays, in sight, with the modal open", async () => {
    await start(asAda);
    await open();
    await waitForView("layout");
    expect(signals()).toBe(0);
    const tab = host.page.waitForEvent("popup");
    await host.cta().click();
    await tab;
    await expect.poll(signals).toBe(1);
    expect(host.lastCall("/purchase-signal")?.headers).toMatchObject({
      accept: "text/event-stream",
      "x-user-email": ADA,
      "x-paywall-id": host.shop.paywall,
    });
    const ended = host.page.waitForEvent("requestfailed", (request) =>
      request.url().includes("purchase-signal"),
    );
    await show(false);
    await ended;
    await show(true);
    await expect.poll(signals).toBe(2);
    const closed = host.page.waitForEvent("requestfailed", (request) =>
      request.url().includes("purchase-signal"),
    );
    await host.page.keyboard.press("Escape");
    await closed;
    await show(false);
    await show(true);
    await settle();
    expect(signals()).toBe(2);
  });

  test("a server that does not know it, refuses it or cuts it leaves the polling, and nobody hears of it", async () => {
    const problems: string[] = [];
    host.page.on("console", (message) => message.type() === "warning" && problems.push(message.text()));
    for (const answer of [{ status: 404 }, { status: 429 }, "abort"] as const) {
      await host.mend();
      await host.fault("/purchase-signal", answer);
      await sell(GUEST);
      await host.load();
      await start(asAda);
      await beginCheckout();
      await expect.poll(signals).toBeGreaterThan(0);
      await host.server.buyFor(host.shop, ADA);
      await run(() => window.dispatchEvent(new Event("focus")));
      await waitForView("purchased");
      expect(await names()).not.toContain("error");
    }
    expect(problems).toEqual([]);
  });

  test("a lost connection is made again, and what happened meanwhile is asked for", async () => {
    await start(asAda);
    await beginCheckout();
    await expect.poll(signals).toBe(1);
    await host.server.goDown();
    await host.server.buyFor(host.shop, ADA);
    await host.server.comeBack();
    await waitForView("purchased");
    expect(await count("purchase_completed")).toBe(1);
    expect(checkouts()).toHaveLength(1);
  });
});
