import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { CONTRACT_SOURCE, type ContractSource, rightsOfContract } from "./project-contract.ts";
import { GRANT_SOURCE, type GrantSource, rightOfGrant, sourceOfGrant } from "./project-grant.ts";
import { writeRight } from "./write-right.ts";

/**
 * Rebuilds a tenant's entitlements from its contracts and grants, in silence: rows that should not be are deleted, rows
 * that differ are corrected. Returns how many were not as they should be, which ought to be none.
 */
export async function rebuildEntitlements(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; at: Date },
): Promise<number> {
  const { tenantId, at } = input;
  const fingerprint = async () => {
    const rows = await tx.query<{ key: string; row: string }>(sql`
      select customer_id || source_kind || source_id || product_id key,
        concat_ws('|', mode, state, valid_from_at, coalesce(valid_to_at::text, '-'), coalesce(reason, '-'),
          coalesce(option_id, '-')) "row"
      from entitlements where tenant_id = ${tenantId} and source_kind in ('contract', 'grant')`);
    return new Map(rows.map((it) => [it.key, it.row]));
  };
  const before = await fingerprint();
  const contracts = await tx.query<ContractSource>(
    sql`${CONTRACT_SOURCE} where k.tenant_id = ${tenantId} order by k.id for update of k`,
  );
  const grants = await tx.query<GrantSource>(
    sql`${GRANT_SOURCE} where g.tenant_id = ${tenantId} order by g.id for update of g`,
  );
  // What has no source left is found here; what has one is put right below.
  await tx.execute(sql`
    delete from entitlements e where e.tenant_id = ${tenantId}
      and (e.source_kind = 'contract' and not exists (select from contracts k where k.id = e.source_id)
        or e.source_kind = 'grant' and not exists (
          select from access_grants g where g.id = e.source_id and g.customer_id is not null))`);
  for (const contract of contracts) {
    for (const { source, right } of rightsOfContract(contract)) await writeRight(tx, deps, source, right, at);
  }
  for (const grant of grants) {
    const { customerId } = grant;
    if (customerId !== null) {
      await writeRight(tx, deps, sourceOfGrant({ ...grant, customerId }), rightOfGrant(grant), at);
    }
  }
  const after = await fingerprint();
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).length;
}
