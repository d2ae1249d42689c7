import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { recordEvent } from "../../platform/events.ts";
import type { Job } from "../../platform/jobs.ts";

const BATCH = 100;
/** The processor's own word on an expired session comes first, if it comes. */
const PATIENCE = "5 minutes";

/** Closes checkouts that nobody paid in time. A payment that arrives later still completes them. */
export function checkoutExpiryJob(deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">): Job {
  return {
    name: "checkout-expiry",
    everyMs: 60_000,
    run: () =>
      deps.db.transaction(async (tx) => {
        const expired = await tx.query<{
          id: string;
          tenantId: string;
          mode: Mode;
          paywallId: string;
          customerId: string;
          expiresAt: Date;
        }>(sql`
          update checkouts set state = 'expired', close_reason = 'expired' where id = any (array(
            select c.id from checkouts c join tenants t on t.id = c.tenant_id
            where c.state = 'open' and c.expires_at <= ${deps.clock.now()}::timestamptz
              + t.clock_offset_ms * interval '1 millisecond' - ${PATIENCE}::interval
            order by c.expires_at limit ${BATCH} for update of c skip locked))
          returning id, tenant_id "tenantId", mode, paywall_id "paywallId", customer_id "customerId",
            expires_at "expiresAt"`);
        for (const checkout of expired) {
          const { id, expiresAt, ...owner } = checkout;
          const event = { ...owner, type: "checkout.expired", objectId: id, occurredAt: expiresAt };
          await recordEvent(tx, deps, { ...event, data: { checkoutId: id } });
        }
        return expired.length;
      }),
  };
}
