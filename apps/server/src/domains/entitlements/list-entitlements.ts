import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { granting } from "./check-access.ts";

/** A right with what it is a right to, and where it comes from. */
export type Entitlement = {
  id: string;
  sku: string;
  optionId: string | null;
  title: string;
  productType: string;
  url: string | null;
  passUrl: string | null;
  publisherContentId: string | null;
  cover: string | null;
  origin: { contractId: string } | { grantId: string; listId: string; listName: string } | null;
  /** Whether it gives access now. */
  hasAccess: boolean;
  createdAt: Date;
  updatedAt: Date;
  validToAt: Date | null;
};

export const ENTITLEMENT_COLUMNS: Statement = {
  text: `e.id, p.sku, e.option_id "optionId", p.title, p.type "productType", p.url, p.pass_url "passUrl",
    p.publisher_content_id "publisherContentId", p.cover, e.created_at "createdAt", e.updated_at "updatedAt",
    e.valid_to_at "validToAt",
    case e.source_kind when 'contract' then jsonb_build_object('contractId', e.source_id)
      when 'grant' then (select jsonb_build_object('grantId', g.id, 'listId', l.id, 'listName', l.name)
        from access_grants g join access_lists l on l.id = g.list_id where g.id = e.source_id) end origin`,
  values: [],
  name: undefined,
};

/** Whose rights, in which of the two worlds, and at which time of the tenant. */
export type EntitlementScope = { tenantId: string; mode: Mode; customerId: string; now: Date };

/** All rights that a customer has or ever had, newest first; callers show those that give access, unless asked. */
export const listEntitlements = (q: Queryable, scope: EntitlementScope): Promise<Entitlement[]> =>
  q.query<Entitlement>(sql`
    select ${ENTITLEMENT_COLUMNS}, (${granting(scope.now)}) "hasAccess"
    from entitlements e join products p on p.id = e.product_id
    where e.customer_id = ${scope.customerId} and e.tenant_id = ${scope.tenantId} and e.mode = ${scope.mode}
    order by e.created_at desc, e.id desc`);

const MEMBERS_MAX = 2000;

/**
 * The same with what follows from them: whoever has a bundle has each of its members, and clients look for the member
 * itself. Articles of a pass are left out, because pages name the pass. A right that follows has the id of the one that it
 * follows from, a dot and the member's.
 */
export async function listEntitlementsWithMembers(
  q: Queryable,
  scope: EntitlementScope,
): Promise<Entitlement[]> {
  const rows = await q.query<Entitlement & { memberId: string | null }>(sql`
    with recursive reached (right_id, product_id, is_own) as (
      select e.id, e.product_id, true from entitlements e
      where e.customer_id = ${scope.customerId} and e.tenant_id = ${scope.tenantId} and e.mode = ${scope.mode}
      union
      select r.right_id, m.member_id, false from reached r join products parent on parent.id = r.product_id
        join product_members m on m.parent_id = r.product_id join products member on member.id = m.member_id
      where member.state = 'active' and (parent.type = 'bundle' or member.type <> 'article'))
    select ${ENTITLEMENT_COLUMNS}, (${granting(scope.now)}) "hasAccess",
      case when not r.is_own then r.product_id end "memberId"
    from reached r join entitlements e on e.id = r.right_id join products p on p.id = r.product_id
    where r.is_own or r.product_id <> e.product_id
    order by e.created_at desc, e.id desc, r.is_own desc, p.sku limit ${MEMBERS_MAX}`);
  // The option was the bundle's, not the member's.
  return rows.map(({ memberId, ...right }) =>
    memberId === null ? right : { ...right, id: `${right.id}.${memberId}`, optionId: null },
  );
}

/** A customer's right by its id; null for what is unknown or somebody else's. */
export const findEntitlement = (
  q: Queryable,
  scope: EntitlementScope,
  id: string,
): Promise<Entitlement | null> => {
  if (id.includes(".")) return findMember(q, scope, id);
  return q.maybeOne<Entitlement>(sql`
    select ${ENTITLEMENT_COLUMNS}, (${granting(scope.now)}) "hasAccess"
    from entitlements e join products p on p.id = e.product_id
    where e.id = ${id} and e.customer_id = ${scope.customerId} and e.tenant_id = ${scope.tenantId}
      and e.mode = ${scope.mode}`);
};

const findMember = async (q: Queryable, scope: EntitlementScope, id: string): Promise<Entitlement | null> =>
  (await listEntitlementsWithMembers(q, scope)).find((it) => it.id === id) ?? null;
