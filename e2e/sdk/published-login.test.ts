import { createRequire } from "node:module";
import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { call, isSignedIn, SAME_SITE_PAGE, untilReady, usePublishedSite } from "./published-page.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const site = usePublishedSite();

/** Grants asked for at the token endpoint, oldest first, with the status of the answer. */
function watchTokens(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on("response", (response) => {
    const request = response.request();
    if (!request.url().endsWith("/oauth/token") || request.method() !== "POST") return;
    const grant = new URLSearchParams(request.postData() ?? "").get("grant_type");
    seen.push(`${grant} ${response.status()}`);
  });
  return seen;
}

/** Makes it later, for the server and for every page of this reader. */
async function later(context: BrowserContext, hours: number): Promise<void> {
  site.server.clock.advance({ hours });
  await context.clock.setFixedTime(site.server.clock.now());
}

const tokenOf = async (page: Page): Promise<unknown> =>
  (await call(page, "auth.getTokenSilently", true, true)).value;

test("P-151: the published client signs in by redirect, comes back to the same page, and is still signed in after a reload", async () => {
  const page = await site.openArticle();
  expect(await isSignedIn(page)).toBe(false);
  // On a desk, `login` is a redirect; whoever changes their mind goes back.
  void call(page, "auth.login").catch(() => undefined);
  await page.waitForURL(/\/u\/login/);
  await page.goBack();
  await untilReady(page);
  await site.signInByRedirect(page, "redirect@example.com");
  expect(page.url()).toBe(`${site.origin}/article?page=2#comments`);
  await page.reload();
  await untilReady(page);
  expect(await isSignedIn(page)).toBe(true);
  expect(await call(page, "entitlements.list")).toEqual({ value: [] });
});

test("P-151: the published client signs in by popup and never leaves its page", async () => {
  const page = await site.openArticle();
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void window.sesamy?.auth.loginWithPopup());
  await site.signIn(await opened, "popup@example.com");
  await expect.poll(() => isSignedIn(page)).toBe(true);
  expect(page.url()).toBe(`${site.origin}/article?page=2#comments`);
});

test("the published client renews its token silently once it has run out, also after a reload and in two tabs at once", async () => {
  const context = await site.newReader();
  const seen = watchTokens(context);
  const page = await site.openArticle(context);
  await site.signInByRedirect(page, "renewal@example.com");
  const first = await tokenOf(page);
  // A token that is still good is not renewed, not even when asked to (publisher-js §12.4).
  expect(await tokenOf(page)).toBe(first);
  expect(seen).toEqual(["authorization_code 200"]);

  await later(context, 2);
  await page.reload();
  await untilReady(page);
  await expect.poll(() => seen).toContain("refresh_token 200");
  const second = await tokenOf(page);
  expect(second).not.toBe(first);
  expect(await call(page, "entitlements.list")).toEqual({ value: [] });

  const other = await site.openArticle(context);
  await later(context, 2);
  await Promise.all([page.reload(), other.reload()]);
  await Promise.all([untilReady(page), untilReady(other)]);
  const renewed = await Promise.all([tokenOf(page), tokenOf(other)]);
  expect(renewed).not.toContain(second);
  expect(await Promise.all([isSignedIn(page), isSignedIn(other)])).toEqual([true, true]);
  expect(new Set(seen)).toEqual(new Set(["authorization_code 200", "refresh_token 200"]));
});

test("a reader who was signed out everywhere is signed out by the published client, and stays on the page", async () => {
  const context = await site.newReader();
  const page = await site.openArticle(context);
  await site.signInByRedirect(page, "everywhere@example.com");
  const devices = await context.newPage();
  await devices.goto(`${site.login}/u/devices?client_id=daily`);
  await devices.getByRole("button", { name: "Sign out everywhere" }).click();
  await devices.waitForSelector("text=You are signed out everywhere");
  await later(context, 2);
  const left = page.waitForRequest((request) => request.url().includes("/v2/logout"));
  await page.reload();
  await left;
  await page.waitForURL(`${site.origin}/article?page=2#comments`);
  await untilReady(page);
  expect(await isSignedIn(page)).toBe(false);
});

test("on the login service's own site the published client renews its token in a hidden frame, and ends with the session", async () => {
  const context = await site.newReader();
  const seen = watchTokens(context);
  const silent: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("prompt=none")) silent.push(request.url());
  });
  const page = await site.openSameSiteArticle(context);
  await site.signInByRedirect(page, "frame@example.com");
  silent.length = 0;
  seen.length = 0;
  const first = await tokenOf(page);

  await later(context, 2);
  await page.reload();
  await untilReady(page);
  const second = await tokenOf(page);
  expect(second).not.toBe(first);
  expect(silent[0]).toContain("response_mode=web_message");
  expect(silent[0]).not.toContain("offline_access");
  expect(new Set(seen)).toEqual(new Set(["authorization_code 200"]));
  expect(await isSignedIn(page)).toBe(true);

  await page.goto(`https://login.daily.example/v2/logout?client_id=daily&returnTo=${SAME_SITE_PAGE}`);
  await later(context, 2);
  await page.reload();
  await untilReady(page);
  expect((await call(page, "auth.getTokenSilently", true, true)).error).toContain("Login required");
  expect(await isSignedIn(page)).toBe(false);
});

test("the login pages and the list of devices need no script and no mouse", async () => {
  const context = await site.newReader({ javaScriptEnabled: false });
  const page = await context.newPage();
  const email = "keyboard@example.com";
  await page.goto(`${site.login}/u/devices?client_id=daily`);
  // The field has the focus on every page, so typing and Enter are enough.
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[name=code]");
  await page.keyboard.type(await site.server.codeFor(email));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/u\/devices/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await page.locator("button:focus").textContent()).toBe("Sign out everywhere");
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=You are signed out everywhere");
});

test("the login pages and the list of devices keep every rule of WCAG 2.2 that a machine can check, on a phone", async () => {
  const context = await site.newReader({ bypassCSP: true, viewport: { width: 390, height: 844 } });
  await context.addInitScript({ path: AXE });
  const page = await context.newPage();
  const inspect = async (name: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async (runOnly) => {
        type Axe = { run(root: Document, options: object): Promise<{ violations: { id: string }[] }> };
        const { axe } = window as unknown as { axe: Axe };
        const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
        const tooWide = Math.max(0, document.documentElement.scrollWidth - window.innerWidth);
        return { violations: violations.map(({ id }) => id), tooWide };
      }, STANDARD);
      expect(found, `${name}, ${colorScheme}`).toEqual({ violations: [], tooWide: 0 });
    }
  };
  const email = "screens@example.com";
  await page.goto(`${site.login}/u/devices?client_id=daily`);
  await inspect("email");
  await page.click("[value=signup]");
  await page.click("[value=register]");
  await inspect("sign-up with a problem");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.fill("[name=username]", email);
  await page.click("[value=password]");
  await inspect("password");
  await page.click("[value=forgot]");
  await inspect("reset");
  await page.click("text=Use another address");
  await page.fill("[name=username]", email);
  await page.click("button[value=code]");
  await inspect("code");
  await page.fill("[name=code]", await site.server.codeFor(email));
  await page.click("button[value=sign-in]");
  await page.waitForURL(/devices/);
  await inspect("devices");
});
