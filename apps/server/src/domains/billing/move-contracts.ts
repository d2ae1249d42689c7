import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { projectContractCredits } from "../credits/index.ts";
import { projectContract } from "../entitlements/index.ts";

/**
 * Gives everything that one customer bought to another, who is the same person: contracts with their bills, payment
 * methods, trials, codes and checkouts, and the rights that follow from them. Returns how many contracts moved; a repeat
 * moves none.
 */
export async function moveContracts(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; fromId: string; intoId: string; at: Date },
): Promise<number> {
  const { tenantId, fromId, intoId, at } = input;
  const contracts = await tx.query<{ id: string }>(sql`
    select id from contracts where tenant_id = ${tenantId} and customer_id = ${fromId} order by id for update`);
  await tx.execute(sql`
    update contracts set customer_id = ${intoId}, row_version = row_version + 1
    where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update bills set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update payment_methods set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update card_trials set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update checkouts set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update checkouts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`);
  await tx.execute(sql`
    update contracts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`);
  await tx.execute(sql`
    update discount_redemptions set customer_id = ${intoId}
    where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(
    sql`update gifts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`,
  );
  await tx.execute(sql`
    update checkout_sessions set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update contracts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`);
  await tx.execute(sql`
    update checkouts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`);
  await tx.execute(sql`
    update checkout_sessions set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update discount_redemptions set customer_id = ${intoId}
    where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(
    sql`update gifts set payer_id = ${intoId} where tenant_id = ${tenantId} and payer_id = ${fromId}`,
  );
  for (const { id } of contracts) {
    await projectContract(tx, deps, { contractId: id, at });
    await projectContractCredits(tx, deps, { contractId: id, at });
  }
  return contracts.length;
}
