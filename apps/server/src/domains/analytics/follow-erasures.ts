import { sql } from "../../platform/database/index.ts";
import type { Follower } from "../../platform/events.ts";
import { anonymisePublisherEvents } from "./publisher-events.ts";

/** Takes people who asked to be forgotten out of what pages reported of them. */
export const forgetErased: Follower = async (tx, event) => {
  if (event.type !== "customer.deleted" || !event.customerId) return;
  const person = await tx.maybeOne<{ uuid: string }>(
    sql`select uuid from customers where id = ${event.customerId} and tenant_id = ${event.tenantId}`,
  );
  // Pages know people by what their token calls them.
  if (person) await anonymisePublisherEvents(tx, event.tenantId, person.uuid);
};
