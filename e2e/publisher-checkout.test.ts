import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, launchBrowser, newVisitor, PHONE } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

type Facts = {
  clientId: string;
  paywalls: { news: { id: string; sku: string; articles: string[]; discountCode: string } };
};
type Checkout = { id: string; checkoutUrl: string; status: string; price: number };

let server: ServerProcess;
let browser: Browser;
let facts: Facts;
beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchBrowser();
  facts = (await (await fetch(`${server.baseUrl}/dev/demo.json`)).json()) as Facts;
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** Screenshots for people, in both colours, when asked for: SCREENSHOTS=folder npm test -- e2e/publisher-checkout */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
  }
}

/** A call as a browser makes it for somebody who has not signed in. */
async function api(path: string, init: RequestInit = {}): Promise<Checkout> {
  const authorization = `Basic ${Buffer.from(`${facts.clientId}|"visitor":`).toString("base64")}`;
  const answer = await fetch(`${server.baseUrl}${path}`, {
    ...init,
    headers: { authorization, "content-type": "application/json" },
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as Checkout;
}

async function buyByPage(name: string, options: BrowserContextOptions): Promise<void> {
  const { news } = facts.paywalls;
  const article = news.articles[0] ?? "";
  const required = { enabled: true, required: true };
  const made = await api("/checkouts", {
    method: "POST",
    body: JSON.stringify({
      items: [{ sku: news.sku }],
      redirectUrl: `${article}?force-refetch-entitlements=true`,
      requireAddress: true,
      fieldSettings: { name: required, phone: { enabled: true } },
      metadata: { from: name },
    }),
  });
  const { context, page, problems } = await newVisitor(browser, options);
  await page.goto(`${made.checkoutUrl}?norecreate=true&lang=en`);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  expect(await fits()).toBe(true);
  await look(page, `${name}-1-empty`);

  await page
    .getByRole("button", { name: /continue to pay/i })
    .last()
    .click();
  await page.getByRole("alert").first().waitFor();
  await look(page, `${name}-2-missing`);

  await page.getByLabel("Email address").fill(`${name}@example.com`);
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Last name").fill("Lindqvist");
  await page.getByLabel("Street and number").fill("Storgatan 1");
  await page.getByLabel("Postal code").fill("111 22");
  await page.getByLabel("City").fill("Stockholm");
  await page.getByLabel("Country").selectOption("SE");
  await page.getByText("Discount code", { exact: true }).first().click();
  await page.getByRole("textbox", { name: "Discount code" }).fill(news.discountCode.toLowerCase());
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText(`${news.discountCode} is applied.`).waitFor();
  expect(await fits()).toBe(true);
  await look(page, `${name}-3-code`);
  const { price } = await api(`/checkouts/${made.id}`);
  expect(price).toBe(made.price / 2);

  await page
    .getByRole("button", { name: /continue to pay/i })
    .last()
    .click();
  await page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await page.getByLabel(/expir/i).fill("12/39");
  await page.getByLabel(/security code/i).fill("123");
  await look(page, `${name}-4-card`);
  await page.getByRole("button", { name: /^pay/i }).click();
  await page.waitForURL((url) => url.href.startsWith(article));
  await expect.poll(async () => (await api(`/checkouts/${made.id}`)).status).toBe("COMPLETED");

  await page.goto(made.checkoutUrl);
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  await look(page, `${name}-5-paid`);
  expect(problems.filter((it) => !/status of (422|404)/.test(it))).toEqual([]);
  await context.close();
}

/** A reader's access token, as a page of the publisher has one. */
async function tokenOf(email: string): Promise<string> {
  const auth = `${server.baseUrl}/api/v1/paywall/${facts.paywalls.news.id}/auth/otp`;
  const post = (path: string, body: unknown) =>
    fetch(`${auth}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await post("send", { email });
  await expect.poll(async () => (await server.inbox(email))[0]?.code, { timeout: 10_000 }).toMatch(/^\d{6}$/);
  const verified = await post("verify", { email, token: (await server.inbox(email))[0]?.code });
  return ((await verified.json()) as { access_token: string }).access_token;
}

test("a link with the reader's token in its fragment knows the buyer, and keeps the token out of the address", async () => {
  const { context, page } = await newVisitor(browser, PHONE);
  const token = await tokenOf("reader@example.com");
  const query = new URLSearchParams({
    "client-id": facts.clientId,
    sku: facts.paywalls.news.sku,
    lang: "de",
  });
  await page.goto(`${server.baseUrl}/checkout?${query}#access_token=${token}`);
  await page.getByText("Für reader@example.com").waitFor();
  expect(page.url()).not.toContain(token);
  await context.close();
});

test.each([
  ["desktop", DESKTOP],
  ["phone", PHONE],
] as const)("a publisher's checkout is filled in, made cheaper and paid on a %s", async (name, options) => {
  await buyByPage(name, options);
});
