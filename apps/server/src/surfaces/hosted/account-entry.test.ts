import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createLoginClients, loggedIn } from "../../../test/login.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
  await createLoginClients(server, shop, "daily");
  await createLoginClients(server, other, "weekly");
});
afterAll(() => server[Symbol.asyncDispose]());

type Asked = {
  token: string | null;
  contract?: string | null;
  action?: string | null;
  returnTo?: string | null;
};

async function enter(asked: Asked, options: { client?: string; headers?: Record<string, string> } = {}) {
  const response = await server.fetch("/account/enter", {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...options.headers },
    body: JSON.stringify({
      client: options.client ?? "daily",
      contract: null,
      action: null,
      returnTo: null,
      ...asked,
    }),
  });
  const body = (await response.json()) as { location?: string; returnUrl?: string };
  const cookie = response.headers.get("set-cookie") ?? "";
  return { status: response.status, body, cookie };
}

/** Somebody who has bought something, with tokens of both kinds. */
async function subscriber() {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers });
  return { ...reader, ...sale };
}

const follow = async (entered: Awaited<ReturnType<typeof enter>>) => {
  const name = entered.cookie.split(";")[0] ?? "";
  const page = await server.fetch(entered.body.location?.split("#")[0] ?? "", { headers: { cookie: name } });
  return { status: page.status, text: await page.text() };
};

describe("the account addresses of the published clients", () => {
  test("each of them is a page that holds no secret and that nobody may frame or keep", async () => {
    const contract = "con_00000000000000000000000000";
    for (const path of [
      "/account/subscriptions/daily",
      "/account/en/subscriptions/daily",
      `/account/sv/subscriptions/daily/${contract}`,
      `/account/en/subscriptions/daily/${contract}/change-payment-method`,
      `/account/en/subscriptions/daily/${contract}/edit-plan?sesamy-redirect-url=%2F`,
      `/account/en/subscriptions/${shop.slug}`,
    ]) {
      const page = await server.fetch(path);
      expect(page.status, path).toBe(200);
      expect(page.headers.get("cache-control")).toBe("no-store");
      expect(page.headers.get("referrer-policy")).toBe("no-referrer");
      expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(page.headers.get("set-cookie")).toBeNull();
    }
    for (const path of [
      "/account/en/subscriptions/nobody",
      `/account/en/subscriptions/daily/${contract}/delete-everything`,
    ]) {
      expect((await server.fetch(path)).status, path).toBe(404);
    }
  });

  test("the page takes the token out of the address first, posts it, and goes on", async () => {
    const me = await subscriber();
    const path = `/account/en/subscriptions/daily/${me.contractId}?sesamy-redirect-url=https%3A%2F%2Fwww.daily.example%2Fa`;
    const page = await (await server.fetch(path)).text();
    const script = /<script nonce="[^"]+">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    const asked = (/data-asked="([^"]+)"/.exec(page)?.[1] ?? "").replaceAll("&quot;", '"');
    const steps: string[] = [];
    const arrived = new Promise<string>((resolve) => {
      const browser = {
        location: {
          hash: `#access_token=${me.accessToken}`,
          pathname: path.split("?")[0],
          search: `?${path.split("?")[1]}`,
          replace: resolve,
        },
        history: { replaceState: (_: unknown, _title: string, to: string) => steps.push(to) },
        document: { getElementById: () => ({ dataset: { asked }, textContent: "" }) },
        fetch: (to: string, init: RequestInit) => {
          steps.push(to);
          return server.fetch(to, init);
        },
      };
      new Function(...Object.keys(browser), script)(...Object.values(browser));
    });
    expect(await arrived).toBe(`/paywall/${shop.paywall}/customer-portal/get#${me.contractId}`);
    expect(steps).toEqual([path, "/account/enter"]);
  });

  test("a token of either kind opens its reader's account, everything of the vendor's in it, and the way back", async () => {
    const me = await subscriber();
    const entered = await enter({
      token: me.accessToken,
      contract: me.contractId,
      returnTo: "https://www.daily.example/article?page=2",
    });
    expect(entered.status).toBe(200);
    expect(entered.cookie).toMatch(/HttpOnly/i);
    expect(entered.cookie).toContain(`Path=/paywall/${shop.paywall}/customer-portal`);
    const account = await follow(entered);
    expect(account.status).toBe(200);
    expect(account.text).toContain(me.email ?? "?");
    expect(account.text).toContain(`id="${me.contractId}"`);
    expect(account.text).toContain("https://www.daily.example/article?page=2");
    const { answer } = await loggedIn(server, "daily", me.email ?? "");
    const byLogin = await enter({ token: answer.access_token });
    expect((await follow(byLogin)).text).toContain(me.email ?? "?");
  });

  test("without a token, whoever is signed in at the login service in this browser gets in, and nobody else", async () => {
    const me = await subscriber();
    const { browser } = await loggedIn(server, "daily", me.email ?? "");
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const entered = await enter({ token: null }, { headers: { cookie } });
    expect((await follow(entered)).text).toContain(me.email ?? "?");
    expect((await enter({ token: null })).status).toBe(401);
    expect((await enter({ token: null }, { client: "weekly", headers: { cookie } })).status).toBe(401);
  });

  test("who is not signed in can do so from the address itself, and is led back to it", async () => {
    const address = `/account/sv/subscriptions/daily?sesamy-redirect-url=${encodeURIComponent("/a?b=1&c=2")}`;
    const page = await (await server.fetch(address)).text();
    const link = page.match(/id="sign-in" hidden><a class="button" href="([^"]+)"/)?.[1];
    const asked = new URLSearchParams(link?.replaceAll("&amp;", "&"));
    expect(Object.fromEntries(asked)).toEqual({ "sesamy-redirect-url": "/a?b=1&c=2", "sign-in": "1" });
    const away = await server.fetch(`/account/sv/subscriptions/daily?${asked}`, { redirect: "manual" });
    expect([away.status, away.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(/^\/u\/login\?state=/),
    ]);
    const { back } = await server.deps.db.one<{ back: string }>(
      sql`select request->>'redirectUri' back from login_requests where request->>'redirectUri' like '%/account/sv/%'`,
    );
    expect(back.slice(back.indexOf("/account/"))).toBe(
      `/account/sv/subscriptions/daily?${new URLSearchParams({ "sesamy-redirect-url": "/a?b=1&c=2" })}`,
    );
  });

  test("another vendor's token, an ended session's, a back end's key and nonsense open nothing", async () => {
    const me = await subscriber();
    const abroad = await signedInCustomer(server, other);
    for (const token of [abroad.accessToken, shop.secretKey, "x", "a.b.c", "é", `${me.accessToken}x`]) {
      const refused = await enter({ token });
      expect(refused.status, token.slice(0, 10)).toBe(401);
      expect(refused.cookie).toBe("");
    }
    expect((await enter({ token: me.accessToken }, { client: "weekly" })).status).toBe(401);
    await server.fetch("/profile", { method: "DELETE", headers: me.headers });
    expect((await enter({ token: me.accessToken })).status).toBe(401);
  });

  test("somebody else's contract in the address shows the reader's own account and nothing of theirs", async () => {
    const [me, you] = [await subscriber(), await subscriber()];
    const entered = await enter({ token: me.accessToken, contract: you.contractId });
    expect(entered.body.location).not.toContain(you.contractId);
    const { text } = await follow(entered);
    expect(text).not.toContain(you.contractId);
    expect(text).not.toContain(you.email ?? "?");
  });

  test("other pages cannot post here", async () => {
    const me = await subscriber();
    for (const site of ["cross-site", "same-site", "none"]) {
      expect((await enter({ token: me.accessToken }, { headers: { "sec-fetch-site": site } })).status).toBe(
        400,
      );
    }
    const preflight = await server.fetch("/account/enter", { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    const form = await server.fetch("/account/enter", { method: "POST", body: "token=x" });
    expect(form.status).toBe(400);
  });

  test("the way back never leads anywhere but to the vendor's registered sites", async () => {
    const home = "https://www.daily.example/";
    const cases: [string | null, string][] = [
      ["https://www.daily.example/a?b=1#c", "https://www.daily.example/a?b=1#c"],
      ["/", home],
      ["/account/me", "https://www.daily.example/account/me"],
      [null, home],
      ["https://evil.example/", home],
      ["https://www.weekly.example/", home],
      ["https://www.daily.example.evil.example/", home],
      ["https://www.daily.example@evil.example/", home],
      ["https://evil.example\\@www.daily.example/", home],
      ["//evil.example/", home],
      ["/\\evil.example/", home],
      ["javascript:alert(1)", home],
      ["data:text/html,x", home],
      ["http://www.daily.example/", home],
      [" https://evil.example", home],
    ];
    for (const [asked, expected] of cases) {
      expect((await enter({ token: null, returnTo: asked })).body.returnUrl, String(asked)).toBe(expected);
      const query = asked === null ? "" : `?sesamy-redirect-url=${encodeURIComponent(asked)}`;
      const page = await (await server.fetch(`/account/en/subscriptions/daily${query}`)).text();
      const back = /id="back" href="([^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
      expect(back, String(asked)).toBe(expected);
    }
  });
});
