import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, moveClock, type Sale, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { json, sql } from "../../platform/database/index.ts";
import { claimGuestPurchases, refundBill, runIntentNow } from "../billing/index.ts";
import { mergeCustomers } from "../readers/index.ts";
import { debitCredits, findDrift, projectContractCredits, type QueryType, readBalances } from "./index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: "2031-03-10T10:00:00.000Z" });
});
afterAll(async () => {
  expect(await findDrift(server.deps.db)).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** A shop whose plans are worth credits; each test has its own clock. */
const shopWith = (...queries: QueryType[]) => createShop(server, { settings: { tokenization: { queries } } });

async function nowOf(shop: Shop): Promise<Date> {
  const { offset } = await server.deps.db.one<{ offset: number }>(
    sql`select clock_offset_ms "offset" from tenants where id = ${shop.tenantId}`,
  );
  return new Date(server.clock.now().getTime() + offset);
}
const accountOf = (shop: Shop, sale: { customerId: string }, type = "standard") => ({
  tenantId: shop.tenantId,
  customerId: sale.customerId,
  paywallId: shop.paywallId,
  mode: "test" as const,
  type,
});
async function count(
  shop: Shop,
  sale: { customerId: string },
  type = "standard",
): Promise<number | undefined> {
  const all = await readBalances(server.deps.db, { ...accountOf(shop, sale), now: await nowOf(shop) });
  return all.find((it) => it.type === type)?.count;
}
async function spend(shop: Shop, sale: { customerId: string }, amount: number): Promise<void> {
  const by = { amount, actor: "test", now: await nowOf(shop) };
  const spent = await debitCredits(server.deps.db, server.deps, accountOf(shop, sale), by);
  if ("insufficient" in spent) throw new Error(`only ${spent.available}`);
}
async function refund(sale: Sale, shop: Shop): Promise<void> {
  const bill = await server.deps.db.one<{ id: string }>(
    sql`select id from bills where contract_id = ${sale.contractId} order by issued_at desc limit 1`,
  );
  const { intentId } = await server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, { tenantId: shop.tenantId, billId: bill.id, reason: "requested" }),
  );
  await runIntentNow(server.deps, intentId);
  await server.settle();
}
const creditsOf = (shop: Shop, option: keyof Shop["prices"], credits: object[]) =>
  server.deps.db.execute(
    sql`update purchase_options set credits = ${json(credits)} where num = ${Number(shop.prices[option])}`,
  );
const lots = (sale: Sale) =>
  server.deps.db.query<{ kind: string; granted: number }>(sql`
    select kind, granted from credit_lots where contract_id = ${sale.contractId} order by id`);

describe("a plan's credits", () => {
  test("#193 are there in the moment of the sale, once, however often its news is heard again", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 }, { type: "advanced", monthly: 3 });
    const sale = await buy(server, shop, { email: someone() });
    expect([await count(shop, sale), await count(shop, sale, "advanced")]).toEqual([100, 3]);
    await server.settle();
    await server.deps.db.execute(sql`
      update processor_events set state = 'received', next_try_at = null where tenant_id = ${shop.tenantId}`);
    await server.settle();
    const at = await nowOf(shop);
    await Promise.all(
      Array.from({ length: 6 }, () =>
        server.deps.db.transaction((tx) =>
          projectContractCredits(tx, server.deps, { contractId: sale.contractId, at }),
        ),
      ),
    );
    expect(await count(shop, sale)).toBe(100);
    expect(await lots(sale)).toHaveLength(2);
  });

  test("come again with each renewal; what a month leaves over ends with it, or goes on as far as its rule says", async () => {
    const shop = await shopWith(
      { type: "standard", monthly: 100 },
      { type: "kept", monthly: 100, rollover: "full" },
      { type: "capped", monthly: 100, rollover: { max: 30 } },
    );
    const sale = await buy(server, shop, { email: someone() });
    await spend(shop, sale, 40);
    await moveClock(server, shop, { days: 31 });
    expect(await Promise.all(["standard", "kept", "capped"].map((type) => count(shop, sale, type)))).toEqual([
      100, 200, 130,
    ]);
  });

  test("of a yearly plan come every month, without any news", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 });
    const sale = await buy(server, shop, { email: someone(), price: "yearly" });
    for (let month = 0; month < 13; month += 1) {
      expect([month, await count(shop, sale)]).toEqual([month, 100]);
      await spend(shop, sale, 100);
      await moveClock(server, shop, { days: 31 });
    }
    // Thirteen months in 403 days: twelve of the first year, and the first of the second.
    expect((await lots(sale)).length).toBe(14);
  });

  test("are an option's own where it says so", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 });
    await creditsOf(shop, "monthly", [{ type: "standard", count: 7 }]);
    const sale = await buy(server, shop, { email: someone() });
    expect(await count(shop, sale)).toBe(7);
  });

  test("of a pack are bought as often as one likes, beside a plan, and outlast it", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 });
    await creditsOf(shop, "lifetime", [{ type: "standard", count: 500 }]);
    const packId = server.deps.ids.next("product");
    await server.deps.db.execute(sql`
      insert into products (id, tenant_id, sku, title, type) values (${packId}, ${shop.tenantId}, 'pack', '500', 'credit_pack')`);
    await server.deps.db.execute(
      sql`update purchase_options set product_id = ${packId} where num = ${Number(shop.prices.lifetime)}`,
    );
    const email = someone();
    const plan = await buy(server, shop, { email });
    const first = await buy(server, shop, { email, price: "lifetime" });
    const second = await buy(server, shop, { email, price: "lifetime" });
    expect(second.contractId).not.toBe(first.contractId);
    expect(await count(shop, plan)).toBe(1100);
    expect(await lots(second)).toEqual([{ kind: "purchased", granted: 500 }]);
    // The plan's end sooner, so they are spent first; a pack is no access, and ends none.
    await spend(shop, plan, 90);
    await moveClock(server, shop, { days: 31 });
    expect(await count(shop, plan)).toBe(1100);
    await refund(second, shop);
    expect(await count(shop, plan)).toBe(600);
  });
});

describe("a refund", () => {
  test("takes back what is unspent of its bill, and tells what is lost", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 });
    const sale = await buy(server, shop, { email: someone() });
    await spend(shop, sale, 30);
    // What comes from elsewhere stays.
    await server.deps.db.transaction(async (tx) => {
      await tx.query(sql`
        select outcome from credit_grant(credit_account(${shop.tenantId}, ${sale.customerId}, ${shop.paywallId}, 'test', 'standard',
          ${server.clock.now()}), ${server.deps.ids.next("balanceLot")}, 'promo', 5, 1, null, 0, null, null, null, null, null, 'test',
          ${server.clock.now()}, ${server.clock.now()})`);
    });
    await refund(sale, shop);
    expect(await count(shop, sale)).toBe(5);
    const [told] = await server.deps.db.query<{ data: object }>(sql`
      select data from events where tenant_id = ${shop.tenantId} and type = 'balance.debited'`);
    expect(told?.data).toMatchObject({ type: "standard", amount: 70, lost: 30, reason: "refund" });
    await server.settle();
    expect(await count(shop, sale)).toBe(5);
  });

  test("of one month leaves what another month was paid for", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100, rollover: "full" });
    const sale = await buy(server, shop, { email: someone() });
    await moveClock(server, shop, { days: 31 });
    expect(await count(shop, sale)).toBe(200);
    await refund(sale, shop);
    expect(await count(shop, sale)).toBe(100);
  });
});

describe("a guest's purchase", () => {
  test("that somebody claims on the same device takes its credits along, and leaves what was spent", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100 });
    const visitorId = "visitor-0123456789ab";
    const sale = await buy(server, shop, { email: someone(), body: { visitorId } });
    await spend(shop, sale, 25);
    const owner = await signedInCustomer(server, shop);
    const now = await nowOf(shop);
    const claim = () =>
      server.deps.db.transaction((tx) =>
        claimGuestPurchases(tx, server.deps, {
          tenantId: shop.tenantId,
          visitorId,
          customerId: owner.customer.id,
          now,
        }),
      );
    expect([await claim(), await claim()]).toEqual([1, 0]);
    expect([await count(shop, sale), await count(shop, { customerId: owner.customer.id })]).toEqual([0, 75]);
    await moveClock(server, shop, { days: 31 });
    expect([await count(shop, sale), await count(shop, { customerId: owner.customer.id })]).toEqual([0, 100]);
  });
});

describe("two customers who become one", () => {
  test("have everything that both had, but one trial, and nothing is given twice", async () => {
    const shop = await shopWith({ type: "standard", monthly: 100, trial: { count: 10 } });
    const one = await signedInCustomer(server, shop);
    const other = await signedInCustomer(server, shop);
    const read = (who: typeof one) =>
      server.get<{ balances: { count: number }[] }>(shop.api("balances"), who.headers);
    await read(one);
    await read(other);
    const sale = await buy(server, shop, { headers: one.headers, email: one.email ?? "" });
    await server.deps.db.execute(
      sql`update contracts set customer_id = ${one.customer.id} where id = ${sale.contractId}`,
    );
    expect((await read(one)).body.balances[0]?.count).toBe(110);
    await server.deps.db.transaction(async (tx) =>
      mergeCustomers(tx, server.deps, {
        tenantId: shop.tenantId,
        fromId: one.customer.id,
        intoId: other.customer.id,
        now: server.clock.now(),
      }),
    );
    expect((await read(other)).body.balances[0]?.count).toBe(110);
    await moveClock(server, shop, { days: 31 });
    expect(await count(shop, { customerId: other.customer.id })).toBe(110);
  });
});
