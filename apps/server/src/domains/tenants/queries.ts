import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Tenant } from "./tenant.ts";

const COLUMNS: Statement = {
  text: `id, slug, name, status, brand_color "brandColor", currency, locale, time_zone "timeZone",
    support_email "supportEmail", descriptor, grace_days "graceDays", refund_policy "refundPolicy",
    hybrid_trust "hybridTrust", hybrid_secret_sealed "hybridSecretSealed", tiers, clock_offset_ms "clockOffsetMs", website, country,
    gift_policy "giftPolicy"`,
  values: [],
  name: undefined,
};

export const findTenant = (q: Queryable, id: string): Promise<Tenant | null> =>
  q.maybeOne<Tenant>(sql`select ${COLUMNS} from tenants where id = ${id}`);

export const findTenantBySlug = (q: Queryable, slug: string): Promise<Tenant | null> =>
  q.maybeOne<Tenant>(sql`select ${COLUMNS} from tenants where slug = ${slug}`);

export const listTenants = (q: Queryable): Promise<Tenant[]> =>
  q.query<Tenant>(sql`select ${COLUMNS} from tenants order by created_at, id`);

/** Active tenants that have something to sell; one that was only just made does not count yet. */
export const listSellers = (q: Queryable): Promise<Tenant[]> =>
  q.query<Tenant>(sql`
    select ${COLUMNS} from tenants t where status = 'active' and (
      exists (select from products where tenant_id = t.id) or exists (select from paywalls where tenant_id = t.id)
      or exists (select from oauth_clients where tenant_id = t.id))
    order by created_at, id`);

/** The tenant whose verified custom domain this is. */
export const findTenantByHost = (q: Queryable, host: string): Promise<Tenant | null> =>
  q.maybeOne<Tenant>(sql`
    select ${COLUMNS} from tenants
    where id = (select tenant_id from domains where host = ${host} and state in ('verified', 'active', 'degraded'))`);

/**
 * Whether an address is on the tenant's own site: an origin of one of its clients, or its custom domain, which is served
 * without TLS on localhost only.
 */
export async function isOwnAddress(q: Queryable, tenantId: string, address: string): Promise<boolean> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return false;
  const isLocal = /^(localhost|127\.0\.0\.1)$/.test(url.hostname);
  const { own } = await q.one<{ own: boolean }>(sql`
    select exists (select from oauth_clients
        where tenant_id = ${tenantId} and state = 'active' and ${url.origin} = any (origins))
      or (${isLocal || url.protocol === "https:"} and exists (select from domains
        where tenant_id = ${tenantId} and host = ${url.host} and state in ('verified', 'active', 'degraded'))) own`);
  return own;
}

/**
 * The tenant whose site a host (`name[:port]`) is: its custom domain, or an origin of one of its clients. Null for
 * everybody else's.
 */
export async function ownerOfHost(q: Queryable, host: string): Promise<string | null> {
  const row = await q.maybeOne<{ tenantId: string }>(sql`
    select tenant_id "tenantId" from domains where host = ${host} and state in ('verified', 'active')
    union all
    select tenant_id from oauth_clients
      where state = 'active' and origins && ${[`https://${host}`, `http://${host}`]}
    limit 1`);
  return row?.tenantId ?? null;
}
