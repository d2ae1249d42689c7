import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import { type Customer, normalizeEmail } from "./customer.ts";

export const CUSTOMER_COLUMNS: Statement = {
  text: `c.id, c.uuid, c.tenant_id "tenantId", c.email, c.email_verified_at "emailVerifiedAt",
    coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) name, c.picture, c.country, c.anonymous, c.created_at "createdAt"`,
  values: [],
  name: undefined,
};

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const findCustomerById = (q: Queryable, tenantId: string, id: string): Promise<Customer | null> =>
  q.maybeOne<Customer>(sql`
    select ${CUSTOMER_COLUMNS} from customers c
    where c.tenant_id = ${tenantId} and c.id = ${id} and c.merged_into_id is null and c.erased_at is null`);

export const findCustomerByEmail = (
  q: Queryable,
  tenantId: string,
  email: string,
): Promise<Customer | null> =>
  q.maybeOne<Customer>(sql`
    select ${CUSTOMER_COLUMNS} from customers c
    where c.tenant_id = ${tenantId} and c.email = ${normalizeEmail(email)} and c.merged_into_id is null and c.erased_at is null`);

/** By the id on the wire; that of an account which went into another leads to the one that is left. */
export async function findCustomerByUuid(
  q: Queryable,
  tenantId: string,
  uuid: string,
): Promise<Customer | null> {
  if (!UUID.test(uuid)) return null;
  return q.maybeOne<Customer>(sql`
    with recursive line (id, merged_into_id) as (
      select id, merged_into_id from customers where tenant_id = ${tenantId} and uuid = ${uuid}
      union all
      select n.id, n.merged_into_id from line l join customers n on n.id = l.merged_into_id
    )
    select ${CUSTOMER_COLUMNS} from line l join customers c on c.id = l.id
    where c.tenant_id = ${tenantId} and c.merged_into_id is null and c.erased_at is null`);
}

/**
 * The customer a merchant's key call speaks of: by e-mail if given, else by our user id, else by the
 * merchant's own id. The two are never combined. Paywall API §4.3.
 */
export async function findCustomerByWireIdentity(
  q: Queryable,
  tenantId: string,
  identity: { email?: string | null; userId?: string | null },
): Promise<Customer | null> {
  if (identity.email) return findCustomerByEmail(q, tenantId, identity.email);
  if (!identity.userId) return null;
  return (
    (await findCustomerByUuid(q, tenantId, identity.userId)) ??
    q.maybeOne<Customer>(sql`
      select ${CUSTOMER_COLUMNS} from customers c
      join external_references r on r.customer_id = c.id
      where r.tenant_id = ${tenantId} and r.namespace = 'merchant' and r.external_id = ${identity.userId}
        and c.merged_into_id is null and c.erased_at is null`)
  );
}

/** The customer's link to a paywall with the metadata stored there, or null when they never used it. */
export const findPaywallLink = (
  q: Queryable,
  paywallId: string,
  customerId: string,
): Promise<{ userMeta: Record<string, string> } | null> =>
  q.maybeOne(
    sql`select user_meta "userMeta" from paywall_links where paywall_id = ${paywallId} and customer_id = ${customerId}`,
  );
