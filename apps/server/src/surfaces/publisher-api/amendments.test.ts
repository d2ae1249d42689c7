import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, eventTypes, moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { createDiscountCode, type DiscountCodeDraft, findDiscountCode } from "../../domains/growth/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;

const DRAFT: DiscountCodeDraft = {
  code: "",
  name: "Stay with us",
  description: "Half price for you",
  percentBp: 5000,
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
};

const saveCode = (draft: Partial<DiscountCodeDraft> & { code: string }) =>
  server.deps.db.transaction((tx) =>
    createDiscountCode(tx, server.deps, {
      tenantId: shop.tenantId,
      draft: { ...DRAFT, ...draft },
      now: server.clock.now(),
    }),
  );

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await saveCode({ code: "HALF" });
  await saveCode({ code: "TWICE", duration: "repeating", cycles: 2, percentBp: 2000 });
  await saveCode({ code: "LAST", maxRedemptions: 1 });
  await saveCode({ code: "OVER", validToAt: new Date("2031-01-01T00:00:00Z") });
  await saveCode({ code: "EURO", percentBp: null, amountMinor: 200, currency: "EUR" });
  await saveCode({ code: "FREE", percentBp: 10_000 });
});
afterAll(() => server[Symbol.asyncDispose]());

type Reader = Awaited<ReturnType<typeof subscriber>>;
type Wire = Record<string, unknown> & {
  id: string;
  status: string;
  error?: { code: string; details?: Wire };
};

async function subscriber(options: { card?: string; price?: "monthly" | "lifetime" } = {}) {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers, ...options });
  return { ...reader, ...sale };
}

const propose = (me: Reader, discountCode: string, headers = {}) =>
  server.post<Wire>(
    `/contracts/${me.contractId}/amendments`,
    { amendmentType: "DISCOUNT", discountCode, contractId: me.contractId },
    { ...me.headers, ...headers },
  );
const confirm = (me: Pick<Reader, "headers" | "contractId">, id: string, headers = {}) =>
  server.post<Wire>(`/contracts/${me.contractId}/amendments/${id}/confirm`, undefined, {
    ...me.headers,
    ...headers,
  });
const contractOf = async (me: Reader) =>
  (await server.get<Record<string, unknown>>(`/contracts/${me.contractId}`, me.headers)).body;

/** What was charged, oldest first, in minor units. */
const charged = async (me: Reader) =>
  (
    await server.deps.db.query<{ grossMinor: number }>(
      sql`select gross_minor "grossMinor" from bills where contract_id = ${me.contractId} order by number`,
    )
  ).map(({ grossMinor }) => grossMinor);

describe("a discount on a running contract", () => {
  test("P-77: an unknown code comes back as UNAPPLICABLE, and the amendment cannot be confirmed", async () => {
    const me = await subscriber();
    const proposed = await propose(me, "NO-SUCH-CODE");
    expect(proposed.status).toBe(201);
    expect(proposed.body).toEqual({
      id: expect.stringMatching(/^amd_/),
      contractId: me.contractId,
      status: "REJECTED",
      amendmentType: "DISCOUNT",
      appliedDiscounts: [{ code: "NO-SUCH-CODE", status: "UNAPPLICABLE" }],
      nextBill: { total: 9.99, currency: "USD", date: "2031-04-01T10:00:00.000Z" },
    });
    expect((await confirm(me, proposed.body.id)).status).toBe(409);
  });

  test("P-78: confirming returns success, and the next bill is what was shown; the one after is full again", async () => {
    const me = await subscriber();
    const proposed = await propose(me, "half");
    expect(proposed.body).toMatchObject({
      status: "PENDING",
      appliedDiscounts: [{ code: "half", status: "APPLIED", id: expect.any(String), name: "Stay with us" }],
      nextBill: { total: 4.99, currency: "USD" },
    });
    // Shown is not done.
    expect(await contractOf(me)).toMatchObject({ nextPrice: 9.99, appliedDiscounts: [] });
    const confirmed = await confirm(me, proposed.body.id);
    expect([confirmed.status, confirmed.body]).toEqual([200, { success: true }]);
    expect(await contractOf(me)).toMatchObject({
      price: 9.99,
      nextPrice: 4.99,
      appliedDiscounts: [{ code: "HALF", name: "Stay with us", description: "Half price for you" }],
    });
    expect(await eventTypes(server, shop, me.contractId)).toContain("amendment.applied");
    await moveClock(server, shop, { days: 31 });
    expect(await contractOf(me)).toMatchObject({ nextPrice: 9.99, appliedDiscounts: [] });
    await moveClock(server, shop, { days: 31 });
    expect(await charged(me)).toEqual([999, 499, 999]);
  });

  test("a code for two periods makes two bills cheaper and no third", async () => {
    const me = await subscriber();
    await confirm(me, (await propose(me, "TWICE")).body.id);
    for (let n = 0; n < 4; n++) await moveClock(server, shop, { days: 31 });
    expect((await charged(me)).slice(0, 4)).toEqual([999, 799, 799, 999]);
  });

  test("a bill of nothing is a bill, and its contract goes on", async () => {
    const me = await subscriber();
    await confirm(me, (await propose(me, "FREE")).body.id);
    for (let n = 0; n < 2; n++) await moveClock(server, shop, { days: 31 });
    expect((await charged(me)).slice(0, 3)).toEqual([999, 0, 999]);
    expect(await contractOf(me)).toMatchObject({ isActive: true });
  });

  test("confirming twice, at once or later, by either address, takes one use and asks the processor once", async () => {
    const me = await subscriber();
    const { id } = (await propose(me, "LAST")).body;
    const both = await Promise.all([
      confirm(me, id),
      server.post(`/amendments/${id}/confirm`, undefined, me.headers),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await confirm(me, id, { "idempotency-key": "k" })).body).toEqual({ success: true });
    const { db } = server.deps;
    const uses = await db.query(
      sql`select id from discount_redemptions where contract_id = ${me.contractId}`,
    );
    const asked = await db.query(
      sql`select id from processor_intents where contract_id = ${me.contractId} and kind = 'discount'`,
    );
    expect([uses.length, asked.length]).toEqual([1, 1]);
    const other = await subscriber();
    expect((await propose(other, "LAST")).body).toMatchObject({
      appliedDiscounts: [{ status: "UNAPPLICABLE" }],
    });
  });

  test("of two readers who confirm the last use of a code at once, one gets it and the other is told", async () => {
    await saveCode({ code: "ONE-LEFT", maxRedemptions: 1 });
    const readers = [await subscriber(), await subscriber()];
    const proposals = await Promise.all(readers.map((it) => propose(it, "ONE-LEFT")));
    const answers = await Promise.all(readers.map((it, n) => confirm(it, proposals[n]?.body.id ?? "")));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("codes do not add up, do not come back, and fit neither what is owed nor what does not renew", async () => {
    const why = async (me: Reader, code: string) => {
      const { id, appliedDiscounts } = (await propose(me, code)).body;
      expect(appliedDiscounts).toMatchObject([{ status: "UNAPPLICABLE" }]);
      const row = await server.deps.db.one<{ reason: string }>(
        sql`select reason from amendments where id = ${id}`,
      );
      return row.reason;
    };
    const me = await subscriber();
    expect(await why(me, "OVER")).toBe("ended");
    expect(await why(me, "EURO")).toBe("other_currency");
    await confirm(me, (await propose(me, "HALF")).body.id);
    expect(await why(me, "TWICE")).toBe("discounted_already");
    await moveClock(server, shop, { days: 31 });
    // The same request within ten seconds would be the same amendment.
    server.clock.advance({ seconds: 11 });
    expect(await why(me, "HALF")).toBe("used_before");
    const lifetime = await subscriber({ price: "lifetime" });
    expect(await why(lifetime, "HALF")).toBe("not_renewing");
    expect((await propose(lifetime, "HALF")).body).not.toHaveProperty("nextBill");
    const ending = await subscriber();
    await server.post(`/contracts/${ending.contractId}/cancel`, undefined, ending.headers);
    expect(await why(ending, "HALF")).toBe("not_renewing");
    const owing = await subscriber({ card: CARDS.failsLater });
    await moveClock(server, shop, { days: 32 });
    expect(await why(owing, "HALF")).toBe("payment_overdue");
  });

  test("what was shown more than an hour ago, or is no longer so, is not done", async () => {
    const me = await subscriber();
    const old = (await propose(me, "HALF")).body.id;
    await moveClock(server, shop, { hours: 2 });
    expect((await confirm(me, old)).status).toBe(409);
    const fresh = (await propose(me, "TWICE")).body.id;
    const code = await findDiscountCode(server.deps.db, shop.tenantId, "TWICE");
    const setPercent = (bp: number) =>
      server.deps.db.execute(sql`update discount_codes set percent_bp = ${bp} where id = ${code?.id ?? ""}`);
    await setPercent(100);
    expect((await confirm(me, fresh)).status).toBe(409);
    await setPercent(2000);
    expect(await contractOf(me)).toMatchObject({ nextPrice: 9.99 });
    expect((await confirm(me, fresh)).status).toBe(200);
  });

  test("somebody else can neither propose for a contract nor confirm what was shown to its owner", async () => {
    const [me, you] = [await subscriber(), await subscriber()];
    const { id } = (await propose(me, "HALF")).body;
    expect((await propose({ ...me, headers: you.headers }, "HALF")).status).toBe(404);
    expect((await confirm({ contractId: me.contractId, headers: you.headers }, id)).status).toBe(404);
    expect((await confirm({ contractId: you.contractId, headers: you.headers }, id)).status).toBe(404);
    expect((await confirm({ contractId: you.contractId, headers: me.headers }, id)).status).toBe(404);
    expect((await server.post(`/amendments/${id}/confirm`, undefined, you.headers)).status).toBe(404);
    expect((await server.post(`/amendments/amd_none/confirm`, undefined, me.headers)).status).toBe(404);
    expect(await contractOf(me)).toMatchObject({ nextPrice: 9.99 });
  });

  test("what is no proposal is 400, and codes cannot be tried without end", async () => {
    const me = await subscriber();
    const path = `/contracts/${me.contractId}/amendments`;
    for (const body of [
      {},
      { amendmentType: "PRICE" },
      { amendmentType: "DISCOUNT" },
      { discountCode: "HALF" },
    ]) {
      expect((await server.post(path, body, me.headers)).status).toBe(400);
    }
    for (let n = 0; n < 30; n++) await propose(me, `GUESS${n}`);
    expect((await propose(me, "HALF")).status).toBe(429);
  });
});
