import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { findTenant, tenantNow } from "../tenants/index.ts";
import { webhookErrors } from "./errors.ts";
import { DELIVERY_JOB } from "./follower.ts";

/**
 * Sends a finished delivery once more, with the same id and bytes, as its next attempt. One that is still
 * being tried is brought forward to now.
 *
 * @throws `delivery_not_found`
 */
export async function redeliver(
  tx: Tx,
  deps: Pick<Deps, "clock" | "jobs">,
  input: { tenantId: string; deliveryId: string },
): Promise<void> {
  const tenant = await findTenant(tx, input.tenantId);
  const queued =
    tenant &&
    (await tx.execute(sql`
      update webhook_deliveries d
      set state = case when d.state = 'retrying' then 'retrying' else 'queued' end,
          next_at = ${tenantNow(deps.clock, tenant)}, finished_at = null
      from webhook_endpoints e
      where d.tenant_id = ${input.tenantId} and d.id = ${input.deliveryId}
        and e.id = d.endpoint_id and e.state <> 'deleted'`));
  if (!queued) throw webhookErrors.delivery_not_found();
  tx.afterCommit(() => deps.jobs.wake(DELIVERY_JOB));
}
