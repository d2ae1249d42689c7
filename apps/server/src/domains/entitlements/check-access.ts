import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";

export type AccessDecision = { granted: true; validToAt: Date | null; sourceId: string } | { granted: false };

/** May this customer use this product at `now`? The right that lasts longest answers. */
export async function checkAccess(
  q: Queryable,
  input: { tenantId: string; mode: Mode; customerId: string; productId: string; now: Date },
): Promise<AccessDecision> {
  const { tenantId, mode, customerId, productId, now } = input;
  const right = await q.maybeOne<{ validToAt: Date | null; sourceId: string }>(sql`
    select valid_to_at "validToAt", source_id "sourceId" from entitlements
    where customer_id = ${customerId} and product_id = ${productId} and mode = ${mode} and tenant_id = ${tenantId}
      and state in ('active', 'grace') and valid_from_at <= ${now} and (valid_to_at is null or valid_to_at > ${now})
    order by valid_to_at desc nulls first, id limit 1`);
  return right ? { granted: true, ...right } : { granted: false };
}
