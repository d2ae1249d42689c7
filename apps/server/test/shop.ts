import type { PaywallSettings } from "../src/domains/paywalls/index.ts";
import { createApiKey } from "../src/domains/tenants/index.ts";
import { json, sql } from "../src/platform/database/index.ts";
import type { TestServer } from "./kit.ts";

export type Shop = {
  tenantId: string;
  slug: string;
  paywallId: string;
  /** The paywall's `num` as the 3.x wire spells it. */
  paywall: string;
  productId: string;
  connectionId: string;
  secretKey: string;
  /** `num` of each purchase option, as the 3.x wire spells price ids. */
  prices: { monthly: string; yearly: string; lifetime: string };
  /** Path of a 3.x endpoint of this paywall. */
  api(path: string): string;
};

let count = 0;

/**
 * A merchant who is ready to sell, written straight into the tables: tenant, pass product, published paywall
 * (monthly 9.99, yearly 79.00, lifetime 199.00 USD), a sandbox connection and a secret key.
 */
export async function createShop(
  server: TestServer,
  options: {
    settings?: PaywallSettings;
    /** Verified custom domain; null for none. Default: one of its own. */
    host?: string | null;
    hybridTrust?: "none" | "recent" | "signed" | "legacy";
    paymentMode?: "test" | "live";
    trialDays?: number;
  } = {},
): Promise<Shop> {
  const { db, ids, keys } = server.deps;
  count += 1;
  const slug = `shop-${count}`;
  const tenantId = ids.next("tenant");
  const productId = ids.next("product");
  const paywallId = ids.next("paywall");
  const connectionId = ids.next("connection");
  const domainId = ids.next("domain");
  const host = options.host === undefined ? `pay${count}.example.com` : options.host;
  const at = server.clock.now();

  return db.transaction(async (tx) => {
    await tx.execute(sql`insert into tenants (id, slug, name, hybrid_trust, support_email)
      values (${tenantId}, ${slug}, ${`Shop ${count}`}, ${options.hybridTrust ?? "recent"}, ${`help@${slug}.example`})`);
    await tx.execute(
      sql`insert into products (id, tenant_id, sku, title) values (${productId}, ${tenantId}, 'pro', 'Pro')`,
    );
    if (host) {
      await tx.execute(
        sql`insert into domains (id, tenant_id, host, state) values (${domainId}, ${tenantId}, ${host}, 'verified')`,
      );
    }
    const { num } = await tx.one<{ num: number }>(sql`
      insert into paywalls (id, tenant_id, key, name, payment_mode, settings, default_product_id, domain_id)
      values (${paywallId}, ${tenantId}, 'app', 'Go Pro', ${options.paymentMode ?? "test"}, ${json(options.settings ?? {})},
              ${productId}, ${host ? domainId : null}) returning num`);
    const versionId = ids.next("paywallVersion");
    await tx.execute(sql`insert into paywall_versions (id, tenant_id, paywall_id, number, body, content_hash, published_at)
      values (${versionId}, ${tenantId}, ${paywallId}, 1, '{}', 'empty', ${at})`);
    await tx.execute(sql`update paywalls set live_version_id = ${versionId} where id = ${paywallId}`);

    const option = async (key: string, kind: string, interval: string, amountMinor: number, sort: number) => {
      const row = await tx.one<{ num: number }>(sql`
        insert into purchase_options (id, tenant_id, product_id, paywall_id, key, kind, interval, amount_minor, currency, trial_days, label, sort)
        values (${ids.next("purchaseOption")}, ${tenantId}, ${productId}, ${paywallId}, ${key}, ${kind}, ${interval}, ${amountMinor},
                'USD', ${kind === "recurring" ? (options.trialDays ?? 0) : 0}, ${key}, ${sort}) returning num`);
      return String(row.num);
    };
    const prices = {
      monthly: await option("monthly", "recurring", "month", 999, 1),
      yearly: await option("yearly", "recurring", "year", 7900, 2),
      lifetime: await option("lifetime", "one_time", "lifetime", 19_900, 3),
    };
    await tx.execute(sql`
      insert into processor_connections (id, tenant_id, key, kind, label, mode, acquiring, webhook_secret_sealed)
      values (${connectionId}, ${tenantId}, 'sandbox', 'sandbox', 'Sandbox', 'test', 'stripe',
              ${keys.seal(`whsec_${slug}`, `webhook-secret:${connectionId}`)})`);
    await tx.execute(sql`insert into paywall_connections (tenant_id, paywall_id, connection_id, weight)
      values (${tenantId}, ${paywallId}, ${connectionId}, 100)`);
    const key = await createApiKey(tx, server.deps, { tenantId, name: "test", kind: "secret", mode: "test" });
    const paywall = String(num);
    return {
      tenantId,
      slug,
      paywallId,
      paywall,
      productId,
      connectionId,
      secretKey: key.secret,
      prices,
      api: (path) => `/api/v1/paywall/${paywall}/${path}`,
    };
  });
}
