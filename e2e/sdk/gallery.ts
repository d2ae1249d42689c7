/**
 * Draws every template and every view of the modal into a folder, for people to look at:
 *   node e2e/sdk/gallery.ts <folder> [--only text] [--schemes light,dark] [--sizes phone,desktop] [--dirs ltr,rtl]
 * The SDK is the real one, bundled from source; only what a server would answer is made up, so that a picture
 * needs neither a database nor a purchase.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";
import { bundleSdk } from "./bundle.ts";
import { TEMPLATES, type TemplateName } from "./gallery-templates.ts";
import type {} from "./host-page.ts";

const SIZES = { phone: { width: 390, height: 740 }, desktop: { width: 1440, height: 900 } };
type SizeName = keyof typeof SIZES;
type Scheme = "light" | "dark";

/** Brings a page, whose SDK is loaded, to one view. */
const VIEWS: Record<string, { template: TemplateName; show: (page: Page) => Promise<void> }> = {
  loading: {
    template: "features",
    async show(page) {
      await page.evaluate(() => {
        window.pw.destroy();
        window.pw = new window.sdk.PaywallUI({
          paywallId: "1",
          apiOrigin: "http://127.0.0.1:9",
          shadowMode: "open",
          fetch: () => new Promise(() => {}),
        });
        window.pw.open();
      });
    },
  },
  error: {
    template: "features",
    async show(page) {
      await page.evaluate(() => {
        window.pw.destroy();
        window.pw = new window.sdk.PaywallUI({
          paywallId: "1",
          apiOrigin: "http://127.0.0.1:9",
          edgeFallback: false,
          shadowMode: "open",
        });
        window.pw.open();
      });
      await view(page, "error");
    },
  },
  signin: { template: "auth_panel", show: (page) => gate(page) },
  signin_last_used: {
    template: "auth_panel",
    async show(page) {
      await page.evaluate(() => {
        localStorage.setItem("pw-1-last-login-method", "google");
        localStorage.setItem("pw-1-last-login-email", "ada.lovelace@analytical-engines.example");
      });
      await gate(page);
    },
  },
  signin_error: {
    template: "features",
    async show(page) {
      await gate(page);
      await page.locator("#pw-email").fill("not an address");
      await page.keyboard.press("Enter");
    },
  },
  password: {
    template: "features",
    async show(page) {
      await gate(page);
      await page.locator(".auth > button.link").click();
    },
  },
  signup: {
    template: "features",
    async show(page) {
      await gate(page);
      await page.locator(".auth > button.link").click();
      await page.locator(".auth .foot .link").click();
      await page.locator("#pw-email").fill("ada@example.com");
      await page.keyboard.press("Enter");
    },
  },
  code: {
    template: "features",
    async show(page) {
      await gate(page);
      await page
        .locator("#pw-email")
        .fill("augusta.ada.king-noel.countess.of.lovelace@analytical-engines.example");
      await page.keyboard.press("Enter");
      await page.locator("#pw-code").waitFor();
    },
  },
  forgot: {
    template: "features",
    async show(page) {
      await gate(page);
      await page.locator(".auth > button.link").click();
      await page.locator(".field-top .link").click();
    },
  },
  reset_sent: {
    template: "features",
    async show(page) {
      await VIEWS.forgot!.show(page);
      await page.locator("#pw-email").fill("ada@example.com");
      await page.keyboard.press("Enter");
      await page.locator(".auth > .medal").waitFor();
    },
  },
  preauth: {
    template: "features",
    async show(page) {
      await page.evaluate(() => window.pw.setBootstrap({ settings: { checkout_mode: "preauth" } as never }));
      await plans(page);
      await page.locator("button.cta").click();
      await view(page, "auth");
      await page.locator("#pw-email").waitFor();
    },
  },
  support: {
    template: "features",
    async show(page) {
      await page.evaluate(() => window.pw.openSupport());
      await page.locator("#pw-subject").waitFor();
    },
  },
  support_errors: {
    template: "features",
    async show(page) {
      await VIEWS.support!.show(page);
      await page.locator("form .primary").click();
    },
  },
  support_from_plans: {
    template: "features",
    async show(page) {
      await plans(page);
      await page.locator(".session .link").last().click();
      await page.locator("#pw-subject").waitFor();
    },
  },
  support_sent: {
    template: "features",
    async show(page) {
      await VIEWS.support!.show(page);
      await page.locator("#pw-email").fill("ada@example.com");
      await page.locator("#pw-subject").fill("Word export");
      await page.locator("#pw-message").fill("Does it export to Word?");
      await page.locator("form .primary").click();
      await page.locator(".medal.good").waitFor();
    },
  },
  awaiting: { template: "features", show: (page) => buy(page, "awaiting_payment") },
  blocked: {
    template: "features",
    async show(page) {
      await page.evaluate(() => {
        window.open = () => null;
      });
      await buy(page, "popup_blocked");
    },
  },
  purchased: {
    template: "features",
    async show(page) {
      await buy(page, "awaiting_payment");
      await page.evaluate(() => {
        (window as { paid?: boolean }).paid = true;
        // Whoever comes back from the other tab is looked up at once.
        window.dispatchEvent(new Event("focus"));
      });
      await view(page, "purchased");
    },
  },
};

const view = (page: Page, name: string) =>
  page.waitForFunction((wanted) => window.pw.getState().view === wanted, name);

async function plans(page: Page): Promise<void> {
  await page.evaluate(() => window.pw.open());
  await view(page, "layout");
}

async function gate(page: Page): Promise<void> {
  await page.evaluate(() => window.pw.openSignin());
  await page.locator("#pw-email").waitFor();
}

async function buy(page: Page, wanted: string): Promise<void> {
  await page.evaluate(() => window.pw.billing.setIdentity({ email: "ada@example.com" }));
  await plans(page);
  await page.locator("button.cta").click();
  await view(page, wanted);
}

/** A page of some application, in the colours that a visitor's system asks for. */
const HOST = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Inkwell</title><style>:root{color-scheme:light dark}body{font:17px/1.6 Georgia,serif;margin:0;min-height:150vh}
main{max-width:640px;margin:72px auto;padding:0 24px}h1{font-size:34px}</style><main><h1>The lighthouse</h1>
<p>When the fog came in from the sea, the keeper lit the lamp and wrote down the hour, as his father had done, and the
ships went by like slow thoughts.</p><p>There was nothing else to write. He wrote it every day.</p></main>
<script type="module">import * as sdk from "/sdk/index.js"; window.sdk = sdk;</script>`;

/** Whatever the server would say to the pictured person. */
function answer(url: URL, paid: boolean): object {
  const path = url.pathname;
  if (path.endsWith("/start-checkout"))
    return { checkoutUrl: `${url.origin}/checkout`, userId: "u", acquiring: "stripe" };
  if (path.endsWith("/user-state"))
    return { has_active_subscription: paid, purchases: [], trial: null, had_previous_trial: false };
  if (path.endsWith("/support/ticket")) return { ticket: { id: "1", status: "open" } };
  return {};
}

/** Serves a host page with the SDK that is bundled in a folder. */
export async function openStage(folder: string, browser: Browser) {
  const site = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const script = url.pathname.startsWith("/sdk/")
      ? readFileSync(join(folder, url.pathname.slice(5)))
      : null;
    const type = script && extname(url.pathname) === ".js" ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(200, { "content-type": type }).end(script ?? HOST);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

  return {
    close: () => site.close(),
    /** A page that shows nothing yet, with `window.pw` built for a template. */
    async page(template: TemplateName, options: { size: SizeName; scheme: Scheme; rtl?: boolean }) {
      const context = await browser.newContext({
        viewport: SIZES[options.size],
        colorScheme: options.scheme,
        locale: options.rtl ? "ar" : "en-US",
        reducedMotion: "reduce",
        ...(options.size === "phone" && { isMobile: true, hasTouch: true }),
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(`${template}: ${error.message}`));
      await page.route(
        ({ pathname }) => pathname.startsWith("/api/"),
        async (route) => {
          const paid = await page.evaluate(() => !!(window as { paid?: boolean }).paid);
          await route.fulfill({ json: answer(new URL(route.request().url()), paid) });
        },
      );
      await page.goto(origin);
      await page.waitForFunction(() => window.sdk);
      const bootstrap = { ...TEMPLATES[template](), ...(options.rtl && { locales: { ar: {} } }) };
      await page.evaluate((given) => {
        window.pw = new window.sdk.PaywallUI({
          paywallId: "1",
          apiOrigin: location.origin,
          auth: true,
          analytics: false,
          preview: true,
          shadowMode: "open",
        });
        window.pw.setBootstrap(given);
      }, bootstrap);
      return page;
    },
  };
}

export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
  });
}

/** Every picture there is, as [name, how to get there]. */
export const PICTURES: [name: string, template: TemplateName, show: (page: Page) => Promise<void>][] = [
  ...Object.keys(TEMPLATES).map(
    (name) => [`plans-${name}`, name as TemplateName, plans] as [string, TemplateName, typeof plans],
  ),
  ...Object.entries(VIEWS).map(
    ([name, { template, show }]) => [`view-${name}`, template, show] as [string, TemplateName, typeof plans],
  ),
];

async function main() {
  const [folder = "gallery", ...rest] = process.argv.slice(2);
  const option = (name: string) => rest[rest.indexOf(`--${name}`) + 1] ?? "";
  const list = (name: string, all: string) => (rest.includes(`--${name}`) ? option(name) : all).split(",");
  mkdirSync(folder, { recursive: true });
  const bundle = mkdtempSync(join(tmpdir(), "tollgate-gallery-"));
  await bundleSdk(bundle);
  const browser = await launchBrowser();
  const stage = await openStage(bundle, browser);
  for (const [name, template, show] of PICTURES) {
    if (
      rest.includes("--only") &&
      !option("only")
        .split(",")
        .some((part) => name.includes(part))
    )
      continue;
    for (const size of list("sizes", "phone,desktop") as SizeName[])
      for (const scheme of list("schemes", "light,dark") as Scheme[])
        for (const dir of list("dirs", "ltr,rtl")) {
          const page = await stage.page(template, { size, scheme, rtl: dir === "rtl" });
          const file = join(folder, `${name}-${size}-${scheme}-${dir}.png`);
          await show(page).catch((error: Error) => console.error(`${file}: ${error.message}`));
          await settle(page);
          await page.screenshot({ path: file });
          await page.context().close();
        }
  }
  await browser.close();
  stage.close();
  rmSync(bundle, { recursive: true });
}

if (import.meta.main) await main();
