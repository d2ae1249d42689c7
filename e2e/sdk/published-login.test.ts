import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { call, isSignedIn, SAME_SITE_PAGE, untilReady, usePublishedSite } from "./published-page.ts";

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
