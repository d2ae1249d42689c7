import { json, type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { SubscriptionSnapshot } from "../processors/index.ts";
import type { BillFacts, BillState } from "./bill.ts";
import type { Contract, ContractStanding } from "./contract.ts";

const CONTRACT: Statement = {
  text: `k.id, k.tenant_id "tenantId", k.mode, k.paywall_id "paywallId", k.customer_id "customerId",
    k.checkout_id "checkoutId", k.product_id "productId", k.option_id "optionId", k.duration, k.state, k.currency,
    k.price_minor "priceMinor", k.percent_bp "percentBp", k.interval, k.interval_count "intervalCount", k.is_gift "isGift",
    k.period_start_at "periodStartAt", k.period_end_at "periodEndAt", k.trial_start_at "trialStartAt",
    k.trial_end_at "trialEndAt", k.cancel_at_period_end "cancelAtPeriodEnd", k.cancel_at "cancelAt",
    k.canceled_at "canceledAt", k.cancel_reason "cancelReason", k.ended_at "endedAt", k.end_reason "endReason",
    k.past_due_since_at "pastDueSinceAt", k.grace_until_at "graceUntilAt", k.connection_id "connectionId",
    k.external_id "externalId", k.external_version "externalVersion", k.snapshot, k.created_at "createdAt"`,
  values: [],
  name: undefined,
};

type StoredContract = Omit<Contract, "snapshot"> & { snapshot: Record<string, unknown> };

const INSTANTS = [
  "periodStartAt",
  "periodEndAt",
  "trialStartAt",
  "trialEndAt",
  "cancelAt",
  "canceledAt",
  "endedAt",
  "pastDueSinceAt",
  "nextAttemptAt",
] as const;

/** JSON has no dates; the column was written from a snapshot, so the shape is ours. */
function reviveSnapshot(stored: Record<string, unknown>): SubscriptionSnapshot {
  const revived: Record<string, unknown> = { ...stored };
  for (const key of INSTANTS) {
    const text = stored[key];
    revived[key] = typeof text === "string" ? new Date(text) : null;
  }
  return revived as SubscriptionSnapshot;
}

const revive = (row: StoredContract): Contract => ({ ...row, snapshot: reviveSnapshot(row.snapshot) });
const reviveOne = (row: StoredContract | null): Contract | null => row && revive(row);

export const findContract = async (q: Queryable, tenantId: string, id: string): Promise<Contract | null> =>
  reviveOne(
    await q.maybeOne<StoredContract>(
      sql`select ${CONTRACT} from contracts k where k.tenant_id = ${tenantId} and k.id = ${id}`,
    ),
  );

export const lockContract = async (tx: Tx, tenantId: string, id: string): Promise<Contract | null> =>
  reviveOne(
    await tx.maybeOne<StoredContract>(
      sql`select ${CONTRACT} from contracts k where k.tenant_id = ${tenantId} and k.id = ${id} for update`,
    ),
  );

export const lockContractByExternalId = async (
  tx: Tx,
  connectionId: string,
  externalId: string,
): Promise<Contract | null> =>
  reviveOne(
    await tx.maybeOne<StoredContract>(sql`
      select ${CONTRACT} from contracts k
      where k.connection_id = ${connectionId} and k.external_id = ${externalId} for update`),
  );

/** A customer's contracts in one mode, newest first; with `paywallId` those bought there or granting its pass. */
export async function listContracts(
  q: Queryable,
  input: { tenantId: string; customerId: string; mode: Mode; paywallId?: string | undefined },
): Promise<Contract[]> {
  const { tenantId, customerId, mode, paywallId = null } = input;
  const rows = await q.query<StoredContract>(sql`
    select ${CONTRACT} from contracts k
    where k.tenant_id = ${tenantId} and k.customer_id = ${customerId} and k.mode = ${mode}
      and (${paywallId}::text is null or k.paywall_id = ${paywallId}
           or k.product_id = (select default_product_id from paywalls where id = ${paywallId}))
    order by k.created_at desc, k.id desc`);
  return rows.map(revive);
}

export async function saveStanding(
  tx: Tx,
  contractId: string,
  standing: ContractStanding,
  word: { version: number; snapshot: SubscriptionSnapshot },
): Promise<void> {
  await tx.execute(sql`
    update contracts set
      state = ${standing.state}, period_start_at = ${standing.periodStartAt}, period_end_at = ${standing.periodEndAt},
      trial_start_at = ${standing.trialStartAt}, trial_end_at = ${standing.trialEndAt},
      cancel_at_period_end = ${standing.cancelAtPeriodEnd}, cancel_at = ${standing.cancelAt},
      canceled_at = ${standing.canceledAt}, ended_at = ${standing.endedAt}, end_reason = ${standing.endReason},
      past_due_since_at = ${standing.pastDueSinceAt}, grace_until_at = ${standing.graceUntilAt},
      anchor_day = ${word.snapshot.anchorDay}, external_version = ${word.version}, snapshot = ${json(word.snapshot)},
      row_version = row_version + 1, updated_at = now()
    where id = ${contractId}`);
}

export const listBillFacts = (q: Queryable, contractId: string): Promise<BillFacts[]> =>
  q.query<BillFacts>(sql`
    select id, period_end_at "periodEndAt", refunded_at "refundedAt", dispute_state "disputeState",
      dispute_closed_at "disputeClosedAt"
    from bills where contract_id = ${contractId} order by number`);

/**
 * Takes the next number of a tenant's bills in one mode. The series row stays locked until the transaction
 * ends and a rollback gives the number back, so the series has no gap and no double.
 */
export async function takeBillNumber(tx: Tx, tenantId: string, mode: Mode): Promise<number> {
  const { last } = await tx.one<{ last: number }>(sql`
    insert into bill_series as s (tenant_id, mode, last) values (${tenantId}, ${mode}, 1)
    on conflict (tenant_id, mode) do update set last = s.last + 1 returning last`);
  return last;
}

export type Bill = {
  id: string;
  tenantId: string;
  mode: Mode;
  number: number;
  contractId: string;
  customerId: string;
  lines: {
    sku: string;
    title: string;
    option: string | null;
    quantity: number;
    unitMinor: number;
    discountMinor: number;
    totalMinor: number;
  }[];
  currency: string;
  grossMinor: number;
  paidMinor: number;
  refundedMinor: number;
  state: BillState;
  periodStartAt: Date;
  periodEndAt: Date | null;
  issuedAt: Date;
  paidAt: Date | null;
};

const BILL: Statement = {
  text: `id, tenant_id "tenantId", mode, number, contract_id "contractId", customer_id "customerId", lines, currency,
    gross_minor "grossMinor", paid_minor "paidMinor", refunded_minor "refundedMinor", state,
    period_start_at "periodStartAt", period_end_at "periodEndAt", issued_at "issuedAt", paid_at "paidAt"`,
  values: [],
  name: undefined,
};

/** A customer's bills in one mode, newest first. */
export const listBills = (
  q: Queryable,
  input: { tenantId: string; customerId: string; mode: Mode },
): Promise<Bill[]> =>
  q.query<Bill>(sql`
    select ${BILL} from bills
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and mode = ${input.mode}
    order by number desc limit 200`);

export const findBill = (
  q: Queryable,
  input: { tenantId: string; customerId: string; billId: string },
): Promise<Bill | null> =>
  q.maybeOne<Bill>(sql`
    select ${BILL} from bills
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and id = ${input.billId}`);

/** A bill and whom it went to, whoever they are: for somebody who has the receipt's own address. */
export async function findReceipt(
  q: Queryable,
  billId: string,
): Promise<{ bill: Bill; customer: { email: string | null; uuid: string } } | null> {
  const bill = await q.maybeOne<Bill>(
    sql`select ${BILL} from bills where id = ${billId} and state <> 'draft'`,
  );
  if (!bill) return null;
  const customer = await q.one<{ email: string | null; uuid: string }>(
    sql`select email, uuid from customers where id = ${bill.customerId}`,
  );
  return { bill, customer };
}

export const lockBill = (tx: Tx, tenantId: string, billId: string): Promise<Bill | null> =>
  tx.maybeOne<Bill>(
    sql`select ${BILL} from bills where tenant_id = ${tenantId} and id = ${billId} for update`,
  );
