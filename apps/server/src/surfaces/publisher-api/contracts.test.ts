import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, contractOf, moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { refundBill } from "../../domains/billing/index.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
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

type Reader = Awaited<ReturnType<typeof signedInCustomer>>;
type Wire = Record<string, unknown>;

const get = <T = Wire>(reader: Pick<Reader, "headers">, path: string) =>
  server.get<T>(path, { ...reader.headers, "content-type": "application/json" });

/** Somebody who is signed in and has bought something. */
async function subscriber(options: { price?: "monthly" | "yearly" | "lifetime"; card?: string } = {}) {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers, ...options });
  return { ...reader, ...sale };
}

/** Cancels as the published client does: JSON announced, nothing sent. */
async function cancel(reader: Pick<Reader, "headers">, id: string, headers: Record<string, string> = {}) {
  const response = await server.fetch(`/contracts/${id}/cancel`, {
    method: "POST",
    headers: { ...reader.headers, "content-type": "application/json", ...headers },
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as Wire };
}

describe("contracts", () => {
  test("P-73: a contract always has nextBillAt, nextPrice and willCancelAt, and the fields of the published type", async () => {
    const me = await subscriber();
    const { body } = await get(me, `/contracts/${me.contractId}`);
    expect(body).toEqual({
      id: me.contractId,
      name: "Pro",
      userId: me.userId,
      createdAt: "2031-03-01T10:00:00.000Z",
      updatedAt: "2031-03-01T10:00:00.000Z",
      price: 9.99,
      currency: "USD",
      nextBillAt: "2031-04-01T10:00:00.000Z",
      nextBillingDate: "2031-04-01T10:00:00.000Z",
      nextPrice: 9.99,
      manageUrl: expect.any(String),
      contractDuration: "RECURRING",
      items: [
        {
          sku: "pro",
          name: "Pro",
          purchaseOptionId: expect.stringMatching(/^po_/),
          purchaseOptionName: "monthly",
          purchaseType: "RECURRING",
        },
      ],
      status: "ACTIVE",
      isActive: true,
      recurringInterval: "MONTH",
      recurringTime: 1,
      willCancelAt: null,
      paymentData: { method: "CARD", description: "Visa ending in 4242", brand: "visa" },
      appliedDiscounts: [],
    });
    expect((await get<Wire[]>(me, "/contracts")).body).toEqual([body]);
    const once = await subscriber({ price: "lifetime" });
    const lifetime = (await get(once, `/contracts/${once.contractId}`)).body;
    expect(lifetime).toMatchObject({
      contractDuration: "PERPETUAL",
      nextBillAt: null,
      nextPrice: null,
      willCancelAt: null,
      isActive: true,
    });
    expect(lifetime).not.toHaveProperty("recurringInterval");
  });

  test("P-4, P-74, P-75: cancelling without a body sets willCancelAt, keeps access until then, and succeeds again", async () => {
    const me = await subscriber();
    for (let i = 0; i < 2; i++) {
      expect(await cancel(me, me.contractId)).toEqual({ status: 200, body: { success: true } });
      expect((await get(me, `/contracts/${me.contractId}`)).body).toMatchObject({
        willCancelAt: "2031-04-01T10:00:00.000Z",
        expiresAt: "2031-04-01T10:00:00.000Z",
        isActive: true,
        status: "ACTIVE",
        nextBillAt: null,
        nextPrice: null,
      });
    }
    expect((await get<Wire[]>(me, "/entitlements")).body).toHaveLength(1);
    await moveClock(server, shop, { days: 32 });
    const over = (await get(me, `/contracts/${me.contractId}`)).body;
    expect(over).toMatchObject({ isActive: false, status: "CANCELED", willCancelAt: null });
    // What has ended is cancelled already.
    expect(await cancel(me, me.contractId)).toEqual({ status: 200, body: { success: true } });
    expect((await get<Wire[]>(me, "/contracts")).body).toHaveLength(1);
  });

  test("a cancellation stands from the moment it was asked for, also while the processor has not answered", async () => {
    const me = await subscriber();
    const { db, ids } = server.deps;
    const contract = await db.one<{ tenantId: string; connectionId: string }>(
      sql`select tenant_id "tenantId", connection_id "connectionId" from contracts where id = ${me.contractId}`,
    );
    await db.execute(sql`
      insert into processor_intents (id, tenant_id, connection_id, contract_id, kind, next_try_at, created_at)
      values (${ids.next("processorIntent")}, ${contract.tenantId}, ${contract.connectionId}, ${me.contractId},
        'cancel_at_period_end', ${new Date("2040-01-01")}, ${server.clock.now()})`);
    const shown = (await get(me, `/contracts/${me.contractId}`)).body;
    expect(shown.willCancelAt).not.toBeNull();
    expect(shown).toMatchObject({ isActive: true, nextBillAt: null });
    expect(await cancel(me, me.contractId)).toMatchObject({ status: 200 });
  });

  test("two cancellations at once ask the processor once, and an Idempotency-Key gets its first answer again", async () => {
    const me = await subscriber();
    const key = { "idempotency-key": "stop-1" };
    const both = await Promise.all([cancel(me, me.contractId, key), cancel(me, me.contractId)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await cancel(me, me.contractId, key)).toEqual({ status: 200, body: { success: true } });
    const asked = await server.deps.db.query(
      sql`select id from processor_intents where contract_id = ${me.contractId}`,
    );
    expect(asked).toHaveLength(1);
    expect((await cancel(me, me.contractId, { "idempotency-key": "x".repeat(300) })).status).toBe(400);
  });

  test("a purchase that does not renew cannot be cancelled, and one without access leaves the list", async () => {
    const me = await subscriber({ price: "lifetime" });
    expect((await cancel(me, me.contractId)).status).toBe(409);
    expect((await get<Wire[]>(me, "/contracts")).body).toHaveLength(1);
    const bill = await server.deps.db.one<{ id: string }>(
      sql`select id from bills where contract_id = ${me.contractId}`,
    );
    await server.deps.db.transaction((tx) =>
      refundBill(tx, server.deps, { tenantId: shop.tenantId, billId: bill.id, reason: "asked" }),
    );
    await server.settle();
    expect((await get<Wire[]>(me, "/contracts")).body).toEqual([]);
    expect((await get(me, `/contracts/${me.contractId}`)).body).toMatchObject({
      status: "CANCELED",
      isActive: false,
    });
  });

  test("somebody else's contract, another vendor's and an unknown one are the same 404, to read and to cancel", async () => {
    const owner = await subscriber();
    const stranger = await signedInCustomer(server, shop);
    const abroad = await signedInCustomer(server, other);
    for (const [who, id] of [
      [stranger, owner.contractId],
      [abroad, owner.contractId],
      [owner, "con_00000000000000000000000000"],
    ] as const) {
      const [read, ended] = [await get(who, `/contracts/${id}`), await cancel(who, id)];
      expect([read.status, ended.status]).toEqual([404, 404]);
      expect(ended.body).toMatchObject({ error: { code: "resource_not_found" } });
      expect((await get(who, `/subscriptions/${id}`)).status).toBe(404);
    }
    expect((await contractOf(server, owner.contractId)).cancelAtPeriodEnd).toBe(false);
    expect((await server.get("/contracts")).status).toBe(401);
    const machine = { headers: { authorization: `Bearer ${shop.secretKey}` } };
    expect((await get(machine, "/contracts")).status).toBe(401);
  });

  test("P-76: manageUrl is absolute and opens a page", async () => {
    const me = await subscriber();
    const [contract] = (await get<{ manageUrl: string }[]>(me, "/contracts")).body;
    expect(contract?.manageUrl).toBe(
      `http://tollgate.test/account/en/subscriptions/gazette/${me.contractId}`,
    );
    const page = await server.fetch(contract?.manageUrl ?? "");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
  });

  test("a list is newest first and can be sliced", async () => {
    const reader = await signedInCustomer(server, shop);
    const buying = { email: reader.email ?? "", headers: reader.headers };
    const first = await buy(server, shop, buying);
    server.clock.advance({ minutes: 5 });
    const again = { ...buying, body: { ignoreActivePurchase: true } };
    const second = await buy(server, shop, { ...again, price: "yearly" });
    const all = await get<Wire[]>(reader, "/contracts");
    expect(all.body.map(({ id }) => id)).toEqual([second.contractId, first.contractId]);
    const one = await get<Wire[]>(reader, "/contracts?limit=1&offset=1");
    expect(one.body.map(({ id }) => id)).toEqual([first.contractId]);
    expect(one.headers.get("x-total-count")).toBe("2");
  });
});

describe("subscriptions, as they were called before", () => {
  test("are the recurring contracts", async () => {
    const me = await subscriber();
    const { body } = await get<Wire[]>(me, "/subscriptions");
    expect(body).toEqual([
      {
        id: me.contractId,
        userId: me.userId,
        status: "ACTIVE",
        currency: "USD",
        createdAt: expect.any(String),
        cancelAt: null,
        hasAccess: true,
        manageUrl: expect.stringContaining("/account/"),
        product: {
          name: "Pro",
          description: "monthly",
          image: "",
          optionId: expect.stringMatching(/^po_/),
          sku: "pro",
        },
        price: 9.99,
        nextPrice: 9.99,
        nextPaymentAt: expect.any(String),
      },
    ]);
    expect((await get(me, `/subscriptions/${me.contractId}`)).body).toEqual(body[0]);
    const once = await subscriber({ price: "lifetime" });
    expect((await get<Wire[]>(once, "/subscriptions")).body).toEqual([]);
    expect((await get(once, `/subscriptions/${once.contractId}`)).status).toBe(404);
  });
});

describe("bills, transactions and payment issues", () => {
  test("P-79: the reader's bills are newest first, without drafts and without those nobody collects any more", async () => {
    const me = await subscriber({ card: CARDS.failsLater });
    await moveClock(server, shop, { days: 32 });
    const owing = await get<Wire[]>(me, "/bills");
    expect(owing.body.map(({ status }) => status)).toEqual(["RETRYING", "PAID"]);
    expect(owing.body[1]).toEqual({
      id: expect.stringMatching(/^bil_/),
      items: [{ sku: "pro", title: "Pro", purchaseOptionId: expect.stringMatching(/^po_/) }],
      price: 9.99,
      currency: "USD",
      receiptUrl: expect.stringMatching(/^http:\/\/tollgate\.test\/account\/receipts\/bil_/),
      paymentProvider: "SANDBOX",
      paymentMethod: "CARD",
      status: "PAID",
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const dates = owing.body.map(({ createdAt }) => String(createdAt));
    expect(dates).toEqual([...dates].sort().reverse());
    const failed = String(owing.body[0]?.id);
    for (let i = 0; i < 20; i++) await moveClock(server, shop, { days: 1 });
    const later = await get<Wire[]>(me, "/bills");
    expect(later.body.map(({ status }) => status)).toEqual(["PAID"]);
    expect((await get(me, `/bills/${failed}`)).body.status).toBe("EXPIRED");
    await server.deps.db.execute(sql`update bills set state = 'draft' where contract_id = ${me.contractId}`);
    expect((await get<Wire[]>(me, "/bills")).body).toEqual([]);
  });

  test("a receipt's address opens the receipt without signing in, and nothing near it does", async () => {
    const me = await subscriber();
    const [bill] = (await get<{ receiptUrl: string }[]>(me, "/bills")).body;
    const url = bill?.receiptUrl ?? "";
    const page = await server.fetch(url);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain("$9.99");
    expect(text).toContain(me.email ?? "?");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    const you = await subscriber();
    const [theirs] = (await get<{ id: string }[]>(you, "/bills")).body;
    const moved = url.replace(/bil_[0-9A-Z]+/, theirs?.id ?? "");
    for (const wrong of [moved, url.slice(0, -1), url.split("?")[0] ?? "", `${url}x`]) {
      expect((await server.fetch(wrong)).status, wrong).toBe(404);
    }
  });

  test("P-28, P-29, P-30, P-80: transactions are filtered by q, sliced with their total, and numbers are checked", async () => {
    const reader = await signedInCustomer(server, shop);
    const buying = { email: reader.email ?? "", headers: reader.headers };
    const first = await buy(server, shop, { ...buying, price: "lifetime" });
    server.clock.advance({ minutes: 1 });
    const second = await buy(server, shop, { ...buying, body: { ignoreActivePurchase: true } });
    const all = await get<Wire[]>(reader, "/transactions");
    expect(all.body.map(({ contractId }) => contractId)).toEqual([second.contractId, first.contractId]);
    expect(all.body[0]).toEqual({
      id: expect.stringMatching(/^txn_/),
      amount: 9.99,
      currency: "USD",
      contractId: second.contractId,
      billId: expect.stringMatching(/^bil_/),
      userId: reader.userId,
      isRefund: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const [newest] = all.body;
    for (const q of [second.contractId.toLowerCase(), String(newest?.billId), String(newest?.id)]) {
      expect((await get<Wire[]>(reader, `/transactions?q=${q}`)).body).toEqual([newest]);
    }
    expect((await get<Wire[]>(reader, "/transactions?q=usd")).body).toHaveLength(2);
    expect((await get<Wire[]>(reader, "/transactions?q=eur")).body).toEqual([]);
    expect((await get<Wire[]>(reader, "/transactions?q=%25")).body).toEqual([]);
    const sliced = await get<Wire[]>(reader, "/transactions?limit=1");
    expect(sliced.body).toEqual([newest]);
    expect(sliced.headers.get("x-total-count")).toBe("2");
    expect(sliced.headers.get("link")).toContain('rel="next"');
    for (const bad of ["limit=-1", "limit=x", "offset=-2", "limit=1.5"]) {
      expect((await get(reader, `/transactions?${bad}`)).status, bad).toBe(400);
    }
    expect((await get(reader, `/transactions/${newest?.id}`)).body).toEqual(newest);
    const stranger = await signedInCustomer(server, shop);
    expect((await get(stranger, `/transactions/${newest?.id}`)).status).toBe(404);
    expect((await get<Wire[]>(stranger, "/transactions")).body).toEqual([]);
    expect((await get(stranger, `/bills/${newest?.billId}`)).status).toBe(404);
  });

  test("a refund is a transaction of its own, positive and marked, and its bill stays a bill", async () => {
    const me = await subscriber();
    const [bill] = (await get<{ id: string }[]>(me, "/bills")).body;
    await server.deps.db.transaction((tx) =>
      refundBill(tx, server.deps, { tenantId: shop.tenantId, billId: bill?.id ?? "", reason: "asked" }),
    );
    await server.settle();
    const { body } = await get<Wire[]>(me, "/transactions");
    expect(body.map(({ amount, isRefund }) => [amount, isRefund]).sort()).toEqual([
      [9.99, false],
      [9.99, true],
    ]);
    expect((await get(me, `/contracts/${me.contractId}`)).body).toMatchObject({
      status: "CANCELED",
      isActive: false,
    });
    expect((await get<Wire[]>(me, "/bills")).body).toHaveLength(1);
  });

  test("P-81: payment issues are overdue renewals and cards that expire, by these three names and no others", async () => {
    const me = await subscriber({ card: CARDS.failsLater });
    expect((await get<Wire[]>(me, "/payment-issues")).body).toEqual([]);
    await moveClock(server, shop, { days: 32 });
    const overdue = (await get<Record<string, string>[]>(me, "/payment-issues")).body;
    expect(overdue).toEqual([
      {
        status: "OVERDUE",
        contractId: me.contractId,
        nextPaymentAt: expect.any(String),
        manageUrl: expect.stringMatching(/^http:.*\/change-payment-method$/),
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
    // The processor tries again 1, 3, 5, 10 and 14 days after the first failure.
    const { nextPaymentAt = "", createdAt = "" } = overdue[0] ?? {};
    expect([1, 3, 5, 10, 14]).toContain((Date.parse(nextPaymentAt) - Date.parse(createdAt)) / 86_400_000);
    const card = await subscriber();
    const { now } = await server.deps.db.one<{ now: Date }>(sql`
      select ${server.clock.now()}::timestamptz + clock_offset_ms * interval '1 millisecond' now from tenants
      where id = ${shop.tenantId}`);
    const setExpiry = (at: Date) =>
      server.deps.db.execute(sql`
        update payment_methods set exp_month = ${at.getUTCMonth() + 1}, exp_year = ${at.getUTCFullYear()}
        where customer_id = ${card.customerId}`);
    const statuses = async () =>
      (await get<Wire[]>(card, "/payment-issues")).body.map(({ status }) => status);
    const months = (n: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 15));
    expect(await statuses()).toEqual([]);
    await setExpiry(months(0));
    expect(await statuses()).toEqual(["CARD_WILL_EXPIRE"]);
    await setExpiry(months(-1));
    const expired = (await get<Wire[]>(card, "/payment-issues")).body;
    expect(expired).toMatchObject([
      { status: "CARD_EXPIRED", contractId: card.contractId, nextPaymentAt: expect.any(String) },
    ]);
    await setExpiry(months(3));
    expect(await statuses()).toEqual([]);
    // Nothing more will be charged, so the card does not matter.
    await setExpiry(months(-1));
    await cancel(card, card.contractId);
    expect(await statuses()).toEqual([]);
    // Paid or over: the issue is gone.
    for (let i = 0; i < 20; i++) await moveClock(server, shop, { days: 1 });
    expect((await get<Wire[]>(me, "/payment-issues")).body).toEqual([]);
  });
});
