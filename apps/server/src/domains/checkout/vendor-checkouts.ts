import {
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";

/** An attempt to buy, as its vendor sees it. */
export type VendorsCheckout = {
  id: string;
  userId: string;
  sku: string;
  optionId: string;
  totalMinor: number;
  currency: string;
  state: "open" | "processing" | "completed" | "expired" | "canceled";
  contractId: string | null;
  sessionId: string | null;
  paywallId: string;
  createdAt: Date;
  expiresAt: Date;
  completedAt: Date | null;
};

/** A vendor's attempts, newest first. */
export const listVendorsCheckouts = (
  q: Queryable,
  filter: {
    tenantId: string;
    mode: Mode;
    id?: string;
    customerId?: string | undefined;
    state?: string | undefined;
  },
  page: PageRequest,
): Promise<Page<VendorsCheckout>> => {
  const { tenantId, mode, id = null, customerId = null, state = null } = filter;
  return readPage<VendorsCheckout>(
    q,
    sql`
      select ch.id, c.uuid "userId", p.sku, ch.option_id "optionId", ch.total_minor "totalMinor", ch.currency, ch.state,
        ch.contract_id "contractId", ch.session_id "sessionId", ch.paywall_id "paywallId", ch.created_at "createdAt",
        ch.expires_at "expiresAt", ch.completed_at "completedAt"
      from checkouts ch join customers c on c.id = ch.customer_id join products p on p.id = ch.product_id
      where ch.tenant_id = ${tenantId} and ch.mode = ${mode} and (${id}::text is null or ch.id = ${id})
        and (${customerId}::text is null or ch.customer_id = ${customerId})
        and (${state}::text is null or ch.state = ${state})`,
    page,
  );
};

/**
 * Closes an attempt before its time, so that it is not offered to its buyer again; a payment that arrives all the same
 * still completes it. False when it is being paid or was. Closing it again changes nothing.
 */
export async function expireCheckout(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; id: string; now: Date },
): Promise<boolean> {
  const { tenantId, id, now } = input;
  const checkout = await tx.maybeOne<{
    state: string;
    mode: Mode;
    paywallId: string;
    customerId: string;
  }>(sql`
    select state, mode, paywall_id "paywallId", customer_id "customerId" from checkouts
    where tenant_id = ${tenantId} and id = ${id} for update`);
  if (checkout?.state === "expired" || checkout?.state === "canceled") return true;
  if (checkout?.state !== "open") return false;
  await tx.execute(sql`update checkouts set state = 'expired', close_reason = 'merchant' where id = ${id}`);
  const { mode, paywallId, customerId } = checkout;
  const event = {
    tenantId,
    mode,
    paywallId,
    customerId,
    type: "checkout.expired",
    objectId: id,
    occurredAt: now,
  };
  await recordEvent(tx, deps, { ...event, data: { checkoutId: id } });
  return true;
}
