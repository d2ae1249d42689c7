import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { saveAccessList, saveGrant } from "../access-lists/index.ts";
import { cancelContract, refundBill } from "../billing/index.ts";
import { findCustomerByEmail } from "../identity/index.ts";
import { mergeCustomers } from "../readers/index.ts";
import { rebuildEntitlements } from "./index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const PEOPLE = ["ann@example.com", "ben@example.com", "cleo@example.com"];
const person = fc.nat({ max: PEOPLE.length - 1 });
const status = fc.constantFrom("ACTIVE", "INACTIVE", "CANCELED");

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("buy" as const),
      person,
      price: fc.constantFrom("monthly" as const, "lifetime" as const),
      card: fc.constantFrom(CARDS.ok, CARDS.failsLater, CARDS.disputed),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refund" as const), n: fc.nat({ max: 9 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("cancel" as const),
      n: fc.nat({ max: 9 }),
      atPeriodEnd: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("grant" as const),
      key: fc.nat({ max: 4 }),
      person,
      list: fc.nat({ max: 1 }),
      status,
      days: fc.option(fc.integer({ min: -3, max: 30 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      list: fc.nat({ max: 1 }),
      status: fc.constantFrom("DRAFT", "ACTIVE", "CANCELED"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("time" as const), days: fc.nat({ max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("merge" as const), from: person, into: person }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const inTransaction: TestServer["deps"]["db"]["transaction"] = (work) => server.deps.db.transaction(work);
const tenantId = () => shop.tenantId;

async function now(): Promise<Date> {
  const { offset } = await server.deps.db.one<{ offset: number }>(
    sql`select clock_offset_ms "offset" from tenants where id = ${shop.tenantId}`,
  );
  return new Date(server.clock.now().getTime() + offset);
}

const saveList = async (key: string, listStatus: "DRAFT" | "ACTIVE" | "CANCELED") => {
  const at = await now();
  const list = { key, name: key, description: null, type: "MANUAL", mode: "test" } as const;
  return inTransaction((tx) =>
    saveAccessList(
      tx,
      server.deps,
      { ...list, tenantId: tenantId(), status: listStatus, excludeFromStats: false },
      at,
    ),
  );
};

/** The n-th of what there is, counted round. */
async function nth(table: "bills" | "contracts", n: number): Promise<string | null> {
  const name = { ...sql``, text: table };
  const rows = await server.deps.db.query<{ id: string }>(
    sql`select id from ${name} where tenant_id = ${shop.tenantId} order by id`,
  );
  return rows.length === 0 ? null : (rows[n % rows.length]?.id ?? null);
}

async function take(it: Step): Promise<void> {
  const { deps } = server;
  const at = await now();
  switch (it.kind) {
    case "buy": {
      const { headers } = await signedInCustomer(server, shop, { email: PEOPLE[it.person] ?? "" });
      const body = { ignoreActivePurchase: true };
      await buy(server, shop, {
        email: PEOPLE[it.person] ?? "",
        price: it.price,
        card: it.card,
        headers,
        body,
      });
      return;
    }
    case "refund": {
      const billId = await nth("bills", it.n);
      const asked = { tenantId: shop.tenantId, billId: billId ?? "", reason: "asked" };
      // A bill that was given back, or never paid, has nothing to refund.
      if (billId) await inTransaction((tx) => refundBill(tx, deps, asked)).catch(() => {});
      return server.settle();
    }
    case "cancel": {
      const contractId = await nth("contracts", it.n);
      const asked = { tenantId: shop.tenantId, contractId: contractId ?? "", reason: "asked" };
      if (contractId)
        await inTransaction((tx) => cancelContract(tx, deps, { ...asked, atPeriodEnd: it.atPeriodEnd }));
      return server.settle();
    }
    case "grant": {
      const listId = await saveList(it.list === 0 ? "a" : "b", it.list === 0 ? "ACTIVE" : "DRAFT");
      const grant = { productId: shop.productId, optionId: null, startsAt: null, notes: null };
      await inTransaction((tx) =>
        saveGrant(
          tx,
          deps,
          {
            ...grant,
            tenantId: shop.tenantId,
            listId,
            key: `g${it.key}`,
            email: PEOPLE[it.person] ?? "",
            status: it.status as "ACTIVE" | "INACTIVE" | "CANCELED",
            endsAt: it.days === null ? null : new Date(at.getTime() + it.days * 86_400_000),
          },
          at,
        ),
      );
      return;
    }
    case "list":
      await saveList(it.list === 0 ? "a" : "b", it.status as "DRAFT" | "ACTIVE" | "CANCELED");
      return;
    case "time":
      return moveClock(server, shop, { days: it.days });
    case "merge": {
      const [from, into] = await Promise.all(
        [it.from, it.into].map((n) => findCustomerByEmail(deps.db, shop.tenantId, PEOPLE[n] ?? "")),
      );
      if (!from || !into) return;
      const pair = { tenantId: shop.tenantId, fromId: from.id, intoId: into.id, now: at };
      const merged = await inTransaction((tx) => mergeCustomers(tx, deps, pair));
      expect(merged?.id ?? null).toBe(from.id === into.id ? null : into.id);
    }
  }
}

const rights = () =>
  server.deps.db.query(sql`
    select customer_id, source_kind, source_id, product_id, state, valid_from_at, valid_to_at, reason
    from entitlements where tenant_id = ${shop.tenantId} order by 1, 2, 3, 4`);

async function rebuild(): Promise<number> {
  const at = await now();
  return inTransaction((tx) => rebuildEntitlements(tx, server.deps, { tenantId: shop.tenantId, at }));
}

test("purchases, grants, refunds, expiries and merges of customers, in any order, end as a rebuild would", async () => {
  const { db } = server.deps;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      for (const it of steps) await take(it);
      const incremental = await rights();
      expect(await rebuild()).toBe(0);
      await db.execute(sql`delete from entitlements where tenant_id = ${shop.tenantId}`);
      await rebuild();
      expect(await rights()).toEqual(incremental);
      // Nobody who is an alias by now has anything, and a contract has one right at most.
      const { lost, double } = await db.one<{ lost: number; double: number }>(sql`
        select (select count(*) from entitlements e join customers c on c.id = e.customer_id
            where c.merged_into_id is not null) lost,
          (select count(*) from (select source_id from entitlements where source_kind = 'contract'
            and tenant_id = ${shop.tenantId} group by source_id having count(*) > 1) twice) "double"`);
      expect([lost, double]).toEqual([0, 0]);
    }),
    { numRuns: 12, seed: Number(process.env.SEED ?? 4712) },
  );
});
