import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { saveOAuthClient } from "../../apps/server/src/domains/tenants/index.ts";
import { launchBrowser } from "../browser.ts";
import { type RealServer, startRealServer } from "./real-server.ts";

type Published = {
  auth: {
    isAuthenticated(): Promise<boolean>;
    loginWithRedirect(): Promise<void>;
    loginWithPopup(): Promise<void>;
  };
};
declare global {
  interface Window {
    sesamy?: Published;
  }
}

const directory = mkdtempSync(join(tmpdir(), "published-client-"));
let server: RealServer;
let browser: Browser;
let host: Server;
let origin: string;

/** The published browser client as publishers load it, unpacked without being installed. */
function publishedClient(): string {
  execFileSync("npm", ["pack", "@sesamy/sesamy-js@1.74.0", "--silent"], { cwd: directory });
  const archive = readdirSync(directory).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["xzf", archive], { cwd: directory });
  return readFileSync(join(directory, "package/dist/sesamy-js.iife.js"), "utf8");
}

beforeAll(async () => {
  const script = publishedClient();
  [server, browser] = await Promise.all([startRealServer(), launchBrowser()]);
  const login = `http://127.0.0.1:${server.port}`;
  const config = {
    clientId: "daily",
    vendorId: "daily",
    api: { namespace: "sesamy", endpoint: login },
    auth: { domain: login },
    analytics: { enabled: false },
  };
  host = createServer((request, response) => {
    const isScript = request.url === "/client.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(
      isScript
        ? script
        : `<!doctype html><title>Article</title><script type="application/json" id="sesamy-js">${JSON.stringify(config)}</script><script src="/client.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  const shop = await server.sell();
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId: shop.tenantId,
      clientId: "daily",
      name: "The Daily",
      kind: "browser",
      origins: [origin],
      scopes: [],
    }),
  );
});
afterAll(async () => {
  await browser?.close();
  host?.close();
  await server?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const isSignedIn = (page: Page) =>
  page.evaluate(async () => Boolean(await window.sesamy?.auth.isAuthenticated()));

async function openArticle(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${origin}/article?page=2#comments`);
  await page.waitForFunction(() => window.sesamy?.auth !== undefined);
  return page;
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.fill("[name=username]", email);
  await page.click("button[value=code]");
  await page.fill("[name=code]", await server.codeFor(email));
  await page.click("button[value=sign-in]");
}

test("the published client signs in by redirect, comes back to the same page, and is still signed in after a reload", async () => {
  const page = await openArticle();
  expect(await isSignedIn(page)).toBe(false);
  await page.evaluate(() => void window.sesamy?.auth.loginWithRedirect());
  await page.waitForURL(/\/u\/login/);
  await signIn(page, "redirect@example.com");
  await page.waitForURL((url) => url.origin === origin);
  await expect.poll(() => isSignedIn(page).catch(() => false)).toBe(true);
  expect(page.url()).toContain("page=2");
  await page.reload();
  await expect.poll(() => isSignedIn(page).catch(() => false)).toBe(true);
});

test("the published client signs in by popup and never leaves its page", async () => {
  const page = await openArticle();
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void window.sesamy?.auth.loginWithPopup());
  const popup = await opened;
  await popup.waitForURL(/\/u\/login/);
  await signIn(popup, "popup@example.com");
  await expect.poll(() => isSignedIn(page)).toBe(true);
  expect(page.url()).toBe(`${origin}/article?page=2#comments`);
});
