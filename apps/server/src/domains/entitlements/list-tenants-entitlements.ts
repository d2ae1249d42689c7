import { type Page, type PageRequest, type Queryable, readPage, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { granting } from "./check-access.ts";
import { ENTITLEMENT_COLUMNS, type Entitlement } from "./list-entitlements.ts";

/** A right, and whose it is by their id on the wire. */
export type OwnedEntitlement = Entitlement & { userId: string };

export type EntitlementFilter = {
  tenantId: string;
  mode: Mode;
  /** The tenant's time. */
  now: Date;
  id?: string | undefined;
  customerId?: string | undefined;
  sku?: string | undefined;
  /** Types of product; null for any. */
  isType?: ((type: string) => boolean) | undefined;
  /** Also rights that give no access now. */
  inactive?: boolean | undefined;
};

/** All customers' rights, newest first. */
export async function listTenantsEntitlements(
  q: Queryable,
  filter: EntitlementFilter,
  page: PageRequest,
): Promise<Page<OwnedEntitlement>> {
  const { tenantId, mode, now, id = null, customerId = null, sku = null, isType, inactive = false } = filter;
  const rows = isType
    ? await q.query<{ type: string }>(sql`select distinct type from products where tenant_id = ${tenantId}`)
    : [];
  const types = isType ? rows.map(({ type }) => type).filter(isType) : null;
  return readPage<OwnedEntitlement>(
    q,
    sql`
      select ${ENTITLEMENT_COLUMNS}, (${granting(now)}) "hasAccess", c.uuid "userId"
      from entitlements e join products p on p.id = e.product_id join customers c on c.id = e.customer_id
      where e.tenant_id = ${tenantId} and e.mode = ${mode} and (${id}::text is null or e.id = ${id})
        and (${customerId}::text is null or e.customer_id = ${customerId})
        and (${sku}::text is null or p.sku = ${sku}) and (${types}::text[] is null or p.type = any (${types}))
        and (${inactive} or (${granting(now)}))`,
    page,
  );
}
