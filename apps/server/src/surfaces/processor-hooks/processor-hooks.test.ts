import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { SIGNATURE_HEADER, signBody, writeEvent } from "../../domains/processors/sandbox/wire.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const secretOf = (owner: Shop) => `whsec_${owner.slug}`;
async function send(
  body: string,
  options: { to?: string; secret?: string; at?: Date; signature?: string; body?: string } = {},
): Promise<number> {
  const signature =
    options.signature ?? signBody(body, options.secret ?? secretOf(shop), options.at ?? server.clock.now());
  const response = await server.fetch(`/processor-hooks/${options.to ?? shop.connectionId}`, {
    method: "POST",
    headers: { [SIGNATURE_HEADER]: signature },
    body: options.body ?? body,
  });
  return response.status;
}
const unknownNews = (id: string) => writeEvent(id, "moon.phase", server.clock.now(), {});
const stored = (id: string) =>
  server.deps.db.query<{ state: string }>(sql`select state from processor_events where external_id = ${id}`);

test("news that are signed are stored; a type that means nothing to us is ignored, not refused", async () => {
  expect(await send(unknownNews("e1"))).toBe(200);
  expect(await stored("e1")).toEqual([{ state: "ignored" }]);
});

test("forged, altered, unsigned, stale and foreign news are refused and not stored", async () => {
  const body = unknownNews("e2");
  const old = new Date(server.clock.now().getTime() - 6 * 60_000);
  const ahead = new Date(server.clock.now().getTime() + 6 * 60_000);
  expect(await send(body, { secret: "whsec_guess" })).toBe(401);
  expect(await send(body, { body: body.replace("e2", "e3") })).toBe(401);
  expect(await send(body, { signature: "" })).toBe(401);
  expect(await send(body, { signature: "t=1,v1=00" })).toBe(401);
  expect(await send(body, { at: old })).toBe(401);
  expect(await send(body, { at: ahead })).toBe(401);
  const other = await createShop(server);
  expect(await send(body, { secret: secretOf(other) })).toBe(401);
  expect(await send(body, { to: other.connectionId })).toBe(401);
  expect(await send(body, { to: "ppc_unknown" })).toBe(404);
  expect([...(await stored("e2")), ...(await stored("e3"))]).toEqual([]);
});

test("signed bytes that are no event are refused", async () => {
  for (const body of ["", "{}", "not json", '{"id":"x","type":"y","created_at":"z","data":{}}']) {
    expect(await send(body)).toBe(400);
  }
});

test("#193 the same news again add no purchase, no bill and no event", async () => {
  const sale = await buy(server, shop, { email: someone() });
  const count = () =>
    server.deps.db.one(sql`
      select (select count(*)::int from contracts) contracts, (select count(*)::int from bills) bills,
        (select count(*)::int from transactions) transactions, (select count(*)::int from entitlements) entitlements,
        (select count(*)::int from events) events`);
  const before = await count();
  const { body } = await server.deps.db.one<{ body: string }>(sql`
    select body from sandbox_events where body like ${`%${sale.checkoutUrl.split("/").at(-1)}%completed%`}`);
  for (let i = 0; i < 3; i += 1) expect(await send(body)).toBe(200);
  // Even under another event id: a processor that repeats itself in new words.
  expect(await send(body.replace(/"id":"[^"]+"/, '"id":"e9"'))).toBe(200);
  await server.settle();
  expect(await count()).toEqual(before);
});

test("news of one merchant's sale cannot be told through another merchant's connection", async () => {
  const other = await createShop(server);
  const sale = await buy(server, shop, { email: someone() });
  const { body } = await server.deps.db.one<{ body: string }>(sql`
    select body from sandbox_events where body like ${`%${sale.checkoutUrl.split("/").at(-1)}%completed%`}`);
  const own = body.replace(/sbsub_[0-9A-Z]+/g, "sbsub_other");
  expect(await send(own, { to: other.connectionId, secret: secretOf(other) })).toBe(200);
  const contracts = await server.deps.db.query(
    sql`select 1 from contracts where tenant_id = ${other.tenantId}`,
  );
  expect(contracts).toEqual([]);
});

test("an oversize body is refused", async () => {
  expect(await send("x".repeat(1024 * 1024 + 1))).toBe(413);
});
