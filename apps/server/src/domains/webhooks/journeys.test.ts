import { type WebhookEvent, webhookEvent } from "@tollgate/protocol/paywall-api/webhooks";
import { expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { buy, CARDS, moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { cancelContract, listBills, refundBill } from "../billing/index.ts";
import { createWebhookEndpoint } from "./index.ts";

/** What merchants hear of whole stories, from the checkout on: paywall API §10.3. */
async function openShop(receiver: Receiver, options: Parameters<typeof createShop>[1] = {}) {
  const server = await startTestServer({ config: { webhookAllowedOrigins: [receiver.origin] } });
  const shop = await createShop(server, options);
  await server.deps.db.transaction((tx) =>
    createWebhookEndpoint(tx, server.deps, {
      tenantId: shop.tenantId,
      key: "main",
      url: receiver.url,
      types: [],
      mode: "test",
    }),
  );
  return { server, shop };
}

/** Messages since the last call, in the order in which they happened. */
async function heard(server: TestServer, receiver: Receiver): Promise<WebhookEvent[]> {
  await server.settle();
  const messages = receiver.received.splice(0).map(({ body }) => webhookEvent.parse(JSON.parse(body)));
  // Delivery promises no order: consumers sort, as the contract tells them to.
  return messages.sort((a, b) => String(a.occurred_at).localeCompare(String(b.occurred_at)));
}

const typesOf = (messages: WebhookEvent[]) => messages.map(({ type }) => type).sort();
const subscriptionOf = (message: WebhookEvent | undefined) =>
  message && "subscription" in message.data ? message.data.subscription : undefined;

const refundAll = async (server: TestServer, shop: Shop, customerId: string) => {
  const [bill] = await listBills(server.deps.db, { tenantId: shop.tenantId, mode: "test", customerId });
  await server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, {
      tenantId: shop.tenantId,
      billId: bill!.id,
      reason: "requested_by_customer",
    }),
  );
};

test("#188 a lifetime purchase emits payment.completed and no subscription; its refund refund.created", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver);
  await using _ = server;
  const { customerId, userId } = await buy(server, shop, {
    price: "lifetime",
    body: { user_meta: { userId: "u-7", plan: "pro" } },
  });
  const sold = await heard(server, receiver);
  expect(typesOf(sold)).toEqual(["payment.completed"]);
  expect(sold[0]?.data).toMatchObject({
    price: { id: shop.prices.lifetime, unit_amount: 19_900, interval: "lifetime", currency: "USD" },
    customer: { email: "buyer@example.com" },
    user: { id: userId, email: "buyer@example.com" },
    paywall: { id: shop.paywall },
    acquiring: { provider: "stripe" },
    payment: { status: "succeeded" },
  });
  await refundAll(server, shop, customerId);
  const refunded = await heard(server, receiver);
  expect(typesOf(refunded)).toEqual(["refund.created"]);
  expect(refunded[0]?.data).toMatchObject({ refund: { amount: 19_900, reason: "requested_by_customer" } });
});

test("a renewal emits subscription.updated with the new period", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver);
  await using _ = server;
  await buy(server, shop);
  const [created, ...more] = await heard(server, receiver);
  expect([created?.type, subscriptionOf(created)?.status, more]).toEqual([
    "subscription.created",
    "active",
    [],
  ]);
  await moveClock(server, shop, { days: 32 });
  const [renewed, ...rest] = await heard(server, receiver);
  expect([renewed?.type, rest]).toEqual(["subscription.updated", []]);
  expect(subscriptionOf(renewed)).toMatchObject({
    id: subscriptionOf(created)?.id,
    status: "active",
    current_period_start: subscriptionOf(created)?.current_period_end,
  });
});

test("#189 cancelling at period end emits subscription.updated at once and subscription.cancelled at the end", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver);
  await using _ = server;
  const { contractId } = await buy(server, shop);
  await heard(server, receiver);
  const { status } = await server.post(
    "/api/paywall/cancel-subscription",
    {
      paywallId: shop.paywall,
      subscriptionId: contractId,
      cancellationReason: "too_expensive",
      email: "buyer@example.com",
    },
    { "x-api-key": shop.secretKey },
  );
  expect(status).toBe(200);
  const [scheduled, ...more] = await heard(server, receiver);
  expect([scheduled?.type, more]).toEqual(["subscription.updated", []]);
  const announced = subscriptionOf(scheduled);
  expect(announced).toMatchObject({
    status: "active",
    cancel_at_period_end: true,
    cancel_at: announced?.current_period_end,
    canceled_at: expect.any(String),
  });
  await moveClock(server, shop, { days: 32 });
  const [ended, ...rest] = await heard(server, receiver);
  expect([ended?.type, rest]).toEqual(["subscription.cancelled", []]);
  expect(subscriptionOf(ended)).toMatchObject({
    status: "canceled",
    ended_at: announced?.current_period_end,
  });
});

test("cancelling at once emits subscription.cancelled with the end set and the period not rewound", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver);
  await using _ = server;
  const { contractId, customerId } = await buy(server, shop);
  const [created] = await heard(server, receiver);
  await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId,
      customerId,
      atPeriodEnd: false,
      reason: "not_using",
    }),
  );
  const [cancelled, ...rest] = await heard(server, receiver);
  expect([cancelled?.type, rest]).toEqual(["subscription.cancelled", []]);
  expect(subscriptionOf(cancelled)).toMatchObject({
    status: "canceled",
    cancel_at_period_end: false,
    ended_at: expect.any(String),
    current_period_end: subscriptionOf(created)?.current_period_end,
  });
});

test("#190 a refunded subscription emits refund.created, then subscription.cancelled", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver);
  await using _ = server;
  const { customerId } = await buy(server, shop);
  await heard(server, receiver);
  await refundAll(server, shop, customerId);
  const messages = await heard(server, receiver);
  expect(typesOf(messages)).toEqual(["refund.created", "subscription.cancelled"]);
  const recorded = await server.deps.db.query<{ type: string }>(sql`
    select type from events where type in ('refund.created', 'subscription.cancelled') order by id`);
  expect(recorded.map(({ type }) => type)).toEqual(["refund.created", "subscription.cancelled"]);
  const refund = messages.find(({ type }) => type === "refund.created");
  expect(refund?.data).toMatchObject({ refund: { amount: 999 }, payment: { id: expect.any(String) } });
});

test("a card trial is created as trialing, then updated to active; a failed charge says past_due", async () => {
  await using receiver = await startReceiver();
  const { server, shop } = await openShop(receiver, { trialDays: 7 });
  await using _ = server;
  await buy(server, shop);
  const [created] = await heard(server, receiver);
  expect([created?.type, subscriptionOf(created)?.status]).toEqual(["subscription.created", "trialing"]);
  expect(subscriptionOf(created)).toMatchObject({
    trial_period_start: expect.any(String),
    trial_period_end: subscriptionOf(created)?.current_period_end,
  });
  await moveClock(server, shop, { days: 8 });
  const charged = await heard(server, receiver);
  expect(new Set(typesOf(charged))).toEqual(new Set(["subscription.updated"]));
  expect(subscriptionOf(charged.at(-1))?.status).toBe("active");

  await buy(server, shop, { email: "other@example.com", card: CARDS.failsLater });
  await heard(server, receiver);
  await moveClock(server, shop, { days: 8 });
  const failed = await heard(server, receiver);
  expect(failed.some((message) => subscriptionOf(message)?.status === "past_due")).toBe(true);
});
