import { type Db, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { forgetReader } from "./forget-reader.ts";

/**
 * Forgets every reader of a tenant, for tests that want to begin anew: all accounts as if their people had asked for it,
 * and what browsers did without one. Returns how many accounts there were, and the processors' errands.
 */
export async function resetReaders(
  deps: Pick<Deps, "clock" | "ids" | "jobs"> & { db: Db },
  { tenantId, now }: { tenantId: string; now: Date },
): Promise<{ users: number; intentIds: string[] }> {
  const customers = await deps.db.query<{ id: string }>(sql`
    select id from customers where tenant_id = ${tenantId} and merged_into_id is null and erased_at is null order by id`);
  const intentIds: string[] = [];
  for (const { id: customerId } of customers) {
    const forgotten = await deps.db.transaction((tx) =>
      forgetReader(tx, deps, { tenantId, customerId, now }),
    );
    intentIds.push(...forgotten.intentIds);
  }
  await deps.db.transaction(async (tx) => {
    await tx.execute(sql`delete from meter_reads where tenant_id = ${tenantId}`);
    await tx.execute(sql`delete from tallies where tenant_id = ${tenantId}`);
    await tx.execute(sql`delete from reader_tags where tenant_id = ${tenantId}`);
    await tx.execute(sql`delete from reader_metadata where tenant_id = ${tenantId}`);
    await tx.execute(sql`delete from publisher_events where tenant_id = ${tenantId}`);
  });
  return { users: customers.length, intentIds };
}
