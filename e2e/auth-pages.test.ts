import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../apps/server/src/app.ts";
import { type RunningServer, serve } from "../apps/server/src/http/server.ts";
import { startTestPostgres } from "../apps/server/src/platform/embedded-postgres/for-tests.ts";
import { newestMail, signedInCustomer } from "../apps/server/test/identity.ts";
import { startTestServer, type TestServer } from "../apps/server/test/kit.ts";
import { createShop, type Shop } from "../apps/server/test/shop.ts";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";

// Set to a directory to keep a picture of every state.
const SHOTS = process.env.SCREENSHOT_DIR;

let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
let server: TestServer;
let http: RunningServer;
let browser: Browser;
let shop: Shop;
let origin: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  process.env.TEST_DATABASE_URL = postgres.connectionString;
  server = await startTestServer();
  http = await serve(createApp(server.deps).app, { host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${http.port}`;
  shop = await createShop(server);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await http?.stop();
  await server?.[Symbol.asyncDispose]();
  delete process.env.TEST_DATABASE_URL;
  await postgres?.stop();
});

const PASSWORD = "correct horse";
const signIn = (email: string, password = PASSWORD) =>
  server.post(shop.api("auth/email/signin"), { email, password });
const onThisServer = (link: string) => link.replace(new URL(link).origin, origin);
async function signUp(email: string): Promise<string> {
  await server.post(shop.api("auth/email/signup"), { email, password: PASSWORD });
  return onThisServer((await newestMail(server, email))!.link);
}
async function shoot(page: Page, name: string): Promise<void> {
  // Nothing may be wider than the phone.
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${SHOTS}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
}

test("a person opens the mailed link, and the address is confirmed without another click", async () => {
  const link = await signUp("reader@example.com");
  const { context, page, problems } = await newVisitor(browser, DESKTOP);
  await page.goto(link);
  await page.getByRole("heading", { name: "Address confirmed" }).waitFor();
  await shoot(page, "confirm-done-desktop");
  expect((await signIn("reader@example.com")).status).toBe(200);
  expect(problems).toEqual([]);
  await context.close();
});

test("a tab that was opened for the link closes itself when it is done", async () => {
  const link = await signUp("closing@example.com");
  const { context, page } = await newVisitor(browser, DESKTOP);
  await page.goto(`${origin}/healthz`);
  const popup = context.waitForEvent("page");
  await page.evaluate((url) => void window.open(url), link);
  const tab = await popup;
  if (!tab.isClosed()) await tab.waitForEvent("close", { timeout: 10_000 });
  expect((await signIn("closing@example.com")).status).toBe(200);
  await context.close();
});

test("without JavaScript, on a phone and by keyboard alone, both links work", async () => {
  const { context, page, problems } = await newVisitor(browser, { ...PHONE, javaScriptEnabled: false });
  await page.goto(await signUp("noscript@example.com"));
  await page.getByRole("button", { name: "Confirm this address" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Address confirmed" }).waitFor();
  expect((await signIn("noscript@example.com")).status).toBe(200);

  await signedInCustomer(server, shop, { email: "forgot@example.com" });
  await server.post(shop.api("auth/password/request-reset"), { email: "forgot@example.com" });
  await page.goto(onThisServer((await newestMail(server, "forgot@example.com"))!.link));
  await page.keyboard.press("Tab");
  await page.keyboard.type("a new password");
  await page.keyboard.press("Tab");
  await page.keyboard.type("a new password");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Password changed" }).waitFor();
  expect((await signIn("forgot@example.com", "a new password")).status).toBe(200);
  expect(problems).toEqual([]);
  await context.close();
});

test("every state of both pages fits a phone in light and dark, with targets of 44 px", async () => {
  const { context, page } = await newVisitor(browser, PHONE);
  const { page: plain } = await newVisitor(browser, { ...PHONE, javaScriptEnabled: false });
  const link = await signUp("a.rather.long.address.that.somebody.has@subdomain.example.com");
  await plain.goto(link);
  if (SHOTS) await plain.screenshot({ path: `${SHOTS}/confirm-question.png`, fullPage: true });
  await page.goto(link);
  await page.getByRole("heading", { name: "Address confirmed" }).waitFor();
  await shoot(page, "confirm-done");
  await page.goto(link);
  await shoot(page, "confirm-used");
  await page.goto(`${origin}/paywall/v3/auth/confirm?token_hash=nothing`);
  await shoot(page, "confirm-expired");

  await signedInCustomer(server, shop, { email: "phone@example.com" });
  await server.post(shop.api("auth/password/request-reset"), { email: "phone@example.com" });
  const reset = onThisServer((await newestMail(server, "phone@example.com"))!.link);
  await page.goto(reset);
  await shoot(page, "reset-form");
  for (const target of await page.locator("button, input:not([type=hidden]):not(.visually-hidden)").all()) {
    expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  }
  await page.getByLabel("New password", { exact: true }).fill("long enough");
  await page.getByLabel("New password again").fill("something else");
  await page.getByRole("button").click();
  await page.getByRole("alert").waitFor();
  await shoot(page, "reset-error");
  await page.goto(`${origin}/paywall/v3/auth/reset?token_hash=nothing`);
  await shoot(page, "reset-expired");
  await context.close();
  await plain.context().close();
});
