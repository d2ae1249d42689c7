import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, moveClock, pay, postForm, start } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { SIGNATURE_HEADER, signBody } from "../processors/sandbox/wire.ts";
import {
  cancelContract,
  receiveProcessorEvent,
  refundBill,
  runIntentNow,
  uncancelContract,
} from "./index.ts";

let server: TestServer;
let shop: Shop;
/** What the sandbox told about every life below, in the order in which it happened. */
let told: { body: string }[];
let ordered: string;

beforeAll(async () => {
  server = await startTestServer({ now: "2031-01-31T10:00:00.000Z" });
  shop = await createShop(server, { trialDays: 5 });
  await liveThrough();
  told = await server.deps.db.query<{ body: string }>(
    sql`select body from sandbox_events where tenant_id = ${shop.tenantId} order by seq`,
  );
  ordered = await books();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Lives that meet every kind of news: renewals, failures, late payments, cancellations, refunds, a dispute. */
async function liveThrough(): Promise<void> {
  const at = { body: { trial_days: 0 } };
  const [renewing, trial, failing, refunded, partly, cancelled, kept, now] = [
    await buy(server, shop, { email: "renewing@example.com", ...at }),
    await buy(server, shop, { email: "trial@example.com" }),
    await buy(server, shop, { email: "failing@example.com", card: CARDS.failsLater, ...at }),
    await buy(server, shop, { email: "refunded@example.com", price: "lifetime" }),
    await buy(server, shop, { email: "partly@example.com", ...at }),
    await buy(server, shop, { email: "cancelled@example.com", ...at }),
    await buy(server, shop, { email: "kept@example.com", ...at }),
    await buy(server, shop, { email: "now@example.com", ...at }),
  ];
  await buy(server, shop, { email: "disputed@example.com", card: CARDS.disputed, ...at });
  await buy(server, shop, { email: "late@example.com", card: CARDS.failsLater, ...at });
  const challenged = await start(server, shop, { email: "challenged@example.com", ...at.body });
  await pay(server, challenged.body.checkoutUrl, CARDS.declined);
  await pay(server, challenged.body.checkoutUrl, CARDS.challenge);
  await postForm(server, `${new URL(challenged.body.checkoutUrl).pathname}/challenge`, { answer: "confirm" });
  const later = await start(server, shop, { email: "later@example.com", ...at.body });
  await postForm(server, new URL(later.body.checkoutUrl).pathname, { method: "later" });
  const abandoned = await start(server, shop, { email: "abandoned@example.com" });
  expect([renewing, trial, failing, abandoned]).toHaveLength(4);

  const cancel = async (contractId: string, atPeriodEnd: boolean) => {
    const result = await server.deps.db.transaction((tx) =>
      cancelContract(tx, server.deps, { tenantId: shop.tenantId, contractId, atPeriodEnd, reason: "other" }),
    );
    if (result.outcome === "requested") await runIntentNow(server.deps, result.intentId);
  };
  const refund = async (contractId: string, amountMinor?: number) => {
    const { id } = await server.deps.db.one<{ id: string }>(
      sql`select id from bills where contract_id = ${contractId} order by number limit 1`,
    );
    const { intentId } = await server.deps.db.transaction((tx) =>
      refundBill(tx, server.deps, {
        tenantId: shop.tenantId,
        billId: id,
        reason: "x",
        ...(amountMinor ? { amountMinor } : {}),
      }),
    );
    await runIntentNow(server.deps, intentId);
  };
  await moveClock(server, shop, { days: 10 });
  await refund(refunded.contractId);
  await refund(partly.contractId, 300);
  await refund(partly.contractId, 200);
  await cancel(cancelled.contractId, true);
  await cancel(kept.contractId, true);
  await server.deps.db.transaction((tx) =>
    uncancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: kept.contractId,
      customerId: kept.customerId,
    }),
  );
  await cancel(now.contractId, false);
  await server.settle();
  await moveClock(server, shop, { days: 20 });
  await server.deps.db.execute(sql`
    update sandbox_subscriptions set card = jsonb_set(card, '{behaviour,later}', '"ok"')
    where id = (select k.external_id from contracts k join customers c on c.id = k.customer_id where c.email = 'late@example.com')`);
  await moveClock(server, shop, { days: 40 });
  await refund(renewing.contractId);
  await server.settle();
}

/** Everything that news decide, without what depends on when they were heard: our ids, bill numbers, own clocks. */
async function books(): Promise<string> {
  const rows = await server.deps.db.query(sql`
    select k.external_id, k.state, k.external_version, k.period_start_at, k.period_end_at, k.trial_start_at, k.trial_end_at,
      k.cancel_at_period_end, k.cancel_at, k.canceled_at, k.ended_at, k.end_reason, k.past_due_since_at, k.grace_until_at,
      k.created_at, k.duration, k.price_minor, k.anchor_day, ch.state checkout,
      (select json_agg(json_build_array(b.external_id, b.gross_minor, b.paid_minor, b.refunded_minor, b.state,
          b.period_start_at, b.period_end_at, b.issued_at, b.paid_at, b.refunded_at, b.dispute_state, b.disputed_at,
          b.dispute_closed_at, b.lines) order by b.external_id)
        from bills b where b.contract_id = k.id) bills,
      (select json_agg(json_build_array(t.processor_ref, t.kind, t.state, t.amount_minor, t.failure_code, t.occurred_at)
          order by t.processor_ref) from transactions t where t.contract_id = k.id) transactions,
      (select json_agg(json_build_array(e.state, e.valid_from_at, e.valid_to_at, e.reason))
        from entitlements e where e.source_id = k.id) entitlements,
      (select json_agg(json_build_array(t.started_at, t.expires_at)) from card_trials t where t.contract_id = k.id) trials
    from contracts k join checkouts ch on ch.id = k.checkout_id
    where k.tenant_id = ${shop.tenantId} order by k.external_id`);
  return JSON.stringify(rows, null, 1);
}

/** Forgets all that was heard, but not what was agreed (checkouts) nor what the sandbox knows. */
async function forget(): Promise<void> {
  await server.deps.db.transaction(async (tx) => {
    const t = shop.tenantId;
    await tx.execute(
      sql`update checkouts set contract_id = null, state = 'open', completed_at = null where tenant_id = ${t}`,
    );
    await tx.execute(sql`update contracts set method_id = null where tenant_id = ${t}`);
    await tx.execute(sql`delete from entitlements where tenant_id = ${t}`);
    await tx.execute(sql`delete from transactions where tenant_id = ${t}`);
    await tx.execute(sql`delete from bills where tenant_id = ${t}`);
    await tx.execute(sql`delete from card_trials where tenant_id = ${t}`);
    await tx.execute(sql`delete from payment_issues where tenant_id = ${t}`);
    await tx.execute(sql`delete from processor_intents where tenant_id = ${t}`);
    await tx.execute(sql`delete from contracts where tenant_id = ${t}`);
    await tx.execute(sql`delete from payment_methods where tenant_id = ${t}`);
    await tx.execute(sql`delete from processor_events where tenant_id = ${t}`);
    await tx.execute(sql`delete from bill_series where tenant_id = ${t}`);
  });
}

async function hear(body: string): Promise<void> {
  const now = server.clock.now();
  const headers = new Headers({ [SIGNATURE_HEADER]: signBody(body, `whsec_${shop.slug}`, now) });
  await receiveProcessorEvent(server.deps, { connectionId: shop.connectionId, headers, rawBody: body });
}

test("news told twice and in any order end in the same books as told once and in order", async () => {
  expect(told.length).toBeGreaterThan(30);
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const indices = told.map((_, i) => i);
  const order = fc.tuple(
    fc.shuffledSubarray(indices, { minLength: indices.length, maxLength: indices.length }),
    fc.array(fc.nat({ max: indices.length - 1 }), { maxLength: 12 }),
  );
  await fc.assert(
    fc.asyncProperty(order, async ([shuffled, repeated]) => {
      await forget();
      const stream = [...shuffled];
      for (const index of repeated) stream.splice((index * 7) % stream.length, 0, index);
      for (const index of stream) await hear(told[index]?.body ?? "");
      await server.settle();
      const open = await server.deps.db.query(sql`
        select type, state, error from processor_events
        where tenant_id = ${shop.tenantId} and state not in ('applied', 'ignored')`);
      expect(open).toEqual([]);
      expect(await books()).toBe(ordered);
    }),
    { seed, numRuns: Number(process.env.RUNS ?? 12), endOnFailure: true },
  );
}, 240_000);

test("and so do news that arrive at the same moment", async () => {
  await forget();
  await Promise.all([...told, ...told.slice(0, 10)].map(({ body }) => hear(body)));
  // What came before its object is asked for again when its time comes.
  server.clock.advance({ minutes: 2 });
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = clock_offset_ms - 120000 where id = ${shop.tenantId}`,
  );
  await server.settle();
  expect(await books()).toBe(ordered);
  const { last, n } = await server.deps.db.one<{ last: number; n: number }>(sql`
    select (select last from bill_series where tenant_id = ${shop.tenantId}) "last",
      (select count(distinct number) from bills where tenant_id = ${shop.tenantId}) n`);
  expect(n).toBe(last);
});
