import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { applyYaml, idsOf } from "../../apps/server/test/setup.ts";
import { launchBrowser } from "../browser.ts";
import { publishedClient } from "./published-client.ts";
import { type RealServer, startRealServer } from "./real-server.ts";
import { startTlsFront } from "./tls-front.ts";

/** The server's name over https; every name over https leads to this machine (`tls-front.ts`). */
export const LOGIN_HOST = "login.daily.example";
/** A page of the site that the login service belongs to. */
export const SAME_SITE_PAGE = "https://www.daily.example/article";

const newspaper = (origin: string): string => `
tenants:
  - slug: daily
    name: The Daily
    currency: EUR
    # The published client's own name for our account pages, which it shortens links to.
    domains: [{ host: account.sesamy.com, verified: true }]
    clients: [{ clientId: daily, kind: browser, origins: ["${origin}", "${new URL(SAME_SITE_PAGE).origin}"] }]
    products:
      - { sku: "sid:all", title: Everything, type: pass, passUrl: "${origin}/", urlPatterns: ["${origin}/*"], contains: ["sid:print"] }
      - { sku: "sid:print", title: On paper, type: physical_issue, fulfillment: { provider: post } }
      - { sku: "sid:one", title: One story, type: article, url: "${origin}/one", publisherContentId: one }
      - { sku: "sid:free", title: For everybody, type: article, url: "${origin}/free", publisherContentId: free }
    processors: [{ key: box, kind: sandbox }]
    meters: [{ key: free, limit: 2, period: month }]
    paywalls:
      - key: news
        name: News
        surface: publisher
        product: "sid:all"
        meter: free
        publisher: { headline: Read on, features: [Everything], footerPaymentMethods: [visa] }
        purchaseOptions: [{ key: monthly, interval: month, amount: 4.90, label: Monthly }]
    discountCodes: [{ code: STAY, percent: 50, duration: forever }]
    accessLists:
      - { key: press, name: Press, grants: [{ email: press@example.com, product: "sid:all" }] }
`;

/** A newspaper with the published browser client on its pages, in front of the real server. */
export class PublishedSite {
  server!: RealServer;
  ids!: Awaited<ReturnType<typeof idsOf>>;
  browser!: Browser;
  /** `http://127.0.0.1:<port>`, where the newspaper's pages are. */
  origin!: string;
  /** `http://127.0.0.1:<port>` of the server. */
  login!: string;
  #pages!: Server;
  #tls!: Awaited<ReturnType<typeof startTlsFront>>;
  #script = "";
  #contexts: BrowserContext[] = [];

  async start(): Promise<void> {
    this.#script = await publishedClient();
    this.#pages = createServer((request, response) => {
      const secure = request.headers.host === new URL(SAME_SITE_PAGE).host;
      const [type, body] = this.#page(
        new URL(request.url ?? "/", this.origin).pathname,
        secure ? this.sameSiteConfig : this.config,
        request.headers["x-sesamy-signed-url"] !== undefined,
      );
      response.setHeader("content-type", type);
      response.end(body);
    });
    await new Promise<void>((resolve) => this.#pages.listen(0, "127.0.0.1", resolve));
    const { port } = this.#pages.address() as AddressInfo;
    this.origin = `http://127.0.0.1:${port}`;
    this.server = await startRealServer({
      TOLLGATE_BASE_URL: `https://${LOGIN_HOST}`,
      TOLLGATE_CONTENT_ALLOW: this.origin,
    });
    this.login = `http://127.0.0.1:${this.server.port}`;
    await applyYaml(this.server, newspaper(this.origin));
    this.ids = await idsOf(this.server, "daily");
    this.#tls = await startTlsFront((host) => (host.startsWith("www.") ? port : this.server.port));
    this.browser = await launchBrowser([
      `--host-resolver-rules=MAP *:443 127.0.0.1:${this.#tls.port}`,
      "--ignore-certificate-errors",
    ]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.#tls?.stop();
    this.#pages?.close();
    await this.server?.[Symbol.asyncDispose]();
  }

  async closeReaders(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  /** As publishers write it (publisher-js §1.2); only the two addresses are ours. */
  get config(): Record<string, unknown> {
    return {
      clientId: "daily",
      vendorId: "daily",
      api: { namespace: "sesamy", endpoint: this.login },
      auth: { domain: this.login },
    };
  }

  /** The same on the login service's own site: there the client asks in a hidden frame. */
  get sameSiteConfig(): Record<string, unknown> {
    return {
      ...this.config,
      api: { namespace: "sesamy", endpoint: `https://${LOGIN_HOST}` },
      auth: { domains: [LOGIN_HOST] },
    };
  }

  /** The locked text leaves the newspaper for the content proxy alone, which shows a signed link. */
  #page(path: string, config: unknown, unlocked: boolean): [type: string, body: string] {
    if (path === "/client.js") return ["text/javascript", this.#script];
    const id = path.slice(1);
    const tag = `<script type="application/json" id="sesamy-js">${JSON.stringify(config)}</script>`;
    const locked = unlocked ? `<p>The locked text of ${id}.</p>` : "<p>Read on with a subscription.</p>";
    return [
      "text/html; charset=utf-8",
      `<!doctype html><html lang="en"><title>${id}</title>${tag}<script src="/client.js"></script>
<sesamy-article publisher-content-id="${id}" item-src="${this.origin}/${id}" access-level="entitlement" pass="${this.origin}/">
<h1>Title of ${id}</h1><p>What everybody may read.</p><div class="story">${locked}</div></sesamy-article>`,
    ];
  }

  /** A fresh profile of somebody's browser. */
  async newReader(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext(options);
    this.#contexts.push(context);
    return context;
  }

  async openArticle(context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.newReader())).newPage();
    await page.goto(`${this.origin}/article?page=2#comments`);
    await untilReady(page);
    return page;
  }

  /** The page of a reader on the login service's own site, over https, with the client ready. */
  async openSameSiteArticle(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(SAME_SITE_PAGE);
    await untilReady(page);
    return page;
  }

  async signIn(page: Page, email: string): Promise<void> {
    await page.waitForURL(/\/u\/login/);
    await page.fill("[name=username]", email);
    await page.click("button[value=code]");
    await page.fill("[name=code]", await this.server.codeFor(email));
    await page.click("button[value=sign-in]");
  }

  /** Signs in by redirect and waits until the page is back and knows it. */
  async signInByRedirect(page: Page, email: string): Promise<void> {
    const { origin } = new URL(page.url());
    await page.evaluate(() => void window.sesamy?.auth.loginWithRedirect());
    await this.signIn(page, email);
    await page.waitForURL((url) => url.origin === origin);
    await untilReady(page);
    if (!(await isSignedIn(page))) throw new Error(`${email} is not signed in`);
  }
}

declare global {
  interface Window {
    /** The published client; tests call it by `call`, which does not need its types. */
    sesamy?: { auth: { loginWithRedirect(): Promise<void>; loginWithPopup(): Promise<void> } };
  }
}

/** A site for the tests of a file. */
export function usePublishedSite(): PublishedSite {
  const site = new PublishedSite();
  beforeAll(() => site.start());
  afterEach(() => site.closeReaders());
  afterAll(() => site.stop());
  return site;
}

export const untilReady = (page: Page) =>
  page.waitForFunction(
    () => (window.sesamy as unknown as { isReady?(): boolean } | undefined)?.isReady?.() === true,
  );

/** How a call ended, as plain data; a rejection becomes its text. */
export type Outcome = { value?: unknown; error?: string };

/** The paths of all methods that were called in this file. */
export const called = new Set<string>();

/** Calls a method of the published client by its path, `entitlements.list`. */
export const call = (page: Page, path: string, ...args: unknown[]): Promise<Outcome> => {
  called.add(path);
  return page.evaluate(
    async ([path, args]) => {
      type Api = { [name: string]: Api } & ((...args: unknown[]) => unknown);
      const names = path.split(".");
      const name = names.pop() ?? "";
      let target = window.sesamy as unknown as Api | undefined;
      for (const it of names) target = target?.[it];
      if (typeof target?.[name] !== "function") return { error: `there is no ${path}` };
      try {
        const value = await target[name](...args);
        return value === undefined ? {} : { value: JSON.parse(JSON.stringify(value)) as unknown };
      } catch (error) {
        return { error: String(error) };
      }
    },
    [path, args] as const,
  );
};

/** Asked while the page may be on its way elsewhere. */
export const isSignedIn = async (page: Page): Promise<boolean> =>
  (await call(page, "auth.isAuthenticated").catch((): Outcome => ({}))).value === true;
