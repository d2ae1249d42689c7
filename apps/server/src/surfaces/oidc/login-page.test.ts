import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newestMail, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import {
  createLoginClients,
  LoginBrowser,
  loggedIn,
  loginRequest,
  MACHINE_SECRET,
  newVerifier,
  tokens,
} from "../../../test/login.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { findCustomerByEmail } from "../../domains/identity/index.ts";
import { listMails } from "../../platform/mail/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
});
afterAll(() => server[Symbol.asyncDispose]());

/** A browser that has come to the login page. */
async function atLoginPage(more: Record<string, string> = {}) {
  const browser = new LoginBrowser(server);
  const started = await browser.authorize(loginRequest("daily", newVerifier(), more));
  const page = started.headers.get("location") ?? "";
  return { browser, page, html: await (await browser.fetch(page)).text() };
}

const codeIn = (response: Response) =>
  new URL(response.headers.get("location") ?? "http://none/").searchParams.get("code");

test("the page is a plain form in the language asked for, with the address filled in and nothing of it taken as markup", async () => {
  const { html } = await atLoginPage({ ui_locales: "sv", login_hint: `"><img src=x>@example.com` });
  expect(html).toContain('<html lang="sv">');
  expect(html).toContain("Logga in");
  expect(html).toContain('name="username"');
  expect(html).not.toContain("<img src=x>");
  expect(html).not.toContain("<script");
  expect((await atLoginPage({ ui_locales: "xx" })).html).toContain('<html lang="en">');
});

test("known and unknown addresses are answered alike, and a code makes the account when it comes back", async () => {
  await signedInCustomer(server, shop, { email: "known@example.com" });
  const texts = [];
  for (const username of ["known@example.com", "newcomer@example.com"]) {
    const { browser, page } = await atLoginPage();
    const asked = await browser.post(page, { username, action: "code" });
    texts.push((await asked.text()).replaceAll(username, "it").replaceAll(/nonce="[^"]+"|state=[\w-]+/g, ""));
    const mail = await newestMail(server, username);
    expect(codeIn(await browser.post(page, { username, code: mail?.code ?? "" }))).toMatch(/^[\w-]{43}$/);
  }
  expect(texts[0]).toBe(texts[1]);
});

test("a person who signed up on a paywall signs in here with the same password, as the same customer", async () => {
  const email = "shared@example.com";
  await server.post(shop.api("auth/email/signup"), { email, password: "correct horse battery" });
  const mail = await newestMail(server, email);
  await server.fetch("/paywall/v3/auth/confirm", {
    method: "POST",
    body: new URLSearchParams({ token_hash: mail?.token ?? "" }),
  });
  const { browser, page } = await atLoginPage();
  const wrong = await browser.post(page, { username: email, password: "wrong horse" });
  expect([wrong.status, wrong.headers.get("location")]).toEqual([422, null]);
  const right = await browser.post(page, { username: email, password: "correct horse battery" });
  expect(codeIn(right)).toMatch(/^[\w-]{43}$/);
  const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, email);
  const { answer } = await loggedIn(server, "daily", email);
  expect(decodeJwt(answer.access_token).sub).toBe(customer?.uuid);
});

test("wrong codes and too many of them are said in words, and sign nobody in", async () => {
  const username = "guesser@example.com";
  const { browser, page } = await atLoginPage();
  await browser.post(page, { username, action: "code" });
  const right = (await newestMail(server, username))?.code ?? "";
  const wrong = right === "000000" ? "000001" : "000000";
  for (let tries = 0; tries < 5; tries += 1) {
    const response = await browser.post(page, { username, code: wrong });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("not right or no longer works");
  }
  expect(codeIn(await browser.post(page, { username, code: right }))).toBeNull();
});

test("a second code within a minute is not mailed", async () => {
  const username = "eager@example.com";
  const { browser, page } = await atLoginPage();
  await browser.post(page, { username, action: "code" });
  const second = await browser.post(page, { username, action: "code" });
  expect(await second.text()).toContain("less than a minute ago");
  expect(await listMails(server.deps.db, { to: username, limit: 10 })).toHaveLength(1);
});

test("an address that is none, a page that was finished and one that is an hour old are answered in words", async () => {
  const { browser, page } = await atLoginPage();
  expect((await browser.post(page, { username: "nobody", action: "code" })).status).toBe(422);
  const done = await browser.signIn(page, "finisher@example.com");
  expect(codeIn(done)).not.toBeNull();
  expect((await browser.fetch(page)).status).toBe(400);
  const late = await atLoginPage();
  server.clock.advance({ hours: 1 });
  expect((await late.browser.fetch(late.page)).status).toBe(400);
});

test("a page that is reloaded, gone back to or thrown away by a phone is found again, with the address and without another mail", async () => {
  const username = "phone@example.com";
  const { browser, page } = await atLoginPage();
  const step = (name: string) => `${page}&step=${name}`;
  expect(await (await browser.fetch(step("code"))).text()).toContain('name="username"');
  expect(await (await browser.fetch(step("code"))).text()).not.toContain('name="code"');
  const sent = await browser.fetch(page, {
    method: "POST",
    body: new URLSearchParams({ username, action: "code" }),
  });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, step("code")]);
  for (let visit = 0; visit < 2; visit += 1) {
    const html = await (await browser.fetch(step("code"))).text();
    expect(html).toContain('name="code"');
    expect(html).toContain(username);
  }
  expect(await listMails(server.deps.db, { to: username, limit: 10 })).toHaveLength(1);
  expect(await (await browser.fetch(page)).text()).toContain(`value="${username}"`);
  expect((await new LoginBrowser(server).fetch(step("code"))).status).toBe(400);
});

test("in a popup the answer to the form posts the code to the opener", async () => {
  const { browser, page } = await atLoginPage({ response_mode: "web_message" });
  const done = await browser.signIn(page, "popup@example.com");
  expect(done.status).toBe(200);
  expect(await done.text()).toContain("window.opener || window.parent");
});

test("the test mode's code signs in without a mailbox", async () => {
  await using demo = await startTestServer({ config: { testCode: "424242" } });
  await createLoginClients(demo, await createShop(demo), "daily");
  const browser = new LoginBrowser(demo);
  const started = await browser.authorize(loginRequest("daily", newVerifier()));
  const page = started.headers.get("location") ?? "";
  await browser.post(page, { username: "tester@example.com", action: "code" });
  const done = await browser.post(page, { username: "tester@example.com", code: "424242" });
  expect(codeIn(done)).not.toBeNull();
});

test("the publisher API knows the bearer of an access token, and of no ID token", async () => {
  const { answer } = await loggedIn(server, "daily", "bearer@example.com");
  const vendor = await server.get<{ id: string }>("/vendor", {
    authorization: `Bearer ${answer.access_token}`,
  });
  expect([vendor.status, vendor.body.id]).toEqual([200, shop.slug]);
  const wrong = await server.get("/vendor", { authorization: `Bearer ${answer.id_token}` });
  expect(wrong.status).toBe(401);
  const tags = await server.fetch("/tags", { headers: { authorization: `Bearer ${answer.access_token}` } });
  expect(tags.status).toBe(200);
});

test("the publisher API knows a back end by its token, which speaks for no reader", async () => {
  const { body } = await tokens(server, {
    grant_type: "client_credentials",
    client_id: "daily-backend",
    client_secret: MACHINE_SECRET,
  });
  const authorization = `Bearer ${body.access_token}`;
  expect((await server.get<{ id: string }>("/vendor", { authorization })).body.id).toBe(shop.slug);
  expect((await server.get("/tags", { authorization })).status).toBe(403);
});
