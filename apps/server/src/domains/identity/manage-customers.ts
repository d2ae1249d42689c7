import {
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Tenant } from "../tenants/index.ts";
import type { Customer } from "./customer.ts";
import { findOrCreateCustomer } from "./find-or-create-customer.ts";
import { passwordChangedMail } from "./mails.ts";
import { hashPassword, setPassword } from "./passwords.ts";
import { emailTaken, PROFILE_COLUMNS, type Profile, type ProfileFields, saveFields } from "./profile.ts";
import { CUSTOMER_COLUMNS, findCustomerByUuid } from "./queries.ts";
import { revokeAllSessions } from "./sessions.ts";

/** A tenant's customer by the user id on the wire, by our own id, or by the id that any other system knows them by. */
export async function findCustomerNamed(
  q: Queryable,
  tenantId: string,
  name: string,
): Promise<Customer | null> {
  return (
    (await findCustomerByUuid(q, tenantId, name)) ??
    q.maybeOne<Customer>(sql`
      select ${CUSTOMER_COLUMNS} from customers c
      where c.tenant_id = ${tenantId} and c.merged_into_id is null and (c.id = ${name} or c.id = (
        select customer_id from external_references where tenant_id = ${tenantId} and external_id = ${name}
        order by namespace limit 1))`)
  );
}

/** Customers who have given an address, newest first; `search` looks into address, names and id. */
export const searchCustomers = (
  q: Queryable,
  tenantId: string,
  search: string,
  page: PageRequest,
): Promise<Page<Profile>> =>
  readPage<Profile>(
    q,
    sql`
      select ${PROFILE_COLUMNS} from customers
      where tenant_id = ${tenantId} and merged_into_id is null and erased_at is null and not anonymous
        and position(lower(${search}) in lower(concat_ws(' ', email, name, first_name, last_name, uuid))) > 0`,
    page,
  );

/**
 * Makes a customer whose address nobody has proven yet.
 *
 * @throws `email_taken` (409) when there is one with it, proven or not
 */
export async function createCustomer(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "random">,
  input: { tenantId: string; email: string; fields: Partial<ProfileFields>; now: Date },
): Promise<Customer> {
  const { customer, created } = await findOrCreateCustomer(tx, deps, input);
  if (!created) throw emailTaken();
  if (Object.keys(input.fields).length > 0) await saveFields(tx, customer, input.fields, input.now);
  return customer;
}

/**
 * Gives a customer the password that their merchant chose. Every session ends, because who did not choose the password
 * must not stay signed in with it, and the customer is told.
 */
export async function assignPassword(
  deps: Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs">,
  input: { tenant: Tenant; customer: Customer; password: string; now: Date },
): Promise<void> {
  const { tenant, customer, now } = input;
  const passwordHash = await hashPassword(input.password);
  await deps.db.transaction(async (tx) => {
    await setPassword(tx, deps, { tenantId: tenant.id, customerId: customer.id, passwordHash, now });
    await revokeAllSessions(tx, tenant.id, customer.id, "password_reset", deps.clock.now());
    if (!customer.email) return;
    const context = { tenant, paywall: null, baseUrl: deps.config.baseUrl };
    await queueMail(tx, deps, passwordChangedMail(context, customer.email));
  });
}
