import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { Fulfillment } from "./fulfillment.ts";

export const FULFILLMENT: Statement = {
  text: `select f.id, f.num, f.tenant_id "tenantId", f.mode, f.customer_id "customerId", f.product_id "productId", p.sku,
      p.title, p.cover, f.contract_id "contractId", f.bill_id "billId", f.item_id "itemId", f.state, f.provider, f.copies,
      f.delivers_at "deliversAt", f.tracking, f.requested_at "requestedAt", f.created_at "createdAt",
      f.updated_at "updatedAt"
    from fulfillments f join products p on p.id = f.product_id`,
  values: [],
  name: undefined,
};

export type FulfillmentScope = { tenantId: string; mode: Mode; customerId: string };

/** A customer's deliveries, newest first, of one sku or of all. */
export const listFulfillments = (
  q: Queryable,
  { tenantId, mode, customerId }: FulfillmentScope,
  sku: string | null,
): Promise<Fulfillment[]> =>
  q.query<Fulfillment>(sql`
    ${FULFILLMENT} where f.tenant_id = ${tenantId} and f.mode = ${mode} and f.customer_id = ${customerId}
      and (${sku}::text is null or p.sku = ${sku}) order by f.created_at desc, f.num desc`);

/** All deliveries of a product, newest first: what its vendor has to send. */
export const listProductFulfillments = (
  q: Queryable,
  input: { tenantId: string; mode: Mode; productId: string },
): Promise<Fulfillment[]> =>
  q.query<Fulfillment>(sql`
    ${FULFILLMENT} where f.tenant_id = ${input.tenantId} and f.mode = ${input.mode} and f.product_id = ${input.productId}
    order by f.created_at desc, f.num desc`);

export const lockFulfillment = (tx: Tx, tenantId: string, id: string): Promise<Fulfillment | null> =>
  tx.maybeOne<Fulfillment>(
    sql`${FULFILLMENT} where f.tenant_id = ${tenantId} and f.id = ${id} for update of f`,
  );

/** A customer's delivery by its item or its own id, locked; null when they have none such. */
export const lockItem = (
  tx: Tx,
  { tenantId, mode, customerId }: FulfillmentScope,
  item: { itemId: string; sku: string | null },
): Promise<Fulfillment | null> =>
  tx.maybeOne<Fulfillment>(sql`
    ${FULFILLMENT} where f.tenant_id = ${tenantId} and f.mode = ${mode} and f.customer_id = ${customerId}
      and (f.item_id = ${item.itemId} or f.id = ${item.itemId}) and (${item.sku}::text is null or p.sku = ${item.sku})
    order by f.created_at desc, f.num desc limit 1 for update of f`);
