import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, contractOf, keyedUser, moveClock, someone, userState } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

type Answer = { success: boolean; message: string; code: string; subscription: Record<string, unknown> };
const cancel = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  server.post<Answer>("/api/paywall/cancel-subscription", body, headers);
const buyer = async () => {
  const reader = await signedInCustomer(server, shop, { email: someone() });
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers });
  return { ...reader, contractId: sale.contractId };
};

test("#115 a signed-in customer cancels at period end and keeps access until then", async () => {
  const me = await buyer();
  const { status, body } = await cancel(
    { subscriptionId: me.contractId, cancellationReason: "too_expensive", paywallId: "999999" },
    me.headers,
  );
  expect(status).toBe(200);
  const { periodEndAt } = await contractOf(server, me.contractId);
  expect(body).toEqual({
    success: true,
    message: expect.any(String),
    subscription: {
      id: me.contractId,
      status: "active",
      cancel_at_period_end: true,
      cancel_at: periodEndAt?.toISOString(),
      canceled_at: expect.stringMatching(/Z$/),
    },
  });
  expect((await userState(server, shop, me.email ?? "")).body).toMatchObject({
    has_active_subscription: true,
    purchases: [{ cancel_at_period_end: true }],
  });
});

test("#90 a cancellation is there on the next GET user, and so is its end", async () => {
  const closing = await createShop(server);
  const email = someone();
  const sale = await buy(server, closing, { email });
  const body = { subscriptionId: sale.contractId, cancellationReason: "other", email };
  const headers = { "x-api-key": closing.secretKey };
  // Paywall ids arrive as numbers too.
  expect((await cancel({ ...body, paywallId: Number(closing.paywall) }, headers)).status).toBe(200);
  type User = { purchases: { cancel_at_period_end: boolean; cancel_at: string; ended_at: string | null }[] };
  const scheduled = await keyedUser<User>(server, closing, email);
  expect(scheduled.body.purchases[0]).toMatchObject({ cancel_at_period_end: true, ended_at: null });
  await moveClock(server, closing, { days: 32 });
  const ended = await keyedUser<User>(server, closing, email);
  expect(ended.body).toMatchObject({ paid: false, purchases: [{ status: "canceled" }] });
});

test("#116 a repeat is 400, somebody else's 404, an anonymous Bearer 403, a bad one 401", async () => {
  const me = await buyer();
  const body = { subscriptionId: me.contractId, cancellationReason: "other" };
  const other = await buyer();
  expect((await cancel(body, other.headers)).body.code).toBe("subscription_not_found");
  const missing = await cancel({ ...body, subscriptionId: "con_nothing" }, other.headers);
  expect(missing.body).toEqual((await cancel(body, other.headers)).body);
  const anonymous = await signedInCustomer(server, shop, { email: null });
  expect((await cancel(body, anonymous.headers)).status).toBe(403);
  const bad = await cancel(body, { authorization: "Bearer x" });
  expect([bad.status, bad.body.code]).toEqual([401, "invalid_token"]);
  const nobody = await cancel(body);
  expect([nobody.status, nobody.body.code]).toEqual([403, "Unauthorized"]);
  expect((await contractOf(server, me.contractId)).cancelAtPeriodEnd).toBe(false);

  expect((await cancel(body, me.headers)).status).toBe(200);
  const again = await cancel(body, me.headers);
  expect([again.status, again.body.code]).toEqual([400, "already_cancelled"]);
});

test("two cancellations at once are one, and the other is told", async () => {
  const me = await buyer();
  const body = { subscriptionId: me.contractId, cancellationReason: "other" };
  const answers = await Promise.all([1, 2, 3, 4].map(() => cancel(body, me.headers)));
  expect(answers.map((it) => it.status).sort()).toEqual([200, 400, 400, 400]);
});

test("#117 a missing id or an empty reason is 400 and cancels nothing", async () => {
  const me = await buyer();
  for (const body of [
    { cancellationReason: "other" },
    { subscriptionId: me.contractId },
    { subscriptionId: me.contractId, cancellationReason: "" },
    { subscriptionId: me.contractId, cancellationReason: "   " },
    { subscriptionId: 7, cancellationReason: "other" },
  ]) {
    const { status, body: answer } = await cancel(body, me.headers);
    expect([status, answer.code], JSON.stringify(body)).toEqual([400, "invalid_payload"]);
  }
  expect((await contractOf(server, me.contractId)).cancelAtPeriodEnd).toBe(false);
});

test("a key needs the paywall and an identity, and cancels on its own paywall only", async () => {
  const email = someone();
  const sale = await buy(server, shop, { email, body: { userMeta: { userId: `host-${email}` } } });
  const headers = { "x-api-key": shop.secretKey };
  const body = { subscriptionId: sale.contractId, cancellationReason: "other" };
  const code = async (extra: Record<string, unknown>, as = headers) => {
    const answer = await cancel({ ...body, ...extra }, as);
    return [answer.status, answer.body.code];
  };
  expect(await code({ email })).toEqual([400, "identity_required"]);
  expect(await code({ paywallId: shop.paywall })).toEqual([400, "identity_required"]);
  expect(await code({ paywallId: shop.paywall, email: someone() })).toEqual([404, "identity_not_on_paywall"]);
  expect(await code({ paywallId: 99_999_999, email })).toEqual([404, "not_found"]);
  const other = await createShop(server);
  expect((await code({ paywallId: shop.paywall, email }, { "x-api-key": other.secretKey }))[0]).toBe(403);
  expect(await code({ paywallId: other.paywall, email }, { "x-api-key": other.secretKey })).toEqual([
    404,
    "identity_not_on_paywall",
  ]);
  expect((await code({ paywallId: shop.paywall, userId: `host-${email}` }))[0]).toBe(200);
});

test("a lifetime purchase has nothing to cancel", async () => {
  const me = await signedInCustomer(server, shop, { email: someone() });
  const sale = await buy(server, shop, { headers: me.headers, price: "lifetime" });
  const { status } = await cancel(
    { subscriptionId: sale.contractId, cancellationReason: "other" },
    me.headers,
  );
  expect(status).toBe(404);
});
