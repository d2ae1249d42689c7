import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower } from "../../platform/events.ts";
import { findTenant, tenantNow } from "../tenants/index.ts";
import { messageIdOf, renderMessage, wireTypeOf } from "./message.ts";
import { findSubscribedEndpointIds } from "./queries.ts";

/** The name of the job that delivers; woken when there is something to deliver. */
export const DELIVERY_JOB = "webhooks";

/**
 * Turns an event into one delivery per subscribed endpoint, with the bytes that every attempt will send.
 * Shown the same event again, it adds nothing.
 */
export function webhookFollower(deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower {
  return async (tx, event) => {
    const type = wireTypeOf(event);
    if (!type || !event.mode) return;
    const { tenantId, mode } = event;
    const endpointIds = await findSubscribedEndpointIds(tx, { tenantId, mode, type });
    const tenant = endpointIds.length > 0 ? await findTenant(tx, tenantId) : null;
    if (!tenant) return;
    const now = tenantNow(deps.clock, tenant);
    const body = JSON.stringify(renderMessage(event, type, now));
    const messageId = messageIdOf(event);
    for (const endpointId of endpointIds) {
      await tx.execute(sql`
        insert into webhook_deliveries (id, tenant_id, endpoint_id, event_id, message_id, type, body, next_at, created_at)
        values (${deps.ids.next("delivery")}, ${tenantId}, ${endpointId}, ${event.id}, ${messageId}, ${type}, ${body},
                ${now}, ${now})
        on conflict (endpoint_id, message_id) do nothing`);
    }
    tx.afterCommit(() => deps.jobs.wake(DELIVERY_JOB));
  };
}
