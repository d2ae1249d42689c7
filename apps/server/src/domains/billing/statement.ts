import { addDays } from "../../platform/clock.ts";
import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { discountMinor } from "../../platform/money.ts";
import type { EntitlementState } from "../entitlements/index.ts";
import type { BillState } from "./bill.ts";
import type { ContractState } from "./events.ts";

/** What a reader has bought, owes and paid, as it is shown to them and to the vendor. Nothing here changes anything. */

/** Whose: all of a vendor's, one customer's, one contract's. */
export type StatementScope = {
  tenantId: string;
  mode: Mode;
  customerId?: string | undefined;
  contractId?: string | undefined;
  /** Of contracts or bills, where exactly these are wanted. */
  ids?: readonly string[] | undefined;
};

export type ContractItem = {
  sku: string;
  title: string;
  cover: string | null;
  optionId: string;
  optionName: string | null;
};

/** A discount that a contract was sold with, or got later. */
export type ContractDiscount = {
  id: string;
  code: string;
  name: string;
  description: string | null;
  /** Off one period. */
  savedMinor: number;
  /** For how many paid periods; null is for all. */
  periods: number | null;
  /** Of these, how many were billed. */
  periodsUsed: number;
};

export type ContractStatement = {
  id: string;
  tenantId: string;
  mode: Mode;
  paywallId: string;
  name: string;
  customerId: string;
  /** The customer's id on the wire. */
  userId: string;
  state: ContractState;
  duration: "RECURRING" | "RENEWABLE" | "PERPETUAL";
  currency: string;
  /** One period before discounts. */
  fullPriceMinor: number;
  /** What it costs regularly: one period before discounts; of what does not renew, what was paid. */
  priceMinor: number;
  interval: "day" | "week" | "month" | "year" | null;
  intervalCount: number;
  periodEndAt: Date | null;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  /** What the processor was asked last about the end, while its news is still to come. */
  asked: "cancel_now" | "cancel_at_period_end" | "uncancel" | null;
  endedAt: Date | null;
  /** The right that it gives; null for none. */
  access: { state: EntitlementState; validToAt: Date | null } | null;
  items: ContractItem[];
  discounts: ContractDiscount[];
  /** Off every period, for good. */
  percentBp: number | null;
  offer: { id: string; key: string; label: string | null } | null;
  method: Method | null;
  createdAt: Date;
  /** When anything about it changed last, on the tenant's clock. */
  changedAt: Date;
};

export type Method = {
  type: string;
  brand: string | null;
  last4: string | null;
  expMonth: number | null;
  expYear: number | null;
};

/** As long as an answered request counts although its news has not come (`cancel-contract.ts`). */
const NEWS_MINUTES = 10;

type Row = Omit<ContractStatement, "access" | "items" | "discounts"> & {
  accessState: EntitlementState | null;
  accessToAt: Date | null;
  items: (ContractItem & { position: number })[];
  discounts: ContractDiscount[];
};

/** Contracts, newest first. `realNow` is real time: it bounds how long a processor's news is waited for. */
export async function readContracts(
  q: Queryable,
  scope: StatementScope,
  realNow: Date,
): Promise<ContractStatement[]> {
  const { tenantId, mode, customerId = null, contractId = null, ids = null } = scope;
  const recent = new Date(realNow.getTime() - NEWS_MINUTES * 60_000);
  const rows = await q.query<Row>(sql`
    select k.id, k.tenant_id "tenantId", k.mode, k.paywall_id "paywallId", ch.product_name name,
      k.customer_id "customerId", c.uuid "userId", k.state, k.duration, k.currency, k.price_minor "fullPriceMinor",
      case k.duration when 'RECURRING' then k.price_minor else ch.total_minor end "priceMinor", k.interval, k.interval_count "intervalCount", k.period_end_at "periodEndAt",
      k.cancel_at_period_end "cancelAtPeriodEnd", k.cancel_at "cancelAt", asked.kind asked, k.ended_at "endedAt",
      e.state "accessState", e.valid_to_at "accessToAt", k.percent_bp "percentBp",
      case when f.id is not null then json_build_object('id', f.id, 'key', f.key, 'label', f.label) end offer,
      case when m.id is not null then json_build_object('type', m.type, 'brand', m.brand, 'last4', m.last4,
        'expMonth', m.exp_month, 'expYear', m.exp_year) end "method",
      (select json_agg(json_build_object('sku', p.sku, 'title', p.title, 'cover', p.cover, 'optionId', o.id,
          'optionName', o.label, 'position', n.position) order by n.position)
        from (select k.product_id, k.option_id, 0 position
          union all
          select x.item->>'productId', x.item->>'optionId', x.position
          from jsonb_array_elements(k.more_items) with ordinality x (item, position)) n
        join products p on p.id = n.product_id join purchase_options o on o.id = n.option_id) items,
      coalesce((select json_agg(json_build_object('id', d.id, 'code', d.code, 'name', d.name,
          'description', d.description, 'savedMinor', r.saved_minor, 'periods', r.periods, 'periodsUsed',
          (select count(*) from bills b where b.contract_id = k.id and b.issued_at >= r.redeemed_at
             and b.state <> 'uncollectible' and (b.lines->0->>'discountMinor')::bigint > 0)) order by r.id)
        from discount_redemptions r join discount_codes d on d.id = r.code_id
        where r.contract_id = k.id and r.redeemed_at is not null), '[]') discounts,
      k.created_at "createdAt",
      greatest(k.created_at, k.period_start_at, k.canceled_at, k.ended_at, k.past_due_since_at,
        (select max(greatest(b.issued_at, b.paid_at, b.refunded_at, b.disputed_at, b.dispute_closed_at))
         from bills b where b.contract_id = k.id),
        (select max(r.redeemed_at) from discount_redemptions r where r.contract_id = k.id)) "changedAt"
    from contracts k join customers c on c.id = k.customer_id join checkouts ch on ch.id = k.checkout_id
    left join payment_methods m on m.id = k.method_id
    left join offers f on f.id = k.offer_id
    left join lateral (select state, valid_to_at from entitlements
      where source_kind = 'contract' and source_id = k.id order by product_id <> k.product_id limit 1) e on true
    left join lateral (select kind from processor_intents i
      where i.contract_id = k.id and i.kind in ('cancel_now', 'cancel_at_period_end', 'uncancel')
        and (i.state = 'queued' or (i.state = 'done' and i.finished_at > ${recent}))
      order by i.created_at desc, i.id desc limit 1) asked on true
    where k.tenant_id = ${tenantId} and k.mode = ${mode}
      and (${customerId}::text is null or k.customer_id = ${customerId})
      and (${contractId}::text is null or k.id = ${contractId}) and (${ids}::text[] is null or k.id = any (${ids}))
    order by k.created_at desc, k.id desc`);
  return rows.map(({ accessState, accessToAt, ...row }) => ({
    ...row,
    items: row.items.map(({ position: _, ...item }) => item),
    access: accessState && { state: accessState, validToAt: accessToAt },
  }));
}

/** Whether the contract lets its customer in now. */
export const isGranting = ({ access }: Pick<ContractStatement, "access">, now: Date): boolean =>
  access !== null &&
  (access.state === "active" || access.state === "grace") &&
  (access.validToAt === null || access.validToAt > now);

/** When a running contract will end by the customer's wish, their processor's answer still outstanding included. */
export function willCancelAt(contract: ContractStatement): Date | null {
  if (contract.endedAt) return null;
  const scheduled = contract.asked === "cancel_at_period_end" || contract.asked === "cancel_now";
  if (!scheduled && (!contract.cancelAtPeriodEnd || contract.asked === "uncancel")) return null;
  return contract.cancelAt ?? contract.periodEndAt;
}

/** What is taken off the next period. Codes and offers do not add up: the larger counts. */
export const standingDiscountMinor = (contract: ContractStatement): number =>
  largestDiscountMinor(
    contract,
    contract.discounts.filter(({ periods, periodsUsed }) => periods === null || periodsUsed < periods),
  );

const largestDiscountMinor = (contract: ContractStatement, discounts: ContractDiscount[]): number =>
  Math.max(
    0,
    discountMinor(contract.fullPriceMinor, contract.percentBp),
    ...discounts.map(({ savedMinor }) => savedMinor),
  );

/** What a period costs once every discount that is for some periods only has run out. */
export function lastingPriceMinor(contract: ContractStatement): number {
  const lasting = contract.discounts.filter(({ periods }) => periods === null);
  return Math.max(0, contract.fullPriceMinor - largestDiscountMinor(contract, lasting));
}

/** The next bill of a contract that renews; null when there will be none. */
export function nextBillOf(contract: ContractStatement): { at: Date; totalMinor: number } | null {
  const renews = contract.duration === "RECURRING" && !contract.endedAt && willCancelAt(contract) === null;
  if (!renews || !contract.periodEndAt) return null;
  const totalMinor = Math.max(0, contract.fullPriceMinor - standingDiscountMinor(contract));
  return { at: contract.periodEndAt, totalMinor };
}

export type BillStatement = {
  id: string;
  contractId: string;
  customerId: string;
  number: number;
  lines: { sku: string; title: string; discountMinor: number; totalMinor: number }[];
  optionId: string;
  currency: string;
  grossMinor: number;
  refundedMinor: number;
  state: BillState | "draft" | "void";
  /** Where the contract behind it stands, which tells a failure that is tried again from one that is given up. */
  contractState: ContractState;
  contractEndReason: string | null;
  provider: string;
  methodType: string | null;
  issuedAt: Date;
  changedAt: Date;
};

/** Bills, newest first. */
export const readBills = (
  q: Queryable,
  scope: StatementScope & { billId?: string },
): Promise<BillStatement[]> => {
  const { tenantId, mode, customerId = null, contractId = null, billId = null, ids = null } = scope;
  return q.query<BillStatement>(sql`
    select b.id, b.contract_id "contractId", b.customer_id "customerId", b.number, b.lines, k.option_id "optionId",
      b.currency, b.gross_minor "grossMinor", b.refunded_minor "refundedMinor", b.state, k.state "contractState",
      k.end_reason "contractEndReason", n.kind provider, m.type "methodType", b.issued_at "issuedAt",
      greatest(b.issued_at, b.paid_at, b.refunded_at, b.disputed_at, b.dispute_closed_at,
        case when b.state = 'uncollectible' then k.ended_at end) "changedAt"
    from bills b join contracts k on k.id = b.contract_id join processor_connections n on n.id = b.connection_id
    left join payment_methods m on m.id = k.method_id
    where b.tenant_id = ${tenantId} and b.mode = ${mode}
      and (${customerId}::text is null or b.customer_id = ${customerId})
      and (${contractId}::text is null or b.contract_id = ${contractId})
      and (${billId}::text is null or b.id = ${billId}) and (${ids}::text[] is null or b.id = any (${ids}))
    order by b.issued_at desc, b.number desc`);
};

export type TransactionStatement = {
  id: string;
  contractId: string;
  billId: string;
  userId: string;
  kind: "charge" | "refund" | "chargeback" | "adjustment";
  amountMinor: number;
  currency: string;
  occurredAt: Date;
};

/** Money that moved, newest first; attempts that failed moved none. */
export const readTransactions = (
  q: Queryable,
  scope: StatementScope & { transactionId?: string },
): Promise<TransactionStatement[]> => {
  const { tenantId, mode, customerId = null, contractId = null, transactionId = null } = scope;
  return q.query<TransactionStatement>(sql`
    select t.id, t.contract_id "contractId", t.bill_id "billId", c.uuid "userId", t.kind, t.amount_minor "amountMinor",
      t.currency, t.occurred_at "occurredAt"
    from transactions t join contracts k on k.id = t.contract_id join customers c on c.id = k.customer_id
    where t.tenant_id = ${tenantId} and t.mode = ${mode} and t.state = 'succeeded'
      and (${customerId}::text is null or k.customer_id = ${customerId})
      and (${contractId}::text is null or t.contract_id = ${contractId})
      and (${transactionId}::text is null or t.id = ${transactionId})
    order by t.occurred_at desc, t.id desc`);
};

export type PaymentIssue = {
  status: "OVERDUE" | "CARD_EXPIRED" | "CARD_WILL_EXPIRE";
  contractId: string;
  nextPaymentAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

const WILL_EXPIRE_DAYS = 30;

/**
 * What stands between a reader and their next payment: renewals that failed, and cards of running subscriptions that
 * expire within 30 days or have expired. Cards follow from their month and the clock, so nothing about them is stored.
 */
export async function readPaymentIssues(
  q: Queryable,
  scope: StatementScope,
  clock: { now: Date; realNow: Date },
): Promise<PaymentIssue[]> {
  const { tenantId, mode, customerId = null } = scope;
  const overdue = await q.query<{
    contractId: string;
    openedAt: Date;
    failedAt: Date | null;
    nextAttemptAt: Date | null;
  }>(sql`
    select i.contract_id "contractId", i.opened_at "openedAt",
      (k.snapshot->>'nextAttemptAt')::timestamptz "nextAttemptAt",
      (select max(t.occurred_at) from transactions t where t.contract_id = k.id and t.state = 'failed') "failedAt"
    from payment_issues i join contracts k on k.id = i.contract_id
    where i.tenant_id = ${tenantId} and k.mode = ${mode} and i.status = 'OVERDUE' and i.resolved_at is null
      and (${customerId}::text is null or k.customer_id = ${customerId})`);
  const issues: PaymentIssue[] = overdue.map(({ contractId, openedAt, failedAt, nextAttemptAt }) => ({
    status: "OVERDUE",
    contractId,
    nextPaymentAt: nextAttemptAt,
    createdAt: openedAt,
    updatedAt: failedAt && failedAt > openedAt ? failedAt : openedAt,
  }));
  for (const contract of await readContracts(q, scope, clock.realNow)) {
    const next = nextBillOf(contract);
    const expiresAt = next && contract.method && expiryOf(contract.method);
    if (!expiresAt || expiresAt > addDays(clock.now, WILL_EXPIRE_DAYS)) continue;
    const hasExpired = expiresAt <= clock.now;
    const since = hasExpired ? expiresAt : addDays(expiresAt, -WILL_EXPIRE_DAYS);
    const createdAt = new Date(Math.max(since.getTime(), contract.createdAt.getTime()));
    issues.push({
      status: hasExpired ? "CARD_EXPIRED" : "CARD_WILL_EXPIRE",
      contractId: contract.id,
      nextPaymentAt: next.at > clock.now ? next.at : null,
      createdAt,
      updatedAt: createdAt,
    });
  }
  return issues.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** A card is good to the end of its month. */
const expiryOf = ({ expMonth, expYear }: Method): Date | null =>
  expMonth && expYear ? new Date(Date.UTC(expYear, expMonth, 1)) : null;
