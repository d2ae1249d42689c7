import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { pageKey } from "../catalogue/index.ts";

/** What somebody wants to use. Any name that a thing has will do, and several may be given: one right is enough. */
export type AccessTarget = {
  productId?: string;
  sku?: string;
  optionId?: string;
  /** A page's address, compared as `pageKey` says, and against the patterns of passes. */
  url?: string;
  publisherContentId?: string;
  /** Addresses of passes that cover it, as its page names them. */
  passes?: readonly string[];
};

/** By which of its names a right was found. `bundle` is a product that contains the one that was asked for. */
export type AccessReason = "product" | "option" | "url" | "content" | "pass" | "bundle";

export type AccessDecision =
  | {
      granted: true;
      reason: AccessReason;
      entitlementId: string;
      productId: string;
      sourceId: string;
      validToAt: Date | null;
    }
  | { granted: false };

/** The condition that a row of `entitlements e` gives access at `now`. */
export const granting = (now: Date): Statement =>
  sql`e.state in ('active', 'grace') and e.valid_from_at <= ${now} and (e.valid_to_at is null or e.valid_to_at > ${now})`;

/**
 * May this customer use this thing at `now`? The one algorithm that every surface asks. The most direct right answers
 * (product, option, page, content, pass, bundle), and of equal ones that which lasts longest.
 */
export async function checkAccess(
  q: Queryable,
  input: { tenantId: string; mode: Mode; customerId: string; now: Date } & AccessTarget,
): Promise<AccessDecision> {
  const { tenantId, mode, customerId, now } = input;
  const page = input.url === undefined ? null : pageKey(input.url);
  const passes = (input.passes ?? []).flatMap((it) => pageKey(it) ?? []);
  const right = await q.maybeOne<{
    reason: AccessReason;
    entitlementId: string;
    productId: string;
    sourceId: string;
    validToAt: Date | null;
  }>(sql`
    with recursive named (id, rank) as (
      select id, 1 from products where tenant_id = ${tenantId} and id = ${input.productId ?? null}
      union all
      select id, 1 from products where tenant_id = ${tenantId} and sku = ${input.sku ?? null}
      union all
      select id, 3 from products where tenant_id = ${tenantId} and url_key = ${page}
      union all
      select id, 4 from products where tenant_id = ${tenantId} and publisher_content_id = ${input.publisherContentId ?? null}
      union all
      select id, 5 from products where tenant_id = ${tenantId} and url_likes <> '{}' and ${page}::text like any (url_likes)
      union all
      select id, 5 from products
        where tenant_id = ${tenantId} and (pass_url_key = any (${passes}) or url_key = any (${passes}))
    ), covering (id, rank) as (
      select id, rank from named
      union
      select m.parent_id, 6 from product_members m join covering c on c.id = m.member_id
    )
    select (array['product', 'option', 'url', 'content', 'pass', 'bundle'])[min(found.rank)] reason,
      e.id "entitlementId", e.product_id "productId", e.source_id "sourceId", e.valid_to_at "validToAt"
    from entitlements e join lateral (
      select rank from covering where id = e.product_id
      union all
      select 2 where e.option_id = ${input.optionId ?? null}
    ) found on true
    where e.customer_id = ${customerId} and e.mode = ${mode} and e.tenant_id = ${tenantId} and ${granting(now)}
    group by e.id
    order by min(found.rank), e.valid_to_at desc nulls first, e.id limit 1`);
  return right ? { granted: true, ...right } : { granted: false };
}
