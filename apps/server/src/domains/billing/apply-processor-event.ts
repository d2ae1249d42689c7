import { sql, type Tx } from "../../platform/database/index.ts";
import { recordEvent } from "../../platform/events.ts";
import type { Connection, ProcessorEvent } from "../processors/index.ts";
import { applyDispute, applyMethod, applyPayment, applyRefund } from "./apply-payment.ts";
import type { Contract } from "./contract.ts";
import { lockContractByExternalId } from "./queries.ts";
import { recordSale, type SaleDeps } from "./record-sale.ts";
import { settleContract } from "./settle-contract.ts";

export type ApplyResult =
  | { outcome: "applied" }
  | { outcome: "ignored" }
  /** Its object is not here yet; `waitsFor` is the subscription's id at the processor. */
  | { outcome: "waiting"; waitsFor: string };

/**
 * Applies a processor's news in one transaction. Repeats and any order end in the same books: payments are
 * written once per processor id and never leave a final state, a contract follows the highest version, and
 * what depends on both is derived again each time. The caller makes sure that news of one subscription are
 * applied one after the other.
 */
export async function applyProcessorEvent(
  tx: Tx,
  deps: SaleDeps,
  input: { tenantId: string; connection: Connection; event: ProcessorEvent },
): Promise<ApplyResult> {
  const { connection, event } = input;
  const { session, subscription, payment } = event;
  if (session && session.state !== "completed") return applySession(tx, deps, connection, event, session);

  const subject =
    subscription?.externalId ??
    payment?.subscriptionRef ??
    event.refund?.subscriptionRef ??
    event.dispute?.subscriptionRef;
  if (!subject) return { outcome: "ignored" };
  let contract = await lockContractByExternalId(tx, connection.id, subject);
  if (!contract && session && subscription && payment) {
    const { checkoutId, externalId: sessionRef } = session;
    const sale = {
      checkoutId,
      sessionRef,
      subscription,
      payment,
      method: event.method,
      occurredAt: event.occurredAt,
    };
    contract = await recordSale(tx, deps, connection, sale);
    return { outcome: contract ? "applied" : "ignored" };
  }
  if (!contract) return { outcome: "waiting", waitsFor: subject };
  return (await applyToContract(tx, deps, contract, event))
    ? { outcome: "applied" }
    : { outcome: "waiting", waitsFor: subject };
}

async function applyToContract(
  tx: Tx,
  deps: SaleDeps,
  contract: Contract,
  event: ProcessorEvent,
): Promise<boolean> {
  const { payment, refund, dispute, method } = event;
  if (payment) await applyPayment(tx, deps, contract, payment);
  if (refund && !(await applyRefund(tx, deps, contract, refund))) return false;
  if (dispute && !(await applyDispute(tx, deps, contract, dispute))) return false;
  if (method) await applyMethod(tx, deps, contract, method);
  await settleContract(tx, deps, contract, { snapshot: event.subscription, at: event.occurredAt });
  return true;
}

/** News about an attempt to pay; a checkout that is completed stays so. */
async function applySession(
  tx: Tx,
  deps: SaleDeps,
  connection: Connection,
  event: ProcessorEvent,
  session: NonNullable<ProcessorEvent["session"]>,
): Promise<ApplyResult> {
  const next = {
    pending: "processing",
    failed: "open",
    expired: "expired",
    canceled: "canceled",
    completed: null,
  }[session.state];
  if (!next) return { outcome: "ignored" };
  const from = {
    processing: ["open"],
    open: ["open", "processing"],
    expired: ["open", "processing"],
    canceled: ["open", "processing"],
  }[next];
  const checkout = await tx.maybeOne<{ paywallId: string; customerId: string }>(sql`
    update checkouts set state = ${next}, close_reason = ${session.failureCode}
    where id = ${session.checkoutId} and tenant_id = ${connection.tenantId} and connection_id = ${connection.id}
      and state = any (${from ?? []})
    returning paywall_id "paywallId", customer_id "customerId"`);
  if (!checkout) return { outcome: "ignored" };
  if (session.state === "failed" || session.state === "expired") {
    await recordEvent(tx, deps, {
      type: session.state === "failed" ? "payment.failed" : "checkout.expired",
      tenantId: connection.tenantId,
      mode: connection.mode,
      objectId: session.checkoutId,
      paywallId: checkout.paywallId,
      customerId: checkout.customerId,
      occurredAt: event.occurredAt,
      data: { checkoutId: session.checkoutId, failureCode: session.failureCode },
    });
  }
  return { outcome: "applied" };
}
