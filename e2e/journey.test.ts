import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

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

/** Screenshots for people, when asked for: SCREENSHOTS=folder npm test -- e2e/journey */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

/** Reads the code as a person does: in the inbox, in a tab of its own. */
async function readCode(page: Page, email: string): Promise<string> {
  const inbox = await page.context().newPage();
  await inbox.goto(`${server.baseUrl}/dev/inbox`);
  await expect.poll(async () => (await server.inbox(email))[0]?.code, { timeout: 10_000 }).toMatch(/^\d{6}$/);
  await inbox.reload();
  expect(await inbox.locator("body").textContent()).toContain(email);
  const code = (await server.inbox(email))[0]!.code!;
  await inbox.close();
  return code;
}

async function firstSale(
  name: string,
  options: BrowserContextOptions,
  colorScheme: "light" | "dark",
): Promise<void> {
  const email = `${name}-${colorScheme}@example.com`;
  const shot = (step: string) => `journey-${name}-${colorScheme}-${step}`;
  const { context, page, problems } = await newVisitor(browser, { ...options, colorScheme });

  await page.goto(server.baseUrl);
  await look(page, shot("1-start"));
  await page.locator('a[href*="/storefronts/saas"]').first().click();
  await page.locator("#plan", { hasText: /free/i }).waitFor();
  await look(page, shot("2-app"));

  await page.locator("#export").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").first().waitFor();
  await look(page, shot("3-plans"));
  await dialog.getByRole("radio").last().click();
  await dialog
    .getByRole("button", { name: /lifetime|continue|get/i })
    .first()
    .click();

  await dialog.getByLabel("Email", { exact: true }).fill(email);
  await look(page, shot("4-sign-in"));
  await dialog.getByRole("button", { name: /email me a code/i }).click();
  const code = await readCode(page, email);
  await page.bringToFront();
  const opened = context.waitForEvent("page", { timeout: 15_000 });
  await dialog.getByLabel(/6-digit code/i).fill(code);
  await look(page, shot("5-code"));
  const submit = dialog.getByRole("button", { name: "Continue", exact: true });
  if (await submit.isVisible().catch(() => false)) await submit.click().catch(() => {});
  const retry = dialog.getByRole("button", { name: /open checkout/i });
  void retry.click({ timeout: 15_000 }).catch(() => {});
  const checkout = await opened;

  await checkout.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await checkout.getByLabel(/expir/i).fill("12/39");
  await checkout.getByLabel(/cvc|security code/i).fill("123");
  await look(checkout, shot("6-checkout"));
  await checkout
    .getByRole("button", { name: /pay|start|subscribe/i })
    .first()
    .click();
  await checkout.waitForURL(/checkout\/success/).catch((error) => {
    if (!checkout.isClosed()) throw error;
  });
  if (!checkout.isClosed()) await look(checkout, shot("7-success"));

  await dialog.getByText(/all set/i).waitFor({ timeout: 20_000 });
  await look(page, shot("8-unlocked"));
  await dialog.getByRole("button", { name: "Continue" }).click();
  await page.locator("#plan", { hasText: /pro/i }).waitFor();
  const download = page.waitForEvent("download");
  await page.locator("#export").click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  await look(page, shot("9-pro"));

  // The unlock survives a reload: it is the account's, not the page's.
  await page.reload();
  await page.locator("#plan", { hasText: /pro/i }).waitFor();
  expect(problems).toEqual([]);
  await context.close();
}

test("a newcomer signs in with a code from the inbox, pays with a sandbox card and the feature unlocks (desktop)", () =>
  firstSale("desktop", DESKTOP, "light"));

test("the same journey works on a phone of 390 px, in dark mode", () => firstSale("phone", PHONE, "dark"));

test("the merchant's webhook and back end agree with what the buyer sees", async () => {
  const { secretKey, paywalls } = await server.demo();
  const email = "desktop-light@example.com";
  const user = await server.json<{ paid: boolean; purchases: { status: string; interval: string }[] }>(
    `/api/v1/paywall/${paywalls.app.id}/user?email=${email}`,
    { headers: { "x-api-key": secretKey } },
  );
  expect(user.paid).toBe(true);
  expect(user.purchases).toMatchObject([{ status: "paid", interval: "lifetime" }]);
  await expect
    .poll(async () => (await server.webhooks()).map(({ body }) => JSON.parse(body)), { timeout: 10_000 })
    .toContainEqual(
      expect.objectContaining({
        type: "payment.completed",
        data: expect.objectContaining({ customer: expect.objectContaining({ email }) }),
      }),
    );
});
