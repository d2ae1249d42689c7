import { sql, type Tx } from "../../platform/database/index.ts";
import { projectContractCredits } from "../credits/index.ts";
import { projectContract } from "../entitlements/index.ts";
import type { BillingDeps } from "./settle-contract.ts";

const CLAIM_HOURS = 24;

/**
 * Gives a customer who just signed in on a device what was bought on that very device in the last 24 hours
 * by somebody nobody has proven to be (product spec §2.2, rule 2). Later, or elsewhere, the purchase
 * e-mail must be proven instead. Returns how many contracts moved; a repeat moves none.
 */
export async function claimGuestPurchases(
  tx: Tx,
  deps: BillingDeps,
  input: { tenantId: string; visitorId: string; customerId: string; now: Date },
): Promise<number> {
  const { tenantId, visitorId, customerId, now } = input;
  const since = new Date(now.getTime() - CLAIM_HOURS * 3_600_000);
  const contracts = await tx.query<{ id: string; checkoutId: string }>(sql`
    select k.id, k.checkout_id "checkoutId" from contracts k join customers c on c.id = k.customer_id
    where k.tenant_id = ${tenantId} and k.visitor_id = ${visitorId} and k.created_at > ${since}
      and k.customer_id <> ${customerId} and c.email_verified_at is null
      and not exists (select from sessions s where s.customer_id = c.id)
    order by k.id for update of k`);
  for (const { id, checkoutId } of contracts) {
    await tx.execute(sql`delete from entitlements where source_kind = 'contract' and source_id = ${id}`);
    await tx.execute(sql`update contracts set customer_id = ${customerId} where id = ${id}`);
    await tx.execute(sql`update bills set customer_id = ${customerId} where contract_id = ${id}`);
    await tx.execute(sql`update card_trials set customer_id = ${customerId} where contract_id = ${id}`);
    await tx.execute(sql`update checkouts set customer_id = ${customerId} where id = ${checkoutId}`);
    await tx.execute(sql`
      update payment_methods set customer_id = ${customerId}
      where id = (select method_id from contracts where id = ${id})`);
    await projectContract(tx, deps, { contractId: id, at: now });
    await projectContractCredits(tx, deps, { contractId: id, at: now });
  }
  return contracts.length;
}
