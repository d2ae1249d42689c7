import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, userState } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

test("#83 a paid checkout is an active subscription on the next poll", async () => {
  expect((await userState(server, shop)).body.has_active_subscription).toBe(false);
  const sale = await buy(server, shop);
  const state = await userState(server, shop);
  expect(state.body).toMatchObject({
    has_active_subscription: true,
    purchases: [{ id: sale.contractId, status: "active", cancel_at_period_end: false }],
  });
});
