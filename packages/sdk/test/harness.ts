import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
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

export const ADA = "ada@example.com";
/** What can be handed into a page: plain data. */
interface Options {
  identity?: Sdk.Identity;
  mountThenLoad?: boolean;
  shadowMode?: ShadowRootMode;
  analytics?: boolean;
  auth?: true;
}

/** A fresh page with the SDK for every test of a file, and short names for what tests do with it. */
export function useHostPage() {
  let browser: Browser;
  let server: FixtureServer;
  let page: Page;
  let problems: string[] = [];

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
    server.events.length = 0;
    server.purchases = ["sub_1"];
    server.allowRenewal = false;
    problems = [];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    await load();
  });
  afterEach(async () => {
    await page.context().close();
    // Whatever a test does, nothing is ever thrown into the host page.
    expect(problems).toEqual([]);
  });

  const load = async (path = "/") => {
    await page.goto(server.origin + path);
    await page.waitForFunction(() => window.sdk);
  };

  return {
    get page() {
      return page;
    },
    get server() {
      return server;
    },
    load,
    /** Builds the paywall with an open shadow root and notes its events. */
    async start(options: Options = {}) {
      await page.evaluate((given) => {
        window.seen = [];
        window.pw = new window.sdk.PaywallUI({
          paywallId: "1",
          apiOrigin: location.origin,
          shadowMode: "open",
          ...given,
        });
        const names: Sdk.PaywallEvent[] = [
          "open",
          "ready",
          "close",
          "error",
          "checkout_started",
          "purchase_completed",
          "trial_blocked",
          "trial_expired",
          "visibility_blocked",
        ];
        for (const name of names) window.pw.on(name, (payload) => window.seen.push({ name, payload }));
      }, options);
    },
    open: (options?: Sdk.OpenOptions) => page.evaluate((given) => window.pw.open(given), options),
    view: () => page.evaluate(() => window.pw.getState().view),
    names: () => page.evaluate(() => window.seen.map(({ name }) => name)),
    waitForView: (wanted: Sdk.PaywallView | null) =>
      page.waitForFunction((name) => window.pw.getState().view === name, wanted),
    cta: () => page.getByRole("button", { name: /free trial|Get |Opening/ }),
    async signInWithCode() {
      await page.getByLabel("Email", { exact: true }).fill(ADA);
      await page.keyboard.press("Enter");
      await page.getByLabel("6-digit code").fill(OTP_CODE);
    },
    /** What the statistics have been told, by type. */
    async reported() {
      await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
      await page.waitForTimeout(50);
      return server.events.map(({ type }) => type);
    },
  };
}
export type HostPage = ReturnType<typeof useHostPage>;
