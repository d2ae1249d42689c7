import { type Queryable, sql } from "../../platform/database/index.ts";
import { barePage, pageKey } from "./page-address.ts";

/**
 * Whether somebody with this product may read a page: it is that page, it covers it by a pattern, or it contains
 * something that does. The rule of `checkAccess`, for a right that is proved by a link.
 */
export async function coversPage(
  q: Queryable,
  tenantId: string,
  input: { url: string; sku: string },
): Promise<boolean> {
  const page = pageKey(input.url);
  if (page === null || input.sku === "") return false;
  const row = await q.maybeOne(sql`
    with recursive covering (id) as (
      select id from products where tenant_id = ${tenantId} and url_key = ${page}
      union
      select id from products where tenant_id = ${tenantId} and url_likes <> '{}' and ${page}::text like any (url_likes)
      union
      select m.parent_id from product_members m join covering c on c.id = m.member_id
    )
    select 1 from covering c join products p on p.id = c.id where p.sku = ${input.sku} limit 1`);
  return row !== null;
}

/**
 * The product of which an address is the name, when it is one that opens more than itself: a pass's address in a signed
 * link says "everything of this pass" to whoever checks it. Null for pages that are only themselves.
 */
export const passNamedBy = (q: Queryable, tenantId: string, url: string): Promise<{ sku: string } | null> => {
  // Links leave the query out, so an address with one must not slip by.
  const keys = [pageKey(url), URL.canParse(url) ? pageKey(barePage(url)) : null].filter((it) => it !== null);
  return q.maybeOne<{ sku: string }>(sql`
    select sku from products
    where tenant_id = ${tenantId}
      and (pass_url_key = any (${keys}) or url_key = any (${keys}) and type in ('pass', 'bundle', 'publication'))
    order by pass_url_key = any (${keys}) desc nulls last, id limit 1`);
};

/** The content id of a page, when the catalogue knows it. */
export async function contentIdOfPage(q: Queryable, tenantId: string, url: string): Promise<string | null> {
  const row = await q.maybeOne<{ contentId: string }>(sql`
    select publisher_content_id "contentId" from products
    where tenant_id = ${tenantId} and url_key = ${pageKey(url)} and publisher_content_id is not null order by id limit 1`);
  return row?.contentId ?? null;
}
