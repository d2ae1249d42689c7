import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { buy, start } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

type Body = Record<string, unknown>;
type Option = { id: string; poId: string; title: string; tag: string; price: number; selected: boolean };
type Paywall = Body & { id: string; version: number; subscriptions: Option[] };

let server: TestServer;
let shop: Shop;
let key: { authorization: string };

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  key = await keyOf(server, shop.tenantId);
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId: shop.tenantId,
      clientId: "gazette",
      name: "Gazette",
      kind: "browser",
      origins: ["https://www.gazette.example"],
      scopes: [],
    }),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = <T = Body>(method: string, path: string, body?: unknown) =>
  call<T>(server, method, `/management/${path}`, key, body);
const ok = async <T = Body>(method: string, path: string, body?: unknown): Promise<T> => {
  const answer = await ask<T>(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
/** What pages see of a paywall. */
const shown = async (id: string) => server.get<Paywall>(`/paywalls/${shop.slug}/${id}`);

describe("a paywall that was made by the back end", () => {
  let id: string;
  let monthly: string;

  test("is public at once, with the options that it is given and the texts that they get", async () => {
    const made = await ok<Paywall>("POST", "paywalls", {
      key: "news",
      name: "News",
      sku: "pro",
      currency: "EUR",
      headline: "Read on",
      mainColor: "#b32",
      features: ["Everything"],
      footerPaymentMethods: ["visa"],
      singlePurchase: { enabled: true, title: "Only this" },
    });
    ({ id } = made);
    expect(made).toMatchObject({ status: "ACTIVE", mainColor: "#bb3322", subscriptions: [] });
    expect((await shown(id)).body).toMatchObject({ headline: "Read on", features: ["Everything"] });

    const option = { sku: "pro", paywallId: id, currency: "EUR", recurringInterval: "MONTH" };
    const first = await ok<Option>("POST", "purchase-options", { ...option, name: "Monthly", price: 4.9 });
    const yearly = { ...option, name: "Yearly", price: 49, recurringInterval: "YEAR", position: 2 };
    const second = await ok<Option>("POST", "purchase-options", yearly);
    monthly = first.id;
    const before = (await shown(id)).body;
    expect(before.subscriptions.map(({ title, price }) => [title, price])).toEqual([
      ["Monthly", 4.9],
      ["Yearly", 49],
    ]);
    const changed = await ok<Paywall>("PATCH", `paywalls/${id}`, {
      subscriptions: [{ poId: second.id, title: "A whole year", tag: "Best", selected: true }],
    });
    expect(changed.version).toBe(before.version + 1);
    const { body } = await shown(id);
    expect(body.version).toBe(changed.version);
    expect(body.subscriptions).toMatchObject([
      { poId: monthly, title: "Monthly", selected: false },
      { poId: second.id, title: "A whole year", tag: "Best", selected: true },
    ]);
  });

  test("keeps what is not named when it is changed, and its version grows with every change", async () => {
    const before = (await ask<Paywall>("GET", `paywalls/${id}`)).body;
    const after = await ok<Paywall>("PATCH", `paywalls/${id}`, {
      headline: "Stay with us",
      settings: { template: "ARTICLE", styling: { dropShadow: false } },
    });
    expect(after).toMatchObject({
      version: before.version + 1,
      headline: "Stay with us",
      features: ["Everything"],
      mainColor: "#bb3322",
      singlePurchase: { enabled: true, title: "Only this" },
      settings: { template: "ARTICLE", styling: { dropShadow: false, showBackground: true } },
    });
    expect(after.subscriptions).toEqual(before.subscriptions);
    // A price is part of what it shows.
    await ok("PATCH", `purchase-options/${monthly}`, { price: 5.9 });
    expect((await shown(id)).body.version).toBe(after.version + 1);
  });

  test("lets readers in by the meter that it is given", async () => {
    const meter = await ok<{ id: string }>("POST", "meters", { key: "two", limit: 2, period: "DAY" });
    await ok("PATCH", `paywalls/${id}`, { meterId: meter.id });
    const authorization = `Basic ${Buffer.from("gazette|browser-1:").toString("base64")}`;
    const read = async (content: string) =>
      (
        await server.post<{ status: string; remaining: number }>(
          `/paywalls/${id}/access`,
          { publisherContentId: content },
          { authorization },
        )
      ).body;
    expect(await read("a")).toMatchObject({ status: "allowed", remaining: 1 });
    expect(await read("b")).toMatchObject({ status: "allowed", remaining: 0 });
    expect((await read("c")).status).toBe("paywall");
    await ok("PATCH", `meters/${meter.id}`, { limit: 3 });
    expect(await read("c")).toMatchObject({ status: "allowed", remaining: 0 });
    expect((await ask("DELETE", `meters/${meter.id}`)).status).toBe(204);
    expect((await read("a")).status).toBe("paywall");
    expect((await ask("GET", `meters/${meter.id}`)).body).toMatchObject({ status: "DISABLED", limit: 3 });
  });

  test("is hidden while it is cancelled, and gone once it is deleted", async () => {
    await ok("PATCH", `paywalls/${id}`, { status: "CANCELED" });
    expect((await shown(id)).status).toBe(404);
    expect((await ask("GET", `paywalls/${id}`)).body).toMatchObject({ status: "CANCELED" });
    await ok("PATCH", `paywalls/${id}`, { status: "ACTIVE" });
    expect((await shown(id)).status).toBe(200);
    expect((await ask("DELETE", `paywalls/${id}`)).status).toBe(204);
    expect((await shown(id)).status).toBe(404);
    expect((await ask("GET", `paywalls/${id}`)).status).toBe(404);
    const left = await ok<Paywall[]>("GET", "paywalls");
    expect(left.map((it) => it.id)).toEqual([shop.paywallId]);
  });

  test("takes no text that its pages could not show, and no option that it does not sell", async () => {
    const foreign = await ok<{ id: string }[]>("GET", `purchase-options?paywallId=${shop.paywallId}`);
    const made = await ok<Paywall>("POST", "paywalls", { sku: "pro", key: "strict" });
    const refused = [
      { subscriptions: [{ poId: foreign[0]?.id, title: "x" }] },
      { logoUrl: "javascript:alert(1)" },
      { footerPaymentMethods: ["seashells"] },
      { settings: { styling: { backgroundColor: "url(x)" } } },
    ];
    for (const body of refused) {
      expect((await ask("PATCH", `paywalls/${made.id}`, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await ask<Paywall>("GET", `paywalls/${made.id}`)).body.version).toBe(made.version);
    server.clock.advance({ seconds: 11 });
    expect((await ask("POST", "paywalls", { sku: "pro", key: "strict" })).status).toBe(409);
  });
});

describe("terms", () => {
  test("that nobody bought change in place, and sold ones are kept beside their successor", async () => {
    const [monthly] = await ok<Body[]>(
      "GET",
      `purchase-options?paywallId=${shop.paywallId}&limit=1&offset=2`,
    );
    expect(monthly).toMatchObject({
      key: "monthly",
      price: 9.99,
      recurringInterval: "MONTH",
      recurringTime: 1,
    });
    const option = String(monthly?.id);
    expect(await ok("PATCH", `purchase-options/${option}`, { price: 10.99 })).toMatchObject({
      id: option,
      price: 10.99,
    });
    const { contractId } = await buy(server, shop, { email: "terms@example.com" });
    const next = await ok("PATCH", `purchase-options/${option}`, { price: 12.5 });
    expect(next).toMatchObject({ key: "monthly", price: 12.5, status: "ACTIVE" });
    expect(next.id).not.toBe(option);
    expect(await ok("GET", `purchase-options/${option}`)).toMatchObject({
      status: "SUPERSEDED",
      price: 10.99,
    });
    expect(await ok("GET", `contracts/${contractId}`)).toMatchObject({ price: 10.99, nextPrice: 10.99 });
    expect((await ask("PATCH", `purchase-options/${option}`, { price: 1 })).status).toBe(409);
    expect((await ask("DELETE", `purchase-options/${next.id}`)).status).toBe(204);
    expect(await ok("GET", `purchase-options/${next.id}`)).toMatchObject({ status: "ARCHIVED" });
    expect((await start(server, shop)).status).toBe(404);
  });

  test("with a fraction of a cent, or a trial of what does not renew, are refused", async () => {
    for (const body of [{ price: 1.999 }, { price: 500.5, currency: "JPY" }, { price: 1, trialDays: 3 }]) {
      const answer = await ask("POST", "purchase-options", { sku: "pro", ...body });
      expect(answer.status, JSON.stringify(body)).toBe(400);
    }
    const yen = { sku: "pro", price: 500, currency: "JPY", name: "Once" };
    const { recurringInterval, ...once } = await ok("POST", "purchase-options", yen);
    expect(once).toMatchObject({ price: 500, currency: "JPY" });
    expect(recurringInterval).toBeUndefined();
  });
});

describe("products", () => {
  test("a bundle opens what it contains, cannot contain itself, and is archived without taking rights away", async () => {
    await ok("POST", "products", { sku: "part", title: "Part", productType: "article" });
    await ok("POST", "products", { sku: "whole", title: "Whole", productType: "bundle", contains: ["part"] });
    expect(await ok("GET", "products/whole")).toMatchObject({ contains: ["part"] });
    const circle = await ask("PATCH", "products/part", { contains: ["whole"] });
    expect(circle.status).toBe(400);
    const list = await ok<{ id: string }>("POST", "access-lists", {
      name: "L",
      type: "MANUAL",
      status: "ACTIVE",
    });
    const grant = { email: "whole@example.com", sku: "whole", poId: "", status: "ACTIVE" };
    await ok("POST", `access-lists/${list.id}/grants`, grant);
    const reader = await signedInCustomer(server, shop, { email: "whole@example.com" });
    await server.get("/entitlements", reader.headers);
    expect((await ask("DELETE", "products/whole")).status).toBe(204);
    const rights = await ok<Body[]>("GET", `entitlements?userId=${reader.userId}`);
    expect(rights).toMatchObject([{ sku: "whole", hasAccess: true }]);
    expect(await ok("GET", "products?status=ARCHIVED")).toMatchObject([{ sku: "whole", status: "ARCHIVED" }]);
    const left = await ok<{ sku: string }[]>("GET", "products");
    expect(left.map(({ sku }) => sku)).not.toContain("whole");
  });

  test("null takes a value away, and a name is made for a product that has none", async () => {
    const made = await ok<{ sku: string }>("POST", "products", {
      title: "Unnamed",
      url: "https://www.gazette.example/a?utm_source=x",
      publisherContentId: "a",
      tags: ["politics"],
    });
    expect(made.sku).toMatch(/^sid:[0-9a-z]{26}$/);
    const changed = await ok("PATCH", `products/${made.sku}`, { publisherContentId: null, tags: [] });
    expect(changed).not.toHaveProperty("publisherContentId");
    expect(changed).toMatchObject({ url: "https://www.gazette.example/a?utm_source=x", tags: [] });
  });
});

describe("tags", () => {
  test("are put on users, counted, renamed for everybody and taken away", async () => {
    const users = [];
    for (const email of ["t1@example.com", "t2@example.com"]) {
      users.push((await ok<{ id: string }>("POST", "users", { email })).id);
    }
    const [one, two] = users;
    for (const path of [
      `users/${one}/tags/print%20reader`,
      `users/${one}/tags/paper`,
      `users/${two}/tags/print%20reader`,
    ]) {
      expect((await ask("PUT", path)).status).toBe(204);
      expect((await ask("PUT", path)).status).toBe(204);
    }
    expect(await ok("GET", "tags")).toEqual([
      { tag: "print reader", users: 2 },
      { tag: "paper", users: 1 },
    ]);
    expect(await ok("PATCH", "tags/print%20reader", { tag: "paper" })).toEqual({ tag: "paper", users: 2 });
    expect(await ok("GET", `users/${one}/tags`)).toEqual(["paper"]);
    expect((await ask("DELETE", `users/${one}/tags/paper`)).status).toBe(204);
    expect(await ok("GET", "tags")).toEqual([{ tag: "paper", users: 1 }]);
    expect((await ask("DELETE", "tags/paper")).status).toBe(204);
    expect(await ok("GET", "tags")).toEqual([]);
    expect((await ask("PATCH", "tags/none", { tag: "x" })).status).toBe(404);
  });
});

describe("discount codes", () => {
  test("are made, changed, listed and switched off, with their products by sku", async () => {
    const made = await ok("POST", "discount-codes", {
      code: "SPRING",
      percentOff: 12.5,
      duration: "repeating",
      cycles: 3,
      skus: ["pro"],
      maxPerCustomer: 1,
    });
    expect(made).toMatchObject({
      name: "SPRING",
      percentOff: 12.5,
      cycles: 3,
      skus: ["pro"],
      redemptions: 0,
    });
    const amount = await ok("PATCH", `discount-codes/${made.id}`, {
      amountOff: 2.5,
      currency: "EUR",
      maxPerCustomer: null,
    });
    expect(amount).toMatchObject({ amountOff: 2.5, currency: "EUR", duration: "repeating" });
    expect(amount).not.toHaveProperty("percentOff");
    expect(amount).not.toHaveProperty("maxPerCustomer");
    expect((await ask("DELETE", `discount-codes/${made.id}`)).status).toBe(204);
    expect(await ok("GET", "discount-codes?status=DISABLED")).toMatchObject([
      { id: made.id, status: "DISABLED" },
    ]);
    expect(await ok("GET", "discount-codes?status=ACTIVE")).toEqual([]);
  });
});

describe("webhooks", () => {
  test("show their secret once, and are paused, listed and deleted", async () => {
    const { secret, ...made } = await ok("POST", "webhooks", {
      url: "https://93.184.216.34/hook",
      types: ["subscription.created"],
      format: "paywall",
    });
    expect(secret).toMatch(/^whsec_/);
    expect(await ok("GET", `webhooks/${made.id}`)).toEqual(made);
    expect(await ok("PATCH", `webhooks/${made.id}`, { status: "PAUSED" })).toEqual({
      ...made,
      status: "PAUSED",
    });
    expect(await ok("GET", "webhooks")).toEqual([{ ...made, status: "PAUSED" }]);
    expect(await ok("GET", `webhooks/${made.id}/deliveries`)).toEqual([]);
    expect((await ask("POST", `webhooks/${made.id}/deliveries/whd_none/redeliver`)).status).toBe(404);
    expect((await ask("DELETE", `webhooks/${made.id}`)).status).toBe(204);
    expect(await ok("GET", "webhooks")).toEqual([]);
    // What is at rest says nothing of it.
    const rows = await server.deps.db.query(
      sql`select secret_sealed, response_sealed from webhook_endpoints, idempotency_keys`,
    );
    expect(JSON.stringify(rows)).not.toContain(String(secret));
  });
});

describe("sales", () => {
  test("a contract ends with its period and stays ended, however often that is asked", async () => {
    const lasting = await createShop(server);
    const its = await keyOf(server, lasting.tenantId);
    const { contractId } = await buy(server, lasting, { email: "cancel@example.com", price: "yearly" });
    const cancel = () => call(server, "POST", `/management/contracts/${contractId}/cancel`, its, {});
    for (const answer of [await cancel(), await cancel()]) {
      expect([answer.status, answer.body.isActive, answer.body.nextBillAt]).toEqual([200, true, null]);
      expect(answer.body.willCancelAt).toBe(answer.body.expiresAt);
    }
    const once = await buy(server, lasting, { email: "forever@example.com", price: "lifetime" });
    const refused = await call(server, "POST", `/management/contracts/${once.contractId}/cancel`, its);
    expect(refused.status).toBe(409);
    const now = { atPeriodEnd: false };
    const ended = await call(server, "POST", `/management/contracts/${contractId}/cancel`, its, now);
    expect(ended.body).toMatchObject({ status: "CANCELED", isActive: false });
  });

  test("a product may have an address of localhost, where a shop is first tried out, and of the web alone", async () => {
    const product = { sku: "local", title: "Local", productType: "article" };
    const url = "http://localhost:8080/a";
    expect(await ok("POST", "products", { ...product, url })).toMatchObject({ url });
    for (const bad of ["javascript:alert(1)", "ftp://localhost/a", "/a"]) {
      expect((await ask("POST", "products", { ...product, sku: "bad", url: bad })).status, bad).toBe(400);
    }
  });

  test("an attempt to buy is closed before its time, and a paid one is not", async () => {
    const busy = await createShop(server);
    const its = await keyOf(server, busy.tenantId);
    await start(server, busy, { email: "later@example.com" });
    const path = "/management/checkouts";
    const [open] = (await call<{ id: string }[]>(server, "GET", `${path}?status=PENDING`, its)).body;
    expect(open).toMatchObject({ sku: "pro", price: 9.99, currency: "USD", status: "PENDING" });
    for (let i = 0; i < 2; i += 1) {
      const closed = await call(server, "POST", `${path}/${open?.id}/expire`, its);
      expect([closed.status, closed.body.status]).toEqual([200, "EXPIRED"]);
    }
    await buy(server, busy, { email: "paid@example.com" });
    const [paid] = (await call<{ id: string }[]>(server, "GET", `${path}?status=COMPLETED`, its)).body;
    expect((await call(server, "POST", `${path}/${paid?.id}/expire`, its)).status).toBe(409);
  });

  test("what a page reported is read back, page by page, with the vendor's own filter", async () => {
    const sent = Array.from({ length: 3 }, (_, i) => ({
      type: "track",
      event: `read-${i}`,
      clientId: "gazette",
      anonymousId: "b1",
      timestamp: new Date(server.clock.now().getTime() + i).toISOString(),
      context: { page: { url: "https://www.gazette.example/a" } },
    }));
    for (const event of sent) {
      expect((await server.post("/events", [event])).status).toBe(204);
      server.clock.advance({ seconds: 1 });
    }
    const first = await ask<Body[]>("GET", "events?type=track&limit=2");
    expect(first.body.map(({ event }) => event)).toEqual(["read-2", "read-1"]);
    expect(first.headers.get("x-total-count")).toBe("3");
    const rest = await ask<Body[]>(
      "GET",
      `events?type=track&limit=2&cursor=${first.headers.get("x-next-cursor")}`,
    );
    expect(rest.body.map(({ event }) => event)).toEqual(["read-0"]);
    expect(await ok("GET", "events?event=read-1")).toMatchObject([
      { clientId: "gazette", anonymousId: "b1" },
    ]);
    expect((await ask("GET", "events?from=yesterday")).status).toBe(400);
  });
});
