import { sql } from "../src/platform/database/index.ts";
import type { TestServer } from "./kit.ts";

/**
 * A contract on an option, written straight into the tables, for tests that only ask whether an option was
 * ever sold. It grants nothing: sales that must work go through a checkout.
 */
export async function sellOnce(server: TestServer, input: { option: string }): Promise<void> {
  const { db, ids, random } = server.deps;
  const now = server.clock.now();
  await db.transaction(async (tx) => {
    const o = await tx.one<{
      tenantId: string;
      paywallId: string;
      productId: string;
      amountMinor: number;
      currency: string;
    }>(sql`
      select tenant_id "tenantId", paywall_id "paywallId", product_id "productId", amount_minor "amountMinor", currency
      from purchase_options where id = ${input.option}`);
    const connection = await tx.one<{ id: string }>(sql`
      select id from processor_connections where tenant_id = ${o.tenantId} order by id limit 1`);
    const [customer, checkout] = [ids.next("customer"), ids.next("checkout")];
    await tx.execute(sql`insert into customers (id, uuid, tenant_id, anonymous, created_at)
      values (${customer}, ${random.uuid()}, ${o.tenantId}, true, ${now})`);
    await tx.execute(sql`
      insert into checkouts (id, tenant_id, mode, paywall_id, customer_id, product_id, option_id, currency, subtotal_minor,
        total_minor, connection_id, success_url, error_url, product_name, terms_hash,
        created_at, expires_at)
      values (${checkout}, ${o.tenantId}, 'test', ${o.paywallId}, ${customer}, ${o.productId}, ${input.option},
        ${o.currency}, ${o.amountMinor}, ${o.amountMinor}, ${connection.id}, 'https://x.example', 'https://x.example', 'x', 'x',
        ${now}, ${now})`);
    await tx.execute(sql`
      insert into contracts (id, tenant_id, mode, paywall_id, customer_id, checkout_id, product_id, option_id, duration,
        state, currency, price_minor, period_start_at, connection_id, external_id, snapshot, created_at)
      values (${ids.next("contract")}, ${o.tenantId}, 'test', ${o.paywallId}, ${customer}, ${checkout}, ${o.productId},
        ${input.option}, 'PERPETUAL', 'active', ${o.currency}, ${o.amountMinor}, ${now}, ${connection.id},
        ${checkout}, '{}', ${now})`);
  });
}
