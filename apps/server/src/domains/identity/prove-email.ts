import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";
import { customerUpdated } from "./events.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import { revokeAllSessions } from "./sessions.ts";
import { forgetTrustedAddresses } from "./trusted-addresses.ts";

/**
 * Notes that whoever acts now reads the customer's mail. If nobody had proven that before, every way in
 * that was set up without proof ends here (passwords, social sign-ins, sessions, trusted addresses): it may belong to
 * somebody who registered a stranger's address and waited. Proving it again changes nothing.
 */
export async function proveEmail(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  customer: Customer,
  now: Date,
): Promise<Customer> {
  const proven = await tx.maybeOne<Customer>(sql`
    update customers c set email_verified_at = ${now}, updated_at = ${now}, row_version = row_version + 1
    where c.tenant_id = ${customer.tenantId} and c.id = ${customer.id} and c.email_verified_at is null
    returning ${CUSTOMER_COLUMNS}`);
  if (!proven) return customer;
  await endWaysIn(tx, deps, customer.tenantId, customer.id, "email_proven_by_another");
  await forgetTrustedAddresses(tx, customer.tenantId, customer.id);
  await customerUpdated(tx, deps, proven, now);
  return proven;
}

async function endWaysIn(
  tx: Tx,
  deps: Pick<Deps, "clock">,
  tenantId: string,
  customerId: string,
  reason: string,
): Promise<void> {
  await tx.execute(sql`
    delete from identities
    where tenant_id = ${tenantId} and customer_id = ${customerId} and provider not in ('otp', 'anonymous')`);
  await revokeAllSessions(tx, tenantId, customerId, reason, deps.clock.now());
}

/**
 * Ends sessions, passwords and social sign-ins of a customer whose e-mail nobody has proven, when somebody who is not signed in
 * buys something under it. A customer whose e-mail is proven keeps everything.
 */
export async function endUnprovenAccess(
  tx: Tx,
  deps: Pick<Deps, "clock">,
  { tenantId, customerId }: { tenantId: string; customerId: string },
): Promise<void> {
  const unproven = await tx.maybeOne(sql`
    select 1 from customers where tenant_id = ${tenantId} and id = ${customerId} and email_verified_at is null for update`);
  if (unproven) await endWaysIn(tx, deps, tenantId, customerId, "bought_by_another");
}

/** Notes the use of a mailed code as a way to sign in. */
export async function recordCodeIdentity(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  customer: Customer,
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    insert into identities as i (id, tenant_id, customer_id, provider, subject, verified_at, last_used_at, created_at)
    values (${deps.ids.next("identity")}, ${customer.tenantId}, ${customer.id}, 'otp', ${customer.email}, ${now}, ${now}, ${now})
    on conflict (tenant_id, provider, subject) do update
      set customer_id = excluded.customer_id, last_used_at = excluded.last_used_at`);
}
