import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createLoginClients, loggedIn } from "../../../test/login.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { createDiscountCode } from "../../domains/growth/index.ts";
import { json, sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
  const { db, ids } = server.deps;
  const terms = { provider: "shop", each: "request", copies: 1, deliversAfterDays: null };
  const id = ids.next("product");
  await db.execute(sql`
    insert into products (id, tenant_id, sku, title, fulfillment)
    values (${id}, ${shop.tenantId}, 'bag', 'Bag', ${json(terms)})`);
  await db.execute(sql`
    insert into product_members (tenant_id, parent_id, member_id) values (${shop.tenantId}, ${shop.productId}, ${id})`);
  await db.transaction((tx) =>
    createDiscountCode(tx, server.deps, {
      tenantId: shop.tenantId,
      draft: {
        code: "TENTH",
        name: "A tenth",
        description: null,
        percentBp: 1000,
        amountMinor: null,
        currency: null,
        duration: "once",
        cycles: null,
        validFromAt: null,
        validToAt: null,
        maxRedemptions: null,
        maxPerCustomer: null,
        productIds: [],
        optionKeys: [],
        status: "ACTIVE",
      },
      now: server.clock.now(),
    }),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

async function subscriber() {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers });
  await server.settle();
  return { ...reader, ...sale };
}
type Reader = Awaited<ReturnType<typeof subscriber>>;

const send = async (
  reader: Pick<Reader, "headers">,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const response = await server.fetch(path, {
    method,
    headers: { ...reader.headers, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

describe("what readers see of themselves, by the conventions of the publisher API", () => {
  test("P-1, P-2, P-5: a GET that says application/json is accepted; lists are bare arrays and single things bare objects", async () => {
    const me = await subscriber();
    await send(me, "POST", "/fulfillments", { sku: "bag", itemId: "b" });
    const lists = ["contracts", "subscriptions", "bills", "transactions", "payment-issues", "fulfillments"];
    for (const name of lists) {
      const list = await send(me, "GET", `/${name}`);
      expect(list.status, name).toBe(200);
      const items = JSON.parse(list.text) as { id?: string }[];
      expect(Array.isArray(items), name).toBe(true);
      if (name !== "payment-issues") expect(items.length, name).toBeGreaterThan(0);
      if (name === "payment-issues" || name === "fulfillments") continue;
      const one = await send(me, "GET", `/${name}/${items[0]?.id}`);
      expect(JSON.parse(one.text), name).toEqual(items[0]);
    }
    expect(JSON.parse((await send(me, "GET", "/profile")).text)).toHaveProperty("userId");
  });

  test("P-8: no 2xx answer is empty except 204, and 204 always is", async () => {
    const me = await subscriber();
    const item = JSON.parse((await send(me, "POST", "/fulfillments", { sku: "bag", itemId: "c" })).text);
    const amendment = JSON.parse(
      (
        await send(me, "POST", `/contracts/${me.contractId}/amendments`, {
          amendmentType: "DISCOUNT",
          discountCode: "TENTH",
        })
      ).text,
    );
    const requests: [string, string, unknown?][] = [
      ["GET", "/profile"],
      ["PATCH", "/profile", {}],
      ["GET", "/profile/spotify-link"],
      ["POST", "/profile/unlink-spotify"],
      ["GET", "/contracts"],
      ["POST", `/contracts/${me.contractId}/amendments/${amendment.id}/confirm`],
      ["POST", `/contracts/${me.contractId}/cancel`],
      ["GET", "/payment-issues"],
      ["POST", "/fulfillments", { sku: "bag", itemId: "d" }],
      ["GET", `/fulfillments?sku=${item.sku}`],
      ["POST", "/tags", { tag: "a" }],
      ["PUT", "/user-metadata/k", "v"],
      ["GET", "/user-metadata"],
      ["DELETE", "/user-metadata/k"],
      ["POST", "/tallies", { id: "t" }],
      ["POST", "/tallies/t/push", { value: 1 }],
      ["DELETE", "/tallies/t"],
      ["DELETE", "/profile"],
    ];
    const empty = new Set<number>();
    for (const [method, path, body] of requests) {
      const answer = await send(me, method, path, body);
      expect(answer.status, `${method} ${path}`).toBeLessThan(300);
      if (answer.text === "") empty.add(answer.status);
      else expect(() => JSON.parse(answer.text), `${method} ${path}`).not.toThrow();
      expect(answer.text === "", `${method} ${path}`).toBe(answer.status === 204);
    }
    expect([...empty]).toEqual([204]);
  });

  test("P-20: a token past its end is 401, whichever door it came through", async () => {
    const me = await subscriber();
    const { answer } = await loggedIn(server, "daily", me.email ?? "");
    const login = { headers: { authorization: `Bearer ${answer.access_token}` } };
    for (const it of [me, login]) expect((await send(it, "GET", "/contracts")).status).toBe(200);
    server.clock.advance({ seconds: 3601 });
    for (const it of [me, login]) {
      const refused = await send(it, "GET", "/contracts");
      expect(refused.status).toBe(401);
      expect(JSON.parse(refused.text)).toMatchObject({ error: { code: "authentication_required" } });
    }
  });

  test("P-26: an identical POST with one Idempotency-Key creates one thing, at once and later; another body is refused", async () => {
    const me = await subscriber();
    const key = { "idempotency-key": "order-1" };
    const order = { sku: "bag", itemId: "red" };
    const both = await Promise.all([1, 2].map(() => send(me, "POST", "/fulfillments", order, key)));
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[0]?.text).toBe(both[1]?.text);
    server.clock.advance({ minutes: 5 });
    expect((await send(me, "POST", "/fulfillments", order, key)).text).toBe(both[0]?.text);
    const path = `/contracts/${me.contractId}/amendments`;
    const proposal = { amendmentType: "DISCOUNT", discountCode: "TENTH" };
    const first = await send(me, "POST", path, proposal, key);
    server.clock.advance({ minutes: 1 });
    expect((await send(me, "POST", path, proposal, key)).text).toBe(first.text);
    const { n } = await server.deps.db.one<{ n: number }>(
      sql`select count(*) n from amendments where contract_id = ${me.contractId}`,
    );
    expect(n).toBe(1);
    expect((await send(me, "POST", "/fulfillments", { sku: "bag", itemId: "blue" }, key)).status).toBe(422);
    // A key is its caller's own.
    const you = await subscriber();
    const theirs = await send(you, "POST", "/fulfillments", order, key);
    expect(theirs.status).toBe(201);
    expect(theirs.text).not.toBe(both[0]?.text);
  });

  test("P-27: when the answer is 5xx nothing was written", async () => {
    const me = await subscriber();
    const { db } = server.deps;
    await db.execute(sql`
      create function no_events() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$`);
    await db.execute(
      sql`create trigger no_events before insert on events for each row execute function no_events()`,
    );
    const before = await send(me, "GET", "/profile");
    const commands: [string, string, unknown?][] = [
      ["POST", "/fulfillments", { sku: "bag", itemId: "green" }],
      ["PATCH", "/profile", { email: "other@example.com", firstName: "Half" }],
      ["DELETE", "/profile"],
    ];
    for (const [method, path, body] of commands) {
      const failed = await send(me, method, path, body);
      expect(failed.status, `${method} ${path}`).toBe(500);
      expect(failed.text).not.toContain("disk full");
    }
    await db.execute(sql`drop trigger no_events on events`);
    expect((await send(me, "GET", "/profile")).text).toBe(before.text);
    expect((await send(me, "GET", "/fulfillments")).text).toBe("[]");
    expect(JSON.parse((await send(me, "GET", `/contracts/${me.contractId}`)).text).willCancelAt).toBeNull();
    // Control: it was the broken database that refused.
    expect((await send(me, "POST", "/fulfillments", commands[0]?.[2])).status).toBe(201);
  });
});
