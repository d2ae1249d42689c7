import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useHostPage } from "./host-page.ts";
import { demoPaywall, TOUR } from "./tour.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** From right to left, and long words. `TOUR_LANGUAGES=ja,th` looks at others. */
const LANGUAGES = (process.env.TOUR_LANGUAGES ?? "ar,de").split(",");
const SIZES = { 390: { width: 390, height: 844 }, 1440: { width: 1440, height: 900 } };
/** A folder for pictures of what is checked. */
const PICTURES = process.env.TOUR_PICTURES;

type Axe = {
  run(
    root: Document,
    options: { runOnly: string[]; resultTypes: string[] },
  ): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>;
};

const host = useHostPage({ paywall: demoPaywall() });

/** What a machine can find: broken rules, words that are cut off, and boxes that stick out of the card. */
const inspect = (page: Page) =>
  page.evaluate(async (standard) => {
    await document.fonts.ready;
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, {
      runOnly: standard,
      resultTypes: ["violations"],
    });
    const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
    const card = root.querySelector(".card")!.getBoundingClientRect();
    const outside: string[] = [];
    const cut: string[] = [];
    for (const element of root.querySelectorAll<HTMLElement>(".card *")) {
      const style = getComputedStyle(element);
      if (element.closest(".sr,svg,[aria-hidden=true]") || style.opacity === "0") continue;
      const box = element.getBoundingClientRect();
      const name = `${element.tagName}.${element.className} ${element.textContent?.slice(0, 40)}`;
      if (box.width && (box.left < card.left - 1 || box.right > card.right + 1)) outside.push(name);
      const scrolls = /auto|scroll/.test(style.overflowY);
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth && style.display !== "inline")
        if (style.overflowX !== "visible" && !(scrolls && element.scrollWidth <= element.clientWidth + 1))
          cut.push(name);
    }
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" "))}`),
      outside,
      cut,
    };
  }, STANDARD);

/** The merchant's own words in that language, as its visitors get them. */
const translate = (page: Page, tag: string) =>
  page.evaluate((language) => {
    const { billing } = window.pw;
    const loaded = billing.getCachedBootstrap();
    const { layout, prices = {} } = loaded?.locales?.[language] ?? {};
    if (loaded && layout)
      billing.setBootstrap({
        layout,
        prices: loaded.prices.map((price) => ({ ...price, ...prices[price.id] })),
      });
    window.pw.setLocale(language);
  }, tag);

const cases = Object.keys(SIZES).flatMap((width) => LANGUAGES.map((tag) => [tag, Number(width)] as const));

test.each(cases)(
  "in %s at %i px no view breaks a rule of WCAG 2.2 AA or cuts words off, light or dark",
  async (tag, width) => {
    const context = await host.newContext({
      viewport: SIZES[width as keyof typeof SIZES],
      reducedMotion: "reduce",
      bypassCSP: true,
      ...(width < 500 && { isMobile: true, hasTouch: true }),
    });
    const found: Record<string, unknown> = {};
    try {
      await context.addInitScript({ path: AXE });
      const page = await context.newPage();
      for (const [name, show] of Object.entries(TOUR)) {
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await host.load("/", page);
        await page.evaluate(() => localStorage.clear());
        await host.load("/", page);
        await host.start({ auth: true, edgeFallback: false }, page);
        await show(page);
        await translate(page, tag);
        await page.locator(`dialog[lang="${tag}"]`).waitFor();
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          if (PICTURES) {
            mkdirSync(PICTURES, { recursive: true });
            await page.bringToFront();
            await page.screenshot({ path: join(PICTURES, `${tag}-${width}-${name}-${colorScheme}.png`) });
          }
          const problems = await inspect(page);
          if (Object.values(problems).some((list) => list.length))
            found[`${name}, ${colorScheme}`] = problems;
        }
        for (const other of context.pages()) if (other !== page) await other.close();
      }
    } finally {
      await context.close();
    }
    expect(found).toEqual({});
  },
  300_000,
);
