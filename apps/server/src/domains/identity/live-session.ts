import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Customer } from "./customer.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import { isIdle } from "./sessions.ts";

/** A session that another area rests on: the login service's browsers and tokens. */
export type BrowserSession = {
  sessionId: string;
  customer: Customer & { updatedAt: Date };
  createdAt: Date;
};

/** The session and whose it is, unless it was ended, is idle for 30 days, or the customer is merged into another. */
export async function findLiveSession(
  q: Queryable,
  tenantId: string,
  sessionId: string,
  now: Date,
): Promise<BrowserSession | null> {
  const row = await q.maybeOne<Customer & { updatedAt: Date; sessionStart: Date; lastUsedAt: Date }>(sql`
    select ${CUSTOMER_COLUMNS}, coalesce(c.updated_at, c.created_at) "updatedAt", s.created_at "sessionStart",
      s.last_used_at "lastUsedAt"
    from sessions s join customers c on c.id = s.customer_id
    where s.id = ${sessionId} and s.tenant_id = ${tenantId} and s.revoked_at is null and c.merged_into_id is null`);
  if (!row || isIdle(row.lastUsedAt, now)) return null;
  const { sessionStart, lastUsedAt: _, ...customer } = row;
  return { sessionId, customer, createdAt: sessionStart };
}

/** Notes a use, from which the 30 days count. */
export async function touchSession(tx: Tx, tenantId: string, sessionId: string, now: Date): Promise<void> {
  await tx.execute(sql`
    update sessions set last_used_at = greatest(last_used_at, ${now}) where tenant_id = ${tenantId} and id = ${sessionId}`);
}
