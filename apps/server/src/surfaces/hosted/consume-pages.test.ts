import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { LoginBrowser } from "../../../test/login.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";

const FILE = `
tenants:
  - slug: gazette
    name: The Gazette
    clients: [{ clientId: gazette-web, kind: browser, origins: ["https://www.gazette.example"] }]
    products:
      - { sku: "sid:all", title: Everything, type: bundle, contains: ["sid:art"] }
      - { sku: "sid:art", title: The <long> read, type: article, url: "https://www.gazette.example/long-read" }
      - { sku: "sid:paper", title: The paper, type: publication }
    accessLists:
      - key: staff
        name: Staff
        grants: [{ email: have@example.com, product: "sid:all" }, { email: have@example.com, product: "sid:paper" }]
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: "sid:all", purchaseOptions: [{ key: m, interval: month, amount: 9 }] }]
  - slug: courier
    name: The Courier
    processors: [{ key: cbox, kind: sandbox }]
    products: [{ sku: "sid:c", title: C }]
    paywalls: [{ key: c, surface: publisher, product: "sid:c", purchaseOptions: [{ key: cm, interval: month, amount: 9 }] }]
`;
const ARTICLE = "/consume/en/@gazette-web/sid%3Aart/listen";

let server: TestServer;
let who: (email: string, slug?: string) => Promise<string>;
beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  who = async (email, slug = "gazette") => {
    const ids = await idsOf(server, slug);
    const paywallId = ids.paywall(slug === "gazette" ? "news" : "c").id;
    return (await signedInCustomer(server, { tenantId: ids.tenantId, paywallId }, { email })).accessToken;
  };
});
afterAll(() => server[Symbol.asyncDispose]());

const open = (
  token: string | null,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) =>
  server.post<{ location?: string }>(
    "/consume/open",
    { client: "gazette-web", sku: "sid:art", token, ...more },
    headers,
  );

test("the address that clients make shows the thing, and leads back only to the vendor's site", async () => {
  const at = (path: string) => server.get<string>(path);
  const own = encodeURIComponent("https://www.gazette.example/back");
  const page = await at(`${ARTICLE}?sesamy-redirect-url=${own}`);
  expect(page.status).toBe(200);
  expect(page.body).toContain("The &lt;long&gt; read");
  expect(page.body).toContain('href="https://www.gazette.example/back"');
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect((await at("/consume/en/@gazette-web/sid:art/episode-1")).status).toBe(200);
  for (const evil of [
    "https://evil.example",
    "https://www.gazette.example@evil.example/",
    "javascript:alert(1)",
  ]) {
    const { body } = await at(`${ARTICLE}?sesamy-redirect-url=${encodeURIComponent(evil)}`);
    expect(body).not.toMatch(/href="[^"]*(evil|javascript)/);
    expect(body).toContain('href="https://www.gazette.example/long-read"');
  }
  for (const path of [
    "@gazette-web/sid:nothing",
    "@gazette-web/sid:c",
    "@nobody/sid:art",
    "gazette-web/sid:art",
  ]) {
    expect((await at(`/consume/en/${path}/listen`)).status).toBe(404);
  }
});

test("whoever has it, also by a bundle, is sent to the page with a signed link", async () => {
  const { status, body } = await open(await who("have@example.com"));
  expect(status).toBe(200);
  expect(body.location).toMatch(/^https:\/\/www\.gazette\.example\/long-read\?token=.+&se=\d+$/);
  const token = new URL(body.location ?? "").searchParams.get("token") ?? "";
  expect(decodeJwt(token)).toMatchObject({ url: "https://www.gazette.example/long-read", s: "sid:art" });
  const paper = await open(await who("have@example.com"), { sku: "sid:paper" });
  expect(paper.status, "nothing to open").toBe(404);
});

test("without a right, a token, the right vendor or the page itself nothing is opened", async () => {
  const mine = await who("have@example.com");
  expect((await open(await who("other@example.com"))).status).toBe(403);
  expect((await open(null)).status).toBe(401);
  expect((await open(`${mine}x`)).status).toBe(401);
  expect((await open(await who("have@example.com", "courier"))).status).toBe(401);
  expect((await open(mine, {}, { "sec-fetch-site": "cross-site" })).status).toBe(400);
  expect((await open(mine, { sku: "sid:c" })).status).toBe(400);
  expect((await open(mine, { sku: "sid:\0" })).status).toBe(400);
  expect((await open(mine, { token: 7 })).status).toBe(400);
});

test("who signs in here comes back to the thing and goes on to it, without a script; who has no right may buy it or go back", async () => {
  const reader = new LoginBrowser(server);
  const page = await (await reader.fetch(ARTICLE)).text();
  expect(page).toContain("?sign-in=1");
  const started = await reader.fetch(`${ARTICLE}?sign-in=1`);
  expect(started.headers.get("location")).toMatch(/^\/u\/login\?state=/);
  const done = await reader.signIn(started.headers.get("location") ?? "", "have@example.com");
  expect([done.status, done.headers.get("location")]).toEqual([303, `http://tollgate.test${ARTICLE}`]);
  const opened = await reader.fetch(ARTICLE);
  // The fragment of the address, where clients put a token, does not go along.
  expect(opened.headers.get("location")).toMatch(/^https:\/\/www\.gazette\.example\/long-read\?token=.+#$/);

  const other = new LoginBrowser(server);
  const begun = await other.fetch("/consume/sv/@gazette-web/sid%3Aall/listen?sign-in=1");
  await other.signIn(begun.headers.get("location") ?? "", "other@example.com");
  const offered = await (await other.fetch("/consume/sv/@gazette-web/sid%3Aall/listen")).text();
  expect(offered).toContain('<html lang="sv">');
  expect(offered).toContain("Du är inloggad men har inte det här");
  const buy = /href="(\/checkout\?[^"]+)"/.exec(offered)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const bought = await server.fetch(buy);
  expect(bought.status).toBe(302);
  expect(bought.headers.get("location")).toMatch(/\/checkout\/chk_/);
});

test("the names of the published client's hosts lead to the pages; the API's own paths stay the API's", async () => {
  const at = async (host: string, path: string) => {
    const response = await server.fetch(path, { host });
    return [response.status, response.headers.get("location")];
  };
  expect(await at("account.sesamy.com", "/subscriptions/gazette-web?a=1")).toEqual([
    302,
    "/account/subscriptions/gazette-web?a=1",
  ]);
  expect(await at("account.sesamy.com", "/sv/subscriptions/gazette-web/ctr_1/edit-plan")).toEqual([
    302,
    "/account/sv/subscriptions/gazette-web/ctr_1/edit-plan",
  ]);
  expect(await at("consume.sesamy.dev", "/en/@gazette-web/sid%3Aart/listen?b=2")).toEqual([
    302,
    "/consume/en/@gazette-web/sid%3Aart/listen?b=2",
  ]);
  expect((await at("api2.sesamy.com", "/subscriptions/gazette-web"))[1]).toBeNull();
  expect((await at("tollgate.test", "/subscriptions"))[0]).toBe(401);
  for (const path of ["//evil.example/subscriptions/x", "/\\evil.example"]) {
    expect((await at("account.sesamy.com", path))[1] ?? "").not.toMatch(/^\/\/|^https?:\/\/evil/);
  }
});

test("linking Spotify is answered in words, to a reader alone, and the token leaves the address", async () => {
  const token = await who("have@example.com");
  const page = await server.get<string>(
    `/spotify/sesamy-callback?${new URLSearchParams({ access_token: token, state: "sid:art" })}`,
  );
  expect(page.status).toBe(200);
  expect(page.body).toContain("The Gazette does not deliver to Spotify");
  expect(page.body).toContain("history.replaceState");
  expect(page.body).not.toContain(token);
  expect((await server.get("/spotify/sesamy-callback?access_token=forged")).status).toBe(404);
  expect((await server.get("/spotify/sesamy-callback")).status).toBe(404);
});
