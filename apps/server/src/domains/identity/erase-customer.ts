import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";
import { customerDeleted } from "./events.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import { revokeAllSessions } from "./sessions.ts";

/**
 * Forgets who a customer was: every session ends, the login service's grants with them, every way to sign in goes, and
 * the row keeps nothing but its ids, for the sake of bills. Their address is free for a new account, which inherits
 * nothing. Returns false when there was nobody to forget (any more).
 */
export async function eraseCustomer(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; customerId: string; now: Date },
): Promise<boolean> {
  const { tenantId, customerId, now } = input;
  const before = await tx.maybeOne<{ email: string | null }>(sql`
    select email from customers
    where tenant_id = ${tenantId} and id = ${customerId} and merged_into_id is null and erased_at is null for update`);
  if (!before) return false;
  await revokeAllSessions(tx, tenantId, customerId, "account_deleted", deps.clock.now());
  await tx.execute(sql`
    update sessions set user_agent = null, country = null
    where tenant_id = ${tenantId} and customer_id = ${customerId}`);
  await tx.execute(sql`delete from identities where tenant_id = ${tenantId} and customer_id = ${customerId}`);
  await tx.execute(
    sql`delete from trusted_addresses where tenant_id = ${tenantId} and customer_id = ${customerId}`,
  );
  await tx.execute(
    sql`delete from external_references where tenant_id = ${tenantId} and customer_id = ${customerId}`,
  );
  await tx.execute(
    sql`update devices set customer_id = null where tenant_id = ${tenantId} and customer_id = ${customerId}`,
  );
  await tx.execute(
    sql`update paywall_links set user_meta = '{}' where tenant_id = ${tenantId} and customer_id = ${customerId}`,
  );
  await tx.execute(sql`
    delete from one_time_codes
    where tenant_id = ${tenantId} and (customer_id = ${customerId} or email = ${before.email})`);
  await tx.execute(sql`delete from mails where tenant_id = ${tenantId} and recipient = ${before.email}`);
  // What they typed into a checkout, their own or one that somebody else paid for.
  await tx.execute(sql`
    update checkout_sessions s set details = '{}', customer_id = null, metadata = '{}'
    where s.tenant_id = ${tenantId} and (s.customer_id = ${customerId} or s.details->>'email' = ${before.email}
      or s.details->>'payerEmail' = ${before.email} or exists (select from checkouts c
        where c.session_id = s.id and (c.customer_id = ${customerId} or c.payer_id = ${customerId})))`);
  await tx.execute(sql`
    update checkouts set recipient_email = null where tenant_id = ${tenantId} and recipient_email = ${before.email}`);
  await tx.execute(sql`
    update gifts set recipient_email = null where tenant_id = ${tenantId} and recipient_email = ${before.email}`);
  // Facts stay, whom they were about does not. What has not been told yet is told as it happened.
  await tx.execute(sql`
    update events set data = jsonb_set(data, '{customer,email}', 'null')
    where tenant_id = ${tenantId} and customer_id = ${customerId} and dispatched_at is not null
      and data #>> '{customer,email}' is not null`);
  const erased = await tx.one<Customer>(sql`
    update customers c set email = null, email_verified_at = null, anonymous = true, name = null, first_name = null,
      last_name = null, nickname = null, picture = null, locale = null, country = null, company = null,
      mobile_phone = null, work_phone = null, home_phone = null, billing_address = null, delivery_address = null,
      erased_at = ${now}, updated_at = ${now}, row_version = row_version + 1
    where c.tenant_id = ${tenantId} and c.id = ${customerId} returning ${CUSTOMER_COLUMNS}`);
  await customerDeleted(tx, deps, erased, now);
  return true;
}
