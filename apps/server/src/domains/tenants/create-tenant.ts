import { isUniqueViolation, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";

/** What a tenant's hybrid secret is sealed for. */
export const hybridContext = (tenantId: string): string => `tenant-hybrid:${tenantId}`;

/** Where a tenant is found, as far as it told. */
export type TenantDetails = { website?: string; country?: string };

/**
 * A tenant with nothing in it: no keys, no products.
 *
 * @throws `vendor_id_taken` (409)
 */
export async function createTenant(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "keys" | "random">,
  input: { slug: string; name: string } & TenantDetails,
): Promise<string> {
  const id = deps.ids.next("tenant");
  const now = deps.clock.now();
  const sealed = deps.keys.seal(deps.random.bytes(32).toString("base64url"), hybridContext(id));
  try {
    await tx.execute(sql`
      insert into tenants (id, slug, name, website, country, hybrid_secret_sealed, created_at, updated_at)
      values (${id}, ${input.slug}, ${input.name}, ${input.website ?? null}, ${input.country ?? null}, ${sealed}, ${now}, ${now})`);
  } catch (error) {
    if (!isUniqueViolation(error, "tenants_slug_key")) throw error;
    const details = { field: "id" };
    throw new AppError("vendor_id_taken", 409, `There is a vendor ${input.slug} already.`, { details });
  }
  return id;
}
