import {
  isUniqueViolation,
  json,
  type Queryable,
  type Statement,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { takeLimit } from "../../platform/limits.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { customerUpdated } from "./events.ts";
import { emailChangedMail } from "./mails.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import { sendProof } from "./send-proof.ts";
import { forgetTrustedAddresses } from "./trusted-addresses.ts";

export type PostalAddress = {
  country?: string;
  zip?: string;
  city?: string;
  street?: string;
  co?: string;
  firstName?: string;
  lastName?: string;
};

/** What a customer has told about themselves. Null is "nothing". */
export type ProfileFields = {
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  nickname: string | null;
  picture: string | null;
  locale: string | null;
  company: string | null;
  mobilePhone: string | null;
  workPhone: string | null;
  homePhone: string | null;
  billingAddress: PostalAddress | null;
  deliveryAddress: PostalAddress | null;
};

export type Profile = ProfileFields & {
  id: string;
  uuid: string;
  tenantId: string;
  email: string | null;
  emailVerifiedAt: Date | null;
  anonymous: boolean;
  createdAt: Date;
  updatedAt: Date;
};

export const PROFILE_COLUMNS: Statement = {
  text: `id, uuid, tenant_id "tenantId", email, email_verified_at "emailVerifiedAt", anonymous, name,
    first_name "firstName", last_name "lastName", nickname, picture, locale, company, mobile_phone "mobilePhone",
    work_phone "workPhone", home_phone "homePhone", billing_address "billingAddress",
    delivery_address "deliveryAddress", created_at "createdAt", updated_at "updatedAt"`,
  values: [],
  name: undefined,
};

/** A customer's profile, or null when they are gone. */
export const findProfile = (q: Queryable, tenantId: string, customerId: string): Promise<Profile | null> =>
  q.maybeOne<Profile>(sql`
    select ${PROFILE_COLUMNS} from customers
    where tenant_id = ${tenantId} and id = ${customerId} and merged_into_id is null and erased_at is null`);

const CHANGES_AN_HOUR = 5;

type ProfileDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys" | "random">;

/**
 * Changes the given fields of a profile and no others. Idempotent.
 *
 * An address that is not the one before is unproven until somebody opens the mail that goes to it, and whoever does
 * ends every way in that was set up before (`proveEmail`): naming a stranger's address neither opens what is theirs nor
 * keeps a door to it. The address before is told. Null when the customer is gone.
 *
 * @throws `email_taken` (409) when another customer has the address, whether proven or not;
 *   `over_request_rate_limit` (429) after five changes of the address within an hour
 */
export async function updateProfile(
  deps: ProfileDeps,
  input: {
    tenant: Tenant;
    customerId: string;
    fields: Partial<ProfileFields> & { email?: string };
    /** The tenant's time. */
    now: Date;
    /** What other areas keep of the same change, in the same transaction. */
    also?: (tx: Tx) => Promise<void>;
  },
): Promise<Profile | null> {
  const { tenant, customerId, now } = input;
  const { email: asked, ...fields } = input.fields;
  const email = asked === undefined ? null : normalizeEmail(asked);
  const before = await findProfile(deps.db, tenant.id, customerId);
  // Counted by itself: a refusal says whether somebody has the address, so it must not take its count back.
  if (email && email !== before?.email) await takeChangeLimit(deps, customerId, now);
  return deps.db.transaction(async (tx) => {
    const customer = await tx.maybeOne<Customer>(sql`
      select ${CUSTOMER_COLUMNS} from customers c
      where c.tenant_id = ${tenant.id} and c.id = ${customerId} and c.merged_into_id is null and c.erased_at is null
      for update`);
    if (!customer) return null;
    if (Object.keys(fields).length > 0) await saveFields(tx, customer, fields, now);
    if (email && email !== customer.email) await changeEmail(tx, deps, { tenant, customer, email, now });
    await input.also?.(tx);
    return findProfile(tx, tenant.id, customerId);
  });
}

async function takeChangeLimit(deps: Pick<Deps, "db">, customerId: string, now: Date): Promise<void> {
  const limit = { key: `profile-email:${customerId}`, max: CHANGES_AN_HOUR, windowSeconds: 3600 };
  const verdict = await takeLimit(deps.db, limit, now);
  if (verdict.allowed) return;
  throw new AppError("over_request_rate_limit", 429, "The address was changed too often. Please wait.", {
    retryAfterSeconds: verdict.retryAfterSeconds,
  });
}

/** Gives a customer the fields that are there, in the transaction of whatever they belong to. */
export async function saveFields(
  tx: Tx,
  { tenantId, id }: Customer,
  fields: Partial<ProfileFields>,
  now: Date,
): Promise<void> {
  const before = await findProfile(tx, tenantId, id);
  if (!before) return;
  const f: ProfileFields = { ...before, ...fields };
  const address = (value: PostalAddress | null) => (value ? json(value) : null);
  await tx.execute(sql`
    update customers set name = ${f.name}, first_name = ${f.firstName}, last_name = ${f.lastName},
      nickname = ${f.nickname}, picture = ${f.picture}, locale = ${f.locale}, company = ${f.company},
      mobile_phone = ${f.mobilePhone}, work_phone = ${f.workPhone}, home_phone = ${f.homePhone},
      billing_address = ${address(f.billingAddress)}, delivery_address = ${address(f.deliveryAddress)},
      updated_at = ${now}, row_version = row_version + 1
    where tenant_id = ${tenantId} and id = ${id}`);
}

async function changeEmail(
  tx: Tx,
  deps: Omit<ProfileDeps, "db">,
  input: { tenant: Tenant; customer: Customer; email: string; now: Date },
): Promise<void> {
  const { tenant, customer, email, now } = input;
  const updated = await takeAddress(tx, { customer, email, now });
  if (!updated) throw emailTaken();
  // What was trusted was the person who had proven the address before.
  await forgetTrustedAddresses(tx, tenant.id, customer.id);
  await tx.execute(sql`
    delete from identities where tenant_id = ${tenant.id} and customer_id = ${customer.id} and provider = 'otp'`);
  await customerUpdated(tx, deps, updated, now);
  await sendProof(tx, deps, {
    tenant,
    paywall: null,
    email,
    now,
    purpose: "email",
    customerId: customer.id,
    payload: { createUser: false },
    deliver: true,
  });
  if (customer.email && customer.emailVerifiedAt) {
    const context = { tenant, paywall: null, baseUrl: deps.config.baseUrl };
    await queueMail(tx, deps, emailChangedMail(context, customer.email));
  }
}

export const emailTaken = (): AppError =>
  new AppError("email_taken", 409, "Somebody else has this address.", { details: { field: "email" } });

/** Null when the address belongs to another customer. */
async function takeAddress(
  tx: Tx,
  { customer, email, now }: { customer: Customer; email: string; now: Date },
): Promise<Customer | null> {
  await tx.execute(sql`savepoint take_address`);
  try {
    const updated = await tx.one<Customer>(sql`
      update customers c set email = ${email}, email_verified_at = null, anonymous = false, updated_at = ${now},
        row_version = row_version + 1
      where c.tenant_id = ${customer.tenantId} and c.id = ${customer.id} returning ${CUSTOMER_COLUMNS}`);
    await tx.execute(sql`release savepoint take_address`);
    return updated;
  } catch (error) {
    if (!isUniqueViolation(error, "customers_email")) throw error;
    await tx.execute(sql`rollback to savepoint take_address`);
    return null;
  }
}
