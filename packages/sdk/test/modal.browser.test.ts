import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as Sdk from "../src/index.ts";
import { launchBrowser } from "./browser.ts";
import { type FixtureServer, OTP_CODE, sampleBootstrap, startFixtureServer } from "./fixture-server.ts";

declare global {
  interface Window {
    sdk: typeof Sdk;
    pw: Sdk.PaywallUI;
    seen: { name: string; payload: unknown }[];
  }
}

const ADA = "ada@example.com";
let browser: Browser;
let server: FixtureServer;
let page: Page;
let problems: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startFixtureServer()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  server.bootstrap = sampleBootstrap();
  server.paid.clear();
  server.faults.clear();
  server.requests.length = 0;
  server.checkouts.length = 0;
  problems = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(server.origin);
  await page.waitForFunction(() => window.sdk);
});
afterEach(async () => {
  await page.context().close();
  // Whatever a test does, nothing is ever thrown into the host page.
  expect(problems).toEqual([]);
});

type Options = Partial<Sdk.PaywallUIOptions>;
async function start(options: Options = {}): Promise<void> {
  await page.evaluate((given) => {
    window.seen = [];
    window.pw = new window.sdk.PaywallUI({
      paywallId: "1",
      apiOrigin: location.origin,
      shadowMode: "open",
      ...given,
    } as Sdk.PaywallUIOptions);
    const names = [
      "open",
      "ready",
      "close",
      "error",
      "checkout_started",
      "purchase_completed",
      "trial_blocked",
    ];
    for (const name of names as Sdk.PaywallEvent[])
      window.pw.on(name, (payload) => window.seen.push({ name, payload }));
  }, options);
}
const open = () => page.evaluate(() => window.pw.open());
const view = () => page.evaluate(() => window.pw.getState().view);
const names = () => page.evaluate(() => window.seen.map(({ name }) => name));
const waitForView = (wanted: string | null) =>
  page.waitForFunction((name) => window.pw.getState().view === name, wanted);
const dialog = () => page.getByRole("dialog");
const cta = () => page.getByRole("button", { name: /free trial|Get |Opening/ });
const focused = () =>
  page.evaluate(() => {
    const inner = document.querySelector("[data-paywall-host]")?.shadowRoot?.activeElement;
    return inner ? `${inner.tagName} ${inner.getAttribute("aria-label") ?? inner.textContent}` : null;
  });

async function signInWithCode(): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(ADA);
  await page.keyboard.press("Enter");
  await page.getByLabel("6-digit code").fill(OTP_CODE);
}

describe("the dialog", () => {
  test("B-280: every view has a name and Tab goes round inside it", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await expect.poll(() => dialog().getAttribute("aria-labelledby")).toBe("pw-title");
    expect(await page.getByRole("dialog", { name: "Write without limits" }).count()).toBe(1);

    const stops: (string | null)[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      stops.push(await focused());
    }
    expect(stops).not.toContain(null);
    expect(new Set(stops).size).toBe(5); // close, one plan, buy, restore, support
    expect(stops.slice(5, 10)).toEqual(stops.slice(0, 5));
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe(stops[10]);
  });

  test("B-279: opening moves the focus in and stops the page's scrolling; closing restores both", async () => {
    await start();
    await page.focus("#buy");
    await open();
    await waitForView("layout");
    expect(await page.evaluate(() => document.activeElement?.hasAttribute("data-paywall-host"))).toBe(true);
    expect(await page.evaluate(() => document.body.style.overflow)).toBe("hidden");
    // The page behind is inert: its controls cannot be focused at all.
    expect(
      await page.evaluate(() => {
        document.getElementById("link")?.focus();
        return document.activeElement?.id;
      }),
    ).not.toBe("link");

    await page.keyboard.press("Escape");
    await waitForView(null);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("buy");
    expect(await page.evaluate(() => document.body.style.overflow)).toBe("");
    expect(await names()).toEqual(["open", "ready", "close"]);
  });

  test("the page does not move by a pixel when the modal opens", async () => {
    await start();
    const where = () => page.locator("#buy").boundingBox();
    const before = await where();
    await open();
    await waitForView("layout");
    expect(await where()).toEqual(before);
  });

  test("the shadow root is closed unless a test asks for an open one", async () => {
    await start({ shadowMode: undefined });
    await page.evaluate(() => {
      window.pw.destroy();
      window.pw = new window.sdk.PaywallUI({ paywallId: "1", apiOrigin: location.origin });
    });
    await open();
    await waitForView("layout");
    expect(await page.evaluate(() => document.querySelectorAll("[data-paywall-host]").length)).toBe(1);
    expect(await page.evaluate(() => document.querySelector("[data-paywall-host]")?.shadowRoot)).toBe(null);
  });

  test("B-278: allow_close false disables the X, Escape and the overlay, but not close()", async () => {
    server.bootstrap.settings.allow_close = false;
    await start();
    await open();
    await waitForView("layout");
    expect(await page.getByRole("button", { name: "Close" }).count()).toBe(0);
    for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
    await page.mouse.click(5, 5);
    expect(await view()).toBe("layout");
    await page.evaluate(() => window.pw.close());
    expect(await view()).toBe(null);
  });

  test("a click beside the card closes, a click inside does not", async () => {
    await start();
    await open();
    await waitForView("layout");
    await page.getByText("Unlimited documents").click();
    expect(await view()).toBe("layout");
    await page.mouse.click(5, 5);
    await waitForView(null);
  });

  test("a cold open shows a named skeleton at once, and a failure can be retried in place", async () => {
    server.faults.set("bootstrap", {
      status: 503,
      body: { error: "down", message: "Down for a moment" },
      times: 1,
    });
    await start();
    const first = await page.evaluate(() => {
      window.pw.open();
      return { view: window.pw.getState().view, events: window.seen.map(({ name }) => name) };
    });
    expect(first).toEqual({ view: "loading", events: ["open"] });
    await waitForView("error");
    await page.getByRole("button", { name: "Try again" }).click();
    await waitForView("layout");
    expect(await names()).toEqual(["open", "error", "ready"]);
  });

  test("B-254: closing while it loads and opening again loads again", async () => {
    await start();
    await page.evaluate(() => {
      window.pw.open();
      window.pw.close();
    });
    await open();
    await waitForView("layout");
    expect(await names()).toEqual(["open", "close", "open", "ready"]);
  });

  test("B-282: destroy removes the host element and nothing opens afterwards", async () => {
    await start();
    await open();
    await waitForView("layout");
    await page.evaluate(() => {
      window.pw.destroy();
      window.pw.destroy();
      window.pw.open();
    });
    expect(await page.evaluate(() => document.querySelector("[data-paywall-host]"))).toBe(null);
    expect(await page.evaluate(() => document.body.style.overflow)).toBe("");
  });
});

describe("plans", () => {
  test("B-283: the popular plan is preselected, arrows choose, and the button follows", async () => {
    await start();
    await open();
    await waitForView("layout");
    const plan = (name: RegExp) => page.getByRole("radio", { name });
    expect(await plan(/Yearly/).getAttribute("aria-checked")).toBe("true");
    await expect.poll(() => cta().textContent()).toBe("Start 7-day free trial");

    await plan(/Yearly/).focus();
    await page.keyboard.press("ArrowDown");
    expect(await plan(/Monthly/).getAttribute("aria-checked")).toBe("true");
    expect(await focused()).toContain("Monthly");
    expect(await cta().textContent()).toBe("Get monthly plan");
    await page.keyboard.press("End");
    expect(await cta().textContent()).toBe("Get lifetime access");
    await page.keyboard.press("ArrowRight");
    expect(await plan(/Yearly/).getAttribute("aria-checked")).toBe("true");
  });

  test("what will be charged is spelled out for every kind of plan", async () => {
    await start();
    await open();
    await waitForView("layout");
    const charge = page.locator("#pw-charge");
    expect(await charge.textContent()).toBe("Free for 7 days, then $99.99 per year until you cancel.");
    expect(await page.getByRole("radio", { name: /Yearly/ }).textContent()).toContain("$99.99 per year");
    await page.getByRole("radio", { name: /Monthly/ }).click();
    expect(await charge.textContent()).toBe("$12 today, then $12 per month until you cancel.");
    await page.getByRole("radio", { name: /Lifetime/ }).click();
    expect(await charge.textContent()).toBe("$249 once. No renewals.");
  });

  test("B-285: a discount strikes the original, and a card names one saving only", async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    server.bootstrap.offers = [
      { id: "o", discount_percent: 20, expires_at, price_id: null, label: "Launch" },
    ];
    await start();
    await open();
    await waitForView("layout");
    const yearly = page.getByRole("radio", { name: /Yearly/ });
    expect(await yearly.locator("s").textContent()).toContain("$8.33");
    expect(await yearly.textContent()).toContain("$6.67");
    expect((await yearly.textContent())?.match(/Save/g)).toHaveLength(1);
    expect(await page.getByText("Launch").isVisible()).toBe(true);
  });

  test("B-286: an unknown block is skipped with a warning and the rest is drawn", async () => {
    const warned = page.waitForEvent("console", (message) => message.text().includes("hologram"));
    server.bootstrap.layout?.blocks.unshift({ type: "hologram" } as never);
    await start();
    await open();
    await waitForView("layout");
    await warned;
    expect(await cta().isVisible()).toBe(true);
  });

  test("B-259: a title for one open replaces the heading and is gone at the next", async () => {
    await start();
    await page.evaluate(() => window.pw.open({ title: "Export as PDF" }));
    await waitForView("layout");
    expect(await page.getByRole("dialog", { name: "Export as PDF" }).count()).toBe(1);
    await page.keyboard.press("Escape");
    await open();
    expect(await page.getByRole("dialog", { name: "Write without limits" }).count()).toBe(1);
  });

  test("B-184, B-245, B-261: free opens are counted before the modal shows, and asking does not use one up", async () => {
    server.bootstrap.settings.trial = { mode: "opens", payload: 1, storage: "client" };
    await start({ mountThenLoad: false });
    const access = () => page.evaluate(async () => (await window.pw.getAccess()).reason);
    expect(await access()).toBe("trial_blocked");
    expect(await access()).toBe("trial_blocked");
    await open();
    await expect.poll(names).toEqual(["trial_blocked"]);
    expect(await access()).toBe("no_subscription");
    await open();
    await waitForView("layout");
  });
});

describe("buying", () => {
  test("B-265, B-266: a preauth paywall asks who it is by a code, then opens the checkout of the same plan", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await page.getByRole("radio", { name: /Monthly/ }).click();
    await cta().click();
    await waitForView("auth");
    expect(server.checkouts).toEqual([]);
    expect(await page.getByText("$12 today").isVisible()).toBe(true);

    const tab = page.waitForEvent("popup");
    await signInWithCode();
    await tab;
    await waitForView("awaiting_payment");
    expect(server.checkouts).toHaveLength(1);
    expect(server.checkouts[0]).toMatchObject({ email: ADA, priceId: 102 });
    expect(server.checkouts[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(await page.evaluate(() => localStorage.getItem("pw-1-checkout-pending-v1"))).toMatch(/"at":\d+/);
  });

  test("B-275, B-276: the payment is noticed by itself and reported once", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    const tab = page.waitForEvent("popup");
    await signInWithCode();
    const checkout = await tab;
    await waitForView("awaiting_payment");
    await checkout.goto(`${server.origin}/pay?email=${ADA}`);
    await checkout.close();
    await waitForView("purchased");
    expect((await names()).filter((name) => name === "purchase_completed")).toHaveLength(1);
    await page.getByRole("button", { name: "Continue" }).click();
    await waitForView(null);
    // Control: whoever has paid does not see the plans again.
    await open();
    expect(await view()).toBe(null);
  });

  test("“I’ve paid” asks again, says so when nothing has arrived, and B-273: reopening makes no second checkout", async () => {
    await start({ identity: { email: ADA } });
    server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    const first = page.waitForEvent("popup");
    await cta().click();
    await first;
    await page.getByRole("button", { name: "I’ve paid" }).click();
    await expect.poll(() => page.getByText("Not confirmed yet").isVisible()).toBe(true);
    const second = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Open it again" }).click();
    expect((await second).url()).toBe((await first).url());
    expect(server.checkouts).toHaveLength(1);
    const third = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Start over" }).click();
    await third;
    await expect.poll(() => server.checkouts.length).toBe(2);
    expect(server.checkouts[0]?.key).not.toBe(server.checkouts[1]?.key);
  });

  test("B-272: a blocked tab is explained, this page stays, and the button opens the same checkout", async () => {
    await start({ identity: { email: ADA } });
    server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    await page.evaluate(() => {
      const real = window.open;
      window.open = () => {
        window.open = real;
        return null;
      };
    });
    await cta().click();
    await waitForView("popup_blocked");
    expect(page.url()).toBe(`${server.origin}/`);
    const tab = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Open checkout" }).click();
    await tab;
    await waitForView("awaiting_payment");
    expect(server.checkouts).toHaveLength(1);
  });

  test("B-267: somebody who has bought already is welcomed back after signing in, without a checkout", async () => {
    server.paid.add(ADA);
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await signInWithCode();
    await waitForView("purchased");
    expect(await page.getByText("Welcome back").isVisible()).toBe(true);
    const completed = await page.evaluate(() =>
      window.seen.filter(({ name }) => name === "purchase_completed"),
    );
    expect(completed).toEqual([
      { name: "purchase_completed", payload: { priceId: "101", sessionId: null, restored: true } },
    ]);
    expect(server.checkouts).toEqual([]);
  });

  test("B-271: a 409 for an active purchase is the restored screen, not an error", async () => {
    await start({ identity: { email: ADA } });
    server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    server.faults.set("start-checkout", { status: 409, body: { error: "has one", hasActivePurchase: true } });
    await cta().click();
    await waitForView("purchased");
    expect(await names()).not.toContain("error");
  });

  test("a checkout that fails says that nothing was charged and leaves the plans usable", async () => {
    await start({ identity: { email: ADA } });
    server.bootstrap.settings.checkout_mode = "guest";
    server.faults.set("start-checkout", { status: 502, body: { code: "upstream", message: "no" }, times: 1 });
    await open();
    await waitForView("layout");
    await cta().click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("not been charged");
    const tab = page.waitForEvent("popup");
    await cta().click();
    await tab;
    await waitForView("awaiting_payment");
  });

  test("B-274: checkout() without an identity and without auth reports identity_required and shows nothing", async () => {
    await start();
    await page.evaluate(() => window.pw.checkout("102"));
    await expect.poll(names).toEqual(["error"]);
    const code = await page.evaluate(() => (window.seen[0]?.payload as Sdk.PaywallError | undefined)?.code);
    expect(code).toBe("identity_required");
    expect(await page.evaluate(() => window.pw.getState())).toEqual({
      open: false,
      view: null,
      error: null,
      processing: false,
    });
  });
});

describe("signing in and support", () => {
  test("a wrong code is said beside the field, and the field is ready for another", async () => {
    await start({ auth: true });
    await page.evaluate(() => window.pw.openSignin());
    await page.getByLabel("Email", { exact: true }).fill(ADA);
    await page.keyboard.press("Enter");
    const code = page.getByLabel("6-digit code");
    await code.fill("000000");
    await expect.poll(() => page.getByText("wrong or has expired").isVisible()).toBe(true);
    expect(await code.inputValue()).toBe("");
    expect(await code.getAttribute("aria-invalid")).toBe("true");
    await code.fill(OTP_CODE);
    await waitForView(null);
    expect(await page.evaluate(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
  });

  test("a password manager finds labelled fields, and a wrong password is not a crash", async () => {
    await start({ auth: true });
    await page.evaluate(() => window.pw.openSignin());
    await page.getByRole("button", { name: "Use a password" }).click();
    expect(await page.getByLabel("Email", { exact: true }).getAttribute("autocomplete")).toBe("username");
    const password = page.getByLabel("Password", { exact: true });
    expect(await password.getAttribute("autocomplete")).toBe("current-password");
    await page.getByLabel("Email", { exact: true }).fill(ADA);
    await password.fill("nope");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("don’t match");
    await password.fill("correct");
    await page.keyboard.press("Enter");
    await waitForView(null);
  });

  test("B-268: back from the gate returns to the plans without a checkout", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    await page.getByRole("button", { name: "Back" }).click();
    await waitForView("layout");
    expect(server.checkouts).toEqual([]);
  });

  test("B-258: support can be written although the plans do not load", async () => {
    server.faults.set("bootstrap", { status: 500, body: { error: "x" } });
    await start();
    await page.evaluate(() => window.pw.openSupport());
    await page.getByLabel("Email", { exact: true }).fill(ADA);
    await page.getByLabel("Subject").fill("Hi");
    await page.getByRole("button", { name: "Send message" }).click();
    // B-296: problems are told beside the field, and what was typed stays.
    await expect.poll(() => page.getByText("Between 3 and 200").isVisible()).toBe(true);
    await page.getByLabel("Subject").fill("Hello there");
    await page.getByLabel("Message").fill("Does it export to Word?");
    await page.getByRole("button", { name: "Send message" }).click();
    await expect.poll(() => page.getByRole("heading", { name: "Message sent" }).isVisible()).toBe(true);
    expect(server.requests).toContain("POST /api/v1/paywall/1/support/ticket");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForView(null);
  });

  test("B-263, B-264: the checkout's markers are read once, and only they leave the address", async () => {
    await page.goto(
      `${server.origin}/?keep=1&paywall_status=failed#tab=2&paywall_status=paid&paywall_price_id=102`,
    );
    await page.waitForFunction(() => window.sdk);
    await start();
    await expect
      .poll(() => page.evaluate(() => window.seen))
      .toEqual([{ name: "purchase_completed", payload: { priceId: "102", sessionId: null } }]);
    expect(page.url()).toBe(`${server.origin}/?keep=1#tab=2`);
  });
});
