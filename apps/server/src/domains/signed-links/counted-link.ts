import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** Begins to count the uses of a link, whose token then carries the id. Returns the id. */
export async function countLink(
  q: Queryable,
  deps: Pick<Deps, "clock" | "ids">,
  input: { tenantId: string; maxUses: number; expiresAt: Date },
): Promise<string> {
  const id = deps.ids.next("signedLink");
  await q.execute(sql`
    insert into counted_links (id, tenant_id, max_uses, expires_at, created_at)
    values (${id}, ${input.tenantId}, ${input.maxUses}, ${input.expiresAt}, ${deps.clock.now()})`);
  return id;
}

/**
 * Uses a counted link once more. False when nothing is left, however many ask at once, and for a link of another tenant.
 */
export const takeLinkUse = async (q: Queryable, tenantId: string, id: string): Promise<boolean> =>
  (await q.execute(sql`
    update counted_links set uses = uses + 1
    where id = ${id} and tenant_id = ${tenantId} and uses < max_uses`)) === 1;

/** How often a counted link has been used, or null when it is not counted here. */
export const getLinkUses = (
  q: Queryable,
  tenantId: string,
  id: string,
): Promise<{ id: string; maxUses: number; uses: number; expiresAt: Date } | null> =>
  q.maybeOne(sql`
    select id, max_uses "maxUses", uses, expires_at "expiresAt" from counted_links
    where id = ${id} and tenant_id = ${tenantId}`);

const BATCH = 1000;

/** Deletes counts of links that have expired. Returns how many went. */
export const forgetCountedLinks = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from counted_links where id in (select id from counted_links where expires_at <= ${now} limit ${BATCH})`);
