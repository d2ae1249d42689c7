import { isId } from "@tollgate/protocol/ids";
import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";

/** What a vendor's back end can name by an id of ours. */
const ROWS = {
  accessList: (id) => sql`select tenant_id "tenantId" from access_lists where id = ${id}`,
  bill: (id) => sql`select tenant_id "tenantId" from bills where id = ${id}`,
  checkout: (id) => sql`select tenant_id "tenantId" from checkouts where id = ${id}`,
  contract: (id) => sql`select tenant_id "tenantId" from contracts where id = ${id}`,
  customer: (id) => sql`select tenant_id "tenantId" from customers where id = ${id}`,
  discountCode: (id) => sql`select tenant_id "tenantId" from discount_codes where id = ${id}`,
  fulfillment: (id) => sql`select tenant_id "tenantId" from fulfillments where id = ${id}`,
  grant: (id) => sql`select tenant_id "tenantId" from access_grants where id = ${id}`,
  meter: (id) => sql`select tenant_id "tenantId" from meters where id = ${id}`,
  paywall: (id) => sql`select tenant_id "tenantId" from paywalls where id = ${id}`,
  purchaseOption: (id) => sql`select tenant_id "tenantId" from purchase_options where id = ${id}`,
  transaction: (id) => sql`select tenant_id "tenantId" from transactions where id = ${id}`,
  webhookEndpoint: (id) => sql`select tenant_id "tenantId" from webhook_endpoints where id = ${id}`,
} satisfies Record<string, (id: string) => Statement>;

export type OwnedKind = keyof typeof ROWS;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether this id is another tenant's: what a back end is then told is that it may not, rather than that it is not there. */
export async function isAnotherTenants(
  q: Queryable,
  tenantId: string,
  kind: OwnedKind,
  id: string,
): Promise<boolean> {
  const statement =
    kind === "customer" && UUID.test(id)
      ? sql`select tenant_id "tenantId" from customers where uuid = ${id}`
      : isId(kind, id)
        ? ROWS[kind](id)
        : null;
  const owner = statement && (await q.maybeOne<{ tenantId: string }>(statement));
  return owner != null && owner.tenantId !== tenantId;
}
