import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ARTICLES = new URL("../apps/storefronts/news/articles/", import.meta.url);
/** A refusal's status line in the console is the browser's, not the page's. */
const isOfThePage = (problem: string) => !/the server responded with a status of 4\d\d/.test(problem);

/** What no answer may hold before its reader may read it: the first line after each article's marker. */
const LOCKED = new Map(
  readdirSync(ARTICLES).flatMap((file): [string, string][] => {
    const rest = readFileSync(new URL(file, ARTICLES), "utf8").split("<!-- subscribers -->")[1];
    return rest === undefined ? [] : [[file.replace(".html", ""), rest.trim().slice(0, 120)]];
  }),
);

let server: ServerProcess;
let browser: Browser;
let news: string;
beforeAll(async () => {
  server = await ServerProcess.start();
  news = `${server.baseUrl}/storefronts/news/`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** Screenshots for people, when asked for: SCREENSHOTS=folder npm test -- e2e/news */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/news-${name}.png`, fullPage: true });
}

const isPhone = (page: Page): boolean => (page.viewportSize()?.width ?? 0) < 600;

type Axe = {
  run(
    root: Document,
    options: { runOnly: string[]; resultTypes: string[] },
  ): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>;
};

/**
 * Every rule of WCAG 2.2 A and AA that a machine can check, and the page's width, in light; and in dark what the colours
 * alone decide, which is the same on a phone.
 */
async function inspect(page: Page, name: string): Promise<void> {
  for (const colorScheme of isPhone(page) && !process.env.SCREENSHOTS
    ? (["light"] as const)
    : (["light", "dark"] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const rules = colorScheme === "light" ? STANDARD : ["color-contrast", "link-in-text-block"];
    const found = await page.evaluate(async (runOnly) => {
      const options = { runOnly, resultTypes: ["violations"] };
      const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, options);
      return {
        violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" "))}`),
        tooWide: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
      };
    }, rules);
    expect(found, `${name}, ${colorScheme}`).toEqual({ violations: [], tooWide: 0 });
    await look(page, `${name}-${colorScheme}`);
  }
}

/** A reader, the bodies of all answers that their browser was given, and the checker at hand. */
async function newReader(options: BrowserContextOptions) {
  const visitor = await newVisitor(browser, { ...options, bypassCSP: true });
  await visitor.context.addInitScript({ path: AXE });
  const bodies: string[] = [];
  const reading: Promise<unknown>[] = [];
  visitor.context.on("response", (response) => {
    // A redirect has no body; what was cut off by the next page was not read by this one either.
    reading.push(
      response.text().then(
        (text) => bodies.push(text),
        () => {},
      ),
    );
  });
  const answers = async () => {
    await Promise.all(reading);
    return bodies.join("\n");
  };
  return { ...visitor, answers };
}

const stateOf = (page: Page, state: string) => page.locator(`article.page[data-state="${state}"]`).waitFor();

/** Types an address and the code from the inbox into the login page. */
async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByRole("button", { name: /with a code/i }).click();
  await expect.poll(async () => (await server.inbox(email))[0]?.code, { timeout: 15_000 }).toMatch(/^\d{6}$/);
  await page.getByLabel(/six-digit code/i).fill((await server.inbox(email))[0]!.code!);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Three free articles, the paywall, a purchase, and the way out again. */
async function readAndSubscribe(device: string, options: BrowserContextOptions): Promise<void> {
  const email = `reader-${device}@example.com`;
  const { context, page, problems, answers } = await newReader(options);
  await page.goto(news);
  await page.getByRole("link", { name: "The harbour that learned to listen" }).click();
  for (const [slug, words] of [
    ["harbour", "2 of 3 free articles left this month."],
    ["clouds", "1 of 3 free articles left this month."],
    ["orchard", "This was the last of your 3 free articles this month."],
  ]) {
    if (slug !== "harbour") await page.goto(news + slug);
    await stateOf(page, "open");
    expect(await page.locator("#meter").textContent()).toBe(words);
  }
  // The same again costs nothing.
  await page.goto(`${news}harbour`);
  await stateOf(page, "open");

  await page.goto(`${news}glass`);
  await stateOf(page, "locked");
  await inspect(page, `${device}-paywall`);
  expect(await page.getByText(/^Your 3 free articles this month are read/).isVisible()).toBe(true);
  expect(await answers()).toContain(LOCKED.get("harbour"));
  expect(await answers()).not.toContain(LOCKED.get("glass"));

  await page.getByLabel(/^Monthly/).check();
  await page.getByRole("button", { name: "Sign in and subscribe" }).click();
  await signIn(page, email);
  await page.getByText(`For ${email}`).waitFor();
  await page.getByRole("button", { name: "Continue to pay €4.90" }).click();
  await page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await page.getByLabel(/expir/i).fill("12/39");
  await page.getByLabel(/cvc|security code/i).fill("123");
  expect(await answers()).not.toContain(LOCKED.get("glass"));
  await page
    .getByRole("button", { name: /pay|start|subscribe/i })
    .first()
    .click();
  await stateOf(page, "open");
  await page.getByText("Welcome. The whole paper is yours").waitFor();
  expect(page.url()).toBe(`${news}glass`);
  expect(await page.locator("#rest").textContent()).toContain("The pull takes nine seconds");
  await look(page, `${device}-bought`);

  await page.reload();
  await stateOf(page, "open");
  await page.goto(`${news}lighthouse`);
  await stateOf(page, "open");
  await page.getByText("Subscriber", { exact: true }).waitFor();

  const link = await giveAway(page);
  await withoutJavaScript(link, "lighthouse");

  await page.goto(`${news}account`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Cancel the subscription" }).click();
  await page.getByText(/^Cancelled\. Open until/).waitFor();
  await page.locator(".bills").getByText("€4.90").waitFor();
  await inspect(page, `${device}-account`);
  // What was paid for stays open; signed out, this browser has read its three.
  await page.goto(`${news}snow`);
  await stateOf(page, "open");
  await page.goto(`${news}account`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(news);
  await page.goto(`${news}salt`);
  await stateOf(page, "locked");
  expect(problems.filter(isOfThePage)).toEqual([]);
  await context.close();
}

/** The address of a gift for whoever has it. */
async function giveAway(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Give away" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  expect(link).toMatch(/\/l\/[\w-]+$/);
  await page.getByRole("button", { name: "Close" }).click();
  return link;
}

/** The server puts the text into the page itself, so that a link opens it anywhere. */
async function withoutJavaScript(link: string, slug: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(link);
  expect(new URL(page.url()).pathname).toBe(`/storefronts/news/${slug}`);
  expect(await page.content()).toContain(LOCKED.get(slug)!.slice(0, 60));
  await page.goto(news + slug);
  expect(await page.content()).not.toContain(LOCKED.get(slug)!.slice(0, 60));
  await context.close();
}

test("a reader on a desktop reads three articles, meets the paywall, subscribes, gives an article away and cancels", () =>
  readAndSubscribe("desktop", DESKTOP));

test("a reader on a phone reads three articles, meets the paywall, subscribes, gives an article away and cancels", () =>
  readAndSubscribe("phone", PHONE));

for (const [device, options] of [
  ["1440", DESKTOP],
  ["390", PHONE],
] as const) {
  test(`the newspaper's pages keep WCAG 2.2 AA, fit ${device} px, and load nothing from anywhere else`, async () => {
    const { context, page, problems } = await newReader(options);
    const elsewhere: string[] = [];
    context.on("request", (request) => {
      if (!request.url().startsWith(server.baseUrl) && !request.url().startsWith("data:"))
        elsewhere.push(request.url());
    });
    for (const [path, ready] of [
      ["", "Sign in"],
      ["city", "Sign in"],
      ["letter", "Save"],
      ["account", "Nothing is saved."],
      ["no-such-page", "Sign in"],
    ] as const) {
      await page.goto(news + path);
      await page.getByText(ready).first().waitFor();
      await inspect(page, `${device}-${path || "front"}`);
    }
    await page.goto(`${news}subscribe`);
    await page.getByRole("radio", { checked: true }).waitFor();
    await inspect(page, `${device}-subscribe`);
    await page.goto(`${news}bread`);
    await stateOf(page, "open");
    expect(await page.locator("#meter").textContent()).toBe("This was your free article this week.");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByLabel("Link", { exact: true }).waitFor();
    await inspect(page, `${device}-share`);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Save", pressed: false }).click();
    await page.getByRole("button", { name: "Saved", pressed: true }).waitFor();
    await page.goto(`${news}account`);
    await page.getByRole("button", { name: "Remove “A loaf takes three days”" }).click();
    await page.getByText("Nothing is saved.").waitFor();
    expect(elsewhere).toEqual([]);
    expect(problems.filter(isOfThePage)).toEqual([]);
    await context.close();
  });
}

test("signing in opens two more of the weekend's pieces, and no more than it says", async () => {
  const { context, page } = await newReader(DESKTOP);
  await page.goto(`${news}bread`);
  await stateOf(page, "open");
  await page.goto(`${news}lighthouse`);
  await stateOf(page, "locked");
  await page.getByText("Signing in opens 2 more this week, free of charge.").waitFor();
  await page.locator(".paywall").getByRole("button", { name: "Sign in", exact: true }).click();
  await signIn(page, "weekend@example.com");
  await stateOf(page, "open");
  expect(await page.locator("#meter").textContent()).toBe("1 of 3 free articles left this week.");
  await context.close();
});

test("a server that does not answer, or refuses, is said so in words, and can be asked again", async () => {
  const { context, page } = await newReader(PHONE);
  const down = (route: { abort(): Promise<void> }) => route.abort();
  await context.route("**/access", down);
  await page.goto(`${news}tides`);
  await page.getByRole("alert").getByText("We cannot reach our server.").waitFor();
  await inspect(page, "trouble");
  await context.unroute("**/access", down);
  await context.route("**/content/tides", (route) => route.fulfill({ status: 403, body: "{}" }), {
    times: 1,
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").getByText("The article did not come through.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await stateOf(page, "open");
  await context.close();
});

test("from the keyboard alone: past the masthead, to an offer, and to the sign-in", async () => {
  const { context, page } = await newReader(DESKTOP);
  await page.goto(`${news}subscribe`);
  await page.getByRole("radio", { checked: true }).waitFor();
  await page.keyboard.press("Tab");
  expect(await focusedWords(page)).toBe("Skip to the text");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("radio");
  await page.keyboard.press("ArrowUp");
  expect(await page.getByLabel(/^Monthly/).isChecked()).toBe(true);
  await page.keyboard.press("Tab");
  expect(await focusedWords(page)).toBe("Sign in and subscribe");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/u\/login/);
  await context.close();
});

const focusedWords = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

/** A context whose printing we can look at: what is on paper is an article and nothing else. */
test("on paper an article is its text, its picture and its source", async () => {
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${news}harbour`);
  await stateOf(page, "open");
  await page.emulateMedia({ media: "print" });
  for (const hidden of ["#tools", "#gate", ".more", ".masthead nav"]) {
    expect([hidden, await page.locator(hidden).isVisible()]).toEqual([hidden, false]);
  }
  for (const shown of [".title", ".story-head h1", "#rest", "figure"]) {
    expect([shown, await page.locator(shown).isVisible()]).toEqual([shown, true]);
  }
  await look(page, "print");
  await context.close();
});
