import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { saveMeter, takeRead } from "../../domains/meters/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let key: { authorization: string };

beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } });
  shop = await createShop(server);
  key = await keyOf(server, shop.tenantId);
});
afterAll(() => server[Symbol.asyncDispose]());

const reset = (headers = key) => call<{ users?: number }>(server, "POST", "/management/test/reset", headers);

test("a reset forgets every reader of the caller's vendor and no other's, and leaves what is sold and what was billed", async () => {
  const other = await createShop(server);
  const neighbour = await signedInCustomer(server, other, { email: "next@example.com" });
  const reader = await signedInCustomer(server, shop, { email: "reader@example.com" });
  const sale = await buy(server, shop, { email: "reader@example.com", headers: reader.headers });
  await call(server, "PUT", `/management/users/${reader.userId}/tags/print`, key);
  await call(server, "PUT", `/management/users/${reader.userId}/user_metadata/k`, key, "v");

  const { status, body } = await reset();
  expect([status, body.users]).toEqual([200, 1]);
  await server.settle();
  const list = async (what: string) =>
    (await call<unknown[]>(server, "GET", `/management/${what}`, key)).body;
  for (const what of ["users", "tags", "contracts?status=PENDING"])
    expect(await list(what), what).toEqual([]);
  expect((await server.get("/profile", reader.headers)).status).toBe(401);
  expect(await list("products")).toMatchObject([{ sku: "pro" }]);
  expect(await list("bills")).toMatchObject([{ contractId: sale.contractId, price: 9.99 }]);
  expect((await server.get("/profile", neighbour.headers)).status).toBe(200);
  // Whoever comes back is somebody new.
  const again = await signedInCustomer(server, shop, { email: "reader@example.com" });
  expect(again.userId).not.toBe(reader.userId);
  expect((await server.get("/entitlements", again.headers)).body).toEqual([]);
  expect((await reset()).body.users).toBe(1);
});

test("free reads begin anew with it", async () => {
  const { deps } = server;
  const now = server.clock.now();
  const { tenantId } = shop;
  await deps.db.transaction((tx) =>
    saveMeter(tx, deps, {
      tenantId,
      key: "m",
      maxReads: 1,
      period: "DAY",
      anonymous: true,
      registeredBonus: 0,
    }),
  );
  const meter = await deps.db.one<{ id: string }>(sql`select id from meters where tenant_id = ${tenantId}`);
  const read = (contentId: string) =>
    deps.db.transaction(async (tx) =>
      takeRead(tx, {
        meter: {
          ...meter,
          tenantId,
          key: "m",
          maxReads: 1,
          period: "DAY",
          anonymous: true,
          registeredBonus: 0,
        },
        reader: { subjects: ["anonymous:b1"], signedIn: false },
        contentId,
        timeZone: "UTC",
        now,
      }),
    );
  await read("a");
  expect(await read("b")).toMatchObject({ allowed: false });
  await reset();
  expect(await read("b")).toMatchObject({ allowed: true });
});

test("it needs its scope, spares a vendor that takes real money, and does not exist outside test mode", async () => {
  expect((await reset(await keyOf(server, shop.tenantId, ["user:write"]))).status).toBe(403);
  const live = await createShop(server, { paymentMode: "live" });
  await server.deps.db.execute(sql`update paywalls set surface = 'publisher' where id = ${live.paywallId}`);
  const reader = await signedInCustomer(server, live);
  expect((await reset(await keyOf(server, live.tenantId))).status).toBe(409);
  expect((await server.get("/profile", reader.headers)).status).toBe(200);

  type Document = { paths: Record<string, unknown> };
  expect((await server.get<Document>("/openapi.json")).body.paths).toHaveProperty(["/management/test/reset"]);
  await using usual = await startTestServer();
  const shop2 = await createShop(usual);
  const answer = await call(usual, "POST", "/management/test/reset", await keyOf(usual, shop2.tenantId));
  expect(answer.status).toBe(404);
  expect((await usual.get<Document>("/openapi.json")).body.paths).not.toHaveProperty([
    "/management/test/reset",
  ]);
});
