import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, moveClock } from "../../../test/selling.ts";
import { applyYaml, setupOf } from "../../../test/setup.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { refundBill } from "../../domains/billing/index.ts";
import { followBills, moveFulfillment } from "../../domains/fulfillments/index.ts";
import { json, sql } from "../../platform/database/index.ts";
import type { StoredEvent } from "../../platform/events.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;

/** What the shop sells comes by post once a month, and a tote bag for the asking. */
beforeAll(async () => {
  server = await startTestServer();
  [shop, other] = [await createShop(server), await createShop(server)];
  const { db, ids } = server.deps;
  const post = { provider: "post", each: "bill", copies: 2, deliversAfterDays: 3 };
  await db.execute(sql`update products set fulfillment = ${json(post)} where id = ${shop.productId}`);
  for (const [sku, terms] of [
    ["issue", { provider: "printer", each: "bill", copies: 1, deliversAfterDays: null }],
    ["bag", { provider: "shop", each: "request", copies: 1, deliversAfterDays: null }],
  ] as const) {
    const id = ids.next("product");
    await db.execute(sql`
      insert into products (id, tenant_id, sku, title, cover, fulfillment)
      values (${id}, ${shop.tenantId}, ${sku}, ${`The ${sku}`}, 'https://x.example/c.png', ${json(terms)})`);
    await db.execute(sql`
      insert into product_members (tenant_id, parent_id, member_id) values (${shop.tenantId}, ${shop.productId}, ${id})`);
  }
});
afterAll(() => server[Symbol.asyncDispose]());

type Reader = Awaited<ReturnType<typeof signedInCustomer>>;
type Wire = { id: string; itemId: string; sku: string; status: string } & Record<string, unknown>;

const list = async (reader: Pick<Reader, "headers">, query = "") =>
  (await server.get<Wire[]>(`/fulfillments${query}`, reader.headers)).body;

async function subscriber() {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers });
  await server.settle();
  return { ...reader, ...sale };
}

const ask = (reader: Pick<Reader, "headers">, itemId: string, sku?: string, headers = {}) =>
  server.post<Wire & { error?: { code: string } }>(
    `/fulfillments/${itemId}/request-delivery?`,
    sku === undefined ? undefined : { sku },
    { ...reader.headers, ...headers },
  );

const stateOf = async (id: string) =>
  (await server.deps.db.one<{ state: string }>(sql`select state from fulfillments where id = ${id}`)).state;

describe("deliveries", () => {
  test("a paid bill makes one for each product in it that is delivered so, those in a bundle as well", async () => {
    const me = await subscriber();
    const all = await list(me);
    expect(all.map(({ sku }) => sku).sort()).toEqual(["issue", "pro"]);
    expect(all.find(({ sku }) => sku === "pro")).toEqual({
      id: expect.stringMatching(/^ful_/),
      itemId: expect.stringMatching(/^cit_/),
      numericId: expect.any(Number),
      sku: "pro",
      title: "Pro",
      status: "SCHEDULED",
      deliveryProvider: "post",
      copies: 2,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      deliversAt: expect.any(String),
    });
    expect(all.find(({ sku }) => sku === "issue")).toMatchObject({
      status: "PENDING",
      cover: expect.any(String),
    });
    await moveClock(server, shop, { days: 32 });
    await server.settle();
    expect(await list(me)).toHaveLength(4);
    // The news of a bill again makes nothing.
    const { db } = server.deps;
    const events = await db.query<StoredEvent>(sql`
      select id, tenant_id "tenantId", mode, type, object_id "objectId", paywall_id "paywallId", customer_id "customerId",
        data, occurred_at "occurredAt", created_at "createdAt"
      from events where type = 'bill.paid' and object_id = ${me.contractId}`);
    expect(events).toHaveLength(2);
    for (const event of events) await db.transaction((tx) => followBills(server.deps)(tx, event));
    expect(await list(me)).toHaveLength(4);
  });

  test("P-84: GET /fulfillments?sku= filters by sku, and shows a reader their own alone", async () => {
    const [me, you] = [await subscriber(), await subscriber()];
    expect((await list(me, "?sku=issue")).map(({ sku }) => sku)).toEqual(["issue"]);
    expect(await list(me, "?sku=nothing")).toEqual([]);
    expect(await list(me, "?sku=")).toEqual([]);
    const mine = (await list(me)).map(({ id }) => id);
    expect((await list(you)).some(({ id }) => mine.includes(id))).toBe(false);
    expect((await server.get("/fulfillments")).status).toBe(401);
    const sliced = await server.get<Wire[]>("/fulfillments?limit=1", me.headers);
    expect(sliced.body).toHaveLength(1);
    expect(sliced.headers.get("x-total-count")).toBe("2");
  });

  test("P-85: POST /fulfillments/{id}/request-delivery? with its sku is done with 204, and once", async () => {
    const me = await subscriber();
    await server.fetch("/profile", {
      method: "PATCH",
      headers: { ...me.headers, "content-type": "application/json" },
      body: JSON.stringify({ deliveryAddress: { street: "Gatan 1", city: "Lund", country: "SE" } }),
    });
    const [issue] = await list(me, "?sku=issue");
    const done = await ask(me, issue?.itemId ?? "", "issue", { "idempotency-key": "once" });
    expect([done.status, done.body]).toEqual([204, ""]);
    expect((await list(me, "?sku=issue"))[0]?.status).toBe("REQUESTED");
    expect((await ask(me, issue?.itemId ?? "", "issue", { "idempotency-key": "once" })).status).toBe(204);
    const again = await ask(me, issue?.itemId ?? "", "issue");
    expect([again.status, again.body.error?.code]).toEqual([409, "conflict"]);
    const row = await server.deps.db.one<{ address: unknown }>(
      sql`select address from fulfillments where id = ${issue?.id ?? ""}`,
    );
    expect(row.address).toEqual({ street: "Gatan 1", city: "Lund", country: "SE" });
    // By its own id and without a body.
    const [pro] = await list(me, "?sku=pro");
    expect((await ask(me, pro?.id ?? "")).status).toBe(204);
  });

  test("an unknown item, another sku, another reader's and another vendor's are 404, and nothing is sent", async () => {
    const me = await subscriber();
    const stranger = await signedInCustomer(server, shop);
    const abroad = await signedInCustomer(server, other);
    const [issue] = await list(me, "?sku=issue");
    const itemId = issue?.itemId ?? "";
    for (const [who, item, sku] of [
      [me, "cit_none", "issue"],
      [me, itemId, "pro"],
      [stranger, itemId, "issue"],
      [abroad, issue?.id ?? "", "issue"],
    ] as const) {
      expect((await ask(who, item, sku)).status).toBe(404);
    }
    expect(await stateOf(issue?.id ?? "")).toBe("pending");
  });

  test("two requests at once send one", async () => {
    const me = await subscriber();
    const [issue] = await list(me, "?sku=issue");
    const both = await Promise.all([1, 2].map(() => ask(me, issue?.itemId ?? "", "issue")));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test("what was given back is not sent; what was sent stays sent", async () => {
    const me = await subscriber();
    const [sent, kept] = await list(me);
    const now = server.clock.now();
    const move = (to: "shipped" | "delivered") =>
      server.deps.db.transaction((tx) =>
        moveFulfillment(tx, server.deps, {
          tenantId: shop.tenantId,
          id: sent?.id ?? "",
          to,
          tracking: "T1",
          now,
        }),
      );
    expect((await move("shipped"))?.state).toBe("shipped");
    const bill = await server.deps.db.one<{ id: string }>(
      sql`select id from bills where contract_id = ${me.contractId}`,
    );
    await server.deps.db.transaction((tx) =>
      refundBill(tx, server.deps, { tenantId: shop.tenantId, billId: bill.id, reason: "asked" }),
    );
    await server.settle();
    expect(await stateOf(sent?.id ?? "")).toBe("shipped");
    expect(await stateOf(kept?.id ?? "")).toBe("canceled");
    expect((await ask(me, kept?.itemId ?? "", kept?.sku)).status).toBe(409);
    expect((await move("delivered"))?.tracking).toBe("T1");
    await expect(move("shipped")).rejects.toThrow("cannot go");
  });

  test("POST /fulfillments orders what is delivered on request, once per item, for readers who have it", async () => {
    const me = await subscriber();
    const order = (reader: Pick<Reader, "headers">, body: object) =>
      server.post<Wire>("/fulfillments", body, reader.headers);
    const ordered = await order(me, { sku: "bag", itemId: "blue", extra: true });
    expect(ordered.status).toBe(201);
    expect(ordered.body).toMatchObject({
      sku: "bag",
      itemId: "blue",
      status: "REQUESTED",
      deliveryProvider: "shop",
    });
    server.clock.advance({ minutes: 1 });
    const again = await order(me, { sku: "bag", itemId: "blue" });
    expect([again.status, again.body.id]).toEqual([200, ordered.body.id]);
    const stranger = await signedInCustomer(server, shop);
    expect((await order(stranger, { sku: "bag", itemId: "blue" })).status).toBe(404);
    expect((await order(me, { sku: "nothing", itemId: "x" })).status).toBe(404);
    // What comes with the bill is not for the asking, but may be asked for.
    expect((await order(me, { sku: "issue", itemId: "x" })).status).toBe(404);
    const [issue] = await list(me, "?sku=issue");
    const coming = await order(me, { sku: "issue", itemId: issue?.itemId });
    expect(coming.body).toMatchObject({ id: issue?.id, status: "REQUESTED" });
    for (const body of [{}, { sku: "bag" }, { sku: "", itemId: "x" }]) {
      expect((await order(me, body)).status).toBe(400);
    }
    for (let n = 1; n < 20; n++) await order(me, { sku: "bag", itemId: `n${n}` });
    expect((await order(me, { sku: "bag", itemId: "one too many" })).status).toBe(409);
  });
});

test("the set-up file says which products are delivered, and finds it again", async () => {
  const yaml = `
tenants:
  - slug: printers
    name: Printers
    products:
      - { sku: paper, title: Paper, type: physical_issue, fulfillment: { provider: post, deliversAfterDays: 2 } }
      - { sku: mug, title: Mug, fulfillment: { provider: shop, each: request, copies: 3 } }
      - { sku: plain, title: Plain }
`;
  expect((await applyYaml(server, yaml)).length).toBeGreaterThan(0);
  expect(await applyYaml(server, yaml)).toEqual([]);
  const rows = await server.deps.db.query(sql`
    select sku, fulfillment from products p join tenants t on t.id = p.tenant_id where t.slug = 'printers' order by sku`);
  expect(rows).toEqual([
    { sku: "mug", fulfillment: { provider: "shop", each: "request", copies: 3, deliversAfterDays: null } },
    { sku: "paper", fulfillment: { provider: "post", each: "bill", copies: 1, deliversAfterDays: 2 } },
    { sku: "plain", fulfillment: null },
  ]);
  expect(() => setupOf(yaml.replace("each: request", "each: sometimes"))).toThrow("bill");
});
