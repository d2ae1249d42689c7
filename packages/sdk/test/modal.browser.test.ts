import { describe, expect, test } from "vitest";
import { OTP_CODE } from "./fixture-server.ts";
import { ADA, useHostPage } from "./harness.ts";

const host = useHostPage();
const { start, open, view, names, waitForView, cta } = host;
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
});
