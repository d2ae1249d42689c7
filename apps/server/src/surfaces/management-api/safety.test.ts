import { MANAGEMENT_ENDPOINTS } from "@tollgate/protocol/management-api/endpoints";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf, machineTokenOf } from "../../../test/management.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

type Body = Record<string, unknown>;
type Refusal = { error: { code: string; details?: { scope?: string; reason?: string; field?: string } } };

let server: TestServer;
let shop: Shop;
let other: Shop;
let key: { authorization: string };
let others: { authorization: string };

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
  key = await keyOf(server, shop.tenantId);
  others = await keyOf(server, other.tenantId);
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = <T = Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = key) =>
  call<T>(server, method, `/management/${path}`, headers, body);
const count = async (table: "products" | "meters") => {
  const from =
    table === "products" ? sql`select count(*) n from products` : sql`select count(*) n from meters`;
  return (await server.deps.db.one<{ n: number }>(from)).n;
};

describe("credentials", () => {
  const calls = MANAGEMENT_ENDPOINTS.map((endpoint) => {
    const { params = {}, body } = endpoint.example.request;
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ""),
    );
    return { ...endpoint, path: path.slice("/management/".length), body };
  });

  test("no endpoint answers anybody without credentials", async () => {
    for (const { id, method, path, body } of calls) {
      const answer = await ask<Refusal>(method, path, method === "GET" ? undefined : body, {});
      expect([answer.status, answer.body.error.code], id).toEqual([401, "unauthorized"]);
    }
  });

  test("no endpoint answers credentials with every scope but its own", async () => {
    const all = new Set(MANAGEMENT_ENDPOINTS.map(({ scope }) => scope));
    for (const scope of all) {
      const poor = await keyOf(
        server,
        shop.tenantId,
        [...all].filter((it) => it !== scope),
      );
      for (const { id, method, path, body } of calls.filter((it) => it.scope === scope)) {
        const answer = await ask<Refusal>(method, path, method === "GET" ? undefined : body, poor);
        expect([answer.status, answer.body.error.code, answer.body.error.details?.scope], id).toEqual([
          403,
          "forbidden",
          scope,
        ]);
      }
    }
  });

  test("scopes that publishers' clients have elsewhere mean the same here, and no more", async () => {
    const meaning: [scope: string, path: string, status: number][] = [
      ["profile:user:read", "users", 200],
      ["profile:user:read", "contracts", 403],
      ["payments:contract:admin", "contracts", 200],
      ["payments:contract:admin", "bills", 403],
      ["vault:entitlement:manage", "entitlements", 200],
      ["vault:entitlement:manage", "access-lists", 200],
      ["profile:vendors:read", "vendors", 200],
      ["management:write", "vendors", 403],
    ];
    for (const [scope, path, status] of meaning) {
      const token = await machineTokenOf(server, shop.tenantId, [scope]);
      expect((await ask("GET", path, undefined, token)).status, `${scope} ${path}`).toBe(status);
    }
  });

  test("P-9, P-12: a preflight needs no credentials, and refusals may be read by the page that asked", async () => {
    const preflight = await server.fetch("/management/users/x", {
      method: "OPTIONS",
      headers: {
        origin: "https://admin.example",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization, idempotency-key",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    for (const path of ["users", "nothing-like-it"]) {
      const refused = await ask<Refusal>("GET", path, undefined, {});
      expect(refused.status).toBe(path === "users" ? 401 : 404);
      expect(refused.body.error.code).toBe(path === "users" ? "unauthorized" : "not_found");
      expect(refused.headers.get("access-control-allow-origin")).toBe("*");
      expect(refused.headers.get("access-control-expose-headers")).toContain("X-Next-Cursor");
    }
  });

  test("a key that was made for parts of the Management API acts for nobody elsewhere", async () => {
    const apiKey = async (scopes?: string[]) => ({
      "x-api-key": (await keyOf(server, shop.tenantId, scopes)).authorization.replace("Bearer ", ""),
    });
    const portal = (headers: Record<string, string>) =>
      server.post<{ code: string }>(
        shop.api("get-customer-portal"),
        { email: "nobody@example.com", returnUrl: "https://x.example" },
        headers,
      );
    const poor = await portal(await apiKey(["management:read", "management:write"]));
    expect([poor.status, poor.body.code]).toEqual([403, "api_key_scope"]);
    expect((await portal(await apiKey())).body.code).not.toBe("api_key_scope");
  });

  test("a key that was revoked, and one of a vendor that was closed, open nothing", async () => {
    const revoked = await keyOf(server, shop.tenantId);
    await server.deps.db.execute(sql`update api_keys set active = false where id = (
      select id from api_keys where tenant_id = ${shop.tenantId} order by id desc limit 1)`);
    expect((await ask("GET", "users", undefined, revoked)).status).toBe(401);
    const closed = await createShop(server);
    const itsKey = await keyOf(server, closed.tenantId);
    await server.deps.db.execute(sql`update tenants set status = 'suspended' where id = ${closed.tenantId}`);
    expect((await ask("GET", "users", undefined, itsKey)).status).toBe(401);
  });
});

describe("another vendor", () => {
  test("sees, changes and deletes nothing of this one's", async () => {
    const sale = await buy(server, shop, { email: "theirs@example.com" });
    const meter = (await ask<{ id: string }>("POST", "meters", { key: "theirs", limit: 3 })).body;
    const hook = (await ask<{ id: string }>("POST", "webhooks", { url: "https://93.184.216.34/hook" })).body;
    const code = (await ask<{ id: string }>("POST", "discount-codes", { code: "THEIRS", percentOff: 10 }))
      .body;
    const bill = (await ask<{ id: string }[]>("GET", "bills")).body[0];
    const transaction = (await ask<{ id: string }[]>("GET", "transactions")).body[0];
    const checkout = (await ask<{ id: string }[]>("GET", "checkouts")).body[0];
    const option = (await ask<{ id: string }[]>("GET", "purchase-options")).body[0];
    const tries: [method: string, path: string, body?: unknown][] = [
      ["GET", `users/${sale.userId}`],
      ["PATCH", `users/${sale.userId}`, { name: "x" }],
      ["DELETE", `users/${sale.userId}`],
      ["POST", `users/${sale.userId}/set-password`, { password: "a long new password" }],
      ["POST", `users/${sale.userId}/change-login-identifier`, { email: "mine@example.com" }],
      ["PUT", `users/${sale.userId}/user_metadata/k`, "v"],
      ["PUT", `users/${sale.userId}/tags/t`],
      ["GET", `customers/${sale.userId}`],
      ["GET", `entitlements?userId=${sale.userId}`],
      ["GET", `contracts/${sale.contractId}`],
      ["POST", `contracts/${sale.contractId}/cancel`, {}],
      ["GET", `bills/${bill?.id}`],
      ["POST", `bills/${bill?.id}/refund`, {}],
      ["GET", `transactions/${transaction?.id}`],
      ["GET", `checkouts/${checkout?.id}`],
      ["POST", `checkouts/${checkout?.id}/expire`],
      ["GET", `meters/${meter.id}`],
      ["PATCH", `meters/${meter.id}`, { limit: 9 }],
      ["DELETE", `meters/${meter.id}`],
      ["GET", `webhooks/${hook.id}`],
      ["PATCH", `webhooks/${hook.id}`, { status: "PAUSED" }],
      ["DELETE", `webhooks/${hook.id}`],
      ["GET", `discount-codes/${code.id}`],
      ["PATCH", `discount-codes/${code.id}`, { percentOff: 100 }],
      ["DELETE", `discount-codes/${code.id}`],
      ["GET", `purchase-options/${option?.id}`],
      ["PATCH", `purchase-options/${option?.id}`, { price: 1 }],
      ["DELETE", `purchase-options/${option?.id}`],
      ["PATCH", `paywalls/${shop.paywallId}`, { headline: "mine" }],
      ["DELETE", `paywalls/${shop.paywallId}`],
      ["POST", "purchase-options", { sku: "pro", price: 1, paywallId: shop.paywallId }],
      ["POST", "paywalls", { sku: "pro", meterId: meter.id }],
    ];
    for (const [method, path, body] of tries) {
      const { status, body: answer } = await ask<Refusal>(method, path, body, others);
      expect([status, answer.error.code], `${method} ${path}`).toEqual([403, "forbidden"]);
    }
    for (const list of [
      "users",
      "contracts",
      "bills",
      "transactions",
      "checkouts",
      "meters",
      "webhooks",
      "tags",
    ]) {
      expect((await ask<unknown[]>("GET", list, undefined, others)).body, list).toEqual([]);
    }
    // Nothing has happened to any of it.
    expect((await ask("GET", `users/${sale.userId}`)).body).toMatchObject({ email: "theirs@example.com" });
    expect((await ask("GET", `contracts/${sale.contractId}`)).body).toMatchObject({ willCancelAt: null });
    expect((await ask("GET", `meters/${meter.id}`)).body).toMatchObject({ limit: 3, status: "ACTIVE" });
    expect((await ask("GET", `discount-codes/${code.id}`)).body).toMatchObject({ percentOff: 10 });
  });

  test("a sku means the caller's own product, whoever else has one that is called so", async () => {
    await ask("POST", "products", { sku: "mine", title: "Mine" });
    expect((await ask("GET", "products/mine", undefined, others)).status).toBe(404);
    expect((await ask("PATCH", "products/pro", { title: "Changed" }, others)).status).toBe(200);
    expect((await ask("GET", "products/pro")).body).toMatchObject({ title: "Pro" });
  });
});

describe("a test key", () => {
  test("sees no live sale, refunds and ends none, lets nobody in, and changes no paywall that takes real money", async () => {
    const { contractId } = await buy(server, shop, { email: "live@example.com", price: "yearly" });
    const [bill] = (await ask<{ id: string }[]>("GET", `bills?contractId=${contractId}`)).body;
    const [option] = (await ask<{ id: string }[]>("GET", `purchase-options?paywallId=${shop.paywallId}`))
      .body;
    const list = await ask<{ id: string }>("POST", "access-lists", {
      name: "L",
      type: "MANUAL",
      status: "ACTIVE",
    });
    const grants = `access-lists/${list.body.id}/grants`;
    const { db } = server.deps;
    const become = async (mode: "live" | "test") => {
      await db.execute(sql`update contracts set mode = ${mode} where id = ${contractId}`);
      await db.execute(sql`update bills set mode = ${mode} where id = ${bill?.id}`);
      await db.execute(sql`update access_lists set mode = ${mode} where id = ${list.body.id}`);
      await db.execute(sql`update paywalls set payment_mode = ${mode} where id = ${shop.paywallId}`);
    };
    await become("live");
    const tries: [method: string, path: string, body: object | undefined, status: number][] = [
      ["GET", `contracts/${contractId}`, undefined, 404],
      ["POST", `contracts/${contractId}/cancel`, {}, 404],
      ["GET", `bills/${bill?.id}`, undefined, 404],
      ["POST", `bills/${bill?.id}/refund`, {}, 404],
      ["GET", grants, undefined, 404],
      ["POST", grants, { email: "a@example.com", sku: "pro", poId: "", status: "ACTIVE" }, 404],
      ["PATCH", `paywalls/${shop.paywallId}`, { headline: "x" }, 403],
      ["DELETE", `paywalls/${shop.paywallId}`, undefined, 403],
      ["PATCH", `purchase-options/${option?.id}`, { price: 0 }, 403],
      ["DELETE", `purchase-options/${option?.id}`, undefined, 403],
      ["POST", "purchase-options", { sku: "pro", price: 0, paywallId: shop.paywallId }, 403],
    ];
    for (const [method, path, body, status] of tries) {
      expect((await ask(method, path, body)).status, `${method} ${path}`).toBe(status);
    }
    await become("test");
    // It was the mode that kept it out.
    expect((await ask("GET", `contracts/${contractId}`)).body).toMatchObject({ willCancelAt: null });
    expect((await ask("GET", `bills/${bill?.id}`)).body).toMatchObject({ refunded: 0 });
    expect((await ask("GET", grants)).body).toEqual([]);
    expect((await ask("GET", `purchase-options/${option?.id}`)).body).toMatchObject({ status: "ACTIVE" });
  });
});

describe("doing something once", () => {
  test("P-26: an identical POST repeated with one Idempotency-Key creates one object and gets the first answer", async () => {
    const headers = { ...key, "idempotency-key": "a-key-of-mine" };
    const before = await count("products");
    const first = await ask("POST", "products", { title: "Once" }, headers);
    expect(first.status).toBe(201);
    server.clock.advance({ hours: 1 });
    const again = await ask("POST", "products", { title: "Once" }, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await count("products")).toBe(before + 1);
    // The key, and not the equal title, is what made the second one the first.
    await ask("POST", "products", { title: "Once" }, { ...key, "idempotency-key": "another" });
    expect(await count("products")).toBe(before + 2);
  });

  test("P-26: twenty at once with one key create one", async () => {
    const headers = { ...key, "idempotency-key": "all-at-once" };
    const before = await count("products");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask<{ sku: string }>("POST", "products", { title: "Together" }, headers),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.sku)).size).toBe(1);
    expect(await count("products")).toBe(before + 1);
  });

  test("P-26: without a key, the same bytes from the same caller within ten seconds create one", async () => {
    const before = await count("products");
    const make = (headers = key) => ask<{ sku: string }>("POST", "products", { title: "Twice" }, headers);
    const first = await make();
    expect((await make()).body).toEqual(first.body);
    expect(await count("products")).toBe(before + 1);
    // Somebody else's is theirs, and later is another one.
    expect((await make(others)).body.sku).not.toBe(first.body.sku);
    server.clock.advance({ seconds: 11 });
    expect((await make()).body.sku).not.toBe(first.body.sku);
  });

  test("a key that comes with another request is refused, and so is one that is none", async () => {
    const headers = { ...key, "idempotency-key": "for-one-thing" };
    await ask("POST", "meters", { key: "m-1", limit: 1 }, headers);
    const other = await ask<Refusal>("POST", "meters", { key: "m-2", limit: 1 }, headers);
    expect([other.status, other.body.error.details?.reason]).toEqual([422, "idempotency_key_reused"]);
    const long = { ...key, "idempotency-key": "x".repeat(256) };
    expect((await ask("POST", "meters", { key: "m-3", limit: 1 }, long)).status).toBe(400);
  });

  test("a refund, a change and a deletion happen once per key too", async () => {
    const { contractId } = await buy(server, shop, { email: "refund@example.com", price: "yearly" });
    const [bill] = (await ask<{ id: string }[]>("GET", `bills?contractId=${contractId}`)).body;
    const once = { ...key, "idempotency-key": "half-back" };
    const path = `bills/${bill?.id}/refund`;
    expect((await ask("POST", path, { amount: 30 }, once)).body).toEqual({
      success: true,
      amount: 30,
      currency: "USD",
    });
    await ask("POST", path, { amount: 30 }, once);
    await server.settle();
    expect((await ask("GET", `bills/${bill?.id}`)).body).toMatchObject({ refunded: 30, price: 79 });
    expect((await ask<Refusal>("POST", path, { amount: 60 })).status).toBe(409);
    expect((await ask<Refusal>("POST", path, { amount: -1 })).status).toBe(400);

    const meter = (await ask<{ id: string }>("POST", "meters", { key: "once", limit: 1 })).body;
    const change = { ...key, "idempotency-key": "change" };
    await ask("PATCH", `meters/${meter.id}`, { limit: 2 }, change);
    await ask("PATCH", `meters/${meter.id}`, { limit: 5 });
    expect((await ask("PATCH", `meters/${meter.id}`, { limit: 2 }, change)).body).toMatchObject({ limit: 2 });
    expect((await ask("GET", `meters/${meter.id}`)).body).toMatchObject({ limit: 5 });
    const { headers } = await ask("DELETE", `meters/${meter.id}`, undefined, {
      ...key,
      "idempotency-key": "away",
    });
    expect(headers.has("idempotent-replayed")).toBe(false);
    const again = await ask("DELETE", `meters/${meter.id}`, undefined, { ...key, "idempotency-key": "away" });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([204, "true"]);
  });

  test("P-27: when the answer is a 5xx nothing of the write is there, and the same key may try again", async () => {
    const headers = { ...key, "idempotency-key": "fails-first" };
    const body = { sku: "bundle", title: "Bundle", contains: ["pro"] };
    const before = await count("products");
    // The product is written before what it contains is.
    await server.deps.db.execute(sql`alter table product_members rename to members_gone`);
    const failed = await ask<Refusal>("POST", "products", body, headers);
    await server.deps.db.execute(sql`alter table members_gone rename to product_members`);
    expect([failed.status, failed.body.error.code]).toEqual([500, "internal_error"]);
    expect(await count("products")).toBe(before);
    const second = await ask("POST", "products", body, headers);
    expect([second.status, second.body]).toEqual([201, expect.objectContaining({ contains: ["pro"] })]);
    expect(await count("products")).toBe(before + 1);
  });
});

describe("pages", () => {
  const walk = async (start: string): Promise<string[]> => {
    const seen: string[] = [];
    for (let path: string | null = start; path !== null; ) {
      const answer: Awaited<ReturnType<typeof ask<{ key: string }[]>>> = await ask("GET", path);
      seen.push(...answer.body.map((it) => it.key));
      const cursor: string | null = answer.headers.get("x-next-cursor");
      path = cursor && `meters?limit=2&cursor=${cursor}`;
    }
    return seen;
  };

  beforeAll(async () => {
    for (let i = 0; i < 5; i += 1) {
      await ask("POST", "meters", { key: `page-${i}`, limit: i });
      server.clock.advance({ seconds: 1 });
    }
  });

  test("a list is a bare array, newest first, that says how many there are and what is next", async () => {
    const { body, headers } = await ask<{ key: string }[]>("GET", "meters?limit=2");
    expect(body.map((it) => it.key)).toEqual(["page-4", "page-3"]);
    expect(Number(headers.get("x-total-count"))).toBe(await count("meters"));
    expect(headers.get("link")).toContain('</management/meters?limit=2&offset=2>; rel="next"');
    const second = await ask<{ key: string }[]>("GET", "meters?limit=2&offset=2");
    expect(second.body.map((it) => it.key)).toEqual(["page-2", "page-1"]);
    expect(second.headers.get("link")).toContain('</management/meters?limit=2&offset=0>; rel="prev"');
  });

  test("a walk by cursor leaves nothing out and repeats nothing, also when rows are made meanwhile", async () => {
    const all = (await ask<{ key: string }[]>("GET", "meters")).body.map((it) => it.key);
    expect(await walk("meters?limit=2")).toEqual(all);
    const first = await ask("GET", "meters?limit=2");
    await ask("POST", "meters", { key: "in-between", limit: 1 });
    const rest = await walk(`meters?limit=2&cursor=${first.headers.get("x-next-cursor")}`);
    expect(rest).toEqual(all.slice(2));
    const byOffset = await ask<{ key: string }[]>("GET", "meters?limit=2&offset=2");
    expect(byOffset.body[0]?.key).toBe("page-3");
  });

  test("P-30: numbers that are none, cursors that were not answered and both at once are answered 400", async () => {
    const queries = ["limit=-1", "limit=0", "limit=501", "limit=x", "offset=-1", "offset=1.5", "cursor=abc"];
    const cursor = (await ask("GET", "meters?limit=2")).headers.get("x-next-cursor");
    for (const query of [...queries, `offset=2&cursor=${cursor}`, "cursor=YWZ0ZXI6JyBvciAxPTE"]) {
      const { status, body } = await ask<Refusal>("GET", `meters?${query}`);
      expect([status, body.error.code], query).toEqual([400, "validation_error"]);
    }
  });

  test("bills take `from` as an offset, or as the id of the bill to start after", async () => {
    for (const email of ["p1@example.com", "p2@example.com", "p3@example.com"])
      await buy(server, shop, { email });
    const all = (await ask<{ id: string }[]>("GET", "bills")).body.map(({ id }) => id);
    const ids = async (query: string) =>
      (await ask<{ id: string }[]>("GET", `bills?${query}`)).body.map(({ id }) => id);
    expect(await ids("from=1&limit=2")).toEqual(all.slice(1, 3));
    expect(await ids(`from=${all[1]}&limit=2`)).toEqual(all.slice(2, 4));
    expect(await ids(`q=${all[1]}`)).toEqual([all[1]]);
    expect((await ids("q=p2@example.com")).length).toBe(1);
    expect((await ask("GET", "bills?from=-1")).status).toBe(400);
  });

  test("P-13: answers say what is left of the limit, also for refusals", async () => {
    for (const headers of [key, {}]) {
      const answer = await ask("GET", "meters", undefined, headers as Record<string, string>);
      expect(answer.headers.get("x-ratelimit-limit")).toBe("100");
      expect(Number(answer.headers.get("x-ratelimit-remaining"))).toBeGreaterThanOrEqual(0);
      expect(Number(answer.headers.get("x-ratelimit-reset"))).toBeGreaterThan(1_900_000_000);
    }
  });
});

describe("bad requests", () => {
  test("P-17: a body that is no JSON, no object, or too large is refused before anything is looked up", async () => {
    for (const body of ["{", "[]", '"x"', "null"]) {
      const { status, body: answer } = await ask<Refusal>("POST", "products", body);
      expect([status, answer.error.code], body).toEqual([400, "validation_error"]);
    }
    const { status } = await ask("POST", "products", { title: "x".repeat(1_100_000) });
    expect(status).toBe(413);
  });

  test("a value at fault is named", async () => {
    const wrong: [path: string, body: unknown, field: string][] = [
      ["products", { title: "" }, "title"],
      ["products", { title: "x", url: "javascript:alert(1)" }, "url"],
      ["products", { title: "x", contains: ["nothing"] }, "contains"],
      ["meters", { key: "x", limit: -1 }, "limit"],
      ["meters", { key: "x y", limit: 1 }, "key"],
      ["discount-codes", { code: "X" }, "percentOff"],
      ["discount-codes", { code: "X", percentOff: 10, amountOff: 1, currency: "EUR" }, "percentOff"],
      ["discount-codes", { code: "X", amountOff: 1 }, "currency"],
      ["users", { email: "nobody" }, "email"],
      ["paywalls", { sku: "pro", mainColor: "red;}" }, "mainColor"],
    ];
    for (const [path, body, field] of wrong) {
      const { status, body: answer } = await ask<Refusal>("POST", path, body);
      expect([status, answer.error.details?.field], `${path} ${JSON.stringify(body)}`).toEqual([400, field]);
    }
  });

  test("webhooks reach no private address, and names that are taken are answered 409", async () => {
    for (const url of ["http://127.0.0.1:5432/", "https://169.254.169.254/latest", "https://[::1]/x"]) {
      expect((await ask("POST", "webhooks", { url })).status, url).toBe(400);
    }
    await ask("POST", "meters", { key: "taken", limit: 1 });
    server.clock.advance({ seconds: 11 });
    expect((await ask("POST", "meters", { key: "taken", limit: 1 })).status).toBe(409);
    await ask("POST", "discount-codes", { code: "Taken", percentOff: 5 });
    expect((await ask("POST", "discount-codes", { code: "TAKEN", percentOff: 6 })).status).toBe(409);
  });
});
