import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { projectGrants } from "../entitlements/index.ts";
import type { AccessList, Grant } from "./access-list.ts";

type SaveDeps = Pick<Deps, "clock" | "ids" | "jobs">;

/** Makes the list with this key, or gives it new values, and everybody on it what follows. Idempotent. */
export async function saveAccessList(
  tx: Tx,
  deps: SaveDeps,
  list: Omit<AccessList, "id">,
  now: Date,
): Promise<string> {
  const { id } = await tx.one<{ id: string }>(sql`
    insert into access_lists (id, tenant_id, key, name, description, type, status, mode, exclude_from_stats, created_at, updated_at)
    values (${deps.ids.next("accessList")}, ${list.tenantId}, ${list.key}, ${list.name}, ${list.description}, ${list.type},
      ${list.status}, ${list.mode}, ${list.excludeFromStats}, ${now}, ${now})
    on conflict (tenant_id, key) do update set name = excluded.name, description = excluded.description,
      type = excluded.type, status = excluded.status, mode = excluded.mode,
      exclude_from_stats = excluded.exclude_from_stats, updated_at = excluded.updated_at
    returning id`);
  await projectGrants(tx, deps, { tenantId: list.tenantId, listId: id, at: now });
  return id;
}

/** Makes the grant with this key, or gives it new values, and its person the right that follows. Idempotent. */
export async function saveGrant(
  tx: Tx,
  deps: SaveDeps,
  grant: Omit<Grant, "id">,
  now: Date,
): Promise<string> {
  const { id } = await tx.one<{ id: string }>(sql`
    insert into access_grants as g (id, tenant_id, list_id, key, email, product_id, option_id, status, starts_at, ends_at,
      notes, created_at, updated_at)
    values (${deps.ids.next("grant")}, ${grant.tenantId}, ${grant.listId}, ${grant.key}, ${grant.email}, ${grant.productId},
      ${grant.optionId}, ${grant.status}, ${grant.startsAt}, ${grant.endsAt}, ${grant.notes}, ${now}, ${now})
    on conflict (tenant_id, key) do update set list_id = excluded.list_id, product_id = excluded.product_id,
      option_id = excluded.option_id, status = excluded.status, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
      notes = excluded.notes, updated_at = excluded.updated_at,
      -- Another address is another person, who has to prove it first.
      email = excluded.email, customer_id = case when g.email = excluded.email then g.customer_id end
    returning id`);
  await projectGrants(tx, deps, { tenantId: grant.tenantId, grantId: id, at: now });
  return id;
}
