import {
  isUniqueViolation,
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  type Statement,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Meter } from "./meter.ts";

/** A meter that may be switched off. */
export type ManagedMeter = Meter & { state: "active" | "disabled" };

const COLUMNS: Statement = {
  text: `id, tenant_id "tenantId", key, max_reads "maxReads", period, anonymous, registered_bonus "registeredBonus", state`,
  values: [],
  name: undefined,
};

export const listMeters = (q: Queryable, tenantId: string, page: PageRequest): Promise<Page<ManagedMeter>> =>
  readPage<ManagedMeter>(q, sql`select ${COLUMNS} from meters where tenant_id = ${tenantId}`, page);

/** A tenant's meter, also one that is switched off. */
export const findManagedMeter = (q: Queryable, tenantId: string, id: string): Promise<ManagedMeter | null> =>
  q.maybeOne<ManagedMeter>(sql`select ${COLUMNS} from meters where tenant_id = ${tenantId} and id = ${id}`);

/** Adds a meter that no apply file takes away. @throws `meter_key_taken` (409) */
export async function createMeter(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  input: Omit<ManagedMeter, "id">,
): Promise<string> {
  const id = deps.ids.next("meter");
  try {
    await tx.execute(sql`
      insert into meters (id, tenant_id, key, max_reads, period, anonymous, registered_bonus, state, from_file, created_at)
      values (${id}, ${input.tenantId}, ${input.key}, ${input.maxReads}, ${input.period}, ${input.anonymous},
        ${input.registeredBonus}, ${input.state}, false, ${deps.clock.now()})`);
  } catch (error) {
    if (!isUniqueViolation(error, "meters_tenant_id_key_key")) throw error;
    const details = { field: "key" };
    throw new AppError("meter_key_taken", 409, `There is a meter ${input.key} already.`, { details });
  }
  return id;
}
