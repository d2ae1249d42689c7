import { expect, test } from "vitest";
import { FREE_OPENS, flowsOf, GUEST, HIDDEN, TRUSTING } from "./flow-kit.ts";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: GUEST, tenant: TRUSTING });
const { start, open, waitForView, load } = host;
const { run, sell, count, expectReported, beginCheckout, settle } = flowsOf(host);
const asAda = { identity: { email: ADA } };
const sent = () =>
  host.requests
    .filter((it) => it.path.endsWith("/events"))
    .flatMap(
      (it) => JSON.parse(it.body ?? "{}").events as { type: string; props?: Record<string, unknown> }[],
    );
const purchases = async () => (await host.reported()).filter((type) => type === "purchase_completed").length;
const REPORTED = () => `ms_sdk_purchases_reported:${host.shop.paywall}`;

test("B-225, B-232: every look at the plans is told with its end, support and sign-in are not", async () => {
  await start({ auth: true });
  for (let i = 0; i < 2; i++) {
    await open();
    await waitForView("layout");
    await run(() => window.pw.close());
  }
  await run(() => window.pw.openSupport());
  await host.page.getByLabel("Subject").waitFor();
  await run(() => window.pw.close());
  await run(() => window.pw.openSignin());
  await waitForView("auth");
  await run(() => window.pw.close());
  await expectReported(["paywall_viewed", "paywall_closed", "paywall_viewed", "paywall_closed"]);
});

test("B-226: a cold open that a gate takes back tells only why, and nothing for a purchase", async () => {
  await sell({ ...GUEST, ...HIDDEN });
  await start();
  await open();
  await expect.poll(() => count("visibility_blocked")).toBe(1);
  await expectReported(["visibility_blocked"]);
  expect(sent()[0]?.props).toMatchObject({ reason: "disabled" });

  host.requests.length = 0;
  await sell({ ...GUEST, ...FREE_OPENS });
  await start();
  await open();
  await expect.poll(() => count("trial_blocked")).toBe(1);
  await expectReported(["trial_blocked"]);
  expect(sent()[0]?.props).toMatchObject({ mode: "opens", remaining_actions: 1, total_actions: 2 });

  host.requests.length = 0;
  await sell(GUEST);
  await host.server.buyFor(host.shop, ADA);
  await start(asAda);
  await open();
  await expect.poll(() => count("purchase_completed")).toBe(1);
  await run(() => window.pw.track("host:after"));
  await expectReported(["host:after"]);
});

test("B-227: a view that waits for a gate is told when it passes, and with its end when the person leaves first", async () => {
  await sell({ ...GUEST, ...FREE_OPENS });
  // A trial that takes as long to read as the test wants.
  await host.page.evaluate((ids) => {
    const slow = { waiting: [] as (() => void)[] };
    Object.assign(window, { slow });
    const storage = {
      getItem: async (key: string) => {
        if (!key.endsWith("skip-times")) return localStorage.getItem(key);
        await new Promise<void>((resolve) => slow.waiting.push(resolve));
        return "2";
      },
      setItem: async (key: string, value: string) => localStorage.setItem(key, value),
      removeItem: async (key: string) => localStorage.removeItem(key),
    };
    window.seen = [];
    window.pw = new window.sdk.PaywallUI({ ...ids, storage, shadowMode: "open" });
    window.pw.on("ready", () => window.seen.push({ name: "ready", payload: 0 }));
  }, host.target);
  const waiting = () =>
    run(() => (window as unknown as { slow: { waiting: unknown[] } }).slow.waiting.length);
  const letGo = () =>
    run(() => {
      for (const go of (window as unknown as { slow: { waiting: (() => void)[] } }).slow.waiting.splice(0))
        go();
    });
  await open();
  await expect.poll(waiting).toBe(1);
  await run(() => window.pw.close());
  await letGo();
  await settle();
  await expectReported(["paywall_viewed", "paywall_closed", "trial_expired"]);
  expect(await host.names()).toEqual([]);
  await open();
  await expect.poll(waiting).toBe(1);
  await letGo();
  await waitForView("layout");
  await expectReported(["paywall_viewed", "paywall_closed", "trial_expired", "paywall_viewed"]);
});

test("B-228: a purchase that is found is told to the page, never to the statistics", async () => {
  await host.server.buyFor(host.shop, ADA);
  await start(asAda);
  await open();
  await expect.poll(() => count("purchase_completed")).toBe(1);
  await host.page.evaluate((id) => window.pw.checkout(id), host.shop.prices.monthly);
  await expect.poll(() => count("purchase_completed")).toBe(2);
  await run(() => window.pw.track("host:after"));
  await expectReported(["host:after"]);
});

test("B-229: one session is counted once, across reloads and instances; another one counts again", async () => {
  const comeBack = async (session: string, at: number) => {
    await load(`/?${at}#paywall_status=paid&paywall_session_id=${session}`);
    await start();
    await expect.poll(() => count("purchase_completed")).toBe(1);
  };
  await comeBack("cs_1", 1);
  await expect.poll(purchases).toBe(1);
  await comeBack("cs_1", 2);
  await run(() => window.pw.track("host:after"));
  await expect.poll(host.reported).toContain("host:after");
  expect(await purchases()).toBe(1);
  await comeBack("cs_2", 3);
  await expect.poll(purchases).toBe(2);
});

test("B-229: without a session id the set of purchases is what is counted once", async () => {
  await host.server.buyFor(host.shop, ADA);
  await start(asAda);
  await run(() => window.pw.billing.getUser({ force: true }));
  const markPaid = () =>
    run(() => {
      history.replaceState(null, "", "#paywall_status=paid");
      window.pw.checkReturn();
    });
  await markPaid();
  await expect.poll(purchases).toBe(1);
  await markPaid();
  await run(() => window.pw.track("host:after"));
  await expect.poll(host.reported).toContain("host:after");
  expect(await purchases()).toBe(1);
  expect(await count("purchase_completed")).toBe(2);
});

test("B-230: a checkout made here is counted although its purchases were reported before", async () => {
  await start(asAda);
  const tab = await beginCheckout();
  await payAtSandbox(tab);
  await waitForView("purchased");
  await expect.poll(purchases).toBe(1);
  const stored = () => host.page.evaluate((key) => localStorage.getItem(key), REPORTED());
  const [reported] = JSON.parse((await stored()) ?? "[]") as string[];
  expect(reported).toMatch(/^p:./);
  // The same purchases once more in another instance: first without a checkout of its own, then with one.
  await load();
  await start(asAda);
  await run(() => window.pw.billing.getUser({ force: true }));
  const comeBackPaid = () =>
    run(() => {
      history.replaceState(null, "", "#paywall_status=paid");
      window.pw.checkReturn();
    });
  await comeBackPaid();
  await run(() => window.pw.track("host:after"));
  await expect.poll(host.reported).toContain("host:after");
  expect(await purchases()).toBe(1);
  const again = host.page.waitForEvent("popup");
  await host.page.evaluate((id) => window.pw.checkout(id, { renew: true }), host.shop.prices.monthly);
  await again;
  await waitForView("awaiting_payment");
  await comeBackPaid();
  await expect.poll(purchases).toBe(2);
  expect(JSON.parse((await stored()) ?? "[]")).toEqual([reported]);
});

test("B-230: a broken store or what is stored in it never loses a report", async () => {
  await host.page.evaluate((key) => localStorage.setItem(key, '{"not":"a list'), REPORTED());
  await load("/#paywall_status=paid&paywall_session_id=cs_1");
  await start();
  await expect.poll(purchases).toBe(1);
  await host.page.evaluate((ids) => {
    const fails = () => Promise.reject(new Error("no storage"));
    window.pw.destroy();
    window.pw = new window.sdk.PaywallUI({
      ...ids,
      autoDetectReturn: false,
      storage: { getItem: fails, setItem: fails, removeItem: fails },
    });
    history.replaceState(null, "", "#paywall_status=paid&paywall_session_id=cs_1");
    window.pw.checkReturn();
  }, host.target);
  await expect.poll(purchases).toBe(2);
});

test("B-231: a title of one's own is noted", async () => {
  await start();
  await open({ title: "Mine" });
  await waitForView("layout");
  await expectReported(["paywall_viewed"]);
  expect(sent()[0]?.props).toEqual({
    custom_title: true,
    is_test_mode: true,
    prices_count: 3,
    offers_count: 0,
  });
});

test("B-233: switched off, nothing is sent, track included", async () => {
  await start({ analytics: false });
  await open();
  await waitForView("layout");
  await run(() => window.pw.track("host:x"));
  await run(() => window.pw.destroy());
  await host.reported();
  expect(sent()).toEqual([]);
});
