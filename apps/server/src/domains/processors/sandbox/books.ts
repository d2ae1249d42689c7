import { json, type Queryable, type Statement, sql, type Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { SessionRequest } from "../port.ts";
import type { Agreement, Charge, Step } from "./agreement.ts";
import type { StoredCard } from "./cards.ts";
import { type WireData, wireMethod, wirePayment, wireSubscription, writeEvent } from "./wire.ts";

/** The sandbox company's books: the only code that reads or writes the `sandbox_` tables. */

export type StoredRequest = Omit<SessionRequest, "expiresAt">;

export type Session = {
  id: string;
  tenantId: string;
  connectionId: string;
  checkoutId: string;
  request: StoredRequest;
  state: "open" | "challenge" | "pending" | "paid" | "expired" | "canceled";
  card: StoredCard | null;
  createdAt: Date;
  expiresAt: Date;
  settlesAt: Date | null;
};

export type Payment = Charge & {
  id: string;
  agreement_id: string;
  currency: string;
  refunds: { id: string; key: string; amount: number; reason: string | null; at: string }[];
  dispute: { id: string; state: "open" | "won" | "lost" } | null;
};

export type AgreementRow = {
  id: string;
  tenantId: string;
  connectionId: string;
  version: number;
  agreement: Agreement;
  card: StoredCard;
  dueAt: Date | null;
};

export type PaymentRow = {
  id: string;
  tenantId: string;
  connectionId: string;
  payment: Payment;
  dueAt: Date | null;
};

type SandboxDeps = Pick<Deps, "clock" | "ids" | "jobs">;
type Owner = { tenantId: string; connectionId: string };

const SESSION: Statement = {
  text: `id, tenant_id "tenantId", connection_id "connectionId", checkout_id "checkoutId", request, state, card,
    created_at "createdAt", expires_at "expiresAt", settles_at "settlesAt"`,
  values: [],
  name: undefined,
};
const AGREEMENT: Statement = {
  text: `id, tenant_id "tenantId", connection_id "connectionId", version, snapshot agreement, card, due_at "dueAt"`,
  values: [],
  name: undefined,
};
const PAYMENT: Statement = {
  text: `id, tenant_id "tenantId", connection_id "connectionId", snapshot payment, due_at "dueAt"`,
  values: [],
  name: undefined,
};

export const SANDBOX_DELIVERY = "sandbox-delivery";

/** Writes what the company will tell, in the transaction of what it did. */
export async function tell(
  tx: Tx,
  deps: SandboxDeps,
  owner: Owner,
  type: string,
  occurredAt: Date,
  data: WireData,
): Promise<void> {
  const id = deps.ids.next("sandboxEvent");
  await tx.execute(sql`
    insert into sandbox_events (id, tenant_id, connection_id, body, created_at)
    values (${id}, ${owner.tenantId}, ${owner.connectionId}, ${writeEvent(id, type, occurredAt, data)}, ${occurredAt})`);
  tx.afterCommit(() => deps.jobs.wake(SANDBOX_DELIVERY));
}

/** The session of a checkout; asking again gives the same one. */
export async function openSession(
  tx: Tx,
  deps: SandboxDeps,
  owner: Owner,
  request: SessionRequest,
  now: Date,
): Promise<string> {
  const { expiresAt, ...stored } = request;
  await tx.execute(sql`
    insert into sandbox_sessions (id, tenant_id, connection_id, checkout_id, request, created_at, expires_at)
    values (${deps.ids.next("sandboxSession")}, ${owner.tenantId}, ${owner.connectionId}, ${request.checkoutId},
            ${json(stored)}, ${now}, ${expiresAt})
    on conflict (connection_id, checkout_id) do nothing`);
  const { id } = await tx.one<{ id: string }>(sql`
    select id from sandbox_sessions
    where connection_id = ${owner.connectionId} and checkout_id = ${request.checkoutId}`);
  return id;
}

export const findSession = (q: Queryable, id: string): Promise<Session | null> =>
  q.maybeOne<Session>(sql`select ${SESSION} from sandbox_sessions where id = ${id}`);

export const lockSession = (tx: Tx, id: string): Promise<Session | null> =>
  tx.maybeOne<Session>(sql`select ${SESSION} from sandbox_sessions where id = ${id} for update`);

export async function saveSession(
  tx: Tx,
  id: string,
  change: { state: Session["state"]; card?: StoredCard | null; settlesAt?: Date | null },
): Promise<void> {
  await tx.execute(sql`
    update sandbox_sessions set state = ${change.state}, card = ${change.card ? json(change.card) : null},
      settles_at = ${change.settlesAt ?? null}
    where id = ${id}`);
}

const DUE_BATCH = 50;

/** Open sessions whose time is over, and pending ones whose payment arrives. */
export const lockDueSessions = (tx: Tx, now: Date): Promise<Session[]> =>
  tx.query<Session>(sql`
    select ${SESSION} from sandbox_sessions where id = any (array(
      select s.id from sandbox_sessions s join tenants t on t.id = s.tenant_id
      where (s.state in ('open', 'challenge') and
             s.expires_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond')
         or (s.state = 'pending' and
             s.settles_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond')
      order by coalesce(s.settles_at, s.expires_at) limit ${DUE_BATCH} for update of s skip locked))`);

export const lockDueAgreements = (tx: Tx, now: Date): Promise<AgreementRow[]> =>
  tx.query<AgreementRow>(sql`
    select ${AGREEMENT} from sandbox_subscriptions where id = any (array(
      select s.id from sandbox_subscriptions s join tenants t on t.id = s.tenant_id
      where s.due_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
      order by s.due_at limit ${DUE_BATCH} for update of s skip locked))
    order by due_at, id`);

export const lockDuePayments = (tx: Tx, now: Date): Promise<PaymentRow[]> =>
  tx.query<PaymentRow>(sql`
    select ${PAYMENT} from sandbox_payments where id = any (array(
      select p.id from sandbox_payments p join tenants t on t.id = p.tenant_id
      where p.due_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
      order by p.due_at limit ${DUE_BATCH} for update of p skip locked))
    order by due_at, id`);

export const lockAgreement = (tx: Tx, owner: Owner, id: string): Promise<AgreementRow | null> =>
  tx.maybeOne<AgreementRow>(sql`
    select ${AGREEMENT} from sandbox_subscriptions
    where id = ${id} and connection_id = ${owner.connectionId} for update`);

export const lockPayment = (tx: Tx, owner: Owner, id: string): Promise<PaymentRow | null> =>
  tx.maybeOne<PaymentRow>(sql`
    select ${PAYMENT} from sandbox_payments where id = ${id} and connection_id = ${owner.connectionId} for update`);

export async function insertAgreement(
  tx: Tx,
  owner: Owner,
  input: { agreement: Agreement; card: StoredCard; dueAt: Date | null; now: Date },
): Promise<void> {
  const { agreement, card, dueAt, now } = input;
  await tx.execute(sql`
    insert into sandbox_subscriptions (id, tenant_id, connection_id, session_id, version, snapshot, card, due_at, created_at)
    values (${agreement.id}, ${owner.tenantId}, ${owner.connectionId}, ${agreement.session_id}, 1, ${json(agreement)},
            ${json(card)}, ${dueAt}, ${now})`);
}

/** Days after the payment on which a scripted dispute opens, and after that on which it is lost. */
export const DISPUTE_OPENS_DAYS = 1;
export const DISPUTE_CLOSES_DAYS = 7;

export async function insertPayment(
  tx: Tx,
  deps: SandboxDeps,
  owner: Owner,
  agreement: Agreement,
  charge: Charge,
  disputeAt: Date | null,
): Promise<string> {
  const id = deps.ids.next("sandboxPayment");
  const payment: Payment = {
    ...charge,
    id,
    agreement_id: agreement.id,
    currency: agreement.currency,
    refunds: [],
    dispute: null,
  };
  await tx.execute(sql`
    insert into sandbox_payments (id, tenant_id, connection_id, subscription_id, snapshot, due_at, created_at)
    values (${id}, ${owner.tenantId}, ${owner.connectionId}, ${agreement.id}, ${json(payment)}, ${disputeAt},
            ${new Date(charge.at)})`);
  return id;
}

export async function savePayment(tx: Tx, payment: Payment, dueAt: Date | null): Promise<void> {
  await tx.execute(
    sql`update sandbox_payments set snapshot = ${json(payment)}, due_at = ${dueAt} where id = ${payment.id}`,
  );
}

/** Stores a step and tells it: one event that carries the agreement's next version and the charge, if any. */
export async function recordStep(
  tx: Tx,
  deps: SandboxDeps,
  row: AgreementRow,
  step: Step,
  type: string,
  at: Date,
  news: { card?: StoredCard } = {},
): Promise<AgreementRow> {
  const version = row.version + 1;
  await tx.execute(sql`
    update sandbox_subscriptions
    set version = ${version}, snapshot = ${json(step.agreement)}, due_at = ${step.dueAt}, card = ${json(row.card)}
    where id = ${row.id}`);
  const data: WireData = { subscription: wireSubscription(step.agreement, version, step.dueAt) };
  if (step.charge) {
    const paymentId = await insertPayment(tx, deps, row, step.agreement, step.charge, null);
    data.payment = wirePayment(step.agreement, paymentId, step.charge);
  }
  if (news.card) data.method = wireMethod(news.card);
  await tell(tx, deps, row, type, at, data);
  return { ...row, version, agreement: step.agreement, dueAt: step.dueAt };
}
