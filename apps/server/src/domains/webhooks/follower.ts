import type { WebhookType } from "@tollgate/protocol/paywall-api/webhooks";
import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower, StoredEvent } from "../../platform/events.ts";
import { findTenant, type Tenant, tenantNow } from "../tenants/index.ts";
import type { WebhookEndpoint } from "./endpoint.ts";
import { messageIdOf, renderMessage, wireTypeOf } from "./message.ts";
import { type PublisherWebhookType, publisherTypeOf, renderPublisherMessage } from "./publisher-message.ts";
import { findSubscribedEndpointIds } from "./queries.ts";

/** The name of the job that delivers; woken when there is something to deliver. */
export const DELIVERY_JOB = "webhooks";

/**
 * Turns an event into one delivery per subscribed endpoint, with the bytes that every attempt will send, in the shape
 * that the endpoint reads. Shown the same event again, it adds nothing.
 */
export function webhookFollower(deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower {
  return async (tx, event) => {
    const { tenantId, mode } = event;
    let tenant: Tenant | null = null;
    for (const format of FORMATS) {
      const type = format.typeOf(event);
      if (!type) continue;
      const filter = { tenantId, mode, type, format: format.name };
      const endpointIds = await findSubscribedEndpointIds(tx, filter);
      tenant ??= endpointIds.length > 0 ? await findTenant(tx, tenantId) : null;
      if (!tenant || endpointIds.length === 0) continue;
      const now = tenantNow(deps.clock, tenant);
      const body = JSON.stringify(await format.render(tx, event, { type, tenant, now }));
      for (const endpointId of endpointIds) {
        await tx.execute(sql`
          insert into webhook_deliveries (id, tenant_id, endpoint_id, event_id, message_id, type, body, next_at, created_at)
          values (${deps.ids.next("delivery")}, ${tenantId}, ${endpointId}, ${event.id}, ${messageIdOf(event)}, ${type},
                  ${body}, ${now}, ${now})
          on conflict (endpoint_id, message_id) do nothing`);
      }
      tx.afterCommit(() => deps.jobs.wake(DELIVERY_JOB));
    }
  };
}

type Format = {
  name: WebhookEndpoint["format"];
  typeOf(event: StoredEvent): string | null;
  render(tx: Tx, event: StoredEvent, about: { type: string; tenant: Tenant; now: Date }): Promise<unknown>;
};

const FORMATS: Format[] = [
  {
    name: "paywall",
    typeOf: (event) => (event.mode ? wireTypeOf(event) : null),
    render: async (_tx, event, { type, now }) => renderMessage(event, type as WebhookType, now),
  },
  {
    name: "publisher",
    typeOf: publisherTypeOf,
    render: (tx, event, { type, tenant }) =>
      renderPublisherMessage(tx, event, { type: type as PublisherWebhookType, vendorId: tenant.slug }),
  },
];
