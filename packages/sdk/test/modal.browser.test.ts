import { describe, expect, test } from "vitest";
import type * as Sdk from "../src/index.ts";
import { OTP_CODE } from "./fixture-server.ts";
import { ADA, useHostPage } from "./harness.ts";

const host = useHostPage();
const { start, open, view, names, waitForView, cta, signInWithCode, load } = host;
const dialog = () => host.page.getByRole("dialog");
const focused = () =>
  host.page.evaluate(() => {
    const inner = document.querySelector("[data-paywall-host]")?.shadowRoot?.activeElement;
    return inner ? `${inner.tagName} ${inner.getAttribute("aria-label") ?? inner.textContent}` : null;
  });

describe("the dialog", () => {
  test("B-280: every view has a name and Tab goes round inside it", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await expect.poll(() => dialog().getAttribute("aria-labelledby")).toBe("pw-title");
    expect(await host.page.getByRole("dialog", { name: "Write without limits" }).count()).toBe(1);

    const stops: (string | null)[] = [];
    for (let i = 0; i < 12; i++) {
      await host.page.keyboard.press("Tab");
      stops.push(await focused());
    }
    expect(stops).not.toContain(null);
    expect(new Set(stops).size).toBe(5); // close, one plan, buy, restore, support
    expect(stops.slice(5, 10)).toEqual(stops.slice(0, 5));
    await host.page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe(stops[10]);
  });

  test("B-279: opening moves the focus in and stops the page's scrolling; closing restores both", async () => {
    await start();
    await host.page.focus("#buy");
    await open();
    await waitForView("layout");
    expect(await host.page.evaluate(() => document.activeElement?.hasAttribute("data-paywall-host"))).toBe(
      true,
    );
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("hidden");
    // The page behind is inert: its controls cannot be focused at all.
    expect(
      await host.page.evaluate(() => {
        document.getElementById("link")?.focus();
        return document.activeElement?.id;
      }),
    ).not.toBe("link");

    await host.page.keyboard.press("Escape");
    await waitForView(null);
    expect(await host.page.evaluate(() => document.activeElement?.id)).toBe("buy");
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("");
    expect(await names()).toEqual(["open", "ready", "close"]);
  });

  test("the page does not move by a pixel when the modal opens", async () => {
    await start();
    const where = () => host.page.locator("#buy").boundingBox();
    const before = await where();
    await open();
    await waitForView("layout");
    expect(await where()).toEqual(before);
  });

  test("the shadow root is closed unless a test asks for an open one", async () => {
    await start({ shadowMode: undefined });
    await host.page.evaluate(() => {
      window.pw.destroy();
      window.pw = new window.sdk.PaywallUI({ paywallId: "1", apiOrigin: location.origin });
    });
    await open();
    await waitForView("layout");
    expect(await host.page.evaluate(() => document.querySelectorAll("[data-paywall-host]").length)).toBe(1);
    expect(await host.page.evaluate(() => document.querySelector("[data-paywall-host]")?.shadowRoot)).toBe(
      null,
    );
  });

  test("B-278: allow_close false disables the X, Escape and the overlay, but not close()", async () => {
    host.server.bootstrap.settings.allow_close = false;
    await start();
    await open();
    await waitForView("layout");
    expect(await host.page.getByRole("button", { name: "Close" }).count()).toBe(0);
    for (let i = 0; i < 3; i++) await host.page.keyboard.press("Escape");
    await host.page.mouse.click(5, 5);
    expect(await view()).toBe("layout");
    await host.page.evaluate(() => window.pw.close());
    expect(await view()).toBe(null);
  });

  test("a click beside the card closes, a click inside does not", async () => {
    await start();
    await open();
    await waitForView("layout");
    await host.page.getByText("Unlimited documents").click();
    expect(await view()).toBe("layout");
    // Selecting text and letting go outside is not a click on the overlay either.
    const heading = await host.page.getByRole("heading", { name: "Write without limits" }).boundingBox();
    await host.page.mouse.move(heading!.x + 5, heading!.y + 5);
    await host.page.mouse.down();
    await host.page.mouse.move(5, 5);
    await host.page.mouse.up();
    expect(await view()).toBe("layout");
    await host.page.mouse.click(5, 5);
    await waitForView(null);
  });

  test("a cold open shows a named skeleton at once, and a failure can be retried in place", async () => {
    host.server.faults.set("bootstrap", {
      status: 503,
      body: { error: "down", message: "Down for a moment" },
      times: 1,
    });
    await start();
    const first = await host.page.evaluate(() => {
      window.pw.open();
      return { view: window.pw.getState().view, events: window.seen.map(({ name }) => name) };
    });
    expect(first).toEqual({ view: "loading", events: ["open"] });
    await waitForView("error");
    await host.page.getByRole("button", { name: "Try again" }).click();
    await waitForView("layout");
    expect(await names()).toEqual(["open", "error", "ready"]);
  });

  test("B-254: closing while it loads and opening again loads again", async () => {
    await start();
    await host.page.evaluate(() => {
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
    await host.page.evaluate(() => {
      window.pw.destroy();
      window.pw.destroy();
      window.pw.open();
    });
    expect(await host.page.evaluate(() => document.querySelector("[data-paywall-host]"))).toBe(null);
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("");
  });
});

describe("plans", () => {
  test("B-283: the popular plan is preselected, arrows choose, and the button follows", async () => {
    await start();
    await open();
    await waitForView("layout");
    const plan = (name: RegExp) => host.page.getByRole("radio", { name });
    expect(await plan(/Yearly/).getAttribute("aria-checked")).toBe("true");
    await expect.poll(() => cta().textContent()).toBe("Start 7-day free trial");

    await plan(/Yearly/).focus();
    await host.page.keyboard.press("ArrowDown");
    expect(await plan(/Monthly/).getAttribute("aria-checked")).toBe("true");
    expect(await focused()).toContain("Monthly");
    expect(await cta().textContent()).toBe("Get monthly plan");
    await host.page.keyboard.press("End");
    expect(await cta().textContent()).toBe("Get lifetime access");
    await host.page.keyboard.press("ArrowRight");
    expect(await plan(/Yearly/).getAttribute("aria-checked")).toBe("true");
  });

  test("what will be charged is spelled out for every kind of plan", async () => {
    await start();
    await open();
    await waitForView("layout");
    const charge = host.page.locator("#pw-charge");
    expect(await charge.textContent()).toBe("Free for 7 days, then $99.99 per year until you cancel.");
    expect(await host.page.getByRole("radio", { name: /Yearly/ }).textContent()).toContain("$99.99 per year");
    await host.page.getByRole("radio", { name: /Monthly/ }).click();
    expect(await charge.textContent()).toBe("$12 today, then $12 per month until you cancel.");
    await host.page.getByRole("radio", { name: /Lifetime/ }).click();
    expect(await charge.textContent()).toBe("$249 once. No renewals.");
  });

  test("B-285: a discount strikes the original, and a card names one saving only", async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    host.server.bootstrap.offers = [
      { id: "o", discount_percent: 20, expires_at, price_id: null, label: "Launch" },
    ];
    await start();
    await open();
    await waitForView("layout");
    const yearly = host.page.getByRole("radio", { name: /Yearly/ });
    expect(await yearly.locator("s").textContent()).toContain("$8.33");
    expect(await yearly.textContent()).toContain("$6.67");
    expect((await yearly.textContent())?.match(/Save/g)).toHaveLength(1);
    expect(await host.page.getByText("Launch").isVisible()).toBe(true);
  });

  test("B-286: an unknown block is skipped with a warning and the rest is drawn", async () => {
    const warned = host.page.waitForEvent("console", (message) => message.text().includes("hologram"));
    host.server.bootstrap.layout?.blocks.unshift({ type: "hologram" } as never);
    await start();
    await open();
    await waitForView("layout");
    await warned;
    expect(await cta().isVisible()).toBe(true);
  });

  test("B-259: a title for one open replaces the heading and is gone at the next", async () => {
    await start();
    await host.page.evaluate(() => window.pw.open({ title: "Export as PDF" }));
    await waitForView("layout");
    expect(await host.page.getByRole("dialog", { name: "Export as PDF" }).count()).toBe(1);
    await host.page.keyboard.press("Escape");
    await open();
    expect(await host.page.getByRole("dialog", { name: "Write without limits" }).count()).toBe(1);
  });

  test("B-184, B-245, B-261: free opens are counted before the modal shows, and asking does not use one up", async () => {
    host.server.bootstrap.settings.trial = { mode: "opens", payload: 1, storage: "client" };
    await start({ mountThenLoad: false });
    const access = () => host.page.evaluate(async () => (await window.pw.getAccess()).reason);
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
    await host.page.getByRole("radio", { name: /Monthly/ }).click();
    await cta().click();
    await waitForView("auth");
    expect(host.server.checkouts).toEqual([]);
    expect(await host.page.getByText("$12 today").isVisible()).toBe(true);

    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    await tab;
    await waitForView("awaiting_payment");
    expect(host.server.checkouts).toHaveLength(1);
    expect(host.server.checkouts[0]).toMatchObject({ email: ADA, priceId: 102 });
    expect(host.server.checkouts[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(await host.page.evaluate(() => localStorage.getItem("pw-1-checkout-pending-v1"))).toMatch(
      /"at":\d+/,
    );
  });

  test("B-275, B-276: the payment is noticed by itself and reported once", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    const tab = host.page.waitForEvent("popup");
    await signInWithCode();
    const checkout = await tab;
    await waitForView("awaiting_payment");
    await checkout.goto(`${host.server.origin}/pay?email=${ADA}`);
    await checkout.close();
    await waitForView("purchased");
    expect((await names()).filter((name) => name === "purchase_completed")).toHaveLength(1);
    await host.page.getByRole("button", { name: "Continue" }).click();
    await waitForView(null);
    // Control: whoever has paid does not see the plans again.
    await open();
    expect(await view()).toBe(null);
  });

  test("“I’ve paid” asks again, says so when nothing has arrived, and B-273: reopening makes no second checkout", async () => {
    await start({ identity: { email: ADA } });
    host.server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    const first = host.page.waitForEvent("popup");
    await cta().click();
    await first;
    await host.page.getByRole("button", { name: "I’ve paid" }).click();
    await expect.poll(() => host.page.getByText("Not confirmed yet").isVisible()).toBe(true);
    const second = host.page.waitForEvent("popup");
    await host.page.getByRole("button", { name: "Open it again" }).click();
    expect((await second).url()).toBe((await first).url());
    expect(host.server.checkouts).toHaveLength(1);
    const third = host.page.waitForEvent("popup");
    await host.page.getByRole("button", { name: "Start over" }).click();
    await third;
    await expect.poll(() => host.server.checkouts.length).toBe(2);
    expect(host.server.checkouts[0]?.key).not.toBe(host.server.checkouts[1]?.key);
  });

  test("B-272: a blocked tab is explained, this page stays, and the button opens the same checkout", async () => {
    await start({ identity: { email: ADA } });
    host.server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    await host.page.evaluate(() => {
      const real = window.open;
      window.open = () => {
        window.open = real;
        return null;
      };
    });
    await cta().click();
    await waitForView("popup_blocked");
    expect(host.page.url()).toBe(`${host.server.origin}/`);
    const tab = host.page.waitForEvent("popup");
    await host.page.getByRole("button", { name: "Open checkout" }).click();
    await tab;
    await waitForView("awaiting_payment");
    expect(host.server.checkouts).toHaveLength(1);
  });

  test("B-267: somebody who has bought already is welcomed back after signing in, without a checkout", async () => {
    host.server.paid.add(ADA);
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await signInWithCode();
    await waitForView("purchased");
    expect(await host.page.getByText("Welcome back").isVisible()).toBe(true);
    const completed = await host.page.evaluate(() =>
      window.seen.filter(({ name }) => name === "purchase_completed"),
    );
    expect(completed).toEqual([
      { name: "purchase_completed", payload: { priceId: "101", sessionId: null, restored: true } },
    ]);
    expect(host.server.checkouts).toEqual([]);
  });

  test("B-271: a 409 for an active purchase is the restored screen, not an error", async () => {
    await start({ identity: { email: ADA } });
    host.server.bootstrap.settings.checkout_mode = "guest";
    await open();
    await waitForView("layout");
    host.server.faults.set("start-checkout", {
      status: 409,
      body: { error: "has one", hasActivePurchase: true },
    });
    await cta().click();
    await waitForView("purchased");
    expect(await names()).not.toContain("error");
  });

  test("a checkout that fails says that nothing was charged and leaves the plans usable", async () => {
    await start({ identity: { email: ADA } });
    host.server.bootstrap.settings.checkout_mode = "guest";
    host.server.faults.set("start-checkout", {
      status: 502,
      body: { code: "upstream", message: "no" },
      times: 1,
    });
    await open();
    await waitForView("layout");
    await cta().click();
    await expect.poll(() => host.page.getByRole("alert").textContent()).toContain("not been charged");
    const tab = host.page.waitForEvent("popup");
    await cta().click();
    await tab;
    await waitForView("awaiting_payment");
  });

  test("B-274: checkout() without an identity and without auth reports identity_required and shows nothing", async () => {
    await start();
    await host.page.evaluate(() => window.pw.checkout("102"));
    await expect.poll(names).toEqual(["error"]);
    const code = await host.page.evaluate(
      () => (window.seen[0]?.payload as Sdk.PaywallError | undefined)?.code,
    );
    expect(code).toBe("identity_required");
    expect(await host.page.evaluate(() => window.pw.getState())).toEqual({
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
    await host.page.evaluate(() => window.pw.openSignin());
    await host.page.getByLabel("Email", { exact: true }).fill(ADA);
    await host.page.keyboard.press("Enter");
    const code = host.page.getByLabel("6-digit code");
    await code.fill("000000");
    await expect.poll(() => host.page.getByText("wrong or has expired").isVisible()).toBe(true);
    expect(await code.inputValue()).toBe("");
    expect(await code.getAttribute("aria-invalid")).toBe("true");
    await code.fill(OTP_CODE);
    await waitForView(null);
    expect(await host.page.evaluate(() => window.pw.auth?.getCachedUser()?.email)).toBe(ADA);
  });

  test("a password manager finds labelled fields, and a wrong password is not a crash", async () => {
    await start({ auth: true });
    await host.page.evaluate(() => window.pw.openSignin());
    await host.page.getByRole("button", { name: "Use a password" }).click();
    expect(await host.page.getByLabel("Email", { exact: true }).getAttribute("autocomplete")).toBe(
      "username",
    );
    const password = host.page.getByLabel("Password", { exact: true });
    expect(await password.getAttribute("autocomplete")).toBe("current-password");
    await host.page.getByLabel("Email", { exact: true }).fill(ADA);
    await password.fill("nope");
    await host.page.keyboard.press("Enter");
    await expect.poll(() => host.page.getByRole("alert").textContent()).toContain("don’t match");
    await password.fill("correct");
    await host.page.keyboard.press("Enter");
    await waitForView(null);
  });

  test("B-268: back from the gate returns to the plans without a checkout", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    await cta().click();
    await waitForView("auth");
    await host.page.getByRole("button", { name: "Back" }).click();
    await waitForView("layout");
    expect(host.server.checkouts).toEqual([]);
  });

  test("B-258: support can be written although the plans do not load", async () => {
    host.server.faults.set("bootstrap", { status: 500, body: { error: "x" } });
    await start();
    await host.page.evaluate(() => window.pw.openSupport());
    await host.page.getByLabel("Email", { exact: true }).fill(ADA);
    await host.page.getByLabel("Subject").fill("Hi");
    await host.page.getByRole("button", { name: "Send message" }).click();
    // B-296: problems are told beside the field, and what was typed stays.
    await expect.poll(() => host.page.getByText("Between 3 and 200").isVisible()).toBe(true);
    await host.page.getByLabel("Subject").fill("Hello there");
    await host.page.getByLabel("Message").fill("Does it export to Word?");
    await host.page.getByRole("button", { name: "Send message" }).click();
    await expect.poll(() => host.page.getByRole("heading", { name: "Message sent" }).isVisible()).toBe(true);
    expect(host.server.requests).toContain("POST /api/v1/paywall/1/support/ticket");
    await host.page.getByRole("button", { name: "Done" }).click();
    await waitForView(null);
  });

  test("B-263, B-264: the checkout's markers are read once, and only they leave the address", async () => {
    await load("/?keep=1&paywall_status=failed#tab=2&paywall_status=paid&paywall_price_id=102");
    await start();
    await expect
      .poll(() => host.page.evaluate(() => window.seen))
      .toEqual([{ name: "purchase_completed", payload: { priceId: "102", sessionId: null } }]);
    expect(host.page.url()).toBe(`${host.server.origin}/?keep=1#tab=2`);
  });
});
