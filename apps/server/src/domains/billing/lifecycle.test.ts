import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import {
  buy,
  CARDS,
  contractOf,
  eventTypes,
  keyedUser,
  moveClock,
  pay,
  postForm,
  someone,
  start,
  userState,
} from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { rebuildEntitlements } from "../entitlements/index.ts";

import { cancelContract, claimGuestPurchases, refundBill, runIntentNow, uncancelContract } from "./index.ts";
import { runIntents } from "./run-intents.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: "2031-01-31T10:00:00.000Z" });
});
afterAll(() => server[Symbol.asyncDispose]());

type BillRow = { id: string; number: number; state: string; gross: number; from: string; to: string | null };
const billsOf = (contractId: string) =>
  server.deps.db.query<BillRow>(sql`
    select id, number, state, gross_minor gross, to_char(period_start_at, 'YYYY-MM-DD') "from",
      to_char(period_end_at, 'YYYY-MM-DD') "to"
    from bills where contract_id = ${contractId} order by number`);
const entitlementOf = (contractId: string) =>
  server.deps.db.one<{ state: string; reason: string | null; validToAt: Date | null }>(sql`
    select state, reason, valid_to_at "validToAt" from entitlements where source_id = ${contractId}`);
/** As the merchant's back end sees it: an address is trusted for 30 days only, and the clock moves further here. */
const has = async (shop: Shop, email: string) =>
  (await keyedUser<{ paid: boolean }>(server, shop, email)).body.paid;

/** Every entitlement is what a rebuild from nothing would make of it. */
async function expectConsistent(shop: Shop): Promise<void> {
  const wrong = await server.deps.db.transaction((tx) =>
    rebuildEntitlements(tx, server.deps, { tenantId: shop.tenantId, at: server.clock.now() }),
  );
  expect(wrong).toBe(0);
}

async function refund(shop: Shop, billId: string, amountMinor?: number): Promise<void> {
  const { intentId } = await server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, {
      tenantId: shop.tenantId,
      billId,
      reason: "requested_by_customer",
      ...(amountMinor ? { amountMinor } : {}),
    }),
  );
  expect(await runIntentNow(server.deps, intentId)).toBe(true);
  await server.settle();
}

test("a sale writes contract, paid bill, transaction and entitlement, and completes its checkout", async () => {
  const shop = await createShop(server);
  const sale = await buy(server, shop, { email: someone() });
  const row = await server.deps.db.one(sql`
    select k.state, b.state bill, b.number, t.state "transaction", t.kind, e.state entitlement, c.state checkout
    from contracts k join bills b on b.contract_id = k.id join transactions t on t.bill_id = b.id
    join entitlements e on e.source_id = k.id join checkouts c on c.contract_id = k.id where k.id = ${sale.contractId}`);
  expect(row).toEqual({
    state: "active",
    bill: "paid",
    number: 1,
    transaction: "succeeded",
    kind: "charge",
    entitlement: "active",
    checkout: "completed",
  });
  expect(await eventTypes(server, shop, sale.contractId)).toEqual([
    "bill.paid",
    "checkout.completed",
    "subscription.created",
    "entitlement.created",
  ]);
});

test("whoever asks for a cancellation finds it done also when the job took the request up first", async () => {
  const shop = await createShop(server);
  for (let n = 0; n < 5; n += 1) {
    const sale = await buy(server, shop, { email: someone() });
    const asked = await server.deps.db.transaction((tx) =>
      cancelContract(tx, server.deps, {
        tenantId: shop.tenantId,
        contractId: sale.contractId,
        atPeriodEnd: true,
        reason: "other",
      }),
    );
    if (asked.outcome !== "requested") throw new Error(asked.outcome);
    const job = runIntents(server.deps);
    expect(await runIntentNow(server.deps, asked.intentId)).toBe(true);
    expect(await contractOf(server, sale.contractId)).toMatchObject({ cancelAtPeriodEnd: true });
    await job;
  }
});

test("a clock that jumps by months makes every renewal in order, on the anchor day", async () => {
  const shop = await createShop(server);
  const sale = await buy(server, shop, { email: someone() });
  await moveClock(server, shop, { days: 95 });
  expect((await billsOf(sale.contractId)).map(({ from, to, state }) => [from, to, state])).toEqual([
    ["2031-01-31", "2031-02-28", "paid"],
    ["2031-02-28", "2031-03-31", "paid"],
    ["2031-03-31", "2031-04-30", "paid"],
    ["2031-04-30", "2031-05-31", "paid"],
  ]);
  expect(
    (await eventTypes(server, shop, sale.contractId)).filter((it) => it === "subscription.renewed"),
  ).toHaveLength(3);
  await expectConsistent(shop);
});

test("a whole life: trial, active, renewed, failed renewal, past due, unpaid, expired", async () => {
  const shop = await createShop(server, { trialDays: 7 });
  const email = someone();
  const sale = await buy(server, shop, { email });
  expect((await contractOf(server, sale.contractId)).state).toBe("trialing");
  expect((await userState(server, shop, email)).body).toMatchObject({
    has_active_subscription: true,
    trial: { expires_at: (await contractOf(server, sale.contractId)).periodEndAt?.toISOString() },
    had_previous_trial: true,
  });

  await moveClock(server, shop, { days: 8 });
  expect((await contractOf(server, sale.contractId)).state).toBe("active");
  await moveClock(server, shop, { days: 31 });
  expect(await billsOf(sale.contractId)).toHaveLength(3);
  // From now on the card is refused, as if it had been blocked.
  await server.deps.db.execute(sql`
    update sandbox_subscriptions set card = jsonb_set(card, '{behaviour,later}', '"do_not_honor"') where tenant_id = ${shop.tenantId}`);
  await moveClock(server, shop, { days: 30 });
  const owing = await contractOf(server, sale.contractId);
  expect(owing.state).toBe("past_due");
  expect(await entitlementOf(sale.contractId)).toMatchObject({ state: "grace" });
  expect(await has(shop, email)).toBe(true);

  await moveClock(server, shop, { days: 7 });
  expect((await contractOf(server, sale.contractId)).state).toBe("unpaid");
  expect(await has(shop, email)).toBe(false);
  await expectConsistent(shop);

  await moveClock(server, shop, { days: 14 });
  const ended = await contractOf(server, sale.contractId);
  expect(ended).toMatchObject({ state: "expired", endReason: "dunning" });
  expect(ended.periodEndAt).toEqual(owing.periodEndAt);
  expect((await billsOf(sale.contractId)).map((it) => it.state)).toEqual([
    "paid",
    "paid",
    "paid",
    "uncollectible",
  ]);
  const issues = await server.deps.db.query(sql`
    select status, resolution from payment_issues where contract_id = ${sale.contractId}`);
  expect(issues).toEqual([{ status: "OVERDUE", resolution: "contract_ended" }]);
  const told = (await eventTypes(server, shop, sale.contractId)).filter((it) =>
    /^(subscription|trial)\./.test(it),
  );
  expect(told).toEqual([
    "subscription.created",
    "trial.started",
    "subscription.updated",
    "trial.converted",
    "subscription.renewed",
    "subscription.past_due",
    "subscription.updated",
    "subscription.expired",
  ]);
  await expectConsistent(shop);
});

test("the same life in one jump of the clock tells the same, in the same order", async () => {
  const shop = await createShop(server);
  const sale = await buy(server, shop, { email: someone(), card: CARDS.failsLater });
  await moveClock(server, shop, { days: 90 });
  expect((await contractOf(server, sale.contractId)).state).toBe("expired");
  const told = await server.deps.db.query<{ type: string; at: string; reason: string | null }>(sql`
    select type, to_char(occurred_at, 'MM-DD') at, data->>'reason' reason from events
    where object_id = ${sale.contractId} and type like 'subscription.%' order by id`);
  expect(told).toEqual([
    { type: "subscription.created", at: "01-31", reason: null },
    { type: "subscription.past_due", at: "02-28", reason: null },
    { type: "subscription.updated", at: "03-07", reason: "unpaid" },
    { type: "subscription.expired", at: "03-14", reason: "dunning" },
  ]);
});

test("a payment that comes late recovers the contract and keeps its original dates", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email, card: CARDS.failsLater });
  await moveClock(server, shop, { days: 36 });
  expect((await contractOf(server, sale.contractId)).state).toBe("unpaid");
  await server.deps.db.execute(sql`
    update sandbox_subscriptions set card = jsonb_set(card, '{behaviour,later}', '"ok"') where tenant_id = ${shop.tenantId}`);
  await moveClock(server, shop, { days: 5 });
  expect(await contractOf(server, sale.contractId)).toMatchObject({
    state: "active",
    periodEndAt: new Date("2031-03-31T10:00:00.000Z"),
  });
  expect(await has(shop, email)).toBe(true);
  expect(await eventTypes(server, shop, sale.contractId)).toContain("subscription.recovered");
  expect((await billsOf(sale.contractId)).map((it) => it.state)).toEqual(["paid", "paid"]);
});

test("a bad card at the end of a trial buys no free days", async () => {
  const shop = await createShop(server, { trialDays: 7 });
  const email = someone();
  const sale = await buy(server, shop, { email, card: CARDS.failsLater });
  await moveClock(server, shop, { days: 7 });
  expect((await contractOf(server, sale.contractId)).state).toBe("unpaid");
  expect(await has(shop, email)).toBe(false);
  expect(await eventTypes(server, shop, sale.contractId)).toContain("subscription.past_due");
  await moveClock(server, shop, { days: 15 });
  expect((await contractOf(server, sale.contractId)).state).toBe("expired");
});

test("#56 #189 cancelled at period end keeps access until then, and both moments are told", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email });
  const result = await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: true,
      reason: "too_expensive",
    }),
  );
  expect(result.outcome).toBe("requested");
  await server.settle();
  expect(await contractOf(server, sale.contractId)).toMatchObject({
    state: "active",
    cancelAtPeriodEnd: true,
    cancelReason: "too_expensive",
  });
  expect(await eventTypes(server, shop, sale.contractId)).toContain("subscription.cancel_scheduled");
  await moveClock(server, shop, { days: 27 });
  expect(await has(shop, email)).toBe(true);
  await moveClock(server, shop, { days: 2 });
  expect(await has(shop, email)).toBe(false);
  expect(await contractOf(server, sale.contractId)).toMatchObject({
    state: "canceled",
    cancelReason: "too_expensive",
    endedAt: new Date("2031-02-28T10:00:00.000Z"),
  });
  expect(
    (await eventTypes(server, shop, sale.contractId)).filter((it) => it === "subscription.cancelled"),
  ).toHaveLength(1);
  expect(await billsOf(sale.contractId)).toHaveLength(1);
});

test("access ends on the second that was announced, before anybody tells us", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email });
  await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: true,
      reason: "x",
    }),
  );
  await server.settle();
  // No job runs here: the processor has not told us anything.
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = ${28 * 86_400_000} where id = ${shop.tenantId}`,
  );
  expect(await has(shop, email)).toBe(false);
  expect((await contractOf(server, sale.contractId)).state).toBe("active");
});

test("a scheduled cancellation can be taken back, and the subscription renews", async () => {
  const shop = await createShop(server);
  const sale = await buy(server, shop, { email: someone() });
  const owner = { tenantId: shop.tenantId, contractId: sale.contractId };
  await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, { ...owner, atPeriodEnd: true, reason: "other" }),
  );
  await server.settle();
  const undone = await server.deps.db.transaction((tx) =>
    uncancelContract(tx, server.deps, { ...owner, customerId: sale.customerId }),
  );
  expect(undone).not.toBeNull();
  await server.settle();
  await moveClock(server, shop, { days: 29 });
  expect(await contractOf(server, sale.contractId)).toMatchObject({
    state: "active",
    cancelAtPeriodEnd: false,
    cancelReason: null,
  });
  expect(await eventTypes(server, shop, sale.contractId)).toContain("subscription.uncanceled");
  expect(await billsOf(sale.contractId)).toHaveLength(2);
});

test("#57 an immediate cancellation ends access now and does not rewind the period", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email });
  const before = await contractOf(server, sale.contractId);
  await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: false,
      reason: "staff",
    }),
  );
  await server.settle();
  const after = await contractOf(server, sale.contractId);
  expect(after).toMatchObject({
    state: "canceled",
    cancelAtPeriodEnd: false,
    periodEndAt: before.periodEndAt,
  });
  expect(after.endedAt).not.toBeNull();
  expect((await userState(server, shop, email)).body).toMatchObject({
    has_active_subscription: false,
    purchases: [{ status: "canceled" }],
  });
});

test("#190 a full refund revokes: refund.created, then subscription.cancelled, and the processor is told to stop", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email });
  const [bill] = await billsOf(sale.contractId);
  await refund(shop, bill?.id ?? "");
  expect(await has(shop, email)).toBe(false);
  expect(await entitlementOf(sale.contractId)).toMatchObject({ state: "revoked", reason: "refund" });
  expect((await billsOf(sale.contractId))[0]?.state).toBe("refunded");
  const types = await eventTypes(server, shop, sale.contractId);
  expect(types.indexOf("refund.created")).toBeLessThan(types.indexOf("subscription.cancelled"));
  expect(types.filter((it) => it === "subscription.cancelled")).toHaveLength(1);
  await moveClock(server, shop, { days: 40 });
  expect(await billsOf(sale.contractId)).toHaveLength(1);
  await expectConsistent(shop);
});

test("a partial refund leaves the access; no more than was paid can be given back", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email, price: "lifetime" });
  const [bill] = await billsOf(sale.contractId);
  const billId = bill?.id ?? "";
  await refund(shop, billId, 5000);
  expect(await has(shop, email)).toBe(true);
  expect((await billsOf(sale.contractId))[0]?.state).toBe("partially_refunded");
  const tooMuch = server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, { tenantId: shop.tenantId, billId, amountMinor: 15_000, reason: "x" }),
  );
  await expect(tooMuch).rejects.toMatchObject({ code: "nothing_to_refund", status: 409 });
  await refund(shop, billId);
  expect(await has(shop, email)).toBe(false);
  expect(await entitlementOf(sale.contractId)).toMatchObject({ state: "revoked" });
});

test("another tenant's bill and contract are as good as missing", async () => {
  const [shop, other] = [await createShop(server), await createShop(server)];
  const sale = await buy(server, shop, { email: someone() });
  const [bill] = await billsOf(sale.contractId);
  const refunding = server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, { tenantId: other.tenantId, billId: bill?.id ?? "", reason: "x" }),
  );
  await expect(refunding).rejects.toMatchObject({ code: "bill_not_found" });
  const cancelling = await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: other.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: false,
      reason: "x",
    }),
  );
  expect(cancelling).toEqual({ outcome: "not_found" });
});

test("an old bill's refund does not touch the running period", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email });
  await moveClock(server, shop, { days: 30 });
  const [first] = await billsOf(sale.contractId);
  await refund(shop, first?.id ?? "");
  expect(await has(shop, email)).toBe(true);
  expect((await contractOf(server, sale.contractId)).state).toBe("active");
});

test("a dispute suspends access while it is open and revokes it when it is lost", async () => {
  const shop = await createShop(server);
  const email = someone();
  const sale = await buy(server, shop, { email, card: CARDS.disputed });
  expect(await has(shop, email)).toBe(true);
  await moveClock(server, shop, { days: 2 });
  expect(await has(shop, email)).toBe(false);
  expect(await entitlementOf(sale.contractId)).toMatchObject({ state: "suspended", reason: "dispute" });
  expect((await billsOf(sale.contractId))[0]?.state).toBe("disputed");
  await moveClock(server, shop, { days: 8 });
  expect(await entitlementOf(sale.contractId)).toMatchObject({ state: "revoked", reason: "dispute" });
  expect((await billsOf(sale.contractId))[0]?.state).toBe("charged_back");
  expect((await contractOf(server, sale.contractId)).state).toBe("canceled");
  await expectConsistent(shop);
});

test("pay later is no purchase until the money is there, a day later by itself", async () => {
  const shop = await createShop(server);
  const email = someone();
  const started = await start(server, shop, { email });
  const path = new URL(started.body.checkoutUrl).pathname;
  await postForm(server, path, { method: "later" });
  await server.settle();
  expect(await has(shop, email)).toBe(false);
  const [pending] = await server.deps.db.query(
    sql`select state from checkouts where tenant_id = ${shop.tenantId}`,
  );
  expect(pending).toEqual({ state: "processing" });
  await moveClock(server, shop, { days: 1 });
  expect(await has(shop, email)).toBe(true);
  // A click on "the money has arrived" afterwards sells nothing twice.
  await postForm(server, `${path}/settle`, {});
  await server.settle();
  const contracts = await server.deps.db.query(
    sql`select 1 from contracts where tenant_id = ${shop.tenantId}`,
  );
  expect(contracts).toHaveLength(1);
});

test("a checkout that nobody pays expires after a day", async () => {
  const shop = await createShop(server);
  const started = await start(server, shop, { email: someone() });
  await moveClock(server, shop, { hours: 25 });
  const [checkout] = await server.deps.db.query(
    sql`select state from checkouts where tenant_id = ${shop.tenantId}`,
  );
  expect(checkout).toEqual({ state: "expired" });
  expect((await pay(server, started.body.checkoutUrl)).status).toBe(303);
  const contracts = await server.deps.db.query(
    sql`select 1 from contracts where tenant_id = ${shop.tenantId}`,
  );
  expect(contracts).toEqual([]);
});

test("twenty completions at once take twenty bill numbers without a gap or a double", async () => {
  const shop = await createShop(server);
  const urls: string[] = [];
  for (let i = 0; i < 20; i += 1)
    urls.push((await start(server, shop, { email: someone() })).body.checkoutUrl);
  const paid = await Promise.all(urls.map((url) => pay(server, url)));
  expect(new Set(paid.map((it) => it.status))).toEqual(new Set([303]));
  await server.settle();
  const rows = await server.deps.db.query<{ number: number }>(sql`
    select number from bills where tenant_id = ${shop.tenantId} order by number`);
  expect(rows.map((it) => it.number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test("one page submitted twenty times at once is one sale", async () => {
  const shop = await createShop(server);
  const { body } = await start(server, shop, { email: someone() });
  await Promise.all(Array.from({ length: 20 }, () => pay(server, body.checkoutUrl)));
  await server.settle();
  const rows = await server.deps.db.one(sql`
    select (select count(*)::int from contracts where tenant_id = ${shop.tenantId}) contracts,
      (select count(*)::int from bills where tenant_id = ${shop.tenantId}) bills,
      (select count(*)::int from transactions where tenant_id = ${shop.tenantId}) transactions`);
  expect(rows).toEqual({ contracts: 1, bills: 1, transactions: 1 });
});

test("what was bought on a device goes to whoever signs in there within a day, unless its buyer was proven", async () => {
  const shop = await createShop(server);
  const visitorId = "0123456789abcdef-visitor";
  const typo = someone();
  const sale = await buy(server, shop, { email: typo, body: { visitorId } });
  const mine = await buy(server, shop, { email: someone() });
  const claim = (id: string) =>
    server.deps.db.transaction((tx) =>
      claimGuestPurchases(tx, server.deps, {
        tenantId: shop.tenantId,
        visitorId: id,
        customerId: mine.customerId,
        now: server.clock.now(),
      }),
    );
  expect(await claim("another-device-0123456789")).toBe(0);
  expect(await claim(visitorId)).toBe(1);
  expect(await claim(visitorId)).toBe(0);
  const owner = await server.deps.db.one(sql`
    select k.customer_id contract, e.customer_id entitlement, b.customer_id bill from contracts k
    join entitlements e on e.source_id = k.id join bills b on b.contract_id = k.id where k.id = ${sale.contractId}`);
  expect(owner).toEqual({ contract: mine.customerId, entitlement: mine.customerId, bill: mine.customerId });
  await expectConsistent(shop);

  const proven = await buy(server, shop, { email: someone(), body: { visitorId } });
  await server.deps.db.execute(
    sql`update customers set email_verified_at = now() where id = ${proven.customerId}`,
  );
  expect(await claim(visitorId)).toBe(0);
});
