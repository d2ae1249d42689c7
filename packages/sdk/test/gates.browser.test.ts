import { describe, expect, test } from "vitest";
import type * as Sdk from "../src/index.ts";
import { ADA, useHostPage } from "./harness.ts";

const host = useHostPage();
const { start, open, view, names, waitForView, cta, signInWithCode, load, reported } = host;
const evaluate = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const hidden = { visible: false, reason: "country_not_match", country: "FR", tier: 2 } as const;
const twoFreeOpens = { mode: "opens", payload: 2, storage: "client" } as const;

describe("who sees the plans", () => {
  test("B-238, B-239: a known subscriber is told once, at once, and nothing is shown", async () => {
    host.server.paid.add(ADA);
    await start({ identity: { email: ADA } });
    await evaluate(() => window.pw.billing.getUser());
    const state = await evaluate(() => {
      window.pw.open();
      const names = window.seen.map(({ name }) => name);
      window.pw.open();
      return { names, view: window.pw.getState().view };
    });
    expect(state).toEqual({ names: ["purchase_completed"], view: null });
    expect(await names()).toEqual(["purchase_completed"]);
  });

  test("B-241, B-242: a subscriber known only to the server never sees a flash of the plans, others see them", async () => {
    host.server.paid.add(ADA);
    await start({ identity: { email: ADA } });
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
    await host.page.waitForTimeout(100);
    expect(await names()).toEqual(["purchase_completed"]);
    host.server.paid.clear();
    await start({ identity: { email: "bob@example.com" } });
    await open();
    await waitForView("layout");
  });

  test("B-243, B-245: a cold open that is blocked closes what it showed, or shows nothing when told to wait", async () => {
    host.server.bootstrap.settings.visibility = hidden;
    await start();
    await open();
    await expect.poll(names).toEqual(["open", "ready", "close", "visibility_blocked"]);
    await load();
    await evaluate(() => localStorage.clear());
    await start({ mountThenLoad: false });
    await open();
    await expect.poll(names).toEqual(["visibility_blocked"]);
    expect(await evaluate(() => window.pw.getVisibility())).toEqual(hidden);
  });

  test("B-244, B-246, B-247: free opens are blocked, warm ones without a flash, and the end is told once", async () => {
    host.server.bootstrap.settings.trial = twoFreeOpens;
    await start();
    await open();
    await expect.poll(names).toEqual(["open", "ready", "close", "trial_blocked"]);
    await open();
    await expect.poll(names).toHaveLength(5);
    expect(await evaluate(() => window.pw.getTrialStatus())).toMatchObject({
      blocked: false,
      remainingActions: 0,
    });
    await open();
    await waitForView("layout");
    await host.page.keyboard.press("Escape");
    await open();
    await waitForView("layout");
    expect((await names()).filter((name) => name === "trial_expired")).toHaveLength(1);
  });

  test("B-250: skipping one gate leaves the other standing", async () => {
    host.server.bootstrap.settings.trial = twoFreeOpens;
    host.server.bootstrap.settings.visibility = hidden;
    await start();
    await evaluate(() => window.pw.preload());
    await open({ skipTrial: true });
    await open({ skipVisibility: true });
    await expect.poll(names).toEqual(["visibility_blocked", "trial_blocked"]);
    await open({ skipTrial: true, skipVisibility: true });
    await waitForView("layout");
  });

  test("B-249, B-281: a renewal is sold to a subscriber, and only a new purchase counts as its payment", async () => {
    host.server.paid.add(ADA);
    host.server.bootstrap.settings.checkout_mode = "guest";
    await start({ identity: { email: ADA } });
    await evaluate(() => window.pw.billing.getUser());
    host.server.allowRenewal = true;
    await open({ renew: true });
    await waitForView("layout");
    const tab = host.page.waitForEvent("popup");
    await cta().click();
    await tab;
    await waitForView("awaiting_payment");
    expect(host.server.checkouts[0]).toMatchObject({ ignoreActivePurchase: true });
    await host.page.getByRole("button", { name: "I’ve paid" }).click();
    await expect.poll(() => host.page.getByText("Not confirmed yet").isVisible()).toBe(true);
    host.server.purchases.push("sub_2");
    await host.page.getByRole("button", { name: "I’ve paid" }).click();
    await waitForView("purchased");
  });

  test("B-251: a purchase that becomes known while the plans are showing closes them and is told once", async () => {
    await start({ identity: { email: ADA } });
    await open();
    await waitForView("layout");
    host.server.paid.add(ADA);
    await evaluate(() => window.pw.billing.getUser({ force: true }));
    expect(await view()).toBe(null);
    expect(await names()).toEqual(["open", "ready", "close", "purchase_completed"]);
  });

  test("B-252: whoever comes back from paying is not asked to pay again, on the strength of an old no", async () => {
    await start({ identity: { email: ADA } });
    await evaluate(() => window.pw.billing.getUser());
    host.server.paid.add(ADA);
    await evaluate(() =>
      localStorage.setItem("pw-1-checkout-pending-v1", JSON.stringify({ at: Date.now() })),
    );
    await load();
    await start({ identity: { email: ADA } });
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
    expect(await evaluate(() => localStorage.getItem("pw-1-checkout-pending-v1"))).toBe(null);
  });
});

describe("getAccess", () => {
  const access = async () => {
    const { access, reason } = await evaluate(() => window.pw.getAccess());
    return `${access} ${reason}`;
  };

  test("B-260, B-261: purchase, then invisibility, then trial, else blocked; and nothing is shown", async () => {
    await start({ identity: { email: ADA } });
    expect(await access()).toBe("blocked no_subscription");
    host.server.bootstrap.settings.trial = twoFreeOpens;
    host.server.bootstrap.version = "v2";
    await evaluate(() => window.pw.billing.bootstrap(true));
    for (let i = 0; i < 4; i++) expect(await access()).toBe("granted trial_blocked");
    host.server.bootstrap.settings.visibility = hidden;
    host.server.bootstrap.version = "v3";
    await evaluate(() => window.pw.billing.bootstrap(true));
    expect(await access()).toBe("granted visibility_blocked");
    host.server.paid.add(ADA);
    await evaluate(() => window.pw.billing.getUser({ force: true }));
    expect(await access()).toBe("granted has_subscription");
    expect(await names()).toEqual([]);
  });

  test("B-262: without the server only somebody known to have paid gets in", async () => {
    host.server.faults.set("bootstrap", { status: 503, body: {} });
    host.server.paid.add(ADA);
    await start({ identity: { email: ADA } });
    expect(await access()).toBe("blocked no_subscription");
    await evaluate(() => window.pw.billing.getUser());
    expect(await access()).toBe("granted has_subscription");
    await load();
    await start({ identity: { email: ADA } });
    expect(await access()).toBe("granted has_subscription");
  });
});

describe("the rest of the face", () => {
  test("B-234, B-235: the state is one object until it changes, and listeners choose when they hear it", async () => {
    await start();
    const result = await evaluate(async () => {
      const first = window.pw.getState();
      const heard: string[] = [];
      window.pw.onStateChange(({ view }) => heard.push(`sync ${view}`), { immediate: "sync" });
      window.pw.onStateChange(({ view }) => heard.push(`micro ${view}`));
      const off = window.pw.onStateChange(({ view }) => heard.push(`none ${view}`), { immediate: "none" });
      await Promise.resolve();
      off();
      window.pw.close();
      const same = first === window.pw.getState();
      window.pw.open();
      return { first, same, heard };
    });
    expect(result.first).toEqual({ open: false, view: null, error: null, processing: false });
    expect(result.same).toBe(true);
    expect(result.heard).toEqual(["sync null", "micro null", "sync loading", "micro loading"]);
  });

  test("B-236: a handler that throws is logged and stops nobody", async () => {
    await start();
    const logged = host.page.waitForEvent("console", (message) =>
      message.text().includes("a listener threw"),
    );
    await evaluate(() => {
      const noop = () => {
        throw new Error("mine");
      };
      window.pw.on("open", noop);
      window.pw.on("open", () => window.seen.push({ name: "after", payload: null }));
      window.pw.open();
    });
    await logged;
    // What follows (`ready`) depends on how fast the bootstrap answers.
    expect((await names()).slice(0, 2)).toEqual(["open", "after"]);
  });

  test("B-255, B-256: preload never rejects, and a guest needs an auth client", async () => {
    host.server.faults.set("bootstrap", { status: 500, body: {} });
    await start();
    await evaluate(() => window.pw.preload());
    const code = await evaluate(() =>
      window.pw.signInAnonymously().catch((error: Sdk.PaywallError) => error.code),
    );
    expect(code).toBe("invalid_config");
  });

  test("B-257: asking to sign in does nothing without auth, and ends by itself for whoever is signed in", async () => {
    await start();
    await evaluate(() => window.pw.openSignin());
    expect(await names()).toEqual([]);
    await load();
    await start({ auth: true });
    await evaluate(() => window.pw.openSignin());
    await signInWithCode();
    await waitForView(null);
    await evaluate(() => window.pw.openSignup());
    await expect.poll(async () => (await names()).slice(-3)).toEqual(["open", "ready", "close"]);
    host.server.paid.add(ADA);
    await evaluate(() => window.pw.openSignin());
    await waitForView("purchased");
  });

  test("asking for the plans while a sign-in is showing shows the plans", async () => {
    await start({ auth: true });
    await evaluate(() => window.pw.openSignin());
    await waitForView("auth");
    await open();
    await waitForView("layout");
  });

  test("a second tab learns of a sign-in and a sign-out without a reload", async () => {
    await start({ auth: true });
    const other = await host.page.context().newPage();
    await other.goto(host.server.origin);
    await other.waitForFunction(() => window.sdk);
    await other.evaluate(() => {
      window.pw = new window.sdk.PaywallUI({ paywallId: "1", apiOrigin: location.origin, auth: true });
    });
    const there = () => other.evaluate(() => window.pw.auth?.getCachedUser()?.email ?? null);
    await host.page.bringToFront();
    await evaluate(() => window.pw.openSignin());
    await signInWithCode();
    await expect.poll(there).toBe(ADA);
    await evaluate(() => window.pw.auth?.signOut());
    await expect.poll(there).toBe(null);
  });
});

describe("what the statistics learn", () => {
  test("B-225, B-232: every look at the plans and its end, but not support or sign-in", async () => {
    await start({ auth: true });
    for (let i = 0; i < 2; i++) {
      await open();
      await waitForView("layout");
      await host.page.keyboard.press("Escape");
    }
    await evaluate(() => window.pw.openSupport());
    await host.page.getByLabel("Subject").waitFor();
    await evaluate(() => window.pw.close());
    await evaluate(() => window.pw.openSignin());
    await waitForView("auth");
    await evaluate(() => window.pw.close());
    expect(await reported()).toEqual([
      "paywall_viewed",
      "paywall_closed",
      "paywall_viewed",
      "paywall_closed",
    ]);
  });

  test("B-226: a cold open that a gate takes back reports the gate only", async () => {
    host.server.bootstrap.settings.visibility = hidden;
    await start();
    await open();
    await expect.poll(names).toContain("visibility_blocked");
    expect(await reported()).toEqual(["visibility_blocked"]);
  });

  test("B-228, B-229, B-230: a purchase is counted once across reloads, a restored one never", async () => {
    host.server.paid.add(ADA);
    const paid = "/#paywall_status=paid&paywall_price_id=102&paywall_session_id=cs_1";
    for (let i = 0; i < 2; i++) {
      await load(`/?${i}`);
      await load(`/?${i}${paid.slice(1)}`);
      await start({ identity: { email: ADA } });
      await expect.poll(names).toContain("purchase_completed");
      expect((await reported()).filter((type) => type === "purchase_completed")).toHaveLength(1);
    }
    await open();
    await host.page.waitForTimeout(100);
    expect((await reported()).filter((type) => type === "purchase_completed")).toHaveLength(1);
  });

  test("B-231, B-233: a title of one's own is noted, and nothing at all when switched off", async () => {
    await start();
    await open({ title: "Mine" });
    await waitForView("layout");
    await reported();
    expect(host.server.events[0]?.props).toMatchObject({
      custom_title: true,
      is_test_mode: true,
      prices_count: 3,
    });
    host.server.events.length = 0;
    await load();
    await start({ analytics: false });
    await open();
    await waitForView("layout");
    await evaluate(() => window.pw.track("host:x"));
    expect(await reported()).toEqual([]);
  });
});
