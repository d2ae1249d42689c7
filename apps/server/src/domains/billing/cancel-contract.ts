import { sql, type Tx } from "../../platform/database/index.ts";
import { type Contract, isEnded } from "./contract.ts";
import { type IntentKind, queueIntent } from "./intents.ts";
import { lockContract } from "./queries.ts";
import type { BillingDeps } from "./settle-contract.ts";

export type CancelResult =
  | { outcome: "requested"; intentId: string; contract: Contract }
  | { outcome: "already_cancelled"; contract: Contract }
  /** Unknown, another tenant's or customer's, or a purchase that has no end. */
  | { outcome: "not_found" };

/**
 * Asks for the end of a subscription, now or at the end of what is paid. The contract itself changes when
 * the processor says so; the reason is kept at once. A repeat while one is scheduled is `already_cancelled`,
 * except that "now" may still follow "at period end".
 */
export async function cancelContract(
  tx: Tx,
  deps: BillingDeps,
  input: {
    tenantId: string;
    contractId: string;
    /** Whose it must be. Absent for staff and keys that speak for anybody. */
    customerId?: string;
    atPeriodEnd: boolean;
    reason: string;
  },
): Promise<CancelResult> {
  const contract = await lockContract(tx, input.tenantId, input.contractId);
  if (contract?.duration !== "RECURRING") return { outcome: "not_found" };
  if (input.customerId !== undefined && contract.customerId !== input.customerId)
    return { outcome: "not_found" };
  const asked = await lastAsked(tx, contract.id, deps.clock.now());
  const scheduled = asked === "cancel_at_period_end" || (contract.cancelAtPeriodEnd && asked !== "uncancel");
  if (isEnded(contract) || asked === "cancel_now" || (input.atPeriodEnd && scheduled))
    return { outcome: "already_cancelled", contract };
  await tx.execute(sql`update contracts set cancel_reason = ${input.reason} where id = ${contract.id}`);
  const kind = input.atPeriodEnd ? "cancel_at_period_end" : "cancel_now";
  const intentId = await queueIntent(tx, deps, { contract, kind });
  return { outcome: "requested", intentId, contract: { ...contract, cancelReason: input.reason } };
}

/** How long an answered request counts as asked although the processor's news of it has not come. */
const NEWS_MINUTES = 10;

/** What the processor was, or will be, asked last about the end of a contract, while its news is still to come. */
async function lastAsked(tx: Tx, contractId: string, now: Date): Promise<IntentKind | null> {
  const recent = new Date(now.getTime() - NEWS_MINUTES * 60_000);
  const last = await tx.maybeOne<{ kind: IntentKind }>(sql`
    select kind from processor_intents
    where contract_id = ${contractId} and kind in ('cancel_now', 'cancel_at_period_end', 'uncancel')
      and (state = 'queued' or (state = 'done' and finished_at > ${recent}))
    order by created_at desc, id desc limit 1`);
  return last?.kind ?? null;
}

/** Takes a scheduled cancellation back, one that is only asked for included. Null when there is none. */
export async function uncancelContract(
  tx: Tx,
  deps: BillingDeps,
  input: { tenantId: string; contractId: string; customerId: string },
): Promise<{ intentId: string } | null> {
  const contract = await lockContract(tx, input.tenantId, input.contractId);
  if (!contract || contract.customerId !== input.customerId) return null;
  if (isEnded(contract)) return null;
  const asked = await lastAsked(tx, contract.id, deps.clock.now());
  if (asked === "cancel_now" || !(contract.cancelAtPeriodEnd || asked === "cancel_at_period_end"))
    return null;
  await tx.execute(sql`update contracts set cancel_reason = null where id = ${contract.id}`);
  return { intentId: await queueIntent(tx, deps, { contract, kind: "uncancel" }) };
}
