import { type Page, type PageRequest, type Queryable, readPage, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { ContractState } from "./events.ts";
import {
  type BillStatement,
  type ContractStatement,
  readBills,
  readContracts,
  type TransactionStatement,
} from "./statement.ts";

/** A vendor's contracts, bills and transactions in parts, newest first, for whoever works through all of them. */
type Filter = { tenantId: string; mode: Mode; customerId?: string | undefined };

/** The rows of a page in the page's order. */
const inOrder = <T extends { id: string }>(page: Page<{ id: string }>, rows: T[]): Page<T> => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { ...page, items: page.items.flatMap(({ id }) => byId.get(id) ?? []) };
};

export async function listVendorsContracts(
  q: Queryable,
  filter: Filter & { states?: readonly ContractState[] | undefined; sku?: string | undefined },
  page: PageRequest,
  realNow: Date,
): Promise<Page<ContractStatement>> {
  const { tenantId, mode, customerId = null, states = null, sku = null } = filter;
  const found = await readPage<{ id: string }>(
    q,
    sql`
      select id from contracts k
      where tenant_id = ${tenantId} and mode = ${mode} and (${customerId}::text is null or customer_id = ${customerId})
        and (${states}::text[] is null or state = any (${states}))
        and (${sku}::text is null or exists (select from products p where p.sku = ${sku}
          and (p.id = k.product_id or k.more_items @> jsonb_build_array(jsonb_build_object('productId', p.id)))))`,
    page,
  );
  const ids = found.items.map(({ id }) => id);
  return inOrder(found, ids.length > 0 ? await readContracts(q, { tenantId, mode, ids }, realNow) : []);
}

/** A bill, and whose it is by their id on the wire. */
export type VendorsBill = BillStatement & { userId: string };

export async function listVendorsBills(
  q: Queryable,
  filter: Filter & {
    contractId?: string | undefined;
    /** As publishers' clients call them. */
    status?: string | undefined;
    search?: string | undefined;
  },
  page: PageRequest,
): Promise<Page<VendorsBill>> {
  const { tenantId, mode, customerId = null, contractId = null, status = null, search = "" } = filter;
  const found = await readPage<{ id: string; userId: string }>(
    q,
    sql`
      select b.id, c.uuid "userId" from bills b join contracts k on k.id = b.contract_id
      join customers c on c.id = b.customer_id
      where b.tenant_id = ${tenantId} and b.mode = ${mode}
        and (${customerId}::text is null or b.customer_id = ${customerId})
        and (${contractId}::text is null or b.contract_id = ${contractId})
        and (${status}::text is null or ${status} = case
          when b.state = 'draft' then 'DRAFT' when b.state = 'open' then 'PENDING'
          when b.state = 'past_due' then case when k.state = 'unpaid' then 'OVERDUE' else 'RETRYING' end
          when b.state in ('charged_back', 'void') then 'VOIDED'
          when b.state = 'uncollectible' then case when k.end_reason = 'dunning' then 'EXPIRED' else 'CANCELED' end
          else 'PAID' end)
        and position(lower(${search}) in lower(concat_ws(' ', b.id, b.number, b.contract_id, c.email, c.uuid,
          b.lines->0->>'title'))) > 0`,
    page,
  );
  const ids = found.items.map(({ id }) => id);
  const userIds = new Map(found.items.map(({ id, userId }) => [id, userId]));
  const bills = ids.length > 0 ? await readBills(q, { tenantId, mode, ids }) : [];
  return inOrder(
    found,
    bills.map((bill) => ({ ...bill, userId: userIds.get(bill.id) ?? "" })),
  );
}

export type VendorsTransaction = TransactionStatement & { state: string };

export const listVendorsTransactions = (
  q: Queryable,
  filter: Filter & {
    id?: string | undefined;
    contractId?: string | undefined;
    billId?: string | undefined;
    kind?: string | undefined;
    /** Default: money that really moved. */
    state?: string | undefined;
  },
  page: PageRequest,
): Promise<Page<VendorsTransaction>> => {
  const {
    tenantId,
    mode,
    customerId = null,
    contractId = null,
    billId = null,
    id = null,
    kind = null,
  } = filter;
  const { state = id === null ? "succeeded" : null } = filter;
  return readPage<VendorsTransaction>(
    q,
    sql`
      select t.id, t.contract_id "contractId", t.bill_id "billId", c.uuid "userId", t.kind, t.state,
        t.amount_minor "amountMinor", t.currency, t.occurred_at "occurredAt"
      from transactions t join contracts k on k.id = t.contract_id join customers c on c.id = k.customer_id
      where t.tenant_id = ${tenantId} and t.mode = ${mode} and (${id}::text is null or t.id = ${id})
        and (${customerId}::text is null or k.customer_id = ${customerId})
        and (${contractId}::text is null or t.contract_id = ${contractId})
        and (${billId}::text is null or t.bill_id = ${billId}) and (${kind}::text is null or t.kind = ${kind})
        and (${state}::text is null or t.state = ${state})`,
    page,
  );
};

/** A vendor's bill, or null. */
export async function findVendorsBill(
  q: Queryable,
  { tenantId, mode, id }: { tenantId: string; mode: Mode; id: string },
): Promise<VendorsBill | null> {
  const [bill] = await readBills(q, { tenantId, mode, ids: [id] });
  if (!bill) return null;
  const { userId } = await q.one<{ userId: string }>(
    sql`select uuid "userId" from customers where id = ${bill.customerId}`,
  );
  return { ...bill, userId };
}
