import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchBrowser } from "../browser.ts";
import { openStage, PICTURES, settle } from "./gallery.ts";
import type {} from "./global-setup.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

type Axe = {
  run(
    root: Document,
    options: { runOnly: string[]; resultTypes: string[] },
  ): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }>;
};

let browser: Browser;
let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  browser = await launchBrowser();
  stage = await openStage(inject("sdkBundle"), browser);
});
afterAll(async () => {
  await browser?.close();
  stage?.close();
});

/** Broken rules, and boxes that reach beyond the card or the screen. */
const inspect = (page: Page) =>
  page.evaluate(async (standard) => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, {
      runOnly: standard,
      resultTypes: ["violations"],
    });
    const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
    const card = root.querySelector(".card")!.getBoundingClientRect();
    const outside = [...root.querySelectorAll<HTMLElement>(".card *")]
      .filter((it) => {
        const { left, right, width } = it.getBoundingClientRect();
        const hidden = it.closest(".sr,svg,[aria-hidden=true]");
        return !hidden && width && (left < card.left - 1 || right > card.right + 1);
      })
      .map((it) => `${it.tagName}.${it.className}`);
    return {
      outside,
      violations: violations
        // The pictured host page is not what is examined.
        .map(({ id, nodes }) => ({ id, nodes: nodes.filter(({ target }) => Array.isArray(target[0])) }))
        .filter(({ nodes }) => nodes.length)
        .map(({ id, nodes }) => `${id}: ${nodes.map((it) => `${it.target.join(" ")} ${it.failureSummary}`)}`),
    };
  }, STANDARD);

for (const [name, template, show] of PICTURES)
  test(`axe finds nothing in ${name}, light and dark, on a phone and on a desktop`, async () => {
    for (const size of ["phone", "desktop"] as const) {
      const page = await stage.page(template, { size, scheme: "light" });
      await page.addScriptTag({ path: AXE });
      await show(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await settle(page);
        expect(await inspect(page), `${size}, ${colorScheme}`).toEqual({ violations: [], outside: [] });
      }
      await page.context().close();
    }
  });
