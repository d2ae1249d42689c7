import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import type { EntitlementState, Right } from "./entitlement.ts";

/** What justifies a right, and whose right to what. */
export type RightSource = {
  kind: "contract" | "grant";
  id: string;
  tenantId: string;
  mode: Mode;
  customerId: string;
  productId: string;
  optionId: string | null;
  /** All products that the source gives rights to, when there are several. */
  allProductIds?: readonly string[];
};

/**
 * Writes the right that a source gives now, and takes away rows that it once gave to others or for other products.
 * Returns the state before and after, null where there is none. A repeat changes nothing.
 */
export async function writeRight(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  source: RightSource,
  right: Right | null,
  at: Date,
): Promise<{ before: EntitlementState | null; after: EntitlementState | null }> {
  const rows = await tx.query<{ state: EntitlementState; customerId: string; productId: string }>(sql`
    select state, customer_id "customerId", product_id "productId" from entitlements
    where source_kind = ${source.kind} and source_id = ${source.id} for update`);
  const kept = source.allProductIds ?? [source.productId];
  const isOurs = (row: { customerId: string; productId: string }) =>
    row.customerId === source.customerId && row.productId === source.productId;
  const before = rows.find(isOurs)?.state ?? null;
  const isKept = (row: { customerId: string; productId: string }) =>
    row.customerId === source.customerId && kept.includes(row.productId) && (right !== null || !isOurs(row));
  if (rows.some((row) => !isKept(row))) {
    await tx.execute(sql`
      delete from entitlements where source_kind = ${source.kind} and source_id = ${source.id}
        and (customer_id <> ${source.customerId} or product_id <> all (${kept})
          or (${right === null} and product_id = ${source.productId}))`);
  }
  if (!right) return { before, after: null };
  await tx.execute(sql`
    insert into entitlements (id, tenant_id, mode, customer_id, product_id, source_kind, source_id, option_id, state,
      valid_from_at, valid_to_at, reason, created_at, updated_at)
    values (${deps.ids.next("entitlement")}, ${source.tenantId}, ${source.mode}, ${source.customerId}, ${source.productId},
      ${source.kind}, ${source.id}, ${source.optionId}, ${right.state}, ${right.validFromAt}, ${right.validToAt},
      ${right.reason}, ${at}, ${at})
    on conflict (customer_id, source_kind, source_id, product_id) do update set
      mode = excluded.mode, state = excluded.state, valid_from_at = excluded.valid_from_at,
      valid_to_at = excluded.valid_to_at, reason = excluded.reason, option_id = excluded.option_id,
      updated_at = excluded.updated_at
    where (entitlements.mode, entitlements.state, entitlements.valid_from_at, entitlements.valid_to_at, entitlements.reason,
        entitlements.option_id)
      is distinct from (excluded.mode, excluded.state, excluded.valid_from_at, excluded.valid_to_at, excluded.reason,
        excluded.option_id)`);
  return { before, after: right.state };
}

/** The event that tells of a change of a right's state, or null when there is nothing to tell. */
export function eventOf(change: {
  before: EntitlementState | null;
  after: EntitlementState | null;
}): string | null {
  const { before, after } = change;
  if (before === after) return null;
  if (before === null) return "entitlement.created";
  if (after === null || after === "revoked") return "entitlement.revoked";
  return after === "expired" ? "entitlement.expired" : null;
}
