import { type Queryable, sql } from "../../platform/database/index.ts";
import { pageKey } from "./page-address.ts";

/**
 * Whether somebody with this product, or with the pass of this address, may read a page: it is that page, it covers it
 * by a pattern, or it contains something that does. The rule of `checkAccess`, for a right that is proved by a link.
 */
export async function coversPage(
  q: Queryable,
  tenantId: string,
  input: { url: string; sku: string; passUrl: string },
): Promise<boolean> {
  const page = pageKey(input.url);
  if (page === null) return false;
  const row = await q.maybeOne(sql`
    with recursive covering (id) as (
      select id from products where tenant_id = ${tenantId} and url_key = ${page}
      union
      select id from products where tenant_id = ${tenantId} and url_likes <> '{}' and ${page}::text like any (url_likes)
      union
      select m.parent_id from product_members m join covering c on c.id = m.member_id
    )
    select 1 from covering c join products p on p.id = c.id
    where p.sku = nullif(${input.sku}, '') or p.pass_url_key = ${pageKey(input.passUrl)} limit 1`);
  return row !== null;
}
