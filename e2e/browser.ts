import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
// @ts-expect-error: a plain script of the set-up, without types
import { ensureChromium } from "../scripts/setup/chromium.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launchBrowser = async (flags: string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: (await ensureChromium()) as string, args: [...FLAGS, ...flags] });

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

/**
 * A visitor with a fresh browser profile. The paywall's shadow root is closed to the page on purpose; for the
 * test to see what the visitor sees, roots are opened before any script runs.
 */
export async function newVisitor(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({ locale: "en-US", acceptDownloads: true, ...options });
  await context.addInitScript(() => {
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      return attach.call(this, { ...init, mode: "open" });
    };
  });
  const problems: string[] = [];
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  return { context, page: await context.newPage(), problems };
}
