import { json, type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { CheckoutSession } from "./session.ts";

const SESSION: Statement = {
  text: `select s.id, s.tenant_id "tenantId", s.paywall_id "paywallId", s.maker, s.customer_id "customerId", s.items,
      s.redirect_url "redirectUrl", s.details, s.codes, s.attribution, s.metadata, s.created_at "createdAt",
      s.updated_at "updatedAt", s.expires_at "expiresAt",
      case when exists (select from checkouts c where c.session_id = s.id and c.state = 'completed') then 'COMPLETED'
        when exists (select from checkouts c where c.session_id = s.id and c.state = 'processing')
        then 'WAITING_PAYMENT_CONFIRMATION' else 'PENDING' end status
    from checkout_sessions s`,
  values: [],
  name: undefined,
};

/** A checkout session by its id, which is all that is needed to pay it; null when there is none. */
export const findSession = (q: Queryable, id: string): Promise<CheckoutSession | null> =>
  q.maybeOne<CheckoutSession>(sql`${SESSION} where s.id = ${id}`);

export const lockSession = (tx: Tx, id: string): Promise<CheckoutSession | null> =>
  tx.maybeOne<CheckoutSession>(sql`${SESSION} where s.id = ${id} for update of s`);

export async function insertSession(tx: Tx, s: Omit<CheckoutSession, "status">): Promise<void> {
  await tx.execute(sql`
    insert into checkout_sessions (id, tenant_id, paywall_id, maker, customer_id, items, redirect_url, details, codes,
      attribution, metadata, created_at, updated_at, expires_at)
    values (${s.id}, ${s.tenantId}, ${s.paywallId}, ${s.maker}, ${s.customerId}, ${json(s.items)}, ${s.redirectUrl},
      ${json(s.details)}, ${s.codes}, ${json(s.attribution)}, ${json(s.metadata)}, ${s.createdAt}, ${s.updatedAt},
      ${s.expiresAt})`);
}

export async function saveSessionChange(tx: Tx, s: CheckoutSession): Promise<void> {
  await tx.execute(sql`
    update checkout_sessions set paywall_id = ${s.paywallId}, maker = ${s.maker}, customer_id = ${s.customerId}, items = ${json(s.items)},
      redirect_url = ${s.redirectUrl}, details = ${json(s.details)}, codes = ${s.codes},
      attribution = ${json(s.attribution)}, metadata = ${json(s.metadata)}, updated_at = ${s.updatedAt}
    where id = ${s.id}`);
}

/** What a session's payment was agreed to cost, once there is one. */
export const findPaidTerms = (
  q: Queryable,
  sessionId: string,
): Promise<{ subtotalMinor: number; discountMinor: number; totalMinor: number; currency: string } | null> =>
  q.maybeOne(sql`
    select subtotal_minor "subtotalMinor", discount_minor "discountMinor", total_minor "totalMinor", currency
    from checkouts where session_id = ${sessionId} and state = 'completed' order by completed_at limit 1`);

const KEPT_DAYS = 7;
const BATCH = 500;

/** Sessions that nobody began to pay hold people's names and addresses for nothing. Returns how many went. */
export const forgetUnpaidSessions = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from checkout_sessions where id = any (array(
      select s.id from checkout_sessions s join tenants t on t.id = s.tenant_id
      where s.expires_at < ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' - ${KEPT_DAYS} * interval '1 day'
        and not exists (select from checkouts c where c.session_id = s.id and c.state in ('processing', 'completed'))
      limit ${BATCH}))`);
