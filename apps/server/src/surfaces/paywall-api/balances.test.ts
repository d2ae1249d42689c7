import { expect, test } from "vitest";
import { startTestServer } from "../../../test/kit.ts";
import { createShop } from "../../../test/shop.ts";
import { findOrCreateCustomer, issueSession } from "../../domains/identity/index.ts";

test("#123 balances ask for a sign-in, and a paywall without tokens has none", async () => {
  await using server = await startTestServer();
  const shop = await createShop(server);
  const foreign = await createShop(server);
  const session = await server.deps.db.transaction(async (tx) => {
    const now = server.clock.now();
    const { customer } = await findOrCreateCustomer(tx, server.deps, {
      tenantId: shop.tenantId,
      email: "ada@example.com",
      now,
    });
    return issueSession(tx, server.deps, { customer, paywallId: shop.paywallId, method: "otp" });
  });
  const headers = { authorization: `Bearer ${session.accessToken}` };

  const nobody = await server.get(shop.api("balances"));
  expect([nobody.status, nobody.body]).toMatchObject([401, { code: "authorization_required" }]);
  const key = await server.get(shop.api("balances"), { "x-api-key": shop.secretKey });
  expect([key.status, key.body]).toMatchObject([401, { code: "authorization_required" }]);
  const bad = await server.get(shop.api("balances"), { authorization: "Bearer x" });
  expect([bad.status, bad.body]).toMatchObject([401, { code: "invalid_token" }]);
  const elsewhere = await server.get(foreign.api("balances"), headers);
  expect([elsewhere.status, elsewhere.body]).toMatchObject([401, { code: "invalid_token" }]);

  const mine = await server.get(shop.api("balances"), headers);
  expect([mine.status, mine.body]).toEqual([200, { balances: [], tokenization: false }]);
  expect(mine.headers.get("cache-control")).toBe("no-store");
});
