import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import {
  challengeOf,
  createLoginClients,
  LoginBrowser,
  loggedIn,
  loginRequest,
  newVerifier,
} from "../../../test/login.ts";
import { createShop } from "../../../test/shop.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await createLoginClients(server, await createShop(server), "daily");
  await createLoginClients(server, await createShop(server), "weekly");
});
afterAll(() => server[Symbol.asyncDispose]());

const request = (more: Record<string, string> = {}) => loginRequest("daily", newVerifier(), more);
const locationOf = (response: Response) => response.headers.get("location") ?? "";

/** What a `web_message` page posts, and to whom. */
async function posted(response: Response) {
  const text = await response.text();
  const [, message = "null", origin = "null"] = /postMessage\((\{.*\}), ("[^"]+")\)/.exec(text) ?? [];
  return { message: JSON.parse(message) as unknown, origin: JSON.parse(origin) as unknown };
}

test("P-35: without code_challenge a public client is refused; so is any method but S256", async () => {
  const { code_challenge: _, code_challenge_method: __, ...bare } = request();
  for (const parameters of [bare, { ...request(), code_challenge_method: "plain" }]) {
    const url = new URL(locationOf(await new LoginBrowser(server).authorize(parameters)));
    expect(url.origin).toBe("https://www.daily.example");
    expect(url.searchParams.get("error")).toBe("invalid_request");
    expect(url.searchParams.get("code")).toBeNull();
  }
});

test("P-36, P-37, P-38: a query answer has code and state before the fragment, beside the page's own parameters", async () => {
  const browser = new LoginBrowser(server);
  const redirectUri = "https://www.daily.example/a%20b?x=1&y=%C3%A5&code=old&state=old#part?z=2";
  const started = await browser.authorize(request({ redirect_uri: redirectUri }));
  expect(started.status).toBe(302);
  expect(locationOf(started)).toMatch(/^\/u\/login\?state=/);
  const done = await browser.signIn(locationOf(started), "p36@example.com");
  expect(done.status).toBe(302);
  expect(locationOf(done)).toMatch(
    /^https:\/\/www\.daily\.example\/a%20b\?x=1&y=%C3%A5&code=[\w-]{43}&state=c3RhdGU%3D#part\?z=2$/,
  );
});

describe("P-39: an address that is not the client's is refused without a redirect", () => {
  const tricks = {
    "another origin": "https://evil.example/",
    "a registered origin as its path": "https://evil.example/https://www.daily.example/",
    "a name before the host": "https://www.daily.example@evil.example/",
    "a name before the right host": "https://user:pw@www.daily.example/",
    "an empty name": "https://@www.daily.example/",
    "a sub-domain": "https://x.www.daily.example/",
    "the parent domain": "https://daily.example/",
    "a longer domain": "https://www.daily.example.evil.example/",
    "another port": "https://www.daily.example:8443/",
    "another scheme": "http://www.daily.example/",
    "a script": "javascript://www.daily.example/%0aalert(1)",
    "a data address": "data:text/html,https://www.daily.example/",
    "a backslash after the host": "https://www.daily.example\\@evil.example/",
    "backslashes for slashes": "https:\\\\www.daily.example\\",
    "one slash": "https:/www.daily.example/",
    "no scheme": "//www.daily.example/",
    "a tab in the host": "https://www.daily\t.example/",
    "a line feed": "https://www.daily.example/\r\nset-cookie: a=b",
    "a space before it": " https://www.daily.example/",
    "a NUL": "https://www.daily.example/\0",
    "an encoded slash in the host": "https://www.daily.example%2f@evil.example/",
    "an encoded slash after the host": "https://www.daily.example%2fevil.example/",
    "an encoded backslash": "https://www.daily.example%5c.evil.example/",
    "an encoded name": "https://www.daily.example%40evil.example/",
    "a colon without a port": "https://www.daily.example:@evil.example/",
    "the same port, spelled out": "https://www.daily.example:443/",
    "a look-alike with a hyphen": "https://www-daily.example/",
    "a look-alike letter": "https://www.d\u0430ily.example/",
    "a bracketed address": "https://[::1]/",
    "mixed case of another host": "HTTPS://WWW.EVIL.EXAMPLE/",
    "a dot after the host": "https://www.daily.example./",
    "a full-width dot": "https://www．daily．example/",
    "another tenant's origin": "https://www.weekly.example/",
    nothing: "",
    "an endless one": `https://www.daily.example/${"a".repeat(5000)}`,
  };
  for (const [what, redirectUri] of Object.entries(tricks)) {
    test(what, async () => {
      for (const prompt of ["none", ""]) {
        const response = await new LoginBrowser(server).authorize(
          request({ redirect_uri: redirectUri, prompt, response_mode: "web_message" }),
        );
        expect(response.status).toBe(400);
        expect(response.headers.get("location")).toBeNull();
        expect(await response.text()).not.toContain("postMessage");
      }
    });
  }

  test("two addresses at once, one of them right", async () => {
    const query = new URLSearchParams(request());
    query.append("redirect_uri", "https://evil.example/");
    const response = await server.fetch(`/authorize?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });

  test("an unknown client", async () => {
    const response = await new LoginBrowser(server).authorize(request({ client_id: "nobody" }));
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });
});

test("P-40, P-41, P-44: web_message posts code and state to the page's origin, from a page that the client may frame", async () => {
  const { browser } = await loggedIn(server, "daily", "p40@example.com");
  const response = await browser.authorize(
    request({ response_mode: "web_message", prompt: "none", redirect_uri: "https://www.daily.example" }),
  );
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(response.headers.get("x-frame-options")).toBeNull();
  expect(response.headers.get("content-security-policy")).toContain(
    "frame-ancestors https://www.daily.example",
  );
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { message, origin } = await posted(response);
  expect(origin).toBe("https://www.daily.example");
  expect(message).toEqual({
    type: "authorization_response",
    response: { code: expect.stringMatching(/^[\w-]{43}$/), state: "c3RhdGU=" },
  });
});

test("a state that would end the script stays text", async () => {
  const state = `</script><script>alert(1)</script>"'&`;
  const response = await new LoginBrowser(server).authorize(
    request({ response_mode: "web_message", prompt: "none", state }),
  );
  const copy = response.clone();
  expect((await copy.text()).match(/<script/g)).toHaveLength(1);
  expect((await posted(response)).message).toMatchObject({ response: { state } });
});

test("P-42: prompt=none without a session posts login_required with the state; as a redirect it says the same", async () => {
  const silent = request({ prompt: "none", response_mode: "web_message" });
  const response = await new LoginBrowser(server).authorize(silent);
  expect(await posted(response)).toEqual({
    origin: "https://www.daily.example",
    message: {
      type: "authorization_response",
      response: { error: "login_required", error_description: "Login required", state: "c3RhdGU=" },
    },
  });
  const redirected = await new LoginBrowser(server).authorize(request({ prompt: "none" }));
  const url = new URL(locationOf(redirected));
  expect([url.searchParams.get("error"), url.searchParams.get("state")]).toEqual([
    "login_required",
    "c3RhdGU=",
  ]);
});

test("P-43: prompt=none with a session answers at once; so does a request without a prompt", async () => {
  const { browser } = await loggedIn(server, "daily", "p43@example.com");
  for (const prompt of ["none", ""]) {
    const response = await browser.authorize(request({ prompt }));
    expect(new URL(locationOf(response)).searchParams.get("code")).toMatch(/^[\w-]{43}$/);
  }
  const again = await browser.authorize(request({ prompt: "login" }));
  expect(locationOf(again)).toMatch(/^\/u\/login/);
});

test("P-45: no page of the login cuts the popup off its opener, and nobody frames the form", async () => {
  const browser = new LoginBrowser(server);
  const started = await browser.authorize(request());
  const page = await browser.fetch(locationOf(started));
  const silent = await browser.authorize(request({ prompt: "none", response_mode: "web_message" }));
  for (const response of [started, page, silent]) {
    expect(response.headers.get("cross-origin-opener-policy")).toBeNull();
  }
  expect(page.headers.get("x-frame-options")).toBe("DENY");
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
});

test("mixed case of the right host is the same host, and the answer goes to it", async () => {
  const { browser } = await loggedIn(server, "daily", "case@example.com");
  const response = await browser.authorize(request({ redirect_uri: "https://WWW.Daily.example/a" }));
  expect(new URL(locationOf(response)).origin).toBe("https://www.daily.example");
});

test("a form may ask as well as an address, and is held to the same", async () => {
  const { browser } = await loggedIn(server, "daily", "form@example.com");
  const post = (parameters: Record<string, string>) =>
    browser.fetch("/authorize", { method: "POST", body: new URLSearchParams(parameters) });
  expect(new URL(locationOf(await post(request()))).searchParams.get("code")).toMatch(/^[\w-]{43}$/);
  const foreign = await post(request({ redirect_uri: "https://evil.example/" }));
  expect([foreign.status, foreign.headers.get("location")]).toEqual([400, null]);
});

describe("clickjacking", () => {
  test("only the answer to a window may be framed, by the client's own pages alone", async () => {
    const { browser } = await loggedIn(server, "daily", "framed@example.com");
    const ancestorsOf = (response: Response) =>
      /frame-ancestors ([^;]*)/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
    const stranger = new LoginBrowser(server);
    const page = locationOf(await stranger.authorize(request()));
    for (const path of [page, "/u/devices?client_id=nobody", "/u/link?token_hash=x", "/u/social?state=x"]) {
      const response = await stranger.fetch(path);
      expect([path, ancestorsOf(response), response.headers.get("x-frame-options")]).toEqual([
        path,
        "'none'",
        "DENY",
      ]);
    }
    const devices = await browser.fetch("/u/devices?client_id=daily");
    expect(ancestorsOf(devices)).toBe("'none'");
    const form = await browser.authorize(request({ response_mode: "form_post" }));
    expect(ancestorsOf(form)).toBe("'none'");
    const refused = await browser.authorize(
      request({ response_mode: "web_message", prompt: "none", redirect_uri: "https://evil.example" }),
    );
    expect(ancestorsOf(refused)).toBe("'none'");
    const silent = await browser.authorize(request({ response_mode: "web_message", prompt: "none" }));
    expect(ancestorsOf(silent)).toBe("https://www.daily.example");
  });
});

test("fragment and form_post answers reach the client's page and no other", async () => {
  const { browser } = await loggedIn(server, "daily", "modes@example.com");
  const fragment = locationOf(await browser.authorize(request({ response_mode: "fragment" })));
  expect(fragment).toMatch(/^https:\/\/www\.daily\.example\/article\?page=2#code=[\w-]{43}&state=/);
  const form = await browser.authorize(request({ response_mode: "form_post" }));
  expect(form.headers.get("content-security-policy")).toContain("form-action https://www.daily.example");
  expect(await form.text()).toContain('name="code"');
});

test("an unknown response_mode, response_type, audience or a doubled parameter is answered with an error", async () => {
  const browser = new LoginBrowser(server);
  const errorOf = async (more: Record<string, string>) =>
    new URL(locationOf(await browser.authorize(request(more)))).searchParams.get("error");
  expect(await errorOf({ response_mode: "smoke" })).toBe("invalid_request");
  expect(await errorOf({ response_type: "token" })).toBe("unsupported_response_type");
  expect(await errorOf({ audience: "https://api.elsewhere.example" })).toBe("access_denied");
  expect(await errorOf({ organization: "a b" })).toBe("invalid_request");
  const doubled = new URLSearchParams(request());
  doubled.append("nonce", "another");
  const response = await server.fetch(`/authorize?${doubled}`);
  expect(new URL(locationOf(response)).searchParams.get("error")).toBe("invalid_request");
});

describe("the browser's session", () => {
  test("over https the cookie crosses sites, is bound to the host and closed to scripts; on loopback it is Lax", async () => {
    await using secure = await startTestServer({ env: { TOLLGATE_BASE_URL: "https://login.daily.example" } });
    await createLoginClients(secure, await createShop(secure), "daily");
    for (const { at, expected } of [
      { at: secure, expected: [/^__Host-tollgate_login_/, /; SameSite=None/, /; Secure/] },
      { at: server, expected: [/^tollgate_login_/, /; SameSite=Lax/, /^(?!.*Secure)/] },
    ]) {
      const browser = new LoginBrowser(at);
      const started = await browser.authorize(request());
      const done = await browser.signIn(locationOf(started), "cookie@example.com");
      const cookie = done.headers.getSetCookie().find((it) => it.includes("tollgate_login_")) ?? "";
      for (const pattern of [...expected, /; HttpOnly/, /; Path=\//]) expect(cookie).toMatch(pattern);
    }
  });

  test("a session that was there before is never adopted: signing in makes a new secret", async () => {
    const { browser } = await loggedIn(server, "daily", "fixation-thief@example.com");
    const [name, planted] = [...browser.cookies].find(([it]) => it.startsWith("tollgate_login_")) ?? ["", ""];
    const victim = new LoginBrowser(server);
    victim.cookies.set(name, planted);
    const started = await victim.authorize(request({ prompt: "login" }));
    await victim.signIn(locationOf(started), "fixation-victim@example.com");
    expect(victim.cookies.get(name)).not.toBe(planted);
  });

  test("login CSRF: a login page's address works only in the browser that began it", async () => {
    const attacker = new LoginBrowser(server);
    const page = locationOf(await attacker.authorize(request()));
    const victim = new LoginBrowser(server);
    await victim.authorize(request());
    expect((await victim.fetch(page)).status).toBe(400);
    expect((await victim.post(page, { username: "csrf@example.com", action: "code" })).status).toBe(400);
    const foreign = await attacker.fetch(page, {
      method: "POST",
      body: new URLSearchParams({ username: "csrf@example.com", action: "code" }),
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(foreign.status).toBe(400);
  });

  test("a session of one tenant says nothing at another's client", async () => {
    const { browser } = await loggedIn(server, "daily", "tenants@example.com");
    const verifier = newVerifier();
    const response = await browser.authorize(
      loginRequest("weekly", verifier, { prompt: "none", code_challenge: challengeOf(verifier) }),
    );
    expect(new URL(locationOf(response)).searchParams.get("error")).toBe("login_required");
    // Nor does its secret under the other tenant's name.
    const secret = [...browser.cookies].find(([it]) => it.startsWith("tollgate_login_"))?.[1] ?? "";
    const weekly = await loggedIn(server, "weekly", "tenants@example.com");
    const name = [...weekly.browser.cookies.keys()].find((it) => it.startsWith("tollgate_login_")) ?? "";
    browser.cookies.set(name, secret);
    const moved = await browser.authorize(loginRequest("weekly", verifier, { prompt: "none" }));
    expect(new URL(locationOf(moved)).searchParams.get("error")).toBe("login_required");
  });
});
