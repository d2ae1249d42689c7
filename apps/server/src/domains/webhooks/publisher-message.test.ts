import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";

let receiver: Receiver;
let server: TestServer;
let shop: Shop;
let key: { authorization: string };

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ config: { webhookAllowedOrigins: [receiver.origin] } });
  shop = await createShop(server);
  key = await keyOf(server, shop.tenantId);
  const hook = { url: `${receiver.origin}/publisher` };
  const made = await call(server, "POST", "/management/webhooks", key, hook);
  expect([made.status, made.body.format]).toEqual([201, "publisher"]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

type Message = Record<string, string>;
const heard = async (): Promise<Message[]> => {
  await server.settle();
  return receiver.received.splice(0).map(({ body }) => JSON.parse(body) as Message);
};

test("a publisher hears of a sale whom and what to look at, in the documented shape", async () => {
  const reader = await signedInCustomer(server, shop, { email: "heard@example.com" });
  const sale = await buy(server, shop, { email: "heard@example.com", headers: reader.headers });
  const messages = await heard();
  const common = {
    vendorId: shop.slug,
    userId: reader.userId,
    occured_at: expect.stringMatching(/^2031-.*Z$/),
  };
  const told = (eventType: string) => messages.find((it) => it.eventType === eventType);
  expect(told("userVendor.1#new")).toEqual({ eventType: "userVendor.1#new", ...common });
  const { contractId } = sale;
  expect(told("contract.1#purchased")).toEqual({ eventType: "contract.1#purchased", ...common, contractId });
  expect(told("checkout.1#confirm")).toEqual({
    eventType: "checkout.1#confirm",
    ...common,
    contractId,
    checkoutId: expect.any(String),
  });
  const right = await call<{ id: string }[]>(
    server,
    "GET",
    `/management/entitlements?userId=${reader.userId}`,
    key,
  );
  expect(told("entitlement.1#new")).toEqual({
    eventType: "entitlement.1#new",
    ...common,
    contractId,
    entitlementId: right.body[0]?.id,
  });

  await call(server, "POST", `/management/contracts/${contractId}/cancel`, key, {});
  expect(await heard()).toEqual([{ eventType: "contract#cancelRequest", ...common, contractId }]);
});

test("an endpoint hears only the types that it asked for, and is asked for none that there is not", async () => {
  const only = { url: `${receiver.origin}/only`, types: ["entitlement.1#new"], key: "only" };
  expect((await call(server, "POST", "/management/webhooks", key, only)).status).toBe(201);
  const unknown = { url: `${receiver.origin}/x`, types: ["subscription.created"], key: "x" };
  expect((await call(server, "POST", "/management/webhooks", key, unknown)).status).toBe(400);
  await buy(server, shop, { email: "only@example.com" });
  await server.settle();
  const types = receiver.received
    .splice(0)
    .filter(({ path }) => path === "/only")
    .map(({ body }) => (JSON.parse(body) as Message).eventType);
  expect(types).toEqual(["entitlement.1#new"]);
});
