import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Browsers tell of every refusal as an error; one of them is what is tested here. */
const isOfThePage = (problem: string) => !/the server responded with a status of 402/.test(problem);

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

/** Screenshots for people, when asked for: SCREENSHOTS=folder npm test -- e2e/chat */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/chat-${name}.png` });
}

/** The page in its present state keeps to what a machine can check of WCAG 2.2 AA, and fits. */
async function inspect(page: Page, name: string): Promise<void> {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate(async (standard) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          on: Document,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
      };
    };
    const { violations } = await axe.run(document, { runOnly: standard, resultTypes: ["violations"] });
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" "))}`),
      tooWide: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
    };
  }, STANDARD);
  expect(found, name).toEqual({ violations: [], tooWide: 0 });
}

for (const [device, options, colorScheme] of [
  ["desktop", DESKTOP, "light"],
  ["phone", PHONE, "dark"],
] as const) {
  test(`a chat begins with free answers, runs out in the middle, sells a pack and goes on by itself (${device})`, async () => {
    const email = `chat-${device}@example.com`;
    const { context, page, problems } = await newVisitor(browser, {
      ...options,
      colorScheme,
      bypassCSP: true,
      reducedMotion: "reduce",
    });
    await page.goto(`${server.baseUrl}/storefronts/chat/`);
    await page.getByRole("heading", { name: "What is on your mind?" }).waitFor();
    await look(page, `${device}-1-welcome`);
    await inspect(page, "welcome");

    // Nobody is asked who they are, and words arrive before the answer is complete.
    await page.getByRole("button", { name: /quiet weekend/ }).click();
    const answers = page.locator("li.assistant");
    await answers.locator(".text").first().waitFor();
    expect(await answers.first().getAttribute("data-state")).toBe("coming");
    await look(page, `${device}-2-streaming`);
    const done = page.locator('li.assistant[data-state="done"]');
    await done.first().waitFor();
    const left = page.locator("#credits b[data-type=standard]");
    await expect.poll(() => left.textContent()).toBe("4");
    await inspect(page, "answered");

    const ask = async (question: string) => {
      await page.getByLabel("Your question").fill(question);
      await page.keyboard.press("Enter");
    };
    for (let n = 2; n <= 5; n += 1) {
      await ask(`Question ${n}`);
      await done.nth(n - 1).waitFor();
    }
    await expect.poll(() => left.textContent()).toBe("0");

    await ask("Am I out of credits?");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /100 messages/ }).click();
    await look(page, `${device}-3-out-of-credits`);
    await dialog.locator(".cta").click();
    await dialog.getByLabel("Email", { exact: true }).fill(email);
    await dialog.getByRole("button", { name: /email me a code/i }).click();
    await dialog.getByLabel(/6-digit code/i).waitFor();
    await expect.poll(async () => (await server.inbox(email))[0]?.code).toMatch(/^\d{6}$/);
    const opened = context.waitForEvent("page");
    await dialog.getByLabel(/6-digit code/i).fill((await server.inbox(email))[0]!.code!);
    void dialog
      .getByRole("button", { name: /open checkout/i })
      .click({ timeout: 15_000 })
      .catch(() => {});
    const checkout = await opened;
    await checkout.getByLabel(/card number/i).fill("4242 4242 4242 4242");
    await checkout.getByLabel(/expir/i).fill("12/39");
    await checkout.getByLabel(/security code/i).fill("123");
    await checkout.getByRole("button", { name: /^pay/i }).click();

    // Whoever signs in begins with free answers of their own, beside the pack. The question that was kept is answered without being asked again.
    await done.nth(5).waitFor();
    expect(await done.nth(5).textContent()).toContain("Am I out of credits?");
    await expect.poll(() => left.textContent()).toBe("104");
    const proceed = dialog.getByRole("button", { name: "Continue" });
    if (await proceed.isVisible()) await proceed.click();
    await dialog.waitFor({ state: "detached" });
    await look(page, `${device}-4-continued`);

    // The other model has credits of its own, and an answer that is stopped stays as it is.
    await page.getByRole("radio", { name: "Deep" }).check();
    await ask("Think about this for a long time");
    await page.locator('li.assistant[data-state="coming"] .text').waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator('li.assistant[data-state="stopped"]').waitFor();
    await expect.poll(() => page.locator("#credits b[data-type=advanced]").textContent()).toBe("10");

    await page.reload();
    await done.nth(5).waitFor();
    await expect.poll(() => left.textContent()).toBe("104");
    await inspect(page, "after a reload");
    expect(problems.filter(isOfThePage)).toEqual([]);
    await context.close();
  });
}
