import { describe, expect, test } from "vitest";
import { FREE_OPENS, flowsOf, GUEST, HIDDEN, TRUSTING } from "./flow-kit.ts";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: GUEST, tenant: TRUSTING });
const { start, open, view, names, waitForView } = host;
const { run, sell, remember, count, checkouts, marker, settle } = flowsOf(host);
const asAda = { identity: { email: ADA } };

describe("a purchase that is there already", () => {
  test("B-238, B-239: a known subscriber is told once, in the same tick, and nothing is shown", async () => {
    await host.server.buyFor(host.shop, ADA);
    await start(asAda);
    await run(() => window.pw.billing.getUser());
    const state = await run(() => {
      window.pw.open();
      const names = window.seen.map(({ name }) => name);
      window.pw.open();
      return {
        names,
        view: window.pw.getState().view,
        hosts: document.querySelectorAll("[data-paywall-host]").length,
      };
    });
    expect(state).toEqual({ names: ["purchase_completed"], view: null, hosts: 0 });
    expect(await host.payloads("purchase_completed")).toEqual([
      { priceId: null, sessionId: null, restored: true },
    ]);
  });

  test("B-241: the session of a subscriber that is read late shows no flash of the plans", async () => {
    await host.server.buyFor(host.shop, ADA);
    await remember();
    await host.load();
    await start({ auth: true });
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
    await settle();
    expect(await names()).toEqual(["purchase_completed"]);
  });

  test("B-242: somebody signed in who has bought nothing gets the plans", async () => {
    await remember();
    await host.load();
    await start({ auth: true });
    await open();
    await waitForView("layout");
  });

  test("B-248: a subscription beats a running trial and a used-up one", async () => {
    await sell({ ...GUEST, ...FREE_OPENS });
    await host.server.buyFor(host.shop, ADA);
    await start(asAda);
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
    expect(await run(() => Object.keys(localStorage).filter((key) => key.includes("skip-times")))).toEqual(
      [],
    );
    const { paywall } = host.shop;
    await host.page.evaluate((id) => localStorage.setItem(`paywall-${id}-skip-times`, "2"), paywall);
    await host.load();
    await start(asAda);
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
  });

  test("B-251: a purchase that becomes known while the plans are showing closes them and is told once", async () => {
    await start(asAda);
    await open();
    await waitForView("layout");
    await host.server.buyFor(host.shop, ADA);
    await run(() => window.pw.billing.getUser({ force: true }));
    expect(await view()).toBe(null);
    await run(() => window.pw.open());
    expect(await names()).toEqual(["open", "ready", "close", "purchase_completed"]);
  });

  test("B-252: whoever comes back from paying is not shown plans on the strength of an old no", async () => {
    await start(asAda);
    await run(() => window.pw.billing.getUser());
    await host.server.buyFor(host.shop, ADA);
    const key = `pw-${host.shop.paywall}-checkout-pending-v1`;
    await host.page.evaluate((k) => localStorage.setItem(k, JSON.stringify({ at: Date.now() })), key);
    await host.load();
    await start(asAda);
    await open();
    await expect.poll(names).toEqual(["purchase_completed"]);
    expect(await marker()).toBe(null);
  });

  test("B-252: an abandoned checkout shows the plans and uses the marker up", async () => {
    await start(asAda);
    await run(() => window.pw.billing.getUser());
    const key = `pw-${host.shop.paywall}-checkout-pending-v1`;
    await host.page.evaluate((k) => localStorage.setItem(k, JSON.stringify({ at: Date.now() })), key);
    await host.load();
    await start(asAda);
    await open();
    await waitForView("layout");
    expect(await marker()).toBe(null);
    expect(await count("purchase_completed")).toBe(0);
  });

  test("B-249: renew shows the plans to a subscriber, and the checkout says that the old purchase is known", async () => {
    await host.server.buyFor(host.shop, ADA);
    await start(asAda);
    await run(() => window.pw.billing.getUser());
    await open({ renew: true });
    await waitForView("layout");
    const tab = host.page.waitForEvent("popup");
    await host.cta().click();
    await tab;
    await waitForView("awaiting_payment");
    expect(checkouts()).toMatchObject([{ ignoreActivePurchase: true }]);
    expect(await count("purchase_completed")).toBe(0);
  });
});

describe("opening", () => {
  test("B-240: without auth and identity a cold open() has happened when it returns", async () => {
    await start();
    const seen = await run(() => {
      window.pw.open();
      return window.seen.map(({ name }) => name);
    });
    expect(seen).toEqual(["open"]);
    expect(await view()).not.toBe(null);
  });

  test("B-237: auth true builds a client that billing uses, an instance is taken as it is, without it there is none", async () => {
    const { target } = host;
    const found = await host.page.evaluate((ids) => {
      const { AuthClient, PaywallUI } = window.sdk;
      const own = new PaywallUI({ ...ids, auth: true });
      const given = new AuthClient(ids);
      const taken = new PaywallUI({ ...ids, auth: given });
      const none = new PaywallUI(ids);
      const facts = [
        own.auth instanceof AuthClient && own.auth === own.billing.auth,
        taken.auth === given && taken.billing.auth === given,
        none.auth === undefined && none.billing.auth === undefined,
      ];
      for (const pw of [own, taken, none]) pw.destroy();
      return [...facts, given.isDestroyed()];
    }, target);
    expect(found).toEqual([true, true, true, false]);
  });

  test("B-254: closing while it loads and opening again loads again", async () => {
    await start();
    await run(() => {
      window.pw.open();
      window.pw.close();
    });
    await open();
    await waitForView("layout");
    expect(await names()).toEqual(["open", "close", "open", "ready"]);
  });

  test("B-259: a title replaces the leading heading, or is put above a layout without one, for one open only", async () => {
    const heading = (name: string) => host.page.getByRole("heading", { name });
    await start();
    await open({ title: "Export needs Pro" });
    await heading("Export needs Pro").waitFor();
    expect(await heading("Write without limits").count()).toBe(0);
    await run(() => window.pw.close());
    await open();
    await heading("Write without limits").waitFor();
    expect(await heading("Export needs Pro").count()).toBe(0);

    await sell({ ...GUEST, layout: [{ type: "price_grid" }, { type: "cta_button" }] });
    await host.load();
    await start();
    await open({ title: "Export needs Pro" });
    await heading("Export needs Pro").waitFor();
  });

  test("a cold open asks for the bootstrap once and for nothing else", async () => {
    await start();
    await open();
    await waitForView("layout");
    expect(host.calls("/bootstrap")).toHaveLength(1);
    expect(host.calls("/user-state")).toHaveLength(0);
  });

  test("asking for the plans while a sign-in or support is showing shows the plans, if the gates let them", async () => {
    await start({ auth: true });
    await run(() => window.pw.openSupport());
    await host.page.getByLabel("Subject").waitFor();
    await open();
    await waitForView("layout");
    await run(() => window.pw.openSignin());
    await waitForView("auth");
    await open();
    await waitForView("layout");

    await sell({ ...GUEST, ...HIDDEN });
    await host.load();
    await start();
    await run(() => window.pw.openSupport());
    await host.page.getByLabel("Subject").waitFor();
    await run(() => window.pw.preload());
    await open();
    await expect.poll(() => count("visibility_blocked")).toBe(1);
    expect(await host.page.getByLabel("Subject").isVisible()).toBe(true);
  });
});

describe("visibility and trial", () => {
  test("B-243: a cold open that visibility blocks opens, closes and says why", async () => {
    await sell({ ...GUEST, ...HIDDEN });
    await start();
    await open();
    await expect.poll(names).toEqual(["open", "close", "visibility_blocked"]);
    expect(await run(() => window.pw.getVisibility())).toMatchObject({ visible: false, reason: "disabled" });
  });

  test("B-244: a cold open within the trial opens, closes and says how much is left", async () => {
    await sell({ ...GUEST, ...FREE_OPENS });
    await start();
    await open();
    await expect.poll(names).toEqual(["open", "close", "trial_blocked"]);
    expect(await run(() => window.pw.getTrialStatus())).toEqual({
      mode: "opens",
      blocked: true,
      remainingActions: 1,
      totalActions: 2,
    });
  });

  test("B-245: told to wait for the data, a blocked open says nothing but why", async () => {
    await sell({ ...GUEST, ...HIDDEN });
    await start({ mountThenLoad: false });
    await open();
    await expect.poll(names).toEqual(["visibility_blocked"]);
    await sell({ ...GUEST, ...FREE_OPENS });
    await host.load();
    await start({ mountThenLoad: false });
    await open();
    await expect.poll(names).toEqual(["trial_blocked"]);
  });

  test("B-246: with the paywall known, the gates decide before anything is shown", async () => {
    await sell({ ...GUEST, ...HIDDEN });
    await start();
    await run(() => window.pw.preload());
    await open();
    await expect.poll(names).toEqual(["visibility_blocked"]);
    expect(await run(() => document.querySelector("[data-paywall-host]"))).toBe(null);
  });

  test("B-247: a trial that is over says so once and lets the plans show", async () => {
    await sell({ ...GUEST, ...FREE_OPENS });
    await start();
    for (let i = 0; i < 2; i++) {
      await open();
      await expect.poll(() => count("trial_blocked")).toBe(i + 1);
    }
    for (let i = 0; i < 2; i++) {
      await open();
      await waitForView("layout");
      await run(() => window.pw.close());
    }
    expect(await count("trial_expired")).toBe(1);
  });

  test("B-250: skipping one gate leaves the other standing", async () => {
    await sell({ ...GUEST, ...FREE_OPENS, ...HIDDEN });
    await start();
    await run(() => window.pw.preload());
    await open({ skipTrial: true });
    await open({ skipVisibility: true });
    await expect.poll(names).toEqual(["visibility_blocked", "trial_blocked"]);
    await open({ skipTrial: true, skipVisibility: true });
    await waitForView("layout");
  });

  test("a failure while waiting is an error view with a way on, and the gates still stand behind it", async () => {
    await sell({ ...GUEST, ...HIDDEN });
    await start({ mountThenLoad: false });
    await host.fault("/bootstrap", { status: 503 }, 1);
    await open();
    await waitForView("error");
    await host.page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(names).toEqual(["open", "error", "close", "visibility_blocked"]);
  });
});
