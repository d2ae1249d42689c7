import { announce } from "../../platform/broadcast.ts";
import { sql, type Tx } from "../../platform/database/index.ts";
import { AppError } from "../../platform/errors.ts";

/**
 * Moves a tenant's test clock forward so that its time becomes `target`. What falls due is run by the
 * caller afterwards. Time never goes back: bills and periods that happened stay in the past.
 *
 * @throws `clock_backwards` (400) when the target lies before the tenant's present.
 */
export async function advanceTenantClock(
  tx: Tx,
  tenantId: string,
  input: { realNow: Date; target: Date },
): Promise<void> {
  const offsetMs = input.target.getTime() - input.realNow.getTime();
  const moved = await tx.execute(sql`
    update tenants set clock_offset_ms = ${offsetMs}, updated_at = ${input.realNow}
    where id = ${tenantId} and clock_offset_ms <= ${offsetMs}`);
  if (moved === 0) throw new AppError("clock_backwards", 400, "The test clock only moves forward.");
  // Renderings that wait for an offer's end must not outlive it.
  await announce(tx, "paywalls", tenantId);
}
