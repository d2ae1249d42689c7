import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

type Axe = {
  run(
    root: Document,
    options: { runOnly: string[]; resultTypes: string[] },
  ): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>;
};

let server: ServerProcess;
let browser: Browser;
beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** Screenshots for people, when asked for: SCREENSHOTS=folder npm test -- e2e/headless */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/headless-${name}.png`, fullPage: true });
}

/** The newest code for an address, other than the one that was used before. */
async function codeFor(email: string, not = ""): Promise<string> {
  await expect
    .poll(async () => (await server.inbox(email))[0]?.code ?? not, { timeout: 15_000 })
    .not.toBe(not);
  return (await server.inbox(email))[0]!.code!;
}

async function signIn(page: Page, email: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await dialog.getByLabel("Email").fill(email);
  await page.keyboard.press("Enter");
  const code = dialog.getByLabel(/6 digits/);
  await code.waitFor();
  await code.fill(await codeFor(email));
}

async function pay(page: Page, card: string): Promise<void> {
  await page.getByLabel(/card number/i).fill(card);
  await page.getByLabel(/expir/i).fill("12/39");
  await page.getByLabel(/cvc|security code/i).fill("123");
  await page.locator("form button[type=submit]").first().click();
}

const open = (page: Page) => page.goto(`${server.baseUrl}/storefronts/headless/`);

for (const [device, options, colorScheme] of [
  ["desktop", DESKTOP, "light"],
  ["phone", PHONE, "dark"],
] as const) {
  test(`without any interface of ours somebody signs in, pays, sees what they bought and cancels it (${device})`, async () => {
    const email = `headless-${device}@example.com`;
    const { context, page, problems } = await newVisitor(browser, { ...options, colorScheme });
    await page.goto(server.baseUrl);
    await page.locator('a[href*="/storefronts/headless"]').click();

    const plans = page.locator("#plan-cards .card:not(.ghost)");
    await plans.nth(2).waitFor();
    expect(await plans.count()).toBe(3);
    await look(page, `${device}-1-plans`);
    // The offer of the demonstration: 20 % off the year, counting down.
    const yearly = plans.filter({ hasText: "Yearly" });
    await yearly.getByText("$63.99", { exact: true }).waitFor();
    const clock = yearly.getByRole("timer");
    const before = await clock.textContent();
    await expect.poll(() => clock.textContent(), { timeout: 15_000 }).not.toBe(before);

    await plans.filter({ hasText: "Monthly" }).getByRole("button").click();
    await page.getByRole("dialog", { name: "Sign in" }).waitFor();
    await look(page, `${device}-2-sign-in`);
    await signIn(page, email);
    await page.waitForURL(/sandbox|checkout/);
    await pay(page, "4242 4242 4242 4242");

    await page.getByText("Thank you! Pro is yours.").waitFor();
    expect(page.url()).toBe(`${server.baseUrl}/storefronts/headless/`);
    await plans
      .first()
      .getByRole("button", { name: /You have Pro/ })
      .waitFor();
    const purchase = page.locator("#purchases li", { hasText: "$9.99 per month" });
    await purchase.waitFor();
    await look(page, `${device}-3-bought`);

    // A reload thanks nobody twice, and knows them.
    await page.reload();
    await purchase.waitFor();
    expect(await page.getByText("Thank you!").count()).toBe(0);
    await page.locator("#account-email", { hasText: email }).waitFor();

    await purchase.getByRole("button", { name: "Cancel" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel the subscription?" });
    await dialog.getByLabel("Why are you leaving?").selectOption("It is too expensive");
    await look(page, `${device}-4-cancel`);
    await dialog.getByRole("button", { name: "Cancel subscription" }).click();
    await purchase.getByText("cancelled").waitFor();
    await page.getByText("Your subscription will not renew.").waitFor();

    await page.getByRole("button", { name: "Receipts and payment method" }).click();
    await page.waitForURL(/customer-portal|account/);
    await page.goBack();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator("#account-sign-in").waitFor();
    await plans
      .first()
      .getByRole("button", { name: /Get|Try/ })
      .waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
}

test("a changed mind leads back to the plans, and an address that only claims a payment is not believed", async () => {
  const { context, page } = await newVisitor(browser, DESKTOP);
  await open(page);
  await page.locator("#plan-cards .card", { hasText: "Lifetime" }).getByRole("button").click();
  await signIn(page, "undecided@example.com");
  await page.waitForURL(/sandbox|checkout/);
  await page.goto(
    `${server.baseUrl}/storefronts/headless/?from=mail&paywall_status=cancelled&paywall_price_id=1#plans`,
  );
  await page.getByText("Nothing was charged.").waitFor();
  expect(page.url()).toMatch(/\?from=mail#plans$/);

  // A marker is a story, never proof.
  await page.clock.install();
  await page.goto(`${server.baseUrl}/storefronts/headless/?paywall_status=paid`);
  await page.getByText("Confirming your payment").waitFor();
  await expect
    .poll(
      async () => {
        await page.clock.runFor(5_000);
        return page.locator("#notice").textContent();
      },
      { timeout: 30_000 },
    )
    .toMatch(/as soon as it is confirmed/);
  await context.close();
});

test("somebody signs in with an account elsewhere and pays; cancelling there is no error here", async () => {
  const { context, page, problems } = await newVisitor(browser, DESKTOP);
  await open(page);
  await page.locator("#plan-cards .card", { hasText: "Monthly" }).getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  const choose = async (person: string) => {
    const opened = context.waitForEvent("page");
    await dialog.getByRole("button", { name: "Continue with Google" }).click();
    const popup = await opened;
    await popup.getByRole("button", { name: person }).click();
    await expect.poll(() => popup.isClosed(), { timeout: 15_000 }).toBe(true);
  };
  await dialog.getByRole("button", { name: "Continue with Google" }).waitFor();
  await choose("Cancel");
  expect(await dialog.getByRole("alert").count()).toBe(0);
  await choose("Ana Keller");
  await page.waitForURL(/sandbox|checkout/);
  await pay(page, "4242 4242 4242 4242");
  await page.getByText("Thank you! Pro is yours.").waitFor();
  await page.locator("#account-email", { hasText: "ana@example.com" }).waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test("a message reaches the shop, and a wrong code and a wrong address are said where they were typed", async () => {
  const { context, page } = await newVisitor(browser, DESKTOP);
  await open(page);
  await page.getByLabel("Your address").fill("reader");
  await page.getByLabel("Subject").fill("Fonts");
  await page.getByLabel("Message").fill("Is there a larger one?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("#support-form").getByRole("alert").waitFor();
  await page.getByLabel("Your address").fill("reader@example.com");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you. We answer to reader@example.com.").waitFor();

  await page.locator("#account-sign-in").click();
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await dialog.getByLabel("Email").fill("reader@example.com");
  await page.keyboard.press("Enter");
  await dialog.getByLabel(/6 digits/).fill("000000");
  await dialog
    .getByRole("alert")
    .getByText(/does not work/)
    .waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("account-sign-in");
  await context.close();
});

test("when the plans cannot be loaded the page says so, and tries again when asked", async () => {
  const { context, page } = await newVisitor(browser, DESKTOP);
  let down = true;
  await page.route("**/bootstrap*", (route) => (down ? route.abort("connectionreset") : route.continue()));
  await open(page);
  await page.getByText("The plans cannot be loaded right now.").waitFor();
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#plan-cards .card:not(.ghost)").nth(2).waitFor();
  expect(await page.getByText("The plans cannot be loaded right now.").isVisible()).toBe(false);
  await context.close();
});

for (const [device, options] of [
  ["1440 px", DESKTOP],
  ["390 px", PHONE],
] as const) {
  test(`the headless page keeps WCAG 2.2 AA and fits ${device}, in light and dark`, async () => {
    const { context, page } = await newVisitor(browser, { ...options, bypassCSP: true });
    await context.addInitScript({ path: AXE });
    const inspect = async (name: string) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const found = await page.evaluate(
          async ({ standard }) => {
            const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, {
              runOnly: standard,
              resultTypes: ["violations"],
            });
            return {
              violations: violations.map(
                ({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" "))}`,
              ),
              tooWide: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
            };
          },
          { standard: STANDARD },
        );
        expect(found, `${name}, ${colorScheme}`).toEqual({ violations: [], tooWide: 0 });
        await look(page, `${device.split(" ")[0]}-${name}-${colorScheme}`);
      }
    };
    const email = `look-${device.split(" ")[0]}@example.com`;
    const { paywalls } = await server.demo();
    const month = paywalls.app.prices.find(({ interval }) => interval === "month")!;
    await open(page);
    await page.locator("#plan-cards .card:not(.ghost)").nth(2).waitFor();
    await inspect("plans");
    await page.locator("#account-sign-in").click();
    await inspect("email");
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await dialog.getByRole("button", { name: "Mail me a code" }).click();
    await dialog.getByRole("alert").waitFor();
    await inspect("email-missing");
    await server.buy({ paywallId: paywalls.app.id, priceId: month.id, email });
    const before = (await server.inbox(email))[0]?.code;
    await dialog.getByLabel("Email").fill(email);
    await page.keyboard.press("Enter");
    await dialog.getByLabel(/6 digits/).waitFor();
    await inspect("code");
    await dialog.getByLabel(/6 digits/).fill(await codeFor(email, before));
    const cancel = page.locator("#purchases").getByRole("button", { name: "Cancel" });
    await cancel.waitFor();
    await inspect("account");
    await cancel.click();
    await inspect("cancel");
    await context.close();
  });
}

test("choosing, signing in and paying need no pointer", async () => {
  const email = "keys@example.com";
  const { context, page } = await newVisitor(browser, DESKTOP);
  await open(page);
  await page.locator("#plan-cards .card:not(.ghost)").nth(2).waitFor();
  const focused = () =>
    page.evaluate(() => {
      const it = document.activeElement;
      // The page as a whole is called after everything in it.
      if (!it?.matches("a,button,input,textarea,select")) return "";
      return (
        it.getAttribute("aria-label") ?? (it as HTMLInputElement).labels?.[0]?.textContent ?? it.textContent
      );
    });
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 30; presses++) {
      if (name.test(await focused())) {
        expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).not.toBe(
          "none",
        );
        return;
      }
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await tabTo(/^Get Lifetime/);
  await page.keyboard.press("Enter");
  // The field that is asked for has the focus already.
  await expect.poll(focused, { timeout: 15_000 }).toMatch(/Email/);
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await expect.poll(focused, { timeout: 15_000 }).toMatch(/6 digits/);
  await page.keyboard.type(await codeFor(email));
  await page.waitForURL(/sandbox|checkout/);
  await tabTo(/card number/i);
  await page.keyboard.type("4242424242424242");
  await tabTo(/expiry/i);
  await page.keyboard.type("1239");
  await tabTo(/security code/i);
  await page.keyboard.type("123");
  await page.keyboard.press("Enter");
  await page.getByText("Thank you! Pro is yours.").waitFor();
  await context.close();
});
