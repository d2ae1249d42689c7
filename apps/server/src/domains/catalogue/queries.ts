import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import { parseRef } from "../../platform/ids.ts";
import { pageKey } from "./page-address.ts";
import type { Product } from "./product.ts";
import { type PurchaseOption, SUCCESSOR_HOURS } from "./purchase-option.ts";

const PRODUCT: Statement = {
  text: `id, tenant_id "tenantId", sku, title, description, type, access_rule "accessRule", access_days "accessDays", state,
    cover, language, url, url_patterns "urlPatterns", pass_url "passUrl", publisher_content_id "publisherContentId", section,
    tags, published_at "publishedAt", created_at "createdAt", updated_at "updatedAt"`,
  values: [],
  name: undefined,
};

const OPTION: Statement = {
  text: `id, num, tenant_id "tenantId", product_id "productId", paywall_id "paywallId", key, kind, interval,
    interval_count "intervalCount", amount_minor "amountMinor", currency, local, trial_days "trialDays", label, description,
    credits, sort, state, supersedes_id "supersedesId", superseded_at "supersededAt", replaces_id "replacesId"`,
  values: [],
  name: undefined,
};

/** A tenant's product. @throws when it does not exist: callers hold an id that a foreign key vouches for. */
export const getProduct = (q: Queryable, tenantId: string, id: string): Promise<Product> =>
  q.one<Product>(sql`select ${PRODUCT} from products where tenant_id = ${tenantId} and id = ${id}`);

export const listProducts = (q: Queryable, tenantId: string): Promise<Product[]> =>
  q.query<Product>(sql`select ${PRODUCT} from products where tenant_id = ${tenantId} order by sku`);

/** What a tenant offers now, newest first; `search` looks into sku, title and content id. */
export const searchProducts = (q: Queryable, tenantId: string, search: string): Promise<Product[]> =>
  q.query<Product>(sql`
    select ${PRODUCT} from products where tenant_id = ${tenantId} and state = 'active'
      and position(lower(${search}) in lower(concat_ws(' ', sku, title, publisher_content_id))) > 0
    order by created_at desc, sku`);

/** Products on offer with this sku, of one tenant or of whoever has it. */
export const findProductsBySku = (q: Queryable, sku: string, tenantId: string | null): Promise<Product[]> =>
  q.query<Product>(sql`
    select ${PRODUCT} from products where sku = ${sku} and state = 'active'
      and (${tenantId}::text is null or tenant_id = ${tenantId}) order by id limit 2`);

/** Options on which these products are sold now, in display order. Prices that only a variant shows are left out. */
export const listOptionsOfProducts = (q: Queryable, productIds: string[]): Promise<PurchaseOption[]> =>
  q.query<PurchaseOption>(sql`
    select ${OPTION} from purchase_options
    where product_id = any (${productIds}) and state = 'active' and replaces_id is null order by sort, num`);

/**
 * The option that may be bought under this num or id at the tenant's `now`, or null. The id of a superseded
 * option finds the option that took its place for 24 hours, then nothing.
 */
export async function findPurchaseOption(
  q: Queryable,
  tenantId: string,
  ref: string | number,
  now: Date,
): Promise<PurchaseOption | null> {
  const parsed = parseRef("purchaseOption", ref);
  if (!parsed) return null;
  const named = await q.maybeOne<PurchaseOption>(
    "num" in parsed
      ? sql`select ${OPTION} from purchase_options where tenant_id = ${tenantId} and num = ${parsed.num}`
      : sql`select ${OPTION} from purchase_options where tenant_id = ${tenantId} and id = ${parsed.id}`,
  );
  if (!named || named.state === "active") return named;
  if (named.state !== "superseded" || !named.supersededAt) return null;
  const untilMs = named.supersededAt.getTime() + SUCCESSOR_HOURS * 3_600_000;
  if (now.getTime() >= untilMs) return null;
  return q.maybeOne<PurchaseOption>(sql`
    select ${OPTION} from purchase_options where tenant_id = ${tenantId} and key = ${named.key} and state = 'active'`);
}

/** A tenant's option in whatever state, or null. */
export const findOptionInAnyState = (
  q: Queryable,
  tenantId: string,
  id: string,
): Promise<PurchaseOption | null> =>
  q.maybeOne<PurchaseOption>(
    sql`select ${OPTION} from purchase_options where tenant_id = ${tenantId} and id = ${id}`,
  );

/** Products on offer that are this very page, articles first, or the pass that pages name by this address. */
export async function findProductsOfPage(q: Queryable, tenantId: string, url: string): Promise<Product[]> {
  const page = pageKey(url);
  return page === null
    ? []
    : q.query<Product>(sql`
        select ${PRODUCT} from products
        where tenant_id = ${tenantId} and state = 'active' and (url_key = ${page} or pass_url_key = ${page})
        order by type = 'article' desc, url_key = ${page} desc, id`);
}

/** What a paywall sells now, in display order. Prices that only a variant shows are left out. */
export const listPurchaseOptions = (q: Queryable, paywallId: string): Promise<PurchaseOption[]> =>
  q.query<PurchaseOption>(sql`
    select ${OPTION} from purchase_options
    where paywall_id = ${paywallId} and state = 'active' and replaces_id is null order by sort, num`);

/** Every option a paywall sells or ever sold: layouts, offers and experiments may still name old ones. */
export const listAllPurchaseOptions = (q: Queryable, paywallId: string): Promise<PurchaseOption[]> =>
  q.query<PurchaseOption>(
    sql`select ${OPTION} from purchase_options where paywall_id = ${paywallId} order by sort, num`,
  );

/** A tenant's option in whatever state, locked against being sold or changed until the transaction ends. */
export const lockPurchaseOption = (q: Queryable, tenantId: string, id: string): Promise<PurchaseOption> =>
  q.one<PurchaseOption>(sql`
    select ${OPTION} from purchase_options where tenant_id = ${tenantId} and id = ${id} for update`);

export { OPTION as OPTION_COLUMNS, PRODUCT as PRODUCT_COLUMNS };
