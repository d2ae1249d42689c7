import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { launchBrowser } from "../browser.ts";
import type {} from "./global-setup.ts";
import { type PaywallSetup, type RealServer, startRealServer, type TestShop } from "./real-server.ts";

declare global {
  interface Window {
    sdk: typeof Sdk;
    pw: Sdk.PaywallUI;
    seen: { name: string; payload: unknown }[];
  }
}

export const ADA = "ada@example.com";

/** Pays in the sandbox's checkout tab as a person does. */
export async function payAtSandbox(tab: Page, card = "4242 4242 4242 4242"): Promise<void> {
  await tab.getByLabel(/card number/i).fill(card);
  await tab.getByLabel(/expir/i).fill("12/39");
  await tab.getByLabel(/security code/i).fill("123");
  await tab.locator("form button[type=submit]").first().click();
}

/** Constructor options that can be handed into a page: plain data. */
export type PlainOptions = {
  auth?: true;
  analytics?: boolean;
  paywallId?: string;
  apiOrigin?: string;
} & Pick<
  Partial<Sdk.PaywallUIOptions>,
  | "autoDetectReturn"
  | "capabilities"
  | "edgeFallback"
  | "identity"
  | "inline"
  | "locale"
  | "mountThenLoad"
  | "preview"
  | "shadowMode"
>;

export type HostPageOptions = {
  /** What every test's paywall has beyond the defaults of `real-server.ts`. */
  paywall?: PaywallSetup;
  tenant?: Record<string, unknown>;
  /** Environment of the server. */
  env?: Record<string, string>;
  browser?: BrowserContextOptions;
};

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".map": "application/json",
};

const defaultPage = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Host page</title><style>body{font:16px system-ui;margin:40px;min-height:2000px}</style>
<h1>Host page</h1><p>A page with a <a href="#x" id="link">link</a> and a <button id="buy">button</button>.</p>
<script type="module">import * as sdk from "/sdk/index.js"; window.sdk = sdk;</script>`;

/**
 * For every test of a file: a page of a host application on an origin of its own, with the SDK in it, and the real
 * server on another origin with a fresh paywall. After each test nothing may have been thrown into the page.
 *
 * Look at `server.sell` for other set-ups, `host.fault` to provoke failures, `host.tab()` for a second tab, `server.goDown()`
 * for an outage, and `page.clock` (Playwright) for the page's time.
 */
export function useHostPage(options: HostPageOptions = {}) {
  let browser: Browser;
  let server: RealServer;
  let site: Server;
  let context: BrowserContext;
  let page: Page;
  let shop: TestShop;
  let siteOrigin = "";
  const pages = new Map<string, { body: string; headers?: Record<string, string> }>();
  const problems: string[] = [];
  const requests: { method: string; path: string; headers: Record<string, string>; body: string | null }[] =
    [];

  const isApi = (request: Request) => request.url().startsWith(server.origin);

  beforeAll(async () => {
    const bundle = inject("sdkBundle");
    site = createServer(async (request, response) => {
      const path = new URL(request.url ?? "/", "http://host").pathname;
      const own = pages.get(path);
      if (path.startsWith("/sdk/")) {
        const file = join(bundle, normalize(path.slice("/sdk/".length)));
        const text = await readFile(file).catch(() => null);
        response.writeHead(text ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/plain" });
        return response.end(text ?? "");
      }
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...own?.headers });
      response.end(own?.body ?? defaultPage);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    siteOrigin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    [browser, server] = await Promise.all([launchBrowser(), startRealServer(options.env)]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
    await server?.[Symbol.asyncDispose]();
  }, 60_000);

  beforeEach(async () => {
    pages.clear();
    problems.length = 0;
    requests.length = 0;
    await server.comeBack();
    shop = await server.sell(options.paywall, options.tenant);
    context = await newContext(options.browser);
    page = await context.newPage();
    await load();
  });

  afterEach(async () => {
    await context?.close();
    // Whatever a test does, nothing is ever thrown into the host page.
    expect(problems).toEqual([]);
  });

  async function newContext(given: BrowserContextOptions = {}) {
    const made = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-US",
      // Nothing is measured while it still moves; what moves is tested where motion is asked for.
      reducedMotion: "reduce",
      ...given,
    });
    made.on("weberror", (error) => problems.push(String(error.error())));
    made.on("request", (request) => {
      if (
        !isApi(request) ||
        !["fetch", "xhr", "ping", "other", "eventsource"].includes(request.resourceType())
      )
        return;
      const { pathname, search } = new URL(request.url());
      requests.push({
        method: request.method(),
        path: pathname + search,
        headers: request.headers(),
        body: request.postData(),
      });
    });
    return made;
  }

  async function load(path = "/", on: Page = page) {
    await on.goto(siteOrigin + path);
    await on.waitForFunction(() => window.sdk);
  }

  return {
    get page() {
      return page;
    },
    get context() {
      return context;
    },
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    /** The paywall of this test; `use(await server.sell({…}))` puts another one in its place. */
    get shop() {
      return shop;
    },
    use(other: TestShop) {
      shop = other;
    },
    get siteOrigin() {
      return siteOrigin;
    },
    /** Answers of the host's own site, by path; without one every path is the default page. */
    pages,
    newContext,
    load,
    /** Another tab of the same visitor, with the SDK loaded. */
    async tab(path = "/") {
      const other = await context.newPage();
      await load(path, other);
      return other;
    },
    /** Every API request of this test so far, from all tabs, oldest first. */
    requests,
    /** The API requests whose path ends with `path` (query ignored), as "METHOD path?query". */
    calls: (path: string) =>
      requests.filter((it) => it.path.split("?")[0]?.endsWith(path)).map((it) => `${it.method} ${it.path}`),
    /** The last API request whose path ends with `path`. */
    lastCall: (path: string) => requests.findLast((it) => it.path.split("?")[0]?.endsWith(path)),
    /** Makes requests whose path ends with `path` fail: a status with a body, or "abort" for a cut connection. */
    async fault(
      path: string,
      answer: { status: number; body?: object } | "abort",
      times = Number.POSITIVE_INFINITY,
    ) {
      let left = times;
      await context.route(
        (url) => url.origin === server.origin && url.pathname.endsWith(path),
        async (route) => {
          if (route.request().method() === "OPTIONS" || left-- <= 0) return route.fallback();
          if (answer === "abort") return route.abort("connectionreset");
          await route.fulfill({
            status: answer.status,
            headers: { "access-control-allow-origin": "*" },
            contentType: "application/json",
            body: JSON.stringify(answer.body ?? {}),
          });
        },
      );
    },
    /** Ends what `fault` began. */
    mend: () => context.unrouteAll({ behavior: "ignoreErrors" }),
    /** The two options every client needs, for this test's paywall. */
    get target() {
      return { paywallId: shop.paywall, apiOrigin: server.origin };
    },
    /** Builds `window.pw` with an open shadow root and notes its events in `window.seen`. */
    async start(given: PlainOptions = {}, on: Page = page) {
      await on.evaluate(
        (all) => {
          window.seen = [];
          window.pw = new window.sdk.PaywallUI({ shadowMode: "open", ...all });
          const names: Sdk.PaywallEvent[] = [
            "open",
            "ready",
            "close",
            "error",
            "checkout_started",
            "purchase_completed",
            "purchase_failed",
            "trial_blocked",
            "trial_expired",
            "visibility_blocked",
          ];
          for (const name of names) window.pw.on(name, (payload) => window.seen.push({ name, payload }));
        },
        { paywallId: shop.paywall, apiOrigin: server.origin, ...given },
      );
    },
    open: (opts?: Sdk.OpenOptions) => page.evaluate((given) => window.pw.open(given), opts),
    view: () => page.evaluate(() => window.pw.getState().view),
    names: () => page.evaluate(() => window.seen.map(({ name }) => name)),
    payloads: (name: string) =>
      page.evaluate((wanted) => window.seen.filter((it) => it.name === wanted).map((it) => it.payload), name),
    waitForView: (wanted: Sdk.PaywallView | null, on: Page = page) =>
      on.waitForFunction((name) => window.pw.getState().view === name, wanted),
    cta: () => page.getByRole("button", { name: /free trial|Get |Opening/ }),
    /** Signs in through the panel that is showing, with the code from the mail. */
    async signInWithCode(email = ADA, on: Page = page) {
      await on.getByLabel("Email", { exact: true }).fill(email);
      await on.keyboard.press("Enter");
      const field = on.getByLabel("6-digit code");
      await field.waitFor();
      await field.fill(await server.codeFor(email));
    },
    /** What the server's statistics have been told about this paywall, by type, in order. */
    async reported() {
      await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
      return requests
        .filter((it) => it.path.endsWith("/events"))
        .flatMap((it) => (JSON.parse(it.body ?? "{}").events ?? []) as { type: string; props?: object }[])
        .map(({ type }) => type);
    },
  };
}
export type HostPage = ReturnType<typeof useHostPage>;
