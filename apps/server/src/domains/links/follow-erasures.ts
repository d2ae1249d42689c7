import { sql } from "../../platform/database/index.ts";
import type { Follower } from "../../platform/events.ts";

/** What somebody gave who asked to be forgotten goes with them: it says what they read. */
export const forgetErasedGivers: Follower = async (tx, event) => {
  if (event.type !== "customer.deleted" || !event.customerId) return;
  await tx.execute(sql`
    delete from gift_links where customer_id = ${event.customerId} and tenant_id = ${event.tenantId}`);
};
