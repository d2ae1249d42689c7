import { chromium, type Page } from "playwright-core";
import { describe, expect, test } from "vitest";
// @ts-expect-error: a plain script of the set-up, without types
import { ensureChromium } from "../../scripts/setup/chromium.mjs";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage({ tenant: TRUSTING });
const { start, open, names, waitForView, cta, signInWithCode, load } = host;
const { run, sell, count, remember, beginCheckout, errorCodes, checkouts } = flowsOf(host);
const asAda = { identity: { email: ADA } };
const goDown = () => host.server.goDown();
const comeBack = () => host.server.comeBack();

describe("the server goes away and comes back", () => {
  test("while the plans load: an error view, and the same click works again", async () => {
    await goDown();
    await start({ auth: true });
    await open();
    await waitForView("error");
    await host.page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => count("error")).toBe(2);
    await comeBack();
    await host.page.getByRole("button", { name: "Try again" }).click();
    await waitForView("layout");
  });

  test("during the sign-in: it is said beside the field, and the sign-in is finished afterwards", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    await goDown();
    await host.page.getByLabel("Email", { exact: true }).fill(ADA);
    await host.page.keyboard.press("Enter");
    await host.page.getByRole("alert").waitFor();
    await comeBack();
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await tab;
    await waitForView("awaiting_payment");
  });

  test("when a checkout starts: nothing is charged, the plans stay, and the next press buys", async () => {
    await sell(GUEST);
    await start(asAda);
    await open();
    await waitForView("layout");
    await goDown();
    await cta().click();
    await expect.poll(errorCodes).toEqual(["network_error"]);
    await waitForView("layout");
    await comeBack();
    const tab = host.page.waitForEvent("popup");
    await cta().click();
    await tab;
    await waitForView("awaiting_payment");
  });

  test("while a payment is awaited: the payment is found when the server is back", async () => {
    await sell(GUEST);
    await start(asAda);
    const tab = await beginCheckout();
    await payAtSandbox(tab);
    await goDown();
    await run(() => window.dispatchEvent(new Event("focus")));
    await comeBack();
    await run(() => window.dispatchEvent(new Event("focus")));
    await waitForView("purchased");
    expect(await count("purchase_completed")).toBe(1);
  });

  test("on the way back from a payment: it is told from the address, and the purchase is known afterwards", async () => {
    await sell(GUEST);
    await host.server.buyFor(host.shop, ADA);
    await goDown();
    await load("/?paywall_status=paid&paywall_session_id=cs_1");
    await start(asAda);
    await expect.poll(names).toEqual(["purchase_completed"]);
    await comeBack();
    await run(() => window.pw.billing.getUser({ force: true }));
    expect(await run(() => window.pw.getAccess())).toMatchObject({ reason: "has_subscription" });
  });

  test("a session outlives an outage", async () => {
    await remember();
    await host.load();
    await goDown();
    await start({ auth: true });
    await run(() => window.pw.billing.getUser({ force: true }).catch(() => {}));
    expect(await run(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
    await comeBack();
    await open();
    await waitForView("layout");
    expect(await run(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
  });
});

describe("a server that takes the call and never answers", () => {
  const hang = (path: string) =>
    host.context.route(
      (url) => url.origin === host.server.origin && url.pathname.endsWith(path),
      () => {},
    );

  test("the plans: after half a minute there is an error view instead of a shape, and a way on", async () => {
    await host.page.clock.install();
    await load();
    await hang("/bootstrap");
    await start();
    await open();
    await waitForView("loading");
    await host.page.clock.fastForward(31_000);
    await waitForView("error");
    expect(await errorCodes()).toEqual(["network_error"]);
    await host.mend();
    await host.page.getByRole("button", { name: "Try again" }).click();
    await waitForView("layout");
  });

  test("the purchases of somebody signed in: the plans show without them", async () => {
    await sell(GUEST);
    await host.page.clock.install();
    await load();
    await hang("/user-state");
    await start(asAda);
    await open();
    await expect.poll(() => host.calls("/user-state").length).toBeGreaterThan(0);
    await host.page.clock.fastForward(11_000);
    await waitForView("layout");
  });

  test("a checkout: the button is there again, and it is said that nothing was charged", async () => {
    await sell(GUEST);
    await host.page.clock.install();
    await load();
    await start(asAda);
    await open();
    await waitForView("layout");
    await hang("/start-checkout");
    await cta().click();
    await expect.poll(() => checkouts().length).toBe(1);
    await host.page.clock.fastForward(31_000);
    await expect.poll(errorCodes).toEqual(["network_error"]);
    await expect.poll(() => host.page.getByRole("alert").textContent()).toContain("not been charged");
  });
});

describe("a clock that is wrong", () => {
  for (const [name, offset] of [
    ["two days behind", -2 * 86_400_000],
    ["two days ahead", 2 * 86_400_000],
  ] as const) {
    test(`a device ${name} opens, signs in, pays and is let in`, async () => {
      await host.page.clock.install({ time: Date.now() + offset });
      await load();
      await start({ auth: true });
      await open();
      await waitForView("layout");
      await cta().click();
      const tab = host.page.waitForEvent("popup");
      await signInWithCode();
      await payAtSandbox(await tab);
      await waitForView("purchased");
      expect(await run(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
    });
  }

  test("a clock that jumps while a payment is awaited loses neither the wait nor the session", async () => {
    await host.fault("/purchase-signal", { status: 404 });
    await remember();
    await load();
    await start({ auth: true });
    const tab = await beginCheckout();
    await run(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 3 * 3_600_000;
    });
    await payAtSandbox(tab);
    await run(() => window.dispatchEvent(new Event("focus")));
    await waitForView("purchased");
    expect(await run(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
  });
});

describe("two tabs of one visitor", () => {
  const signedInAs = (tab: Page) => tab.evaluate(() => window.pw.auth?.getCachedUser()?.email ?? null);
  const active = (tab: Page) =>
    tab.evaluate(() => !!window.pw.billing.getCachedUser()?.has_active_subscription);

  test("a sign-in, a purchase and a sign-out in one are seen in the other without a reload", async () => {
    await start({ auth: true });
    const other = await host.tab();
    await start({ auth: true }, other);
    await host.page.bringToFront();
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    const checkout = host.page.waitForEvent("popup");
    await signInWithCode();
    await expect.poll(() => signedInAs(other)).toBe(ADA);
    await payAtSandbox(await checkout);
    await waitForView("purchased");
    await expect.poll(() => active(other)).toBe(true);
    await other.evaluate(() => window.pw.open());
    expect(await other.evaluate(() => [window.pw.getState().open, window.seen.at(-1)?.name])).toEqual([
      false,
      "purchase_completed",
    ]);
    await run(() => window.pw.auth?.signOut());
    await expect.poll(() => signedInAs(other)).toBe(null);
    await expect.poll(() => active(other)).toBe(false);
  });

  test("the plans in one tab close when the purchase is made in the other", async () => {
    await sell(GUEST);
    await start(asAda);
    const other = await host.tab();
    await start(asAda, other);
    await other.evaluate(() => window.pw.open());
    await waitForView("layout", other);
    await host.page.bringToFront();
    const tab = await beginCheckout();
    await payAtSandbox(tab);
    await waitForView("purchased");
    await waitForView(null, other);
    const told = await other.evaluate(() => window.seen.filter(({ name }) => name === "purchase_completed"));
    expect(told).toEqual([
      { name: "purchase_completed", payload: { priceId: null, sessionId: null, restored: true } },
    ]);
  });
});

describe("pages that allow little", () => {
  test("with storage blocked somebody opens, signs in and pays all the same", async () => {
    await host.context.addInitScript(() => {
      for (const area of ["localStorage", "sessionStorage", "indexedDB"])
        Object.defineProperty(window, area, {
          get() {
            throw new DOMException("blocked", "SecurityError");
          },
        });
    });
    await load();
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await payAtSandbox(await tab);
    await waitForView("purchased");
  });

  test("under a strict policy with Trusted Types a whole purchase breaks no rule", async () => {
    const origin = host.server.origin;
    const csp = `default-src 'self'; script-src 'self'; style-src 'self'; connect-src ${origin}; require-trusted-types-for 'script'`;
    host.pages.set("/strict", {
      headers: { "content-security-policy": csp },
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Strict</title><h1>Strict page</h1>
        <script type="module" src="/load.js"></script>`,
    });
    host.pages.set("/load.js", {
      headers: { "content-type": "text/javascript" },
      body: `window.broken = [];
        document.addEventListener("securitypolicyviolation", (event) =>
          window.broken.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
        import("/sdk/index.js").then((sdk) => { window.sdk = sdk; });`,
    });
    await load("/strict");
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await payAtSandbox(await tab);
    await waitForView("purchased");
    await run(() => window.pw.openSupport());
    await host.page.getByLabel("Subject").waitFor();
    expect(await run(() => (window as unknown as { broken: string[] }).broken)).toEqual([]);
  });

  test("opening and closing moves nothing on the host's page, scrollbar and fixed bars included", async () => {
    host.pages.set("/long", {
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Long</title>
        <style>body{margin:0 0 0 20px;min-height:3000px}p{text-align:right}
        #bar{position:fixed;top:0;right:0;width:200px;height:40px;background:#ddd}</style>
        <div id="bar">bar</div><p id="text">Some words at the edge</p>
        <script type="module">import * as sdk from "/sdk/index.js"; window.sdk = sdk;</script>`,
    });
    // The browser of the other tests hides scrollbars, which is what must not be taken for granted here.
    const browser = await chromium.launch({
      executablePath: (await ensureChromium()) as string,
      args: ["--no-sandbox", "--disable-gpu"],
      ignoreDefaultArgs: ["--hide-scrollbars"],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${host.siteOrigin}/long`);
      await page.waitForFunction(() => window.sdk);
      await start({}, page);
      await page.evaluate(() => {
        const shifts: string[] = [];
        Object.assign(window, { shifts });
        // From here on: how the page came to be is not ours.
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { sources?: { node?: Node }[] })[]) {
            // What moves inside the closed root has no name out here, and is not the host's page.
            const nodes = (entry.sources ?? []).flatMap(({ node }) => node ?? []);
            if (nodes.length > 0) shifts.push(nodes.map(({ nodeName }) => nodeName).join());
          }
        }).observe({ type: "layout-shift" });
      });
      const where = () =>
        page.evaluate(() =>
          ["bar", "text"].map((id) => document.getElementById(id)!.getBoundingClientRect().right),
        );
      const before = await where();
      expect(await page.evaluate(() => innerWidth - document.documentElement.clientWidth)).toBeGreaterThan(0);
      for (let i = 0; i < 2; i++) {
        await page.evaluate(() => window.pw.open());
        await waitForView("layout", page);
        expect(await where()).toEqual(before);
        await page.evaluate(() => {
          scrollTo(0, 100);
          window.pw.close();
        });
        expect(await where()).toEqual(before);
      }
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.getAttribute("style") ?? "")).toBe("");
    } finally {
      await browser.close();
    }
  });

  test("a host element that cannot serve is reported on the console, and nothing is thrown into the page", async () => {
    const logged = host.page.waitForEvent("console", (message) =>
      message.text().includes("could not be drawn"),
    );
    await host.page.evaluate((ids) => {
      const taken = document.createElement("input");
      document.body.append(taken);
      window.seen = [];
      window.pw = new window.sdk.PaywallUI({ ...ids, host: taken });
      window.pw.open();
      window.pw.close();
      window.pw.destroy();
    }, host.target);
    await logged;
  });
});
