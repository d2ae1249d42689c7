import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, moveClock } from "../../../test/selling.ts";
import { applyYaml } from "../../../test/setup.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { saveAccessList, saveGrant } from "../../domains/access-lists/index.ts";
import { cancelContract, runIntentNow } from "../../domains/billing/index.ts";
import { sql } from "../../platform/database/index.ts";

type Wire = {
  id: string;
  sku: string;
  type: string;
  purchaseOption?: string;
  purchaseOptionsId?: string;
  origin?: Record<string, string>;
  createdAt: string;
  hasAccess: boolean;
};

let server: TestServer;
let shop: Shop;
let listId: string;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  const at = server.clock.now();
  await server.deps.db.execute(sql`
    insert into products (id, tenant_id, sku, title, type, url, url_key, publisher_content_id, cover)
    values (${server.deps.ids.next("product")}, ${shop.tenantId}, 'art', 'An article', 'article', 'https://daily.example/art?id=7',
      'daily.example/art?id=7', 'art-7', 'https://daily.example/art.jpg')`);
  listId = await server.deps.db.transaction((tx) =>
    saveAccessList(
      tx,
      server.deps,
      {
        tenantId: shop.tenantId,
        key: null,
        name: "Old subscribers",
        description: null,
        type: "MANUAL",
        status: "ACTIVE",
        mode: "test",
        excludeFromStats: false,
      },
      at,
    ),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

async function grant(email: string, sku: string, endsAt: Date | null = null): Promise<string> {
  const { id: productId } = await server.deps.db.one<{ id: string }>(
    sql`select id from products where tenant_id = ${shop.tenantId} and sku = ${sku}`,
  );
  return server.deps.db.transaction((tx) =>
    saveGrant(
      tx,
      server.deps,
      {
        tenantId: shop.tenantId,
        listId,
        key: null,
        email,
        productId,
        optionId: null,
        status: "ACTIVE",
        startsAt: null,
        endsAt,
        notes: null,
      },
      server.clock.now(),
    ),
  );
}

const list = async (who: SignedInCustomer, query = "") =>
  (await server.get<Wire[]>(`/entitlements${query}`, who.headers)).body;

test("P-101, P-102, P-103, P-104: the list has what gives access now, with its origin, and can be filtered", async () => {
  const who = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: who.email ?? "" });
  const grantId = await grant(who.email ?? "", "art");
  const all = await list(who);
  expect(all).toHaveLength(2);
  const bought = all.find((it) => it.sku === "pro");
  const granted = all.find((it) => it.sku === "art");
  expect(bought).toMatchObject({
    hasAccess: true,
    type: "pass",
    origin: { type: "PAYMENTS", contractId: sale.contractId },
  });
  expect(bought?.purchaseOption).toMatch(/^po_/);
  expect(bought?.purchaseOptionsId).toBe(bought?.purchaseOption);
  expect(granted).toMatchObject({
    type: "article",
    title: "An article",
    url: "https://daily.example/art?id=7",
    publisherContentId: "art-7",
    cover: "https://daily.example/art.jpg",
    origin: { type: "EXTERNAL", id: grantId, listId, name: "Old subscribers" },
  });
  expect(granted).not.toHaveProperty("purchaseOption");
  expect((await list(who, "?type=article")).map((it) => it.sku)).toEqual(["art"]);
  expect((await list(who, "?sku=pro")).map((it) => it.sku)).toEqual(["pro"]);
  expect((await list(who, `?purchase-option-id=${bought?.purchaseOption}`)).map((it) => it.sku)).toEqual([
    "pro",
  ]);
  expect(await list(who, "?sku=none")).toEqual([]);
  expect((await server.get(`/entitlements/${bought?.id}`, who.headers)).body).toEqual(bought);

  const cancelled = await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: false,
      reason: "other",
    }),
  );
  if (cancelled.outcome === "requested") await runIntentNow(server.deps, cancelled.intentId);
  await server.settle();
  expect((await list(who)).map((it) => it.sku)).toEqual(["art"]);
  expect((await list(who, "?include=inactive")).map((it) => [it.sku, it.hasAccess])).toContainEqual([
    "pro",
    false,
  ]);
  expect((await server.get(`/entitlements/${bought?.id}/access`, who.headers)).status).toBe(403);
});

test("what ends by itself leaves the list on the instant, and nobody sees another one's", async () => {
  const [who, other] = [await signedInCustomer(server, shop), await signedInCustomer(server, shop)];
  await grant(who.email ?? "", "art", new Date("2031-03-11T00:00:00Z"));
  const [mine] = await list(who);
  expect(mine).toMatchObject({ expiresAt: "2031-03-11T00:00:00.000Z" });
  expect((await server.get(`/entitlements/${mine?.id}`, other.headers)).status).toBe(404);
  expect((await server.get(`/entitlements/${mine?.id}/access`, other.headers)).status).toBe(404);
  expect((await server.get("/entitlements//access", who.headers)).status).toBe(404);
  expect((await server.get("/entitlements")).status).toBe(401);
  await moveClock(server, shop, { days: 20 });
  expect(await list(who)).toEqual([]);
});

test("a grant that waits for an address is there on the first look after it was proved", async () => {
  await grant("waiting@example.com", "art");
  const unproved = await signedInCustomer(server, shop, { email: "waiting@example.com", verified: false });
  expect(await list(unproved)).toEqual([]);
  const proved = await signedInCustomer(server, shop, { email: "waiting@example.com" });
  expect(await list(proved)).toHaveLength(1);
});

test("P-105: waiting ends as soon as there is something new, and after ten seconds without", async () => {
  const who = await signedInCustomer(server, shop);
  const { now } = await server.deps.db.one<{ now: Date }>(sql`
    select ${server.clock.now()}::timestamptz + (clock_offset_ms - 1) * interval '1 millisecond' now
    from tenants where id = ${shop.tenantId}`);
  const query = `?wait-for-entitlement-after=${now.toISOString()}`;
  const started = performance.now();
  const waiting = list(who, query);
  await buy(server, shop, { email: who.email ?? "" });
  await server.settle();
  expect((await waiting).map((it) => it.sku)).toEqual(["pro"]);
  const took = performance.now() - started;
  expect((await list(who, query)).map((it) => it.sku)).toEqual(["pro"]);
  const never = performance.now();
  expect(await list(who, "?wait-for-entitlement-after=2099-01-01T00:00:00Z")).toHaveLength(1);
  const waited = performance.now() - never;
  expect(waited).toBeGreaterThan(9_000);
  expect(took).toBeLessThan(waited);
  expect((await server.get("/entitlements?wait-for-entitlement-after=soon", who.headers)).status).toBe(400);
});

test("P-106, P-107: access is a link and its token, which the published key vouches for", async () => {
  const who = await signedInCustomer(server, shop);
  await grant(who.email ?? "", "art");
  const [right] = await list(who);
  const { status, body, headers } = await server.get<{ id: string; url: string; token: string }>(
    `/entitlements/${right?.id}/access`,
    who.headers,
  );
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(Object.keys(body).sort()).toEqual(["id", "token", "url"]);
  const url = new URL(body.url);
  expect([url.searchParams.get("id"), url.searchParams.get("token")]).toEqual(["7", body.token]);
  const keys = (await server.get<JSONWebKeySet>("/vault-jwks.json")).body;
  const { payload } = await jwtVerify(body.token, createLocalJWKSet(keys), {
    currentDate: server.clock.now(),
  });
  expect(payload).toMatchObject({
    url: "https://daily.example/art",
    s: "art",
    pid: "art-7",
    i: who.userId,
    e: who.email,
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(4 * 3600);
  // A tenant counts as a vendor once it has something to sell.
  const second = "tenants: [{ slug: second, name: Second, products: [{ sku: x, title: X }] }]";
  expect(await applyYaml(server, second)).toHaveLength(2);
  expect((await server.get("/vault-jwks.json")).status, "two vendors, and none is named").toBe(404);
});
