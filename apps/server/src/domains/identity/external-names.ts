import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";

/** Whether a name that others know a customer by (`external_references`) is this customer's, in any or one namespace. */
export async function isCustomersOwnName(
  q: Queryable,
  input: { tenantId: string; customerId: string } & ({ externalId: string } | { namespace: string }),
): Promise<boolean> {
  const externalId = "externalId" in input ? input.externalId : null;
  const namespace = "namespace" in input ? input.namespace : null;
  const { found } = await q.one<{ found: boolean }>(sql`
    select exists (select from external_references
      where tenant_id = ${input.tenantId} and customer_id = ${input.customerId}
        and (${externalId}::text is null or external_id = ${externalId})
        and (${namespace}::text is null or namespace = ${namespace})) found`);
  return found;
}

/** Forgets what a customer is called in a namespace, such as their account at another company. Idempotent. */
export async function unlinkExternal(
  tx: Tx,
  input: { tenantId: string; customerId: string; namespace: string },
): Promise<void> {
  await tx.execute(sql`
    delete from external_references
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and namespace = ${input.namespace}`);
}
