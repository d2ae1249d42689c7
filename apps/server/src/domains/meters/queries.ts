import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Meter } from "./meter.ts";

/** A tenant's meter by its key, or null when there is none that counts. */
export const findMeter = (q: Queryable, tenantId: string, key: string): Promise<Meter | null> =>
  q.maybeOne<Meter>(sql`
    select id, tenant_id "tenantId", key, max_reads "maxReads", period, anonymous, registered_bonus "registeredBonus"
    from meters where tenant_id = ${tenantId} and key = ${key} and state = 'active'`);

/** A tenant's meter by its id, or null when it does not count. */
export const findMeterById = (q: Queryable, tenantId: string, id: string): Promise<Meter | null> =>
  q.maybeOne<Meter>(sql`
    select id, tenant_id "tenantId", key, max_reads "maxReads", period, anonymous, registered_bonus "registeredBonus"
    from meters where tenant_id = ${tenantId} and id = ${id} and state = 'active'`);

/** Makes a meter, or gives the one with this key new values. Idempotent. What was read stays read. */
export async function saveMeter(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  input: Omit<Meter, "id"> & { state?: "active" | "disabled" },
): Promise<void> {
  await tx.execute(sql`
    insert into meters as m (id, tenant_id, key, max_reads, period, anonymous, registered_bonus, state, created_at)
    values (${deps.ids.next("meter")}, ${input.tenantId}, ${input.key}, ${input.maxReads}, ${input.period},
      ${input.anonymous}, ${input.registeredBonus}, ${input.state ?? "active"}, ${deps.clock.now()})
    on conflict (tenant_id, key) do update set max_reads = excluded.max_reads, period = excluded.period,
      anonymous = excluded.anonymous, registered_bonus = excluded.registered_bonus, state = excluded.state`);
}
