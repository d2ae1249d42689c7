import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page, Response } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// Set to a directory to keep a picture of every page.
const SHOTS = process.env.SCREENSHOT_DIR;
const STATE = "Zm9yLXRoaXMtd2luZG93LQ";
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** A page without an icon is no problem of ours. */
const isOfThePage = (problem: string) => !/the server responded with a status of 404/.test(problem);

type Message = {
  type: string;
  status: string;
  messageId: string;
  code?: string;
  error?: string;
  errorCode?: string;
  description?: string;
};
declare global {
  interface Window {
    heard: { origin: string; data: Message }[];
    popup: Window | null;
  }
}

let server: ServerProcess;
let browser: Browser;
let api: string;
beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchBrowser();
  api = `${server.baseUrl}/api/v1/paywall/${(await server.demo()).paywalls.app.id}/auth/oauth`;
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** A merchant's page: another origin than the server's, as it always is. */
async function hostPage(
  options = DESKTOP,
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const visitor = await newVisitor(browser, options);
  await visitor.page.goto(`http://127.0.0.1:${server.port}/healthz`);
  await visitor.page.evaluate(() => {
    window.heard = [];
    addEventListener("message", ({ origin, data }) => window.heard.push({ origin, data }));
  });
  return visitor;
}

/** Starts a sign-in in the page and opens its popup, as the contract's client does. */
async function openPopup(page: Page, provider: string, token?: string): Promise<Page> {
  const opened = page.context().waitForEvent("page");
  await page.evaluate(
    async ({ api, provider, challenge, state, token }) => {
      const response = await fetch(`${api}/init`, {
        method: "POST",
        credentials: "omit",
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ provider, code_challenge: challenge, code_challenge_method: "s256" }),
      });
      const { authorize_url } = await response.json();
      window.popup = window.open(authorize_url, `pw-oauth-${state}`, "width=480,height=640,popup=yes");
    },
    { api, provider, challenge: CHALLENGE, state: STATE, token },
  );
  return opened;
}

async function heard(page: Page): Promise<{ origin: string; data: Message }> {
  await page.waitForFunction(() => window.heard.length > 0);
  return page.evaluate(() => window.heard[0]!);
}

const exchange = (page: Page, code: string | undefined) =>
  page.evaluate(
    async ({ api, code, verifier }) => {
      const response = await fetch(`${api}/exchange`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ auth_code: code, code_verifier: verifier }),
      });
      return { status: response.status, body: await response.json() };
    },
    { api, code, verifier: VERIFIER },
  );

const closed = async (popup: Page) => {
  if (!popup.isClosed()) await popup.waitForEvent("close");
};

test("#153 #154 from the click to the session: the popup tells its opener the code and closes itself, without exchanging it", async () => {
  for (const provider of ["google", "apple", "github"]) {
    const { context, page, problems } = await hostPage();
    const popup = await openPopup(page, provider);
    let callback: Response | undefined;
    popup.on("response", (response) => {
      if (response.url().includes("/auth/callback")) callback = response;
    });
    await popup.getByRole("button", { name: "Ana Keller" }).click();
    const { origin, data } = await heard(page);
    await closed(popup);
    expect(origin).toBe(server.baseUrl);
    expect(data).toEqual({ type: "pw-oauth", status: "success", messageId: STATE, code: expect.any(String) });
    expect(await page.evaluate(() => window.popup?.closed)).toBe(true);
    // The page was served at the address with the code in its query, and cut nobody off.
    expect(new URL(callback!.url()).searchParams.get("code")).toBe(data.code);
    expect(callback!.status()).toBe(200);
    expect(callback!.headers()["cross-origin-opener-policy"]).toBeUndefined();
    expect(callback!.headers()["content-security-policy"]).toMatch(/default-src 'none'.*script-src 'nonce-/);
    // It did not exchange the code: that works now, once.
    const signedIn = await exchange(page, data.code);
    expect(signedIn).toMatchObject({
      status: 200,
      body: { user: { name: "Ana Keller", email: "ana@example.com" } },
    });
    expect(problems.filter(isOfThePage)).toEqual([]);
    await context.close();
  }
});

test("#153 somebody who says no, and an identity of another account, reach the opener as errors with our own words", async () => {
  const { context, page } = await hostPage();
  const popup = await openPopup(page, "google");
  await popup.getByRole("button", { name: "Cancel" }).click();
  const { data } = await heard(page);
  expect(data).toEqual({
    type: "pw-oauth",
    status: "error",
    error: "access_denied",
    errorCode: "access_denied",
    description: "The sign-in was cancelled",
    messageId: STATE,
  });
  await closed(popup);

  const anonymous = await server.json<{ access_token: string }>(
    `${new URL(api).pathname.replace("oauth", "anonymous")}/signin`,
    { method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
  );
  const owner = await openPopup(page, "github");
  await page.evaluate(() => window.heard.splice(0));
  await owner.getByRole("button", { name: "Ana Keller" }).click();
  expect((await exchange(page, (await heard(page)).data.code)).status).toBe(200);
  await closed(owner);
  const linking = await openPopup(page, "github", anonymous.access_token);
  await page.evaluate(() => window.heard.splice(0));
  await linking.getByRole("button", { name: "Ana Keller" }).click();
  expect((await heard(page)).data).toMatchObject({ status: "error", errorCode: "identity_already_exists" });
  await closed(linking);
  await context.close();
});

test("without an opener the page stays and says what to do; words in the address are never shown or run", async () => {
  const { context, page, problems } = await newVisitor(browser, PHONE);
  const callback = `${server.baseUrl}/paywall/v3/auth/callback`;
  await page.goto(`${callback}?code=some-code`);
  await page.getByRole("heading", { name: "Almost there" }).waitFor();
  expect(page.url()).toContain("code=some-code");
  const evil = "<img src=x onerror=alert(1)>Call +1 555 0100";
  const words = new URLSearchParams({ error: evil, error_code: evil, error_description: evil });
  for (const address of [
    `${callback}#${words}`,
    `${callback}?${words}`,
    `${callback}#error_code=constructor`,
    callback,
  ]) {
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByRole("heading", { name: "Sign-in did not work" }).waitFor();
    expect(await page.locator("main").textContent()).not.toContain("555");
    expect(await page.locator("img").count()).toBe(0);
  }
  await page.goto("about:blank");
  await page.goto(`${callback}#error=server_error&error_code=identity_already_exists`);
  await page.getByRole("heading", { name: "Already linked" }).waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test("a person without scripts and with a keyboard alone gets through the provider's page, and can be somebody new", async () => {
  const { context, page } = await newVisitor(browser, { ...PHONE, javaScriptEnabled: false });
  const init = await fetch(`${api}/init`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ provider: "github", code_challenge: CHALLENGE, code_challenge_method: "S256" }),
  });
  await page.goto(((await init.json()) as { authorize_url: string }).authorize_url);
  await page.getByText("Somebody else").click();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Name").fill("Dora Newcomer");
  await page.getByLabel("Email address").fill("dora@example.com");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Almost there" }).waitFor();
  await context.close();
});

for (const [device, options] of [
  ["1440", DESKTOP],
  ["390", PHONE],
] as const) {
  test(`the provider's page and every state of the callback page keep WCAG 2.2 AA and fit ${device} px, in light and dark`, async () => {
    const { context, page } = await newVisitor(browser, { ...options, bypassCSP: true });
    await context.addInitScript({ path: AXE });
    const look = async (name: string, url: string) => {
      await page.goto("about:blank");
      await page.goto(url);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const found = await page.evaluate(async (runOnly) => {
          const { axe } = window as unknown as {
            axe: { run(root: Document, options: object): Promise<{ violations: { id: string }[] }> };
          };
          const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
          return {
            violations: violations.map(({ id }) => id),
            tooWide: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
          };
        }, STANDARD);
        expect(found, `${name}, ${colorScheme}`).toEqual({ violations: [], tooWide: 0 });
        if (SHOTS) {
          mkdirSync(SHOTS, { recursive: true });
          await page.screenshot({ path: `${SHOTS}/${name}-${device}-${colorScheme}.png`, fullPage: true });
        }
      }
    };
    const callback = `${server.baseUrl}/paywall/v3/auth/callback`;
    for (const provider of ["google", "apple", "github"]) {
      const init = await fetch(`${api}/init`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ provider, code_challenge: CHALLENGE, code_challenge_method: "S256" }),
      });
      await look(`chooser-${provider}`, ((await init.json()) as { authorize_url: string }).authorize_url);
    }
    await look("callback-code", `${callback}?code=abc`);
    for (const code of ["access_denied", "identity_already_exists", "flow_expired", "other"])
      await look(`callback-${code}`, `${callback}#error=x&error_code=${code}`);
    await context.close();
  });
}
