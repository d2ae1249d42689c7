import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { DisputeNews, MethodNews, PaymentNews, RefundNews } from "../processors/index.ts";
import { type BillState, billState } from "./bill.ts";
import type { Contract } from "./contract.ts";
import { takeBillNumber } from "./queries.ts";
import { type BillingDeps, recordContractEvent } from "./settle-contract.ts";

/**
 * Takes news of one payment into the books: its bill is issued once per invoice, its transaction once per
 * payment, and a transaction that is final never changes again. Needs the contract's lock.
 */
export async function applyPayment(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  payment: PaymentNews,
): Promise<void> {
  const billId = await findOrIssueBill(tx, deps, contract, payment);
  const written = await tx.maybeOne<{ id: string }>(sql`
    insert into transactions as t (id, tenant_id, mode, bill_id, contract_id, connection_id, kind, state, amount_minor,
      currency, failure_code, processor_ref, occurred_at, created_at)
    values (${deps.ids.next("transaction")}, ${contract.tenantId}, ${contract.mode}, ${billId}, ${contract.id},
      ${contract.connectionId}, 'charge', ${payment.state}, ${payment.amountMinor}, ${payment.currency},
      ${payment.failureCode}, ${payment.externalId}, ${payment.occurredAt}, ${deps.clock.now()})
    on conflict (connection_id, processor_ref) do update
      set state = excluded.state, failure_code = excluded.failure_code, occurred_at = excluded.occurred_at
      where t.state in ('pending', 'requires_action') and excluded.state not in ('pending', 'requires_action')
    returning id`);
  const becamePaid = await recomputeBill(tx, billId);
  if (!written) return;
  const money = { id: written.id, amountMinor: payment.amountMinor, currency: payment.currency };
  if (becamePaid) {
    await recordContractEvent(tx, deps, contract, "bill.paid", payment.occurredAt, {
      billId,
      payment: money,
    });
  }
  if (payment.state === "failed") {
    const failed = { ...money, failureCode: payment.failureCode };
    await recordContractEvent(tx, deps, contract, "payment.failed", payment.occurredAt, {
      billId,
      payment: failed,
    });
  }
}

async function findOrIssueBill(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  payment: PaymentNews,
): Promise<string> {
  const { invoice } = payment;
  const earlier = await tx.maybeOne<{ id: string }>(sql`
    select id from bills where connection_id = ${contract.connectionId} and external_id = ${invoice.externalId} for update`);
  if (earlier) return earlier.id;
  const sold = await tx.one<{ sku: string; title: string; option: string | null }>(sql`
    select p.sku, ch.product_name title, o.label "option"
    from contracts k join products p on p.id = k.product_id join purchase_options o on o.id = k.option_id
    join checkouts ch on ch.id = k.checkout_id where k.id = ${contract.id}`);
  const more = await tx.query<{ sku: string; title: string; option: string | null; priceMinor: number }>(sql`
    select p.sku, p.title, o.label "option", (it->>'priceMinor')::bigint "priceMinor"
    from contracts k cross join jsonb_array_elements(k.more_items) with ordinality as items (it, nth)
    join products p on p.id = it->>'productId' join purchase_options o on o.id = it->>'optionId'
    where k.id = ${contract.id} order by nth`);
  const { discountMinor } = invoice;
  // The discount is of the whole, and is written where the whole begins.
  const unitMinor = more.reduce((left, it) => left - it.priceMinor, invoice.subtotalMinor);
  const totalMinor = invoice.totalMinor;
  const lines = [
    { ...sold, quantity: 1, unitMinor, discountMinor, totalMinor: unitMinor - discountMinor },
    ...more.map(({ priceMinor, ...it }) => ({
      ...it,
      quantity: 1,
      unitMinor: priceMinor,
      discountMinor: 0,
      totalMinor: priceMinor,
    })),
  ];
  const id = deps.ids.next("bill");
  const number = await takeBillNumber(tx, contract.tenantId, contract.mode);
  await tx.execute(sql`
    insert into bills (id, tenant_id, mode, number, contract_id, customer_id, connection_id, external_id, lines,
      currency, gross_minor, state, period_start_at, period_end_at, issued_at, created_at)
    values (${id}, ${contract.tenantId}, ${contract.mode}, ${number}, ${contract.id}, ${contract.customerId},
      ${contract.connectionId}, ${invoice.externalId}, ${json(lines)}, ${payment.currency}, ${totalMinor}, 'open',
      ${invoice.periodStartAt}, ${invoice.periodEndAt}, ${invoice.issuedAt}, ${deps.clock.now()})`);
  return id;
}

/** Brings a bill's sums and state in line with its transactions and dispute. Returns whether it just became paid. */
async function recomputeBill(tx: Tx, billId: string): Promise<boolean> {
  const facts = await tx.one<{
    state: BillState;
    grossMinor: number;
    disputeState: "open" | "won" | "lost" | null;
    contractEnded: boolean;
    charged: number;
    refunded: number;
    charges: number;
    failures: number;
    paidAt: Date | null;
    lastRefundAt: Date | null;
  }>(sql`
    select b.state, b.gross_minor "grossMinor", b.dispute_state "disputeState", k.ended_at is not null "contractEnded",
      coalesce(sum(t.amount_minor) filter (where t.kind = 'charge' and t.state = 'succeeded'), 0)::bigint charged,
      coalesce(sum(t.amount_minor) filter (where t.kind = 'refund' and t.state = 'succeeded'), 0)::bigint refunded,
      count(*) filter (where t.kind = 'charge' and t.state = 'succeeded') charges,
      count(*) filter (where t.kind = 'charge' and t.state = 'failed') failures,
      min(t.occurred_at) filter (where t.kind = 'charge' and t.state = 'succeeded') "paidAt",
      max(t.occurred_at) filter (where t.kind = 'refund' and t.state = 'succeeded') "lastRefundAt"
    from bills b join contracts k on k.id = b.contract_id left join transactions t on t.bill_id = b.id
    where b.id = ${billId} group by b.id, k.id`);
  const paidMinor = Math.min(facts.charged, facts.grossMinor);
  const refundedMinor = Math.min(facts.refunded, paidMinor);
  const state = billState({
    grossMinor: facts.grossMinor,
    paidMinor,
    refundedMinor,
    charged: facts.charges > 0,
    failed: facts.failures > 0,
    disputeState: facts.disputeState,
    contractEnded: facts.contractEnded,
  });
  const refundedAt = paidMinor > 0 && refundedMinor === paidMinor ? facts.lastRefundAt : null;
  await tx.execute(sql`
    update bills set state = ${state}, paid_minor = ${paidMinor}, refunded_minor = ${refundedMinor},
      paid_at = ${facts.paidAt}, refunded_at = ${refundedAt} where id = ${billId}`);
  return facts.charges > 0 && facts.state !== "paid" && state === "paid";
}

type Charge = { id: string; billId: string; amountMinor: number; currency: string };

/** The charge that a refund or dispute speaks of; null when its payment has not been told yet. */
const findCharge = (tx: Tx, contract: Contract, paymentRef: string): Promise<Charge | null> =>
  tx.maybeOne<Charge>(sql`
    select id, bill_id "billId", amount_minor "amountMinor", currency from transactions
    where connection_id = ${contract.connectionId} and processor_ref = ${paymentRef} and kind = 'charge'
      and contract_id = ${contract.id}`);

/** A refund is a transaction of its own. Returns false when its payment is not here yet. */
export async function applyRefund(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  refund: RefundNews,
): Promise<boolean> {
  const charge = await findCharge(tx, contract, refund.paymentRef);
  if (!charge) return false;
  const id = deps.ids.next("transaction");
  const written = await tx.execute(sql`
    insert into transactions (id, tenant_id, mode, bill_id, contract_id, connection_id, kind, state, amount_minor,
      currency, reason, processor_ref, occurred_at, created_at)
    values (${id}, ${contract.tenantId}, ${contract.mode}, ${charge.billId}, ${contract.id},
      ${contract.connectionId}, 'refund', 'succeeded', ${refund.amountMinor}, ${charge.currency}, ${refund.reason},
      ${refund.externalId}, ${refund.occurredAt}, ${deps.clock.now()})
    on conflict (connection_id, processor_ref) do nothing`);
  await recomputeBill(tx, charge.billId);
  if (written === 0) return true;
  await recordContractEvent(tx, deps, contract, "refund.created", refund.occurredAt, {
    billId: charge.billId,
    payment: { id: charge.id, amountMinor: charge.amountMinor, currency: charge.currency },
    refund: { id, amountMinor: refund.amountMinor, currency: charge.currency, reason: refund.reason },
  });
  return true;
}

/** A dispute suspends what its bill paid for; a lost one takes it away. A closed one is never reopened. */
export async function applyDispute(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  dispute: DisputeNews,
): Promise<boolean> {
  const charge = await findCharge(tx, contract, dispute.paymentRef);
  if (!charge) return false;
  const { state, occurredAt } = dispute;
  const moved = await tx.execute(sql`
    update bills set dispute_ref = ${dispute.externalId}, dispute_state = ${state},
      disputed_at = coalesce(disputed_at, ${occurredAt}),
      dispute_closed_at = ${state === "open" ? null : occurredAt}
    where id = ${charge.billId} and (dispute_state is null or (dispute_state = 'open' and ${state} <> 'open'))`);
  if (moved === 0) {
    // The opening, told after the end: only its instant is news.
    await tx.execute(sql`
      update bills set disputed_at = least(disputed_at, ${occurredAt})
      where id = ${charge.billId} and dispute_ref = ${dispute.externalId}`);
    return true;
  }
  if (state === "lost") {
    await tx.execute(sql`
      insert into transactions (id, tenant_id, mode, bill_id, contract_id, connection_id, kind, state, amount_minor,
        currency, reason, processor_ref, occurred_at, created_at)
      values (${deps.ids.next("transaction")}, ${contract.tenantId}, ${contract.mode}, ${charge.billId}, ${contract.id},
        ${contract.connectionId}, 'chargeback', 'succeeded', ${dispute.amountMinor}, ${charge.currency}, 'dispute',
        ${dispute.externalId}, ${occurredAt}, ${deps.clock.now()})
      on conflict (connection_id, processor_ref) do nothing`);
  }
  await recomputeBill(tx, charge.billId);
  const type = state === "open" ? "dispute.opened" : state === "won" ? "dispute.won" : "dispute.lost";
  const payment = { id: charge.id, amountMinor: dispute.amountMinor, currency: charge.currency };
  await recordContractEvent(tx, deps, contract, type, occurredAt, { billId: charge.billId, payment });
  return true;
}

/** Keeps what may be known of a payment method and ties it to the contract. */
export async function applyMethod(
  tx: Tx,
  deps: BillingDeps,
  contract: Pick<Contract, "id" | "tenantId" | "customerId" | "connectionId">,
  method: MethodNews,
): Promise<void> {
  const { id } = await tx.one<{ id: string }>(sql`
    insert into payment_methods (id, tenant_id, customer_id, connection_id, vault_ref, type, brand, last4, exp_month,
      exp_year, fingerprint, created_at)
    values (${deps.ids.next("paymentMethod")}, ${contract.tenantId}, ${contract.customerId}, ${contract.connectionId},
      ${method.vaultRef}, ${method.type}, ${method.brand}, ${method.last4}, ${method.expMonth}, ${method.expYear},
      ${method.fingerprint}, ${deps.clock.now()})
    on conflict (connection_id, vault_ref) do update set exp_month = excluded.exp_month, exp_year = excluded.exp_year
    returning id`);
  await tx.execute(sql`update contracts set method_id = ${id} where id = ${contract.id}`);
}
