import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import {
  createLoginClients,
  LoginBrowser,
  loggedIn,
  loginRequest,
  newVerifier,
} from "../../../test/login.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
  await createLoginClients(server, await createShop(server), "weekly");
});
afterAll(() => server[Symbol.asyncDispose]());

const PAGE = "/u/devices?client_id=daily";
let people = 0;
const someone = () => {
  people += 1;
  return `device${people}@example.com`;
};

/** A browser that calls itself something, and is signed in. */
async function signedIn(email: string, userAgent: string): Promise<LoginBrowser> {
  server.clock.advance({ minutes: 2 });
  const browser = new LoginBrowser(server);
  browser.headers = { "user-agent": userAgent };
  const started = await browser.authorize(loginRequest("daily", newVerifier()));
  await browser.signIn(started.headers.get("location") ?? "", email);
  return browser;
}

const open = async (browser: LoginBrowser) => (await browser.fetch(PAGE)).text();
const csrfIn = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
const sessionsIn = (html: string) =>
  [...html.matchAll(/name="session" value="([^"]+)"/g)].map(([, id]) => id ?? "");
const isSignedIn = async (browser: LoginBrowser) => {
  const response = await browser.authorize(loginRequest("daily", newVerifier(), { prompt: "none" }));
  return (response.headers.get("location") ?? "").includes("code=");
};

test("a reader sees where they are signed in, which of it is this device, and nothing that a browser says as markup", async () => {
  const email = someone();
  await signedIn(email, `<script>alert(1)</script> ${IPHONE}`);
  const here = await signedIn(email, FIREFOX);
  const html = await open(here);
  expect(html.match(/Firefox on Windows<span class="badge ok">This device/)).not.toBeNull();
  expect(html).toContain("Safari on iPhone");
  expect(html).not.toContain("alert(1)");
  expect(html.indexOf("Firefox on Windows")).toBeLessThan(html.indexOf("Safari on iPhone"));
});

test("one device is signed out without the others, all others without this one, and everywhere with it", async () => {
  const email = someone();
  const [phone, tablet, here] = [
    await signedIn(email, IPHONE),
    await signedIn(email, IPHONE),
    await signedIn(email, FIREFOX),
  ];
  const html = await open(here);
  const csrf = csrfIn(html);
  const [, newest] = sessionsIn(html);
  const one = await here.post(PAGE, { csrf, action: "one", session: newest ?? "" });
  expect([one.status, one.headers.get("location")]).toEqual([303, `${PAGE}&done=one`]);
  expect([await isSignedIn(phone), await isSignedIn(tablet), await isSignedIn(here)]).toEqual([
    true,
    false,
    true,
  ]);
  await here.post(PAGE, { csrf, action: "others" });
  expect([await isSignedIn(phone), await isSignedIn(here)]).toEqual([false, true]);
  const all = await here.post(PAGE, { csrf, action: "all" });
  expect(await all.text()).toContain("signed out everywhere");
  expect(await isSignedIn(here)).toBe(false);
});

test("sessions of the 3.x surface are in the same list and end from it", async () => {
  const email = someone();
  const paywall = await signedInCustomer(server, shop, { email });
  const here = await signedIn(email, FIREFOX);
  const html = await open(here);
  expect(sessionsIn(html)).toContain(paywall.sessionId);
  await here.post(PAGE, { csrf: csrfIn(html), action: "one", session: paywall.sessionId });
  expect((await server.get(shop.api("user"), paywall.headers)).status).toBe(401);
});

test("another person's device, a missing or foreign token, and a form from another site change nothing", async () => {
  const victim = await signedIn(someone(), FIREFOX);
  const [theirs] = sessionsIn(await open(victim));
  const thief = await signedIn(someone(), IPHONE);
  const csrf = csrfIn(await open(thief));
  await thief.post(PAGE, { csrf, action: "one", session: theirs ?? "" });
  await thief.post(PAGE, { csrf, action: "one", session: "ses_\0" });
  expect(await isSignedIn(victim)).toBe(true);
  await victim.post(PAGE, { action: "all" });
  await victim.post(PAGE, { csrf, action: "all" });
  const own = csrfIn(await open(victim));
  const foreign = await victim.fetch(PAGE, {
    method: "POST",
    body: new URLSearchParams({ csrf: own, action: "all" }),
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(foreign.status).toBe(400);
  expect(await isSignedIn(victim)).toBe(true);
  const page = await victim.fetch(PAGE);
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(page.headers.get("cache-control")).toBe("no-store");
});

test("whoever is not signed in signs in first and comes back to the list; no code leaves", async () => {
  const browser = new LoginBrowser(server);
  const started = await browser.fetch(PAGE);
  expect(started.headers.get("location")).toMatch(/^\/u\/login\?state=/);
  const done = await browser.signIn(started.headers.get("location") ?? "", someone());
  expect([done.status, done.headers.get("location")]).toEqual([303, `http://tollgate.test${PAGE}`]);
  expect(await open(browser)).toContain("Where you are signed in");
});

test("a client that is unknown, or a back end's, has no such page; another tenant's asks for another sign-in", async () => {
  const { browser } = await loggedIn(server, "daily", someone());
  for (const client of ["nobody", "daily-backend", "", "a b"]) {
    const response = await browser.fetch(`/u/devices?${new URLSearchParams({ client_id: client })}`);
    expect(response.status).toBe(400);
  }
  const elsewhere = await browser.fetch("/u/devices?client_id=weekly");
  expect(elsewhere.headers.get("location")).toMatch(/^\/u\/login/);
});

test("whoever has their account deleted leaves no word of their browsers behind", async () => {
  const email = someone();
  const { answer } = await loggedIn(server, "daily", email);
  await signedIn(email, FIREFOX);
  const kept = () =>
    server.deps.db.query<{ userAgent: string | null }>(sql`
      select user_agent "userAgent" from sessions s join customers c on c.id = s.customer_id
      where c.uuid = ${decodeJwt(answer.access_token).sub} and (user_agent is not null or s.country is not null)`);
  expect(await kept()).toEqual([{ userAgent: FIREFOX }]);
  const gone = await server.fetch("/profile", {
    method: "DELETE",
    headers: { authorization: `Bearer ${answer.access_token}` },
  });
  expect([gone.status, await kept()]).toEqual([204, []]);
});
