import { sql, type Tx } from "../../platform/database/index.ts";
import { AppError, defineErrors } from "../../platform/errors.ts";
import { queueIntent } from "./intents.ts";
import { lockBill } from "./queries.ts";
import type { BillingDeps } from "./settle-contract.ts";

const refundErrors = defineErrors({
  bill_not_found: { status: 404, message: "There is no such bill." },
  nothing_to_refund: { status: 409, message: "Less than that is left of this bill." },
});

/**
 * Asks the processor to give money back, all that is left unless an amount is named. The bill changes when
 * the processor confirms; until then what was asked for counts as gone, so two requests at once cannot give
 * back more than was paid.
 *
 * @throws `bill_not_found`, `nothing_to_refund`, `invalid_amount`
 */
export async function refundBill(
  tx: Tx,
  deps: BillingDeps,
  input: { tenantId: string; billId: string; amountMinor?: number; reason: string },
): Promise<{ intentId: string; amountMinor: number }> {
  const bill = await lockBill(tx, input.tenantId, input.billId);
  if (!bill) throw refundErrors.bill_not_found();
  const charge = await tx.maybeOne<{ processorRef: string; connectionId: string }>(sql`
    select processor_ref "processorRef", connection_id "connectionId" from transactions
    where bill_id = ${bill.id} and kind = 'charge' and state = 'succeeded' order by occurred_at, id limit 1`);
  if (!charge) throw refundErrors.nothing_to_refund();
  const { asked } = await tx.one<{ asked: number }>(sql`
    select coalesce(sum((payload->>'amountMinor')::bigint), 0)::bigint asked from processor_intents
    where contract_id = ${bill.contractId} and kind = 'refund' and payload->>'paymentRef' = ${charge.processorRef}
      and state <> 'failed'`);
  const left = bill.paidMinor - Math.max(bill.refundedMinor, asked);
  const amountMinor = input.amountMinor ?? left;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    if (input.amountMinor === undefined) throw refundErrors.nothing_to_refund();
    throw new AppError("invalid_amount", 400, "A refund takes a positive whole amount in minor units.");
  }
  if (amountMinor > left) throw refundErrors.nothing_to_refund();
  const contract = { id: bill.contractId, tenantId: bill.tenantId, connectionId: charge.connectionId };
  const payload = { paymentRef: charge.processorRef, amountMinor, reason: input.reason };
  return { intentId: await queueIntent(tx, deps, { contract, kind: "refund", payload }), amountMinor };
}
