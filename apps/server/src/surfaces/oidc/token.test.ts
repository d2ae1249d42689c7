import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
import { publishedKeys, resolveLoginToken, rotateSigningKeys } from "../../domains/oidc/index.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
  await createLoginClients(server, await createShop(server), "weekly");
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId: shop.tenantId,
      clientId: "daily-app",
      name: "A second client of the same tenant",
      kind: "browser",
      origins: ["https://www.daily.example"],
      scopes: [],
    }),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

let people = 0;
const someone = () => {
  people += 1;
  return `reader${people}@example.com`;
};

/** A code that nobody has exchanged yet, and what exchanging it takes. */
async function freshCode(more: Record<string, string> = {}) {
  const { browser } = await loggedIn(server, "daily", someone());
  const verifier = newVerifier();
  const request = loginRequest("daily", verifier, { prompt: "none", ...more });
  const response = await browser.authorize(request);
  const url = new URL(response.headers.get("location") ?? "");
  return {
    grant_type: "authorization_code",
    client_id: "daily",
    code: url.searchParams.get("code") ?? "",
    redirect_uri: request.redirect_uri ?? "",
    code_verifier: verifier,
  };
}

const refresh = (refreshToken: string, more: Record<string, string> = {}) =>
  tokens(server, { grant_type: "refresh_token", client_id: "daily", refresh_token: refreshToken, ...more });

const userinfo = (token: string) => server.get("/userinfo", { authorization: `Bearer ${token}` });
const invalid = { error: "invalid_grant", error_description: "Invalid refresh token" };

test("P-34, P-32, P-33: access and ID token are RS256, verify against the published keys and name the issuer", async () => {
  const { answer } = await loggedIn(server, "daily", someone());
  const { body } = await server.get<JSONWebKeySet>("/.well-known/jwks.json");
  for (const token of [answer.access_token, answer.id_token]) {
    expect(decodeProtectedHeader(token).alg).toBe("RS256");
    expect(body.keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(token).kid);
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), {
      issuer: "http://tollgate.test/",
      currentDate: server.clock.now(),
    });
    expect(payload.sub).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("P-32: tokens name the host they were asked at", async () => {
  const code = await freshCode();
  const response = await server.fetch("/oauth/token", {
    method: "POST",
    host: "127.0.0.1:4710",
    body: new URLSearchParams(code),
  });
  const { id_token } = (await response.json()) as { id_token: string };
  expect(decodeJwt(id_token).iss).toBe("http://127.0.0.1:4710/");
});

describe("a code", () => {
  test("P-46: works once; coming again, it ends what it gave", async () => {
    const code = await freshCode();
    const first = await tokens(server, code);
    expect(first.status).toBe(200);
    const second = await tokens(server, code);
    expect([second.status, second.body.error]).toEqual([403, "invalid_grant"]);
    expect((await refresh(first.body.refresh_token)).body).toEqual(invalid);
    expect((await userinfo(first.body.access_token)).status).toBe(401);
  });

  test("of several exchanges at once one succeeds", async () => {
    const code = await freshCode();
    const all = await Promise.all(Array.from({ length: 8 }, () => tokens(server, code)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("P-47, P-48: another verifier, another spelling of the address or another client gets nothing and spoils nothing", async () => {
    const code = await freshCode();
    const { code_verifier: _, ...withoutVerifier } = code;
    const wrong = [
      { ...code, code_verifier: newVerifier() },
      withoutVerifier,
      { ...code, redirect_uri: "https://www.daily.example/article?page=2" },
      { ...code, redirect_uri: `${code.redirect_uri}#` },
      { ...code, redirect_uri: code.redirect_uri.replace("www", "WWW") },
      { ...code, client_id: "daily-app" },
      { ...code, client_id: "weekly" },
    ];
    for (const fields of wrong) {
      const { status, body } = await tokens(server, fields as Record<string, string>);
      expect([status, body.error]).toEqual([403, "invalid_grant"]);
    }
    expect((await tokens(server, code)).status).toBe(200);
  });

  test("is over after five minutes, and when its session ends", async () => {
    const late = await freshCode();
    server.clock.advance({ seconds: 301 });
    expect((await tokens(server, late)).body.error).toBe("invalid_grant");
    const { browser } = await loggedIn(server, "daily", someone());
    const verifier = newVerifier();
    const request = loginRequest("daily", verifier, { prompt: "none" });
    const url = new URL((await browser.authorize(request)).headers.get("location") ?? "");
    await browser.fetch("/v2/logout?client_id=daily");
    const { body } = await tokens(server, {
      grant_type: "authorization_code",
      client_id: "daily",
      code: url.searchParams.get("code") ?? "",
      redirect_uri: request.redirect_uri ?? "",
      code_verifier: verifier,
    });
    expect(body.error).toBe("invalid_grant");
  });
});

test("P-49, P-50, P-51, P-52, P-59: the code grant gives all three tokens, and the ID token says who, to whom and to what request", async () => {
  const { answer } = await loggedIn(server, "daily", "Some.Reader@Example.COM", { nonce: "n+0/nce==" });
  expect(answer).toMatchObject({
    token_type: "Bearer",
    scope: "openid profile email offline_access",
    access_token: expect.any(String),
    refresh_token: expect.any(String),
  });
  expect(answer.expires_in).toBe(3600);
  expect(decodeJwt(answer.id_token)).toMatchObject({
    aud: "daily",
    nonce: "n+0/nce==",
    email: "some.reader@example.com",
    email_verified: true,
    nickname: "some.reader",
    exp: expect.any(Number),
    iat: expect.any(Number),
  });
});

test("without offline_access there is no refresh token; without openid there still is an ID token", async () => {
  const { answer } = await loggedIn(server, "daily", someone(), { scope: "email" });
  expect(answer.refresh_token).toBeUndefined();
  expect(answer.id_token).toBeDefined();
});

describe("refreshing", () => {
  test("P-53, P-54, P-55: every answer has a new ID token without nonce and a refresh token, never of 64 characters", async () => {
    let { answer } = await loggedIn(server, "daily", someone());
    for (let round = 0; round < 5; round += 1) {
      expect(answer.refresh_token).toHaveLength(57);
      server.clock.advance({ minutes: 50 });
      const next = await refresh(answer.refresh_token);
      expect(next.status).toBe(200);
      expect(next.body.refresh_token).not.toBe(answer.refresh_token);
      expect(next.body.id_token).not.toBe(answer.id_token);
      expect(decodeJwt(next.body.id_token).nonce).toBeUndefined();
      answer = next.body;
    }
  });

  test("P-56: the previous token works for 30 seconds, for as many tabs as there are", async () => {
    const { answer } = await loggedIn(server, "daily", someone());
    const both = await Promise.all([refresh(answer.refresh_token), refresh(answer.refresh_token)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    server.clock.advance({ seconds: 30 });
    const late = await refresh(answer.refresh_token);
    expect(late.status).toBe(200);
    expect((await refresh(late.body.refresh_token)).status).toBe(200);
  });

  test("P-57: after 31 seconds it ends the whole family, access tokens included", async () => {
    const { answer } = await loggedIn(server, "daily", someone());
    const next = await refresh(answer.refresh_token);
    expect((await userinfo(next.body.access_token)).status).toBe(200);
    server.clock.advance({ seconds: 31 });
    const stolen = await refresh(answer.refresh_token);
    expect([stolen.status, stolen.body]).toEqual([403, invalid]);
    expect((await refresh(next.body.refresh_token)).body).toEqual(invalid);
    expect((await userinfo(next.body.access_token)).status).toBe(401);
  });

  test("P-58: unknown, foreign and ended tokens have one answer, word for word", async () => {
    const { answer, browser } = await loggedIn(server, "daily", someone());
    const answers = [
      await refresh("rt_0000000000.nobody-has-this-token"),
      await refresh("x".repeat(64)),
      await refresh(answer.refresh_token, { client_id: "weekly" }),
      await refresh(answer.refresh_token, { client_id: "daily-app" }),
    ];
    await browser.fetch("/v2/logout?client_id=daily");
    answers.push(await refresh(answer.refresh_token));
    for (const { status, body } of answers) expect([status, body]).toEqual([403, invalid]);
  });

  test("a session that nobody used for 30 days is over; using it keeps it", async () => {
    const { answer } = await loggedIn(server, "daily", someone());
    server.clock.advance({ days: 29 });
    const kept = await refresh(answer.refresh_token);
    server.clock.advance({ days: 29 });
    const again = await refresh(kept.body.refresh_token);
    expect(again.status).toBe(200);
    server.clock.advance({ days: 30 });
    expect((await refresh(again.body.refresh_token)).body).toEqual(invalid);
  });

  test("fewer scopes may be asked for, never more", async () => {
    const { answer } = await loggedIn(server, "daily", someone(), { scope: "openid email offline_access" });
    const fewer = await refresh(answer.refresh_token, { scope: "openid profile admin:all" });
    expect(fewer.body.scope).toBe("openid");
    expect(decodeJwt(fewer.body.access_token).email).toBeUndefined();
  });
});

test("P-60: the access token says whose it is, for whom and until when", async () => {
  const { answer } = await loggedIn(server, "daily", "p60@example.com");
  const seconds = Math.floor(server.clock.now().getTime() / 1000);
  expect(decodeJwt(answer.access_token)).toMatchObject({
    vendor_id: shop.slug,
    sub: expect.any(String),
    iss: "http://tollgate.test/",
    aud: "http://tollgate.test/",
    azp: "daily",
    iat: seconds,
    exp: seconds + 3600,
    scope: "openid profile email offline_access",
    permissions: [],
    email: "p60@example.com",
    email_verified: true,
  });
});

test("P-61: an organization comes back in the ID token: as id with its prefix, else as a name in lower case", async () => {
  const byId = await loggedIn(server, "daily", someone(), { organization: "org_Abc1" });
  expect(decodeJwt(byId.answer.id_token)).toMatchObject({ org_id: "org_Abc1" });
  const byName = await loggedIn(server, "daily", someone(), { organization: "Newsroom" });
  expect(decodeJwt(byName.answer.id_token)).toMatchObject({ org_name: "newsroom" });
});

describe("a back end", () => {
  const machine = {
    grant_type: "client_credentials",
    client_id: "daily-backend",
    client_secret: MACHINE_SECRET,
    audience: "https://api.sesamy.com",
  };

  test("P-62: gets a token for a day, by form, by Basic and by JSON, with the scopes it has and no others", async () => {
    const form = await tokens(server, machine);
    expect([form.status, form.body.token_type, form.body.expires_in]).toEqual([200, "Bearer", 86_400]);
    expect(form.body.refresh_token).toBeUndefined();
    expect(decodeJwt(form.body.access_token)).toMatchObject({
      vendor_id: shop.slug,
      aud: "https://api.sesamy.com",
      sub: "daily-backend@clients",
      permissions: ["paywall:read", "profile:user:read"],
    });
    const authorization = `Basic ${Buffer.from(`daily-backend:${encodeURIComponent(MACHINE_SECRET)}`).toString("base64")}`;
    const basic = await tokens(
      server,
      { grant_type: "client_credentials", scope: "paywall:read paywall:write" },
      { authorization },
    );
    expect(basic.body.scope).toBe("paywall:read");
    expect((await server.post("/oauth/token", machine)).status).toBe(200);
  });

  test("P-63: with a wrong secret, none, or the name of a page's client it gets nothing", async () => {
    for (const client_secret of ["wrong", ""]) {
      const { status, body } = await tokens(server, { ...machine, client_secret });
      expect([status, body.error]).toEqual([401, "invalid_client"]);
    }
    expect((await tokens(server, { ...machine, client_id: "nobody" })).status).toBe(401);
    expect((await tokens(server, { ...machine, client_id: "daily" })).body.error).toBe("unauthorized_client");
    expect((await tokens(server, { ...machine, audience: "https://elsewhere.example" })).status).toBe(403);
  });
});

test("a secret of one client in the name of another, in the header or beside it, is nobody's", async () => {
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
  });
  const grant = { grant_type: "client_credentials" };
  expect((await tokens(server, grant, basic("daily-backend", MACHINE_SECRET))).status).toBe(200);
  // The other tenant's back end has the same secret here; a secret of another client would not do either way.
  const mixed = await tokens(
    server,
    { ...grant, client_id: "weekly-backend" },
    basic("daily-backend", MACHINE_SECRET),
  );
  expect([mixed.status, mixed.body.error]).toEqual([401, "invalid_client"]);
  expect(mixed.headers.get("www-authenticate")).toContain("Basic");
  const code = await freshCode();
  const borrowed = await tokens(server, code, basic("daily-backend", MACHINE_SECRET));
  expect(borrowed.body.error).toBe("invalid_client");
  const { client_id: _, ...bare } = code;
  expect((await tokens(server, bare, basic("daily-backend", MACHINE_SECRET))).body.error).toBe(
    "invalid_grant",
  );
  expect((await tokens(server, bare, basic("daily", ""))).status).toBe(200);
});

test("what the token endpoint does not understand is said in OAuth's words, readable from any origin and kept by nobody", async () => {
  const missing = await tokens(server, { client_id: "daily" });
  expect([missing.status, missing.body.error]).toEqual([400, "invalid_request"]);
  const unknown = await tokens(server, { client_id: "daily", grant_type: "password" });
  expect([unknown.status, unknown.body.error]).toEqual([400, "unsupported_grant_type"]);
  expect(unknown.headers.get("access-control-allow-origin")).toBe("*");
  expect(unknown.headers.get("cache-control")).toBe("no-store");
  const preflight = await server.fetch("/oauth/token", {
    method: "OPTIONS",
    headers: { "access-control-request-headers": "auth0-client,content-type" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toBe("auth0-client,content-type");
  const twice = await server.fetch("/oauth/token", { method: "POST", body: "grant_type=a&grant_type=b" });
  expect(twice.status).toBe(400);
});

describe("P-64: userinfo", () => {
  test("tells what the scopes show, to a valid token alone", async () => {
    const { answer } = await loggedIn(server, "daily", "p64@example.com", { scope: "openid email" });
    const { status, body } = await userinfo(answer.access_token);
    expect(status).toBe(200);
    expect(body).toEqual({
      sub: decodeJwt(answer.access_token).sub,
      email: "p64@example.com",
      email_verified: true,
    });
    const bare = await server.fetch("/userinfo");
    expect([bare.status, bare.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  test("takes no ID token, no back end's token, no other algorithm's, no forged, changed or expired one", async () => {
    const { answer } = await loggedIn(server, "daily", someone());
    const machine = await tokens(server, {
      grant_type: "client_credentials",
      client_id: "daily-backend",
      client_secret: MACHINE_SECRET,
    });
    const payload = decodeJwt(answer.access_token);
    const header = decodeProtectedHeader(answer.access_token);
    const [key] = await publishedKeys(server.deps);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [head, , signature] = answer.access_token.split(".");
    const confused = new SignJWT(payload).setProtectedHeader({
      alg: "HS256",
      typ: "at+jwt",
      kid: header.kid ?? "",
    });
    const bad = {
      "an ID token": answer.id_token,
      "a back end's": machine.body.access_token,
      unsigned: `${encode({ ...header, alg: "none" })}.${encode(payload)}.`,
      "signed with the public key as a secret": await confused.sign(new TextEncoder().encode(String(key?.n))),
      "with another tenant's claim": `${head}.${encode({ ...payload, vendor_id: "shop-2" })}.${signature}`,
      "without a signature": `${head}.${encode(payload)}.`,
      "no token": "abc",
    };
    for (const [what, token] of Object.entries(bad)) expect((await userinfo(token)).status, what).toBe(401);
    expect((await userinfo(answer.access_token)).status).toBe(200);
    server.clock.advance({ seconds: 3601 });
    expect((await userinfo(answer.access_token)).status).toBe(401);
  });

  test("a token outlives the rotation of the key that signed it", async () => {
    const { answer } = await loggedIn(server, "daily", someone());
    await rotateSigningKeys(server.deps);
    expect((await userinfo(answer.access_token)).status).toBe(200);
  });

  test("signing out everywhere ends tokens and browsers of the login service as well", async () => {
    const { answer, browser } = await loggedIn(server, "daily", someone());
    const who = await resolveLoginToken(server.deps, answer.access_token);
    if (who?.kind !== "reader") throw new Error("nobody is signed in");
    const { signOutEverywhere } = await import("../../domains/identity/index.ts");
    await signOutEverywhere(server.deps, { tenantId: shop.tenantId, customerId: who.customer.id });
    expect((await userinfo(answer.access_token)).status).toBe(401);
    expect((await refresh(answer.refresh_token)).body).toEqual(invalid);
    const silent = await browser.authorize(loginRequest("daily", newVerifier(), { prompt: "none" }));
    expect(silent.headers.get("location")).toContain("error=login_required");
  });
});

test("revoking a refresh token ends its tokens, for its own client alone; an unknown one is no error", async () => {
  const { answer } = await loggedIn(server, "daily", someone());
  const revoke = (client_id: string, token: string) =>
    server.fetch("/oauth/revoke", { method: "POST", body: new URLSearchParams({ client_id, token }) });
  expect((await revoke("weekly", answer.refresh_token)).status).toBe(200);
  expect((await revoke("daily", "unknown")).status).toBe(200);
  expect((await userinfo(answer.access_token)).status).toBe(200);
  expect((await revoke("daily", answer.refresh_token)).status).toBe(200);
  expect((await userinfo(answer.access_token)).status).toBe(401);
  expect((await refresh(answer.refresh_token)).body).toEqual(invalid);
});

describe("signing out", () => {
  const logout = (browser: LoginBrowser, parameters: Record<string, string>, headers = {}) =>
    browser.fetch(`/v2/logout?${new URLSearchParams(parameters)}`, { headers });

  test("P-65, P-67: leads back to a registered page, and nobody is signed in any more", async () => {
    const { browser, answer } = await loggedIn(server, "daily", someone());
    const returnTo = "https://www.daily.example/article?a=1#b";
    const response = await logout(browser, { client_id: "daily", returnTo, auth0Client: "e30=" });
    expect([response.status, response.headers.get("location")]).toEqual([302, returnTo]);
    expect([...browser.cookies.keys()].filter((it) => it.startsWith("tollgate_login_"))).toEqual([]);
    const silent = await browser.authorize(loginRequest("daily", newVerifier(), { prompt: "none" }));
    expect(silent.headers.get("location")).toContain("error=login_required");
    expect((await refresh(answer.refresh_token)).body).toEqual(invalid);
    expect((await userinfo(answer.access_token)).status).toBe(401);
  });

  test("P-66: never leads to a foreign page, and then ends nothing", async () => {
    const { browser } = await loggedIn(server, "daily", someone());
    for (const returnTo of [
      "https://evil.example/",
      "https://www.daily.example.evil.example/",
      "https://www.daily.example@evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
      "",
    ]) {
      const response = await logout(browser, { client_id: "daily", returnTo });
      expect([response.status, response.headers.get("location")]).toEqual([400, null]);
    }
    const silent = await browser.authorize(loginRequest("daily", newVerifier(), { prompt: "none" }));
    expect(silent.headers.get("location")).toContain("code=");
  });

  test("without an address it leads to where it was asked, if that is registered; else it says so", async () => {
    const browser = new LoginBrowser(server);
    const referer = "https://www.daily.example/here";
    const back = await logout(browser, { client_id: "daily" }, { referer });
    expect(back.headers.get("location")).toBe(referer);
    const stays = await logout(browser, { client_id: "daily" }, { referer: "https://evil.example/" });
    expect([stays.status, stays.headers.get("location")]).toEqual([200, null]);
  });

  test("the standard's way works too: the hint names the client, the state comes back", async () => {
    const { browser, answer } = await loggedIn(server, "daily", someone());
    const response = await browser.fetch(
      `/oidc/logout?${new URLSearchParams({
        id_token_hint: answer.id_token,
        post_logout_redirect_uri: "https://www.daily.example/bye",
        state: "s 1",
      })}`,
    );
    expect(response.headers.get("location")).toBe("https://www.daily.example/bye?state=s+1");
  });
});
