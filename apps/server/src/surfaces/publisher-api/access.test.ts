import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { createShop } from "../../../test/shop.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

const FILE = `
tenants:
  - slug: lantern
    name: The Lantern
    currency: EUR
    brandColor: "#b32"
    domains: [{ host: lantern.example, verified: true }]
    products:
      - { sku: all, title: Everything, type: pass, language: en, passUrl: "https://lantern.example/", urlPatterns: ["https://lantern.example/*"] }
      - { sku: "sid:abc", title: A story, type: article, url: "https://lantern.example/abc", publisherContentId: abc }
      - { sku: "a/b c", title: Odd, type: feature }
    processors: [{ key: box, kind: sandbox }]
    meters:
      - { key: free, limit: 3, period: month }
      - { key: members, limit: 1, period: day, anonymous: false, registeredBonus: 1 }
    paywalls:
      - key: news
        name: News
        surface: publisher
        product: all
        meter: free
        publisher: { headline: Read on, features: [Everything], footerPaymentMethods: [visa], options: { yearly: { selected: true, tag: Best } } }
        purchaseOptions:
          - { key: monthly, interval: month, amount: 4.90, label: Monthly }
          - { key: yearly, interval: year, amount: 49, label: Yearly }
      - { key: plain, surface: publisher, product: all, purchaseOptions: [{ key: once, interval: lifetime, amount: 9 }] }
      - { key: day, surface: publisher, product: all, meter: members, purchaseOptions: [{ key: day, interval: day, amount: 1 }] }
      - { key: login, surface: publisher, product: all, publisher: { template: LOGIN }, purchaseOptions: [{ key: l, interval: day, amount: 1 }] }
    accessLists:
      - { key: press, name: Press, grants: [{ email: press@example.com, product: all }, { email: one@example.com, product: "sid:abc" }] }
`;

let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let press: SignedInCustomer;
let count = 0;

const anonymous = (id: string, client = "lantern-web") => ({
  authorization: `Basic ${Buffer.from(`${client}|${id}:`).toString("base64")}`,
});
const browser = () => anonymous(`b${++count}`);
const signIn = (email?: string) =>
  signedInCustomer(
    server,
    { tenantId: ids.tenantId, paywallId: ids.paywall("news").id },
    email ? { email } : {},
  );

type Answer = {
  status: string;
  remaining: number;
  signedLink?: string;
  paywall?: Record<string, unknown>;
  error?: { code: string };
};
const ask = (body: unknown, headers: Record<string, string>, paywall = "news", from?: string) =>
  server.post<Answer>(`/paywalls/${ids.paywall(paywall).id}/access`, body, headers, from);
const read = async (publisherContentId: string, headers: Record<string, string>, paywall = "news") =>
  (await ask({ publisherContentId }, headers, paywall)).body;

beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  ids = await idsOf(server, "lantern");
  const shop = await createShop(server);
  await server.deps.db.transaction(async (tx) => {
    for (const [clientId, tenantId] of [
      ["lantern-web", ids.tenantId],
      ["other-web", shop.tenantId],
    ] as const) {
      await saveOAuthClient(tx, server.deps, {
        tenantId,
        clientId,
        name: clientId,
        kind: "browser",
        origins: [`https://www.${clientId}.example`],
        scopes: [],
      });
    }
  });
  press = await signIn("press@example.com");
});
afterAll(() => server[Symbol.asyncDispose]());

describe("products", () => {
  test("P-6, P-82: a sku with a colon is found raw and encoded, without credentials", async () => {
    const raw = await server.get<Record<string, unknown>>("/products/sid:abc");
    expect(raw.status).toBe(200);
    expect(raw.headers.get("cache-control")).toBe("public, max-age=300");
    expect((await server.get("/products/sid%3Aabc")).body).toEqual(raw.body);
    expect(raw.body).toMatchObject({
      sku: "sid:abc",
      title: "A story",
      name: "A story",
      productType: "article",
      publisherContentId: "abc",
      purchaseOptions: [],
    });
  });

  test("a slash inside a sku is no separator, and what is sold otherwise opens things as a pass", async () => {
    const odd = await server.get<{ sku: string; productType: string }>("/products/a%2Fb%20c");
    expect(odd.body).toMatchObject({ sku: "a/b c", productType: "pass" });
  });

  test("a sku that two vendors have is found only when the vendor is known", async () => {
    await createShop(server);
    expect((await server.get("/products/pro")).status).toBe(404);
    expect((await server.get("/products/pro?vendor=shop-nobody")).status).toBe(404);
    expect((await server.get("/products/pro", { ...anonymous("x", "other-web") })).status).toBe(200);
    expect((await server.get("/products/all", { ...anonymous("x", "other-web") })).status).toBe(404);
  });

  test("the list is a bare array that can be searched and sliced, and needs to know whose it is", async () => {
    expect((await server.get("/products")).status).toBe(400);
    const all = await server.get<{ sku: string; price?: number }[]>("/products?vendor=lantern&limit=2");
    expect(all.body).toHaveLength(2);
    expect(all.headers.get("x-total-count")).toBe("3");
    const found = await server.get<{ sku: string; price: number; purchaseOptions: object[] }[]>(
      "/products?vendor=lantern&search=EVERYTH",
    );
    expect(found.body).toMatchObject([{ sku: "all", currency: "EUR" }]);
    expect(found.body[0]?.purchaseOptions).toContainEqual({
      id: ids.option("yearly").id,
      name: "Yearly",
      price: 49,
      currency: "EUR",
      recurringInterval: "YEAR",
      recurringTime: 1,
    });
  });
});

describe("paywall settings", () => {
  test("P-116, P-117: three addresses, with and without credentials, and one body", async () => {
    const { id, num } = ids.paywall("news");
    const first = await server.get<Record<string, unknown>>(`/paywalls/${id}`);
    expect(first.status).toBe(200);
    expect(first.headers.get("cache-control")).toBe("public, max-age=300");
    for (const path of [`/paywalls/${num}`, `/paywalls/lantern/${id}`, `/paywall/paywalls/lantern/${id}`]) {
      for (const headers of [{}, browser(), press.headers]) {
        expect((await server.get(path, headers)).body, path).toEqual(first.body);
      }
    }
    for (const path of [`/paywalls/other/${id}`, "/paywalls/pw_nothing", "/paywalls/999999"]) {
      expect((await server.get(path)).status, path).toBe(404);
    }
  });

  test("P-118: every paywall has its lists and its styling, and one option is selected", async () => {
    for (const key of ["news", "plain", "login"]) {
      const { body } = await server.get<Record<string, unknown>>(`/paywalls/${ids.paywall(key).id}`);
      expect(body).toMatchObject({
        vendorId: "lantern",
        mainColor: "#bb3322",
        features: expect.any(Array),
        subscriptions: expect.any(Array),
        footerPaymentMethods: expect.any(Array),
        settings: { styling: { dropShadow: true, backgroundColor: "#ffffff", showBackground: true } },
      });
      expect((body.subscriptions as { selected: boolean }[]).filter((it) => it.selected)).toHaveLength(1);
    }
    const { body } = await server.get(`/paywalls/${ids.paywall("news").id}`);
    expect(body).toMatchObject({
      headline: "Read on",
      version: expect.any(Number),
      settings: { leaky: { enabled: true, limit: 3, period: "MONTH", anonymous: true } },
      subscriptions: [
        {
          title: "Monthly",
          sku: "all",
          price: 4.9,
          discountCode: "",
          periodText: "per month",
          selected: false,
        },
        { poId: ids.option("yearly").id, price: 49, tag: "Best", selected: true },
      ],
    });
  });
});

describe("the leaky paywall", () => {
  test("P-119: without a content id it is 400, without credentials 401, and of another vendor 404", async () => {
    for (const body of [
      {},
      { publisherContentId: "" },
      { publisherContentId: 7 },
      [],
      { url: "https://lantern.example/a" },
    ]) {
      const refused = await ask(body, browser());
      expect([refused.status, refused.body.error?.code]).toEqual([400, "validation_error"]);
    }
    expect((await ask({ publisherContentId: "a" }, {})).status).toBe(401);
    expect((await ask({ publisherContentId: "a" }, anonymous("x", "other-web"))).status).toBe(404);
  });

  test("P-120, P-121, P-122: three contents are free, a repeat costs nothing, the fourth meets the paywall", async () => {
    const me = browser();
    expect(await read("1", me)).toEqual({ status: "allowed", remaining: 2 });
    expect(await read("1", me)).toEqual({ status: "allowed", remaining: 2 });
    expect(await read("2", me)).toEqual({ status: "allowed", remaining: 1 });
    expect(await read("3", me)).toEqual({ status: "allowed", remaining: 0 });
    const { body, headers } = await ask({ publisherContentId: "4" }, me);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({ status: "paywall", remaining: 0, paywall: { id: ids.paywall("news").id } });
    expect(await read("3", me)).toEqual({ status: "allowed", remaining: 0 });
    const { id } = ids.paywall("news");
    const long = await server.post(`/paywalls/lantern/${id}/access`, { publisherContentId: "1" }, me);
    expect(long.body).toEqual({ status: "allowed", remaining: 0 });
  });

  test("the paywall says when there will be free reads again, where there will be", async () => {
    const me = browser();
    for (const id of ["1", "2", "3"]) await read(id, me);
    const { renewsAt } = (await read("4", me)) as Answer & { renewsAt?: string };
    expect(renewsAt).toMatch(/^\d{4}-\d\d-01T00:00:00\.000Z$/);
    expect(await read("1", browser(), "plain")).not.toHaveProperty("renewsAt");
    // Its free reads are for members only.
    expect(await read("1", browser(), "day")).not.toHaveProperty("renewsAt");
  });

  test("P-123: a signed link comes only where an address was sent, opens that page and names nobody", async () => {
    const me = browser();
    expect(await read("abc", me)).not.toHaveProperty("signedLink");
    const { body } = await ask(
      { publisherContentId: "abc", url: "https://lantern.example/abc?utm_source=x" },
      me,
    );
    expect(body.remaining).toBe(2);
    const token = new URL(body.signedLink ?? "").searchParams.get("token") ?? "";
    const keys = (await server.get<JSONWebKeySet>("/vault-jwks.json?vendor=lantern")).body;
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { currentDate: server.clock.now() });
    expect(payload).toMatchObject({ url: "https://lantern.example/abc", pid: "abc" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(86_400);
    for (const claim of ["i", "e", "n"]) expect(payload).not.toHaveProperty(claim);
  });

  test("an address elsewhere, or one that is none, is 400 and costs nothing", async () => {
    const me = browser();
    for (const url of [
      "https://evil.example/a",
      "javascript:alert(1)",
      "/a",
      "https://u:p@lantern.example/a",
      "",
    ]) {
      expect((await ask({ publisherContentId: "a", url }, me)).status, url).toBe(400);
    }
    expect((await read("a", me)).remaining).toBe(2);
  });

  test("no content id opens another content's page: neither one that is known nor one that is not", async () => {
    const me = browser();
    const page = (name: string) => `https://lantern.example/${name}`;
    expect((await ask({ publisherContentId: "1", url: page("abc") }, me)).status).toBe(400);
    expect((await ask({ publisherContentId: "abc", url: page("1") }, me)).status).toBe(400);
    const links = [];
    for (const name of ["u1", "u2", "u3", "u4", "u5"]) {
      const { body } = await ask({ publisherContentId: "same", url: page(name) }, me);
      if (body.signedLink) links.push(name);
    }
    expect(links).toEqual(["u1", "u2", "u3"]);
    const { headers } = await signIn("one@example.com");
    expect((await ask({ publisherContentId: "abc" }, headers)).body.remaining).toBe(3);
    expect((await ask({ publisherContentId: "abc", url: page("1") }, headers)).status).toBe(400);
  });

  test("a free read, or being signed in, signs no pass's address, whose link would open everything; a right to it does", async () => {
    const pass = { publisherContentId: "front", url: "https://lantern.example/" };
    for (const paywall of ["news", "login"]) {
      for (const who of [browser(), (await signIn()).headers]) {
        const { body } = await ask(pass, who, paywall);
        expect([paywall, body.status, body.signedLink]).toEqual([paywall, "paywall", undefined]);
      }
    }
    expect((await ask(pass, press.headers)).body).toMatchObject({
      status: "allowed",
      signedLink: expect.stringContaining("token="),
    });
  });

  test("P-124: a new window restores the allowance", async () => {
    const { headers } = await signIn();
    expect(await read("1", browser(), "day")).toMatchObject({ status: "paywall" });
    expect(await read("1", headers, "day")).toEqual({ status: "allowed", remaining: 1 });
    expect(await read("2", headers, "day")).toEqual({ status: "allowed", remaining: 0 });
    expect(await read("3", headers, "day")).toMatchObject({ status: "paywall" });
    await server.deps.db.execute(
      sql`update tenants set clock_offset_ms = clock_offset_ms + 86400000 where id = ${ids.tenantId}`,
    );
    expect(await read("3", headers, "day")).toEqual({ status: "allowed", remaining: 1 });
  });

  test("P-125: ten checks at once for ten contents let exactly three through", async () => {
    const me = browser();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => read(`c${i}`, me)));
    expect(answers.filter((it) => it.status === "allowed")).toHaveLength(3);
  });

  test("200 checks at once of 10 contents by one reader on 3 devices let exactly 3 contents through", async () => {
    const { headers } = await signIn();
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const body = { publisherContentId: `a${i % 10}`, anonymousId: `device-${i % 3}` };
        return { content: i % 10, ...(await ask(body, headers)).body };
      }),
    );
    const open = new Set(answers.filter((it) => it.status === "allowed").map((it) => it.content));
    expect(open.size).toBe(3);
  });

  test("P-126: whoever has a right to it reads on without using a free read", async () => {
    for (const id of ["1", "2", "3", "4", "5"]) {
      expect(await read(id, press.headers)).toEqual({ status: "allowed", remaining: 3 });
    }
    expect(await read("1", press.headers, "plain")).toEqual({ status: "allowed", remaining: 0 });
    const { body } = await ask({ publisherContentId: "x", url: "https://lantern.example/x" }, press.headers);
    const { exp = 0, iat = 0 } = decodeJwt(new URL(body.signedLink ?? "").searchParams.get("token") ?? "");
    expect(exp - iat).toBe(4 * 3600);
  });

  test("a paywall without a meter shows at once; where signing in is enough, it is", async () => {
    const { headers } = await signIn();
    expect(await read("1", browser(), "plain")).toMatchObject({ status: "paywall", remaining: 0 });
    expect(await read("1", browser(), "login")).toMatchObject({ status: "paywall" });
    expect(await read("1", headers, "login")).toEqual({ status: "allowed", remaining: 0 });
  });

  test("signing in on a device gives nothing back of what was read there", async () => {
    const device = `d${++count}`;
    await read("1", anonymous(device));
    await read("2", anonymous(`"${device}"`));
    const { headers } = await signIn();
    const body = { publisherContentId: "3", anonymousId: `"${device}"` };
    expect((await ask(body, headers)).body).toEqual({ status: "allowed", remaining: 0 });
    expect(await read("4", headers)).toMatchObject({ status: "paywall" });
  });

  test("a browser without an id that lasts is counted by where it is", async () => {
    const from = (address: string, id: string) =>
      ask({ publisherContentId: id }, anonymous("null"), "news", address);
    for (const id of ["1", "2", "3"]) expect((await from("198.51.100.9", id)).body.status).toBe("allowed");
    expect((await from("198.51.100.9", "4")).body.status).toBe("paywall");
    expect((await from("198.51.100.77", "4")).body.status).toBe("allowed");
  });
});
