import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { parseRef } from "../../platform/ids.ts";
import { findTenant, type Tenant } from "../tenants/index.ts";
import type { Paywall } from "./paywall.ts";

export type PaywallOfTenant = { paywall: Paywall; tenant: Tenant };

export const PAYWALL_SELECT: Statement = {
  text: `select p.id, p.num, p.tenant_id "tenantId", p.key, p.name, p.surface, p.status, p.visible,
      p.payment_mode "paymentMode", p.currency, p.settings, p.default_product_id "defaultProductId",
      p.meter_id "meterId", d.host, p.live_version_id "liveVersionId",
      p.row_version "rowVersion"
    from paywalls p left join domains d on d.id = p.domain_id and d.state in ('verified', 'active', 'degraded')`,
  values: [],
  name: undefined,
};

/**
 * A paywall that can be used, by `num` or id, with its tenant; null when it is unknown, not published or its
 * tenant is not active. The id alone finds the tenant, because a 3.x caller names nothing else.
 */
export async function findPaywall(q: Queryable, ref: string | number): Promise<PaywallOfTenant | null> {
  const parsed = parseRef("paywall", ref);
  if (!parsed) return null;
  const paywall = await q.maybeOne<Paywall>(
    "num" in parsed
      ? sql`${PAYWALL_SELECT} where p.num = ${parsed.num}`
      : sql`${PAYWALL_SELECT} where p.id = ${parsed.id}`,
  );
  if (paywall?.status !== "published") return null;
  const tenant = await findTenant(q, paywall.tenantId);
  return tenant?.status === "active" ? { paywall, tenant } : null;
}

/** A tenant's paywalls that can be used, oldest first. */
export const listUsablePaywalls = (q: Queryable, tenantId: string): Promise<Paywall[]> =>
  q.query<Paywall>(
    sql`${PAYWALL_SELECT} where p.tenant_id = ${tenantId} and p.status = 'published' order by p.num`,
  );

/** The paywall on which a tenant sells what belongs to none of them: a publisher's one first, then the oldest. */
export async function findPaywallForSale(q: Queryable, tenantId: string): Promise<PaywallOfTenant | null> {
  const row = await q.maybeOne<{ id: string }>(sql`
    select id from paywalls where tenant_id = ${tenantId} and status = 'published'
    order by surface = 'publisher' desc, num limit 1`);
  return row && findPaywall(q, row.id);
}

/**
 * The world that a vendor's readers live in: `live` as soon as one of its publisher paywalls takes real money. Readers'
 * calls name no paywall, and test rights must never open a live site, nor the other way round.
 */
export async function publisherMode(q: Queryable, tenantId: string): Promise<Mode> {
  const { live } = await q.one<{ live: boolean }>(sql`
    select exists (select from paywalls where tenant_id = ${tenantId} and surface = 'publisher' and status = 'published'
      and payment_mode = 'live') live`);
  return live ? "live" : "test";
}
