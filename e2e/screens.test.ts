import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** A refusal's status line in the console is the browser's, not the page's. */
const isOfThePage = (problem: string) => !/the server responded with a status of 4\d\d/.test(problem);

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

/** Every rule of WCAG 2.2 A and AA that a machine can check, and the page's width, in light and in dark. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const found = await page.evaluate(
      async ({ standard }) => {
        const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, {
          runOnly: standard,
          resultTypes: ["violations"],
        });
        return {
          violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" "))}`),
          tooWide: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
        };
      },
      { standard: STANDARD },
    );
    expect(found, `${name}, ${colorScheme}`).toEqual({ violations: [], tooWide: 0 });
  }
}

/** A visitor in whose pages the checker is at hand, past the pages' own refusal of foreign scripts. */
async function visit(phone: boolean): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const visitor = await newVisitor(browser, { ...(phone ? PHONE : DESKTOP), bypassCSP: true });
  await visitor.context.addInitScript({ path: AXE });
  return visitor;
}

async function checkoutUrl(email: string, interval: string): Promise<string> {
  const { paywalls } = await server.demo();
  const price = paywalls.app.prices.find((it) => it.interval === interval)!;
  const started = await server.json<{ checkoutUrl: string }>(
    `/api/v1/paywall/${paywalls.app.id}/start-checkout`,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, priceId: Number(price.id) }),
    },
  );
  return started.checkoutUrl;
}

/** A card that has had its trial pays at once, so everybody here has a card of their own. */
async function buy(email: string, interval: string, card: string): Promise<void> {
  const { paywalls } = await server.demo();
  const price = paywalls.app.prices.find((it) => it.interval === interval)!;
  await server.buy({ paywallId: paywalls.app.id, priceId: price.id, email, card });
}

async function accountUrl(email: string): Promise<string> {
  const { paywalls, secretKey } = await server.demo();
  const { url } = await server.json<{ url: string }>(
    `/api/v1/paywall/${paywalls.app.id}/get-customer-portal`,
    {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": secretKey },
      body: JSON.stringify({ email }),
    },
  );
  return url;
}

for (const [device, phone] of [
  ["1440 px", false],
  ["390 px", true],
] as const) {
  test(`the hosted pages keep WCAG 2.2 AA and fit ${device}, in light and dark`, async () => {
    const { context, page, problems } = await visit(phone);
    const { paywalls } = await server.demo();
    const hosted = `${server.baseUrl}/paywall/${paywalls.app.id}`;
    const look = async (name: string, url: string) => {
      await page.goto(url);
      await inspect(page, name);
    };
    await look("start page", server.baseUrl);
    await look("empty inbox", `${server.baseUrl}/dev/inbox?to=nobody@example.com`);
    expect(await page.getByText("No mail yet").isVisible()).toBe(true);
    await look("API reference", `${server.baseUrl}/reference`);
    await look("dead link", `${server.baseUrl}/no-such-page`);
    expect(await page.getByRole("heading").first().textContent()).toBe("There is nothing here");
    await look("thank you", `${hosted}/checkout/success`);
    await look("nothing charged", `${hosted}/checkout/error`);
    await look("old account link", `${hosted}/customer-portal/get?token=old`);
    await look("old confirmation link", `${server.baseUrl}/paywall/v3/auth/confirm?token_hash=old`);
    await look("old reset link", `${server.baseUrl}/paywall/v3/auth/reset?token_hash=old`);

    const email = `pages-${phone}@example.com`;
    await look("payment, trial", await checkoutUrl(email, "year"));
    await look("payment", await checkoutUrl(email, "month"));
    await page.getByRole("button", { name: /^pay/i }).click();
    await page.getByRole("alert").waitFor();
    await inspect(page, "payment, incomplete");

    await buy(email, "year", phone ? "4000000000000341" : "4242424242424242");
    await look("account", await accountUrl(email));
    await page.getByRole("link", { name: /^receipt/i }).click();
    await inspect(page, "receipt");
    await page.goBack();
    await page.getByRole("link", { name: "Cancel subscription" }).click();
    await inspect(page, "cancel, why");
    await page.getByLabel("It is too expensive").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await inspect(page, "cancel, sure");
    await page.getByRole("button", { name: "Cancel subscription" }).click();
    await inspect(page, "account, cancelled");
    await look("inbox", `${server.baseUrl}/dev/inbox`);
    expect(problems.filter(isOfThePage)).toEqual([]);
    await context.close();
  });

  test(`the paywall over a shop keeps WCAG 2.2 AA and fits ${device}, in light and dark`, async () => {
    const { context, page, problems } = await visit(phone);
    await page.goto(`${server.baseUrl}/storefronts/saas/`);
    await page.locator("#plan", { hasText: /free/i }).waitFor();
    await inspect(page, "shop");
    await page.locator("#export").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio").first().waitFor();
    await inspect(page, "plans");
    await dialog.getByRole("button", { name: /support/i }).click();
    await dialog.getByRole("button", { name: /send/i }).click();
    await inspect(page, "support, incomplete");
    await dialog.getByRole("button", { name: "Back" }).click();
    await dialog.getByRole("radio").last().click();
    await dialog.locator(".cta").click();
    await dialog.getByLabel("Email", { exact: true }).fill(`shop-${phone}@example.com`);
    await inspect(page, "sign-in");
    await dialog.getByRole("button", { name: "Use a password" }).click();
    await inspect(page, "password");
    await dialog.getByRole("button", { name: /email me a code/i }).click();
    await dialog.getByLabel(/6-digit code/i).waitFor();
    await inspect(page, "code");
    expect(problems.filter(isOfThePage)).toEqual([]);
    await context.close();
  });
}

/** Presses Tab until what has the focus is called so; a person would not search forever either. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      // The page and the dialog as a whole are called after everything in them.
      if (!element?.matches("a,button,input,textarea,summary,[role=radio]")) return { name: "", seen: false };
      const labels = [...((element as HTMLInputElement).labels ?? [])].map((it) => it.textContent);
      const words = [element.getAttribute("aria-label"), ...labels, element.textContent];
      return {
        name: words.filter(Boolean).join(" ").trim(),
        seen: getComputedStyle(element).outlineStyle !== "none",
      };
    });
  for (let presses = 0; presses < 40; presses += 1) {
    const { name: current, seen } = await focused();
    if (name.test(current)) {
      expect(seen, `the focus on "${current.slice(0, 40)}" can be seen`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${name}`);
}

test("a purchase needs no pointer: from the shop to the unlocked feature by keyboard alone", async () => {
  const email = "keyboard@example.com";
  const { context, page, problems } = await newVisitor(browser, DESKTOP);
  await page.goto(`${server.baseUrl}/storefronts/saas/`);
  await page.locator("#plan", { hasText: /free/i }).waitFor();

  await tabTo(page, /export a typeset pdf/i);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").first().waitFor();
  await tabTo(page, /per month/i);
  await page.keyboard.press("End");
  expect(await dialog.getByRole("radio").last().getAttribute("aria-checked")).toBe("true");
  await tabTo(page, /^(get|continue|buy).*/i);
  await page.keyboard.press("Enter");

  // The field that is asked for has the focus already, as soon as a person could type.
  const asked = dialog.getByLabel("Email", { exact: true });
  await expect.poll(() => asked.evaluate((it) => it.matches(":focus"))).toBe(true);
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  const code = dialog.getByLabel(/6-digit code/i);
  await expect.poll(async () => (await server.inbox(email))[0]?.code).toMatch(/^\d{6}$/);
  await expect.poll(() => code.evaluate((it) => it.matches(":focus"))).toBe(true);
  const opened = context.waitForEvent("page");
  await page.keyboard.type((await server.inbox(email))[0]!.code!);
  // Where the browser took the new tab for a pop-up, its button has the focus.
  const blocked = dialog.getByRole("button", { name: "Open checkout" });
  void blocked
    .waitFor({ timeout: 25_000 })
    .then(() => page.keyboard.press("Enter"))
    .catch(() => {});
  const checkout = await opened;
  await checkout.bringToFront();

  await tabTo(checkout, /card number/i);
  await checkout.keyboard.type("4242424242424242");
  await tabTo(checkout, /expiry/i);
  await checkout.keyboard.type("1239");
  await tabTo(checkout, /security code/i);
  await checkout.keyboard.type("123");
  // What was asked for happens by itself as soon as it is paid for.
  const download = page.waitForEvent("download");
  await checkout.keyboard.press("Enter");

  await page.bringToFront();
  await dialog.getByText(/all set/i).waitFor({ timeout: 20_000 });
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("export");
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  await page.locator("#plan", { hasText: /pro/i }).waitFor();
  expect(problems.filter(isOfThePage)).toEqual([]);
  await context.close();
});
