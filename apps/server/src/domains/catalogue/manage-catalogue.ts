import { type Page, type PageRequest, type Queryable, readPage, sql } from "../../platform/database/index.ts";
import type { Product } from "./product.ts";
import type { PurchaseOption } from "./purchase-option.ts";
import { OPTION_COLUMNS, PRODUCT_COLUMNS } from "./queries.ts";

/** A tenant's products, newest first; without a state those that were not archived. */
export const listProductsOf = (
  q: Queryable,
  filter: { tenantId: string; search: string; state: Product["state"] | null },
  page: PageRequest,
): Promise<Page<Product>> =>
  readPage<Product>(
    q,
    sql`
      select ${PRODUCT_COLUMNS} from products
      where tenant_id = ${filter.tenantId}
        and case when ${filter.state}::text is null then state <> 'archived' else state = ${filter.state} end
        and position(lower(${filter.search}) in lower(concat_ws(' ', sku, title, publisher_content_id))) > 0`,
    page,
  );

/** A tenant's product in whatever state, by its sku. */
export const findProductOfSku = (q: Queryable, tenantId: string, sku: string): Promise<Product | null> =>
  q.maybeOne<Product>(
    sql`select ${PRODUCT_COLUMNS} from products where tenant_id = ${tenantId} and sku = ${sku}`,
  );

/** Skus of the members of bundles and passes, by the bundle's id. */
export async function listMembers(q: Queryable, parentIds: string[]): Promise<Map<string, string[]>> {
  const rows = await q.query<{ id: string; skus: string[] }>(sql`
    select m.parent_id id, array_agg(p.sku order by p.sku) skus
    from product_members m join products p on p.id = m.member_id where m.parent_id = any (${parentIds})
    group by m.parent_id`);
  return new Map(rows.map(({ id, skus }) => [id, skus]));
}

/** An option with the product that it sells. */
export type OptionOfProduct = PurchaseOption & { sku: string; createdAt: Date; updatedAt: Date };

/** A tenant's options, newest first. Prices that only an experiment's variant shows are left out. */
export const listOptionsOf = (
  q: Queryable,
  filter: {
    tenantId: string;
    id?: string | undefined;
    sku?: string | undefined;
    paywallId?: string | undefined;
    state?: PurchaseOption["state"] | undefined;
  },
  page: PageRequest,
): Promise<Page<OptionOfProduct>> => {
  const { tenantId, id = null, sku = null, paywallId = null, state = null } = filter;
  return readPage<OptionOfProduct>(
    q,
    sql`
      select ${OPTION_COLUMNS}, created_at "createdAt", updated_at "updatedAt",
        (select p.sku from products p where p.id = product_id) sku
      from purchase_options
      where tenant_id = ${tenantId} and replaces_id is null and (${id}::text is null or id = ${id})
        and (${sku}::text is null or product_id = (select p.id from products p where p.tenant_id = ${tenantId} and p.sku = ${sku}))
        and (${paywallId}::text is null or paywall_id = ${paywallId})
        and (${state}::text is null or state = ${state})`,
    page,
  );
};
