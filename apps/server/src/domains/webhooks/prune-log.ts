import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";

const BATCH = 1000;
const KEPT = "30 days";

/**
 * Forgets deliveries and their attempts 30 days after they were made, on the tenant's clock. What is not
 * settled yet stays, however old: a clock that jumps must not swallow a message.
 */
export function pruneWebhookLogJob(deps: Pick<Deps, "clock" | "db">): Job {
  return {
    name: "webhook-log",
    everyMs: 3_600_000,
    run: () =>
      deps.db.transaction(async (tx) => {
        const old = await tx.query<{ id: string }>(sql`
          select d.id from webhook_deliveries d join tenants t on t.id = d.tenant_id
          where d.state in ('delivered', 'dead') and d.created_at < ${deps.clock.now()}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
              - ${KEPT}::interval
          order by d.created_at limit ${BATCH} for update of d skip locked`);
        const ids = old.map(({ id }) => id);
        if (ids.length === 0) return 0;
        await tx.execute(sql`delete from webhook_attempts where delivery_id = any (${ids})`);
        return tx.execute(sql`delete from webhook_deliveries where id = any (${ids})`);
      }),
  };
}
