import { expect, test } from "vitest";
import { startTestServer } from "../../../test/kit.ts";
import { buy } from "../../../test/selling.ts";
import { createShop } from "../../../test/shop.ts";
import { json, sql } from "../../platform/database/index.ts";
import type { StoredEvent } from "../../platform/events.ts";
import { followSales, indexPages } from "./index.ts";

test("a page that was bought is known from then on, if it is the vendor's; hearing of it again changes nothing", async () => {
  const server = await startTestServer();
  await using _ = server;
  const { deps } = server;
  const shop = await createShop(server, { host: "daily.example" });
  const { contractId } = await buy(server, shop, { email: "buyer@example.com" });
  const items = [
    { sku: "pro", url: "https://daily.example/bought?utm_source=x" },
    { sku: "pro", url: "https://evil.example/x" },
    { sku: "pro", url: "nonsense" },
    { sku: "pro", url: null },
    { sku: "pro", url: "https://daily.example/known" },
  ];
  await deps.db.transaction((tx) =>
    indexPages(tx, deps, {
      tenantId: shop.tenantId,
      source: "push",
      pages: [{ url: "https://daily.example/known", title: "Known before" }],
      now: server.clock.now(),
    }),
  );
  await deps.db.execute(sql`
    with s as (
      insert into checkout_sessions (id, tenant_id, paywall_id, maker, items, redirect_url, created_at, updated_at, expires_at)
      values ('cs_1', ${shop.tenantId}, ${shop.paywallId}, 'anonymous', ${json(items)}, 'https://daily.example/', now(), now(), now())
      returning id)
    update checkouts set session_id = (select id from s) where tenant_id = ${shop.tenantId}`);
  const [event] = await deps.db.query<StoredEvent>(sql`
    select id, tenant_id "tenantId", mode, type, object_id "objectId", data, occurred_at "occurredAt", created_at "createdAt"
    from events where type = 'checkout.completed' and tenant_id = ${shop.tenantId}`);
  expect(event?.objectId).toBe(contractId);
  for (let i = 0; i < 2; i += 1) {
    await deps.db.transaction((tx) => followSales(deps)(tx, event as StoredEvent));
    const known = await deps.db.query(sql`
      select title, url, index_source source from products where index_source is not null order by url`);
    expect(known).toEqual([
      { title: "Bought", url: "https://daily.example/bought?utm_source=x", source: "checkout" },
      { title: "Known before", url: "https://daily.example/known", source: "push" },
    ]);
  }
});
