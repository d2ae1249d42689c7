import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { parse } from "yaml";
import type { PaywallSetup } from "./real-server.ts";

type Demo = { tenants: { paywalls: (PaywallSetup & { key: string })[] }[] };

/** The demonstration's paywall with all its languages, for a tenant of a test's own. */
export function demoPaywall(): PaywallSetup {
  const text = readFileSync(new URL("../../apps/server/demo/tollgate.yaml", import.meta.url), "utf8");
  const app = (parse(text) as Demo).tenants[0]!.paywalls.find(({ key }) => key === "app")!;
  const { domain: _, processors: __, product: ___, ...rest } = app;
  return rest;
}

const view = (page: Page, name: string) =>
  page.waitForFunction((wanted) => window.pw.getState().view === wanted, name);

const gate = async (page: Page) => {
  await page.evaluate(() => window.pw.openSignin());
  await page.locator("#pw-email").waitFor();
};
const withPassword = async (page: Page) => {
  await gate(page);
  await page.getByRole("button", { name: "Use a password" }).click();
  await page.locator("#pw-password").waitFor();
};
const plans = async (page: Page) => {
  await page.evaluate(() => window.pw.open());
  await view(page, "layout");
  await page.locator(".cta").waitFor();
};
const checkout = async (page: Page) => {
  await page.evaluate(() => window.pw.billing.setIdentity({ email: `ada-${Math.random()}@example.com` }));
  await plans(page);
  await page.locator(".cta").click();
};

/**
 * Every view of the modal, and how somebody who reads English gets there; the language is changed afterwards, while
 * it is open. An open checkout tab is closed by the caller.
 */
export const TOUR: Record<string, (page: Page) => Promise<void>> = {
  plans,
  async loading(page) {
    await page.route(/\/bootstrap/, () => {});
    await page.evaluate(() => window.pw.open());
    await page.locator(".skeleton").waitFor();
  },
  async error(page) {
    await page.route(/\/bootstrap/, (route) => route.abort());
    await page.evaluate(() => window.pw.open());
    await view(page, "error");
  },
  signin: gate,
  async signin_error(page) {
    await gate(page);
    await page.locator("#pw-email").fill("ada");
    await page.keyboard.press("Enter");
    await page.locator("#pw-email-note").waitFor();
  },
  async code(page) {
    await gate(page);
    await page.locator("#pw-email").fill("ada.lovelace@example.com");
    await page.keyboard.press("Enter");
    await page.locator("#pw-code").waitFor();
  },
  password: withPassword,
  async forgot(page) {
    await withPassword(page);
    await page.getByRole("button", { name: "Forgot?" }).click();
    await page.getByRole("heading", { name: "Reset your password" }).waitFor();
  },
  async signup(page) {
    await page.evaluate(() => window.pw.openSignup());
    await page.locator("#pw-email").waitFor();
  },
  async restore(page) {
    await plans(page);
    await page.getByRole("button", { name: "Restore purchase" }).click();
    await page.locator("#pw-email").waitFor();
  },
  async support(page) {
    await page.evaluate(() => window.pw.openSupport());
    await page.locator("#pw-subject").waitFor();
  },
  async support_errors(page) {
    await TOUR.support!(page);
    await page.locator("button[type=submit]").click();
    await page.locator("#pw-subject-note").waitFor();
  },
  async awaiting(page) {
    await checkout(page);
    await view(page, "awaiting_payment");
    await page.locator(".actions .primary").waitFor();
  },
  async blocked(page) {
    await page.evaluate(() => {
      window.open = () => null;
    });
    await checkout(page);
    await view(page, "popup_blocked");
    await page.locator(".actions .primary").waitFor();
  },
};
