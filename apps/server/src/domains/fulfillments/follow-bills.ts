import { addDays } from "../../platform/clock.ts";
import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower, StoredEvent } from "../../platform/events.ts";
import { recordFulfillmentEvent } from "./events.ts";
import type { FulfillmentTerms } from "./fulfillment.ts";

const UNDONE = new Set(["refund.created", "dispute.lost"]);

/**
 * Makes one delivery for each paid bill and each product in it that is delivered so, bundles opened; a bill that was
 * given back takes what has not been sent with it. Shown an event again, it changes nothing.
 */
export function followBills(deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower {
  return async (tx: Tx, event: StoredEvent) => {
    const billId = event.data.billId;
    if (typeof billId !== "string") return;
    if (event.type === "bill.paid") await deliverBill(tx, deps, billId, event.occurredAt);
    else if (UNDONE.has(event.type)) await cancelDeliveries(tx, deps, billId, event.occurredAt);
  };
}

type Due = {
  tenantId: string;
  mode: "test" | "live";
  contractId: string;
  customerId: string;
  issuedAt: Date;
  productId: string;
  terms: FulfillmentTerms;
};

async function deliverBill(tx: Tx, deps: Pick<Deps, "clock" | "ids" | "jobs">, billId: string, at: Date) {
  // A gift is delivered to whoever takes it, and a free trial ships nothing.
  const due = await tx.query<Due>(sql`
    with recursive bought (contract_id, product_id) as (
      select k.id, k.product_id from contracts k join bills b on b.contract_id = k.id where b.id = ${billId}
      union
      select k.id, x->>'productId' from contracts k join bills b on b.contract_id = k.id,
        jsonb_array_elements(k.more_items) x where b.id = ${billId}
      union
      select o.contract_id, m.member_id from product_members m join bought o on o.product_id = m.parent_id
    )
    select b.tenant_id "tenantId", b.mode, k.id "contractId", b.customer_id "customerId", b.issued_at "issuedAt",
      p.id "productId", p.fulfillment terms
    from bills b join contracts k on k.id = b.contract_id join bought o on o.contract_id = k.id
    join products p on p.id = o.product_id join customers c on c.id = b.customer_id
    where b.id = ${billId} and p.fulfillment->>'each' = 'bill' and not k.is_gift and c.erased_at is null
      and not (k.trial_end_at is not null and b.gross_minor = 0 and b.period_end_at <= k.trial_end_at)
    order by p.id`);
  for (const it of due) {
    const days = it.terms.deliversAfterDays;
    const written = await tx.maybeOne<{ id: string }>(sql`
      insert into fulfillments (id, tenant_id, mode, customer_id, product_id, contract_id, bill_id, item_id, state,
        provider, copies, delivers_at, created_at, updated_at)
      values (${deps.ids.next("fulfillment")}, ${it.tenantId}, ${it.mode}, ${it.customerId}, ${it.productId},
        ${it.contractId}, ${billId}, ${deps.ids.next("contractItem")}, ${days === null ? "pending" : "scheduled"},
        ${it.terms.provider}, ${it.terms.copies}, ${days === null ? null : addDays(it.issuedAt, days)}, ${at}, ${at})
      on conflict (bill_id, product_id) do nothing returning id`);
    if (written) await recordFulfillmentEvent(tx, deps, written.id, "fulfillment.created", at);
  }
}

async function cancelDeliveries(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  billId: string,
  at: Date,
) {
  const canceled = await tx.query<{ id: string }>(sql`
    update fulfillments f set state = 'canceled', updated_at = ${at}
    from bills b where b.id = ${billId} and f.bill_id = b.id and b.state in ('refunded', 'charged_back')
      and f.state in ('pending', 'scheduled', 'requested', 'failed')
    returning f.id`);
  for (const { id } of canceled) await recordFulfillmentEvent(tx, deps, id, "fulfillment.canceled", at);
}
