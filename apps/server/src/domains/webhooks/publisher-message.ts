import { type Queryable, sql } from "../../platform/database/index.ts";
import type { StoredEvent } from "../../platform/events.ts";

/** What publishers' systems hear (publisher API §11), in their spelling. */
export const PUBLISHER_WEBHOOK_TYPES = [
  "userVendor.1#new",
  "userVendor.1#update",
  "contract.1#purchased",
  "contract.1#update",
  "contract#cancelRequest",
  "checkout.1#confirm",
  "entitlement.1#new",
  "entitlement.1#update",
] as const;
export type PublisherWebhookType = (typeof PUBLISHER_WEBHOOK_TYPES)[number];

const TYPES: Record<string, PublisherWebhookType> = {
  "customer.created": "userVendor.1#new",
  "customer.updated": "userVendor.1#update",
  "customer.deleted": "userVendor.1#update",
  "customer.merged": "userVendor.1#update",
  "checkout.completed": "checkout.1#confirm",
  "subscription.created": "contract.1#purchased",
  "payment.completed": "contract.1#purchased",
  "subscription.cancel_scheduled": "contract#cancelRequest",
  "subscription.updated": "contract.1#update",
  "subscription.renewed": "contract.1#update",
  "subscription.past_due": "contract.1#update",
  "subscription.recovered": "contract.1#update",
  "subscription.uncanceled": "contract.1#update",
  "subscription.cancelled": "contract.1#update",
  "subscription.expired": "contract.1#update",
  "amendment.applied": "contract.1#update",
  "entitlement.created": "entitlement.1#new",
  "entitlement.revoked": "entitlement.1#update",
  "entitlement.expired": "entitlement.1#update",
};

/** The type that publishers' systems hear of this event by, or null when they do not. */
export const publisherTypeOf = (event: Pick<StoredEvent, "type">): PublisherWebhookType | null =>
  TYPES[event.type] ?? null;

type Related = { userId: string | null; checkoutId: string | null; entitlementId: string | null };

/** The message as publishers receive it: whom and what to look at, and not how it stands, which they then ask for. */
export async function renderPublisherMessage(
  q: Queryable,
  event: StoredEvent,
  { type, vendorId }: { type: PublisherWebhookType; vendorId: string },
): Promise<Record<string, string>> {
  const { objectId, customerId, tenantId } = event;
  const found = await q.one<Related>(sql`
    select (select uuid::text from customers where id = ${customerId} and tenant_id = ${tenantId}) "userId",
      (select coalesce(session_id, id) from checkouts where contract_id = ${objectId} limit 1) "checkoutId",
      (select id from entitlements where tenant_id = ${tenantId} and (id = ${objectId} or source_id = ${objectId})
        order by id limit 1) "entitlementId"`);
  const [subject] = type.split(/[.#]/);
  const contractId = objectId?.startsWith("con_") ? objectId : null;
  return {
    eventType: type,
    vendorId,
    userId: found.userId ?? "",
    // The misspelling is how publishers' systems know it.
    occured_at: event.occurredAt.toISOString(),
    ...(subject !== "userVendor" && contractId && { contractId }),
    ...(subject === "entitlement" && found.entitlementId && { entitlementId: found.entitlementId }),
    ...(subject === "checkout" && found.checkoutId && { checkoutId: found.checkoutId }),
  };
}
