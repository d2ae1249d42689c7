import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { cancelContract, listContracts } from "../billing/index.ts";
import { detachGrants } from "../entitlements/index.ts";
import { eraseCustomer } from "../identity/index.ts";
import { readerOf } from "./reader.ts";

/**
 * Deletes a reader's account at their wish (publisher API §10): nothing more is charged, every session ends, what we know
 * of the person goes, and bills stay as they were issued. Rights from elsewhere wait for their address again. Returns the
 * processors' errands, which the caller may have run at once; a repeat finds nobody and changes nothing.
 */
export async function forgetReader(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; customerId: string; now: Date },
): Promise<{ intentIds: string[] }> {
  const { tenantId, customerId, now } = input;
  const intentIds: string[] = [];
  for (const mode of ["test", "live"] as const) {
    for (const { id: contractId } of await listContracts(tx, { tenantId, customerId, mode })) {
      const cancelled = await cancelContract(tx, deps, {
        tenantId,
        contractId,
        customerId,
        atPeriodEnd: true,
        reason: "account_deleted",
      });
      if (cancelled.outcome === "requested") intentIds.push(cancelled.intentId);
    }
  }
  await detachGrants(tx, { tenantId, customerId });
  const reader = readerOf({ customerId });
  await tx.execute(sql`delete from tallies where tenant_id = ${tenantId} and reader = ${reader}`);
  await tx.execute(sql`delete from reader_tags where tenant_id = ${tenantId} and reader = ${reader}`);
  await tx.execute(sql`delete from reader_metadata where tenant_id = ${tenantId} and reader = ${reader}`);
  await tx.execute(sql`
    update tickets set email = ${`deleted@${customerId.toLowerCase()}.invalid`}
    where tenant_id = ${tenantId} and customer_id = ${customerId}`);
  // What a page or the buyer filled in before they paid; a payment still under way finds its agreed terms elsewhere.
  await tx.execute(sql`
    update checkout_sessions set details = '{}', metadata = '{}', attribution = '{}'
    where tenant_id = ${tenantId} and (customer_id = ${customerId} or id in (
      select session_id from checkouts where tenant_id = ${tenantId} and customer_id = ${customerId}))`);
  await tx.execute(sql`
    update checkouts set user_meta = '{}', address_sealed = null, country = null
    where tenant_id = ${tenantId} and customer_id = ${customerId} and state not in ('open', 'processing')`);
  await tx.execute(sql`
    update fulfillments set address = null
    where tenant_id = ${tenantId} and customer_id = ${customerId} and state in ('delivered', 'failed', 'canceled')`);
  await eraseCustomer(tx, deps, { tenantId, customerId, now });
  return { intentIds };
}
