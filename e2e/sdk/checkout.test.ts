import { describe, expect, test } from "vitest";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({ tenant: TRUSTING });
const { start, open, view, names, waitForView, cta, signInWithCode } = host;
const {
  run,
  sell,
  remember,
  count,
  checkouts,
  calls,
  marker,
  errorCodes,
  beginCheckout,
  bought,
  button,
  settle,
} = flowsOf(host);
const asAda = { identity: { email: ADA } };
const blockTabs = () =>
  run(() => {
    const real = window.open;
    window.open = () => {
      window.open = real;
      return null;
    };
  });

describe("from the plans", () => {
  test("B-265: a guest's button creates a checkout at once", async () => {
    await sell(GUEST);
    await start(asAda);
    await beginCheckout();
    expect(checkouts()).toMatchObject([{ email: ADA }]);
    expect(await count("checkout_started")).toBe(1);
  });

  test("B-265, B-266: preauth asks who it is first, then buys the same plan once, however often the session is told", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await host.page.getByRole("radio", { name: /Monthly/ }).click();
    await cta().click();
    await waitForView("auth");
    expect(checkouts()).toEqual([]);
    // The session is told again while the purchases are still being looked for, and once more when it is paid for.
    await run(() => {
      window.pw.auth?.onAuthChange((event) => {
        if (event === "SIGNED_IN") void window.pw.auth?.refresh();
      });
    });
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await tab;
    await waitForView("awaiting_payment");
    await run(() => window.pw.auth?.refresh());
    expect(calls("/auth/refresh")).toBe(2);
    await settle();
    expect(checkouts()).toMatchObject([{ email: ADA, priceId: Number(host.shop.prices.monthly) }]);
    expect(checkouts()[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await view()).toBe("awaiting_payment");
  });

  test("B-253: a checkout that started leaves a marker with a numeric time", async () => {
    await sell(GUEST);
    await start(asAda);
    await beginCheckout();
    expect(JSON.parse((await marker()) ?? "{}")).toEqual({ at: expect.any(Number) });
  });

  test("B-267: somebody who has bought already is welcomed back after signing in, without a checkout", async () => {
    await bought();
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await signInWithCode();
    await waitForView("purchased");
    await host.page.getByText("Welcome back").waitFor();
    expect(await host.payloads("purchase_completed")).toEqual([
      { priceId: host.shop.prices.yearly, sessionId: null, restored: true },
    ]);
    expect(checkouts()).toEqual([]);
  });

  test("B-268: back from the gate returns to the plans without a checkout", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    await button("Back").click();
    await waitForView("layout");
    expect(checkouts()).toEqual([]);
  });

  test("B-269: preauth without an auth client goes straight to the checkout, which the server refuses as an error", async () => {
    await start(asAda);
    await open();
    await waitForView("layout");
    await cta().click();
    await expect.poll(() => calls("/start-checkout")).toBe(1);
    await expect.poll(errorCodes).toEqual(["authorization_required"]);
    await waitForView("layout");
  });

  test("B-270: a 401 on a preauth paywall is told and asks to sign in again; a second one right after does not loop", async () => {
    await remember();
    await host.load();
    await start({ auth: true });
    await host.fault("/start-checkout", {
      status: 401,
      body: { code: "authorization_required", message: "no" },
    });
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    expect(await errorCodes()).toEqual(["authorization_required"]);
    await signInWithCode();
    await waitForView("layout");
    expect(await errorCodes()).toHaveLength(2);
    await host.page.getByRole("alert").waitFor();
  });

  test("B-270: a guest's 401 is a plain error that leaves the plans usable", async () => {
    await sell(GUEST);
    await start({ auth: true, ...asAda });
    await host.fault("/start-checkout", { status: 401, body: { code: "invalid_token", message: "no" } }, 1);
    await open();
    await waitForView("layout");
    await cta().click();
    await expect.poll(errorCodes).toEqual(["invalid_token"]);
    await waitForView("layout");
  });

  test("B-271: a 409 for an active purchase is the restored screen, not an error", async () => {
    await sell(GUEST);
    await start(asAda);
    await open();
    await waitForView("layout");
    // Bought elsewhere meanwhile, which this page has not heard of.
    await host.server.buyFor(host.shop, ADA);
    await cta().click();
    await waitForView("purchased");
    await host.page.getByText("Welcome back").waitFor();
    expect(await errorCodes()).toEqual([]);
    expect((await host.payloads("purchase_completed"))[0]).toMatchObject({ restored: true });
  });

  test("B-272: a blocked tab is explained, this page stays, and the button opens the same checkout", async () => {
    await sell(GUEST);
    await start(asAda);
    await open();
    await waitForView("layout");
    await blockTabs();
    await cta().click();
    await waitForView("popup_blocked");
    expect(host.page.url()).toBe(`${host.siteOrigin}/`);
    const [started] = (await host.payloads("checkout_started")) as { url: string }[];
    const tab = host.page.waitForEvent("popup");
    await button("Open checkout").click();
    expect((await tab).url()).toBe(started?.url);
    await waitForView("awaiting_payment");
    expect(checkouts()).toHaveLength(1);
    expect(await (await tab).evaluate(() => window.opener)).toBe(null);
  });

  test("B-272: a page where window.open throws is one where tabs are blocked", async () => {
    await sell(GUEST);
    await start(asAda);
    await open();
    await waitForView("layout");
    await run(() => {
      window.open = () => {
        throw new Error("not here");
      };
    });
    await cta().click();
    await waitForView("popup_blocked");
    await button("Open checkout").click();
    expect(await view()).toBe("popup_blocked");
    expect(await errorCodes()).toEqual([]);
  });

  test("B-273: starting over makes a second checkout, opening again does not", async () => {
    await sell(GUEST);
    await start(asAda);
    const first = await beginCheckout();
    const second = host.page.waitForEvent("popup");
    await button("Open it again").click();
    expect((await second).url()).toBe(first.url());
    expect(checkouts()).toHaveLength(1);
    const third = host.page.waitForEvent("popup");
    await button("Start over").click();
    await third;
    await expect.poll(() => checkouts().length).toBe(2);
    const [one, two] = checkouts();
    expect(one?.headers["idempotency-key"]).not.toBe(two?.headers["idempotency-key"]);
  });

  test("a checkout that fails says so beside the button, and the next press works", async () => {
    await sell(GUEST);
    await start(asAda);
    await host.fault("/start-checkout", { status: 502, body: { code: "upstream", message: "no" } }, 1);
    await open();
    await waitForView("layout");
    await cta().click();
    await expect.poll(() => host.page.getByRole("alert").textContent()).toContain("not been charged");
    const tab = host.page.waitForEvent("popup");
    await cta().click();
    await tab;
    await waitForView("awaiting_payment");
  });
});

describe("checkout()", () => {
  const buy = (opts?: object) =>
    host.page.evaluate(([id, given]) => window.pw.checkout(id as string, given as object), [
      host.shop.prices.monthly,
      opts,
    ] as const);

  test("B-274: without an e-mail it reports identity_required and nothing is shown", async () => {
    await sell(GUEST);
    await start();
    await buy();
    await expect.poll(errorCodes).toEqual(["identity_required"]);
    expect(await names()).toEqual(["error"]);
    expect(await run(() => window.pw.getState())).toEqual({
      open: false,
      view: null,
      error: null,
      processing: false,
    });
  });

  test("B-274: it is processing until it mounts, and buys in the order checkout_started, open, ready", async () => {
    await sell(GUEST);
    await start(asAda);
    await run(() => {
      window.seen = [];
      window.pw.onStateChange(
        ({ processing, view }) => window.seen.push({ name: `${processing} ${view}`, payload: 0 }),
        {
          immediate: "none",
        },
      );
    });
    const tab = host.page.waitForEvent("popup");
    await buy();
    await tab;
    await waitForView("awaiting_payment");
    const states = (await names()).filter((name) => / /.test(name));
    expect(states[0]).toBe("true null");
    expect(states.slice(1).every((name) => name.startsWith("false"))).toBe(true);
    const happened = (await names()).filter((name) => !/ /.test(name));
    expect(happened).toEqual(["checkout_started", "open", "ready"]);
    expect(checkouts()).toMatchObject([{ priceId: Number(host.shop.prices.monthly) }]);
  });

  test("B-271: a 409 ends headless, restored and without an error", async () => {
    await sell(GUEST);
    await start(asAda);
    await run(() => window.pw.preload());
    // Bought elsewhere after this page has asked: only the checkout hears of it.
    await host.server.buyFor(host.shop, ADA);
    await buy();
    await expect.poll(() => count("purchase_completed")).toBe(1);
    expect(checkouts()).toHaveLength(1);
    expect(await host.payloads("purchase_completed")).toEqual([
      { priceId: host.shop.prices.monthly, sessionId: null, restored: true },
    ]);
    expect(await names()).not.toContain("open");
    expect(await errorCodes()).toEqual([]);
  });

  test("a known subscriber is told each time, and a renewal is sold", async () => {
    await sell(GUEST);
    await host.server.buyFor(host.shop, ADA);
    await start(asAda);
    await run(() => window.pw.billing.getUser());
    await buy();
    await buy();
    expect(await count("purchase_completed")).toBe(2);
    const tab = host.page.waitForEvent("popup");
    await buy({ renew: true });
    await tab;
    await waitForView("awaiting_payment");
    expect(checkouts()).toMatchObject([{ ignoreActivePurchase: true }]);
    // Starting over still is a renewal.
    const again = host.page.waitForEvent("popup");
    await button("Start over").click();
    await again;
    await expect.poll(() => checkouts().length).toBe(2);
    expect(checkouts()[1]).toMatchObject({ ignoreActivePurchase: true });
  });

  test("B-266: preauth mounts the gate, buys after the sign-in, and leaving the payment never shows the plans", async () => {
    await start({ auth: true });
    await buy();
    await waitForView("auth");
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await tab;
    await waitForView("awaiting_payment");
    expect(checkouts()).toMatchObject([{ priceId: Number(host.shop.prices.monthly) }]);
    await host.page.keyboard.press("Escape");
    await waitForView(null);
  });

  test("B-267: a subscriber who signs in at the gate is told and let go, without a checkout", async () => {
    await bought();
    await start({ auth: true });
    await buy();
    await waitForView("auth");
    await signInWithCode();
    await waitForView(null);
    expect(await host.payloads("purchase_completed")).toEqual([
      { priceId: host.shop.prices.monthly, sessionId: null, restored: true },
    ]);
    expect(checkouts()).toEqual([]);
  });

  test("the gates stand before it, too", async () => {
    await sell({ ...GUEST, visible: false });
    await start(asAda);
    await buy();
    await expect.poll(names).toEqual(["visibility_blocked"]);
    expect(await run(() => window.pw.getState().processing)).toBe(false);
    const tab = host.page.waitForEvent("popup");
    await buy({ skipVisibility: true });
    await tab;
  });

  test("closed while it works, it opens no tab and leaves no trace", async () => {
    await sell(GUEST);
    await start(asAda);
    await host.page.evaluate((id) => {
      window.pw.checkout(id);
      window.pw.close();
    }, host.shop.prices.monthly);
    await run(() => window.pw.billing.bootstrap(true));
    expect(await names()).toEqual([]);
    expect(checkouts()).toEqual([]);
    expect(await run(() => window.pw.getState().processing)).toBe(false);
  });
});
