import { isUniqueViolation, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { pageKey, pagePattern } from "./page-address.ts";
import type { Product } from "./product.ts";

/** All that a merchant decides about a product, beside its sku, which is for good. */
export type ProductDraft = Pick<
  Product,
  | "title"
  | "description"
  | "type"
  | "accessRule"
  | "accessDays"
  | "state"
  | "cover"
  | "language"
  | "url"
  | "urlPatterns"
  | "passUrl"
  | "publisherContentId"
  | "section"
  | "tags"
  | "publishedAt"
>;

const keyOf = (address: string | null): string | null => (address === null ? null : pageKey(address));

/** Adds a product that no apply file takes away. @throws `sku_taken` (409) */
export async function createProduct(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; sku: string; draft: ProductDraft; now: Date },
): Promise<string> {
  const { tenantId, sku, draft: d, now } = input;
  const id = deps.ids.next("product");
  try {
    await tx.execute(sql`
      insert into products (id, tenant_id, sku, title, description, type, access_rule, access_days, state, cover, language,
        url, url_key, url_patterns, url_likes, pass_url, pass_url_key, publisher_content_id, section, tags, published_at,
        from_file, created_at, updated_at)
      values (${id}, ${tenantId}, ${sku}, ${d.title}, ${d.description}, ${d.type}, ${d.accessRule}, ${d.accessDays},
        ${d.state}, ${d.cover}, ${d.language}, ${d.url}, ${keyOf(d.url)}, ${d.urlPatterns},
        ${d.urlPatterns.flatMap((it) => pagePattern(it) ?? [])}, ${d.passUrl}, ${keyOf(d.passUrl)},
        ${d.publisherContentId}, ${d.section}, ${d.tags}, ${d.publishedAt}, false, ${now}, ${now})`);
  } catch (error) {
    if (!isUniqueViolation(error, "products_tenant_id_sku_key")) throw error;
    throw new AppError("sku_taken", 409, `There is a product ${sku} already.`, { details: { field: "sku" } });
  }
  return id;
}

/** Gives a product new values. Rights to it stay, whatever it is called. */
export async function updateProduct(
  tx: Tx,
  input: { tenantId: string; productId: string; draft: ProductDraft; now: Date },
): Promise<void> {
  const { tenantId, productId, draft: d, now } = input;
  await tx.execute(sql`
    update products set title = ${d.title}, description = ${d.description}, type = ${d.type},
      access_rule = ${d.accessRule}, access_days = ${d.accessDays}, state = ${d.state}, cover = ${d.cover},
      language = ${d.language}, url = ${d.url}, url_key = ${keyOf(d.url)}, url_patterns = ${d.urlPatterns},
      url_likes = ${d.urlPatterns.flatMap((it) => pagePattern(it) ?? [])}, pass_url = ${d.passUrl},
      pass_url_key = ${keyOf(d.passUrl)}, publisher_content_id = ${d.publisherContentId}, section = ${d.section},
      tags = ${d.tags}, published_at = ${d.publishedAt}, updated_at = ${now}, row_version = row_version + 1
    where tenant_id = ${tenantId} and id = ${productId}`);
}

/**
 * Makes these the members of a bundle or a pass, and no others.
 *
 * @throws `unknown_members` (400) for skus that the tenant does not have, `circular_bundle` (400) when one of them
 *   contains the bundle itself
 */
export async function setMembers(
  tx: Tx,
  input: { tenantId: string; productId: string; skus: readonly string[] },
): Promise<void> {
  const { tenantId, productId } = input;
  const skus = [...new Set(input.skus)];
  // Two bundles that are changed at once must not come to contain each other.
  await tx.execute(sql`select 1 from tenants where id = ${tenantId} for no key update`);
  const members = await tx.query<{ id: string }>(
    sql`select id from products where tenant_id = ${tenantId} and sku = any (${skus})`,
  );
  if (members.length < skus.length) {
    throw new AppError("unknown_members", 400, "contains names a sku that there is not.", {
      details: { field: "contains" },
    });
  }
  const ids = members.map(({ id }) => id);
  const { circular } = await tx.one<{ circular: boolean }>(sql`
    with recursive inside (id) as (
      select unnest(${ids}::text[])
      union
      select m.member_id from product_members m join inside on inside.id = m.parent_id)
    select exists (select from inside where id = ${productId}) circular`);
  if (circular) {
    throw new AppError("circular_bundle", 400, "A product cannot contain itself.", {
      details: { field: "contains" },
    });
  }
  await tx.execute(
    sql`delete from product_members where tenant_id = ${tenantId} and parent_id = ${productId} and member_id <> all (${ids})`,
  );
  await tx.execute(sql`
    insert into product_members (tenant_id, parent_id, member_id)
    select ${tenantId}, ${productId}, unnest(${ids}::text[]) on conflict do nothing`);
}
