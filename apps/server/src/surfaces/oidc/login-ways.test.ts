import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newestMail, signedInCustomer } from "../../../test/identity.ts";
import type { TestServer } from "../../../test/kit.ts";
import {
  createLoginClients,
  LoginBrowser,
  loggedIn,
  loginRequest,
  newVerifier,
  tokens,
} from "../../../test/login.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { socialSteps, startWithProviders, useProvider } from "../../../test/social.ts";
import { findCustomerByEmail } from "../../domains/identity/index.ts";
import { sql } from "../../platform/database/index.ts";

let world: Awaited<ReturnType<typeof startWithProviders>>;
let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  world = await startWithProviders();
  server = world.server;
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
});
afterAll(() => world.stop());

/** What somebody chooses on the provider's page, and where the browser comes back to. */
async function agree(authorizeUrl: string, choice: Record<string, string>): Promise<URL> {
  const steps = socialSteps(server);
  return steps.comeBack(await steps.choose(authorizeUrl, choice));
}

let people = 0;
const someone = () => {
  people += 1;
  return `way${people}@example.com`;
};

async function atLoginPage(more: Record<string, string> = {}, browser = new LoginBrowser(server)) {
  const verifier = newVerifier();
  const request = loginRequest("daily", verifier, more);
  const started = await browser.authorize(request);
  return { browser, verifier, request, page: started.headers.get("location") ?? "" };
}
type Start = Awaited<ReturnType<typeof atLoginPage>>;

const codeIn = (response: Response) =>
  new URL(response.headers.get("location") ?? "/", "http://none").searchParams.get("code");

/** Whom a finished sign-in is for. */
async function subjectOf({ request, verifier }: Start, done: Response): Promise<string> {
  const { body } = await tokens(server, {
    grant_type: "authorization_code",
    client_id: "daily",
    code: codeIn(done) ?? "",
    redirect_uri: request.redirect_uri ?? "",
    code_verifier: verifier,
  });
  return decodeJwt(body.access_token).sub ?? "";
}

const PASSWORD = "correct horse battery";

/** Signs in with a password, or tells the status of the refusal. */
async function withPassword(username: string, password: string): Promise<number> {
  const { browser, page } = await atLoginPage();
  return (await browser.post(page, { username, password, action: "sign-in" })).status;
}

/** A page without what differs in every answer. */
const bare = (text: string, email: string) =>
  text.replaceAll(email, "it").replaceAll(/nonce="[^"]+"|nonce-[\w+/=]+|state=[\w-]+/g, "");

describe("signing up with a password", () => {
  test("the password works from the moment the mailed code is typed, in this browser", async () => {
    const email = someone();
    const start = await atLoginPage();
    const { browser, page } = start;
    const form = await browser.post(page, { username: email, action: "signup" });
    expect(await form.text()).toContain('autocomplete="new-password"');
    const asked = await browser.post(page, { username: email, password: PASSWORD, action: "register" });
    expect(asked.status).toBe(200);
    expect(await withPassword(email, PASSWORD)).toBe(422);
    const { code } = (await newestMail(server, email)) ?? { code: "" };
    const done = await browser.post(page, { username: email, code });
    expect(codeIn(done)).toMatch(/^[\w-]{43}$/);
    expect(await withPassword(email, PASSWORD)).toBe(302);
  });

  test("whoever signs up with a stranger's address gives the stranger no password", async () => {
    const email = someone();
    const attacker = await atLoginPage();
    await attacker.browser.post(attacker.page, { username: email, password: PASSWORD, action: "register" });
    server.clock.advance({ minutes: 2 });
    const owner = await atLoginPage();
    await owner.browser.signIn(owner.page, email);
    expect(await withPassword(email, PASSWORD)).toBe(422);
  });

  test("an address with an account is answered alike, and keeps the password that it has", async () => {
    const known = someone();
    const first = await atLoginPage();
    await first.browser.post(first.page, { username: known, password: PASSWORD, action: "register" });
    const mailed = (await newestMail(server, known))?.code ?? "";
    await first.browser.post(first.page, { username: known, code: mailed });
    server.clock.advance({ minutes: 2 });
    const texts = [];
    for (const email of [known, someone()]) {
      const { browser, page } = await atLoginPage();
      const answer = await browser.post(page, {
        username: email,
        password: "another password",
        action: "register",
      });
      texts.push([answer.status, bare(await answer.text(), email)]);
      await browser.post(page, { username: email, code: (await newestMail(server, email))?.code ?? "" });
    }
    expect(texts[0]).toEqual(texts[1]);
    expect(await withPassword(known, "another password")).toBe(422);
    expect(await withPassword(known, PASSWORD)).toBe(302);
  });

  test("a password that is too short is refused before anything is mailed", async () => {
    const email = someone();
    const { browser, page } = await atLoginPage();
    const answer = await browser.post(page, { username: email, password: "12345", action: "register" });
    expect([answer.status, await newestMail(server, email)]).toEqual([422, null]);
  });
});

describe("a forgotten password", () => {
  test("the mailed code and a new password sign in here, and sign every other device out", async () => {
    const email = someone();
    const elsewhere = await loggedIn(server, "daily", email);
    server.clock.advance({ minutes: 2 });
    const { browser, page } = await atLoginPage();
    const asked = await browser.post(page, { username: email, action: "forgot" });
    expect(await asked.text()).toContain('name="code"');
    const { code } = (await newestMail(server, email)) ?? { code: "" };
    const short = await browser.post(page, { username: email, code, password: "12345", action: "reset" });
    expect(short.status).toBe(422);
    const done = await browser.post(page, { username: email, code, password: PASSWORD, action: "reset" });
    expect(codeIn(done)).toMatch(/^[\w-]{43}$/);
    expect(await withPassword(email, PASSWORD)).toBe(302);
    const refreshed = await tokens(server, {
      grant_type: "refresh_token",
      client_id: "daily",
      refresh_token: elsewhere.answer.refresh_token,
    });
    expect(refreshed.body.error).toBe("invalid_grant");
    expect((await newestMail(server, email))?.subject).toContain("was changed");
  });

  test("an address without an account is answered alike and gets no mail; a wrong code changes nothing", async () => {
    const known = someone();
    await signedInCustomer(server, shop, { email: known });
    const stranger = someone();
    const texts = [];
    for (const email of [known, stranger]) {
      const { browser, page } = await atLoginPage();
      const asked = await browser.post(page, { username: email, action: "forgot" });
      texts.push(bare(await asked.text(), email));
      const wrong = { username: email, code: "x00000", password: PASSWORD, action: "reset" };
      const refused = await browser.post(page, wrong);
      texts.push(bare(await refused.text(), email));
    }
    expect(texts[0]).toBe(texts[2]);
    expect(texts[1]).toBe(texts[3]);
    expect(await newestMail(server, stranger)).toBeNull();
    expect(await withPassword(known, PASSWORD)).toBe(422);
  });
});

describe("the link of a sign-in mail", () => {
  const mailedLink = async (start: Start, email: string) => {
    await start.browser.post(start.page, { username: email, action: "code" });
    const link = new URL((await newestMail(server, email))?.link ?? "");
    return { origin: link.origin, path: link.pathname + link.search };
  };

  test("signs in at once in the browser that asked for it, and works once", async () => {
    const email = someone();
    const start = await atLoginPage();
    const { origin, path } = await mailedLink(start, email);
    expect(origin).toBe("http://tollgate.test");
    const done = await start.browser.fetch(path);
    expect(done.status).toBe(302);
    const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, email);
    expect(await subjectOf(start, done)).toBe(customer?.uuid);
    expect((await start.browser.fetch(path)).status).toBe(410);
  });

  test("elsewhere it signs nobody in and uses nothing up, whoever opens it and however", async () => {
    const email = someone();
    const start = await atLoginPage();
    const { path } = await mailedLink(start, email);
    const scanner = new LoginBrowser(server);
    const other = await atLoginPage();
    const foreign = path.replace(/state=[\w-]+/, new URL(`http://x${other.page}`).search.slice(1));
    for (const response of [
      await scanner.fetch(path),
      await scanner.fetch(path, { method: "HEAD" }),
      await start.browser.fetch(path, { method: "HEAD" }),
      await other.browser.fetch(path),
      await scanner.fetch(foreign),
    ]) {
      expect([response.status, response.headers.get("location")]).toEqual([200, null]);
      expect(response.headers.getSetCookie().join()).not.toContain("tollgate_login");
    }
    expect(codeIn(await start.browser.fetch(path))).toMatch(/^[\w-]{43}$/);
  });

  test("leads to this installation whatever Host the request for it had, and to no page in a popup's mail", async () => {
    const email = someone();
    const start = await atLoginPage();
    await start.browser.fetch(start.page, {
      method: "POST",
      body: new URLSearchParams({ username: email, action: "code" }),
      host: "evil.example",
    });
    const poisoned = new URL((await newestMail(server, email))?.link ?? "");
    expect(poisoned.host).toBe("tollgate.test");
    const popup = await atLoginPage({ response_mode: "web_message" });
    const { path } = await mailedLink(popup, someone());
    expect(path).toMatch(/^\/paywall\/v3\/auth\/confirm/);
  });
});

describe("another provider's word", () => {
  const start = async (more: Record<string, string> = {}) => {
    const begun = await atLoginPage(more);
    const html = await (await begun.browser.fetch(begun.page)).text();
    return {
      ...begun,
      html,
      social: (provider: string) => begun.page.replace("/u/login", `/u/social/${provider}`),
    };
  };

  test("nothing is offered until the tenant is set up for it; then it signs in, as the same customer each time", async () => {
    expect((await start()).html).not.toContain("Google");
    await useProvider(server, shop, "google", world.origin);
    const subjects = [];
    for (let round = 0; round < 2; round += 1) {
      const begun = await start();
      expect(begun.html).toContain("Continue with Google");
      const sent = await begun.browser.fetch(begun.social("google"));
      expect(sent.status).toBe(302);
      const back = await agree(sent.headers.get("location") ?? "", {
        email: "social@mail.example",
        name: "Social Reader",
        verified: "1",
      });
      expect(back.pathname).toBe("/u/social");
      const done = await begun.browser.fetch(back.pathname + back.search);
      subjects.push(await subjectOf(begun, done));
    }
    const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, "social@mail.example");
    expect(subjects).toEqual([customer?.uuid, customer?.uuid]);
  });

  test("an answer counts only in the browser and for the request that it was asked for, and once", async () => {
    const mine = await start();
    const sent = await mine.browser.fetch(mine.social("google"));
    const person = { email: "victim@mail.example", name: "V", verified: "1" };
    const back = await agree(sent.headers.get("location") ?? "", person);
    const path = back.pathname + back.search;
    const thief = await start();
    const moved = new URLSearchParams(back.search);
    moved.set("state", new URL(`http://x${thief.page}`).searchParams.get("state") ?? "");
    for (const response of [
      await new LoginBrowser(server).fetch(path),
      await thief.browser.fetch(path),
      await thief.browser.fetch(`/u/social?${moved}`),
    ]) {
      expect(response.headers.get("location")).toBeNull();
      expect(response.headers.getSetCookie().join()).not.toContain("tollgate_login");
    }
    expect(codeIn(await mine.browser.fetch(path))).toMatch(/^[\w-]{43}$/);
    expect((await mine.browser.fetch(path)).headers.get("location")).toBeNull();
  });

  test("it comes back to this installation whatever Host began it; a cancelled one and an unknown provider are said in words", async () => {
    const begun = await start();
    const spoofed = await begun.browser.fetch(begun.social("google"), { host: "evil.example" });
    const back = await agree(spoofed.headers.get("location") ?? "", { deny: "1" });
    expect(back.origin).toBe("http://tollgate.test");
    const said = await begun.browser.fetch(back.pathname + back.search);
    expect([said.status, (await said.text()).includes("was cancelled")]).toEqual([422, true]);
    const unknown = await begun.browser.fetch(begun.social("myspace"));
    expect([unknown.status, unknown.headers.get("location")]).toEqual([422, null]);
  });
});

describe("the passwordless grant", () => {
  const grant = (fields: Record<string, string>, headers = {}) =>
    tokens(
      server,
      {
        grant_type: "http://auth0.com/oauth/grant-type/passwordless/otp",
        client_id: "daily",
        realm: "email",
        scope: "openid email offline_access",
        ...fields,
      },
      headers,
    );
  const mailCode = async (email: string) => {
    const { browser, page } = await atLoginPage();
    await browser.post(page, { username: email, action: "code" });
    return (await newestMail(server, email))?.code ?? "";
  };

  test("exchanges a mailed code for tokens, once", async () => {
    const email = someone();
    const otp = await mailCode(email);
    const { status, body } = await grant({ username: email, otp });
    expect(status).toBe(200);
    expect(decodeJwt(body.id_token)).toMatchObject({ aud: "daily", email });
    const refreshed = await tokens(server, {
      grant_type: "refresh_token",
      client_id: "daily",
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
    expect((await grant({ username: email, otp })).body.error).toBe("invalid_grant");
  });

  test("is for the client's own pages, for no back end, and counts wrong codes like the login page", async () => {
    const email = someone();
    const otp = await mailCode(email);
    const foreign = await grant({ username: email, otp }, { origin: "https://evil.example" });
    expect([foreign.status, foreign.body.error]).toEqual([403, "access_denied"]);
    expect((await grant({ username: email, otp, realm: "sms" })).body.error).toBe("invalid_request");
    for (let tries = 0; tries < 5; tries += 1) {
      const guess = otp === "000000" ? "000001" : "000000";
      expect((await grant({ username: email, otp: guess })).body.error).toBe("invalid_grant");
    }
    expect((await grant({ username: email, otp })).body.error).toBe("invalid_grant");
  });
});

test("what is kept of a sign-in beside the session is no secret in the clear", async () => {
  const email = someone();
  const { browser, page } = await atLoginPage();
  await browser.post(page, { username: email, password: PASSWORD, action: "register" });
  const secret = new URL(`http://x${page}`).searchParams.get("state") ?? "none";
  const rows = JSON.stringify(await server.deps.db.query(sql`select request::text from login_requests`));
  expect(rows).toContain("$argon2id$");
  expect(rows).not.toContain(PASSWORD);
  expect(rows).not.toContain(secret);
  const flows = JSON.stringify(await server.deps.db.query(sql`select f::text from oauth_flows f`));
  expect(flows).not.toContain(secret);
});
