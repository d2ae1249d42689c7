import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import type { Fulfillment, FulfillmentState } from "./fulfillment.ts";
import { FULFILLMENT } from "./queries.ts";

type FulfillmentEvent = "fulfillment.created" | `fulfillment.${FulfillmentState}`;

/** Records an event about a delivery as it stands in this transaction. Where it goes to is not told. */
export async function recordFulfillmentEvent(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  id: string,
  type: FulfillmentEvent,
  occurredAt: Date,
): Promise<void> {
  const it = await tx.one<Fulfillment>(sql`${FULFILLMENT} where f.id = ${id}`);
  const { tenantId, mode, customerId, sku, itemId, state, provider, copies, contractId } = it;
  await recordEvent(tx, deps, {
    type,
    tenantId,
    mode,
    objectId: id,
    customerId,
    occurredAt,
    data: { fulfillment: { id, sku, itemId, state, provider, copies, contractId } },
  });
}
