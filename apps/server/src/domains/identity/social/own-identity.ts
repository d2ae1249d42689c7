import { type Queryable, sql, type Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { Customer } from "../customer.ts";
import { refusal } from "../errors.ts";
import { customerCreated, customerUpdated } from "../events.ts";
import { findOrCreateCustomer } from "../find-or-create-customer.ts";
import { proveEmail } from "../prove-email.ts";
import { CUSTOMER_COLUMNS, findCustomerByEmail, findCustomerById } from "../queries.ts";
import { giveEmail } from "../upgrade-anonymous.ts";
import type { Flow } from "./flow.ts";
import type { ProviderProfile } from "./provider.ts";

type OwnDeps = Pick<Deps, "clock" | "ids" | "jobs" | "random">;
type Proof = { flow: Flow; profile: ProviderProfile; now: Date };

const findOwner = (q: Queryable, tenantId: string, provider: string, subject: string) =>
  q.maybeOne<Customer>(sql`
    select ${CUSTOMER_COLUMNS} from identities i join customers c on c.id = i.customer_id
    where i.tenant_id = ${tenantId} and i.provider = ${provider} and i.subject = ${subject}
      and c.merged_into_id is null`);

/** The address as far as the provider vouches for it. Every other one counts for nothing at all. */
const provenEmail = (profile: ProviderProfile): string | null =>
  profile.emailVerified ? profile.email : null;

/**
 * Whether a flow that links may do so: the identity is nobody else's, and a guest would not become the owner
 * of an address that has an account. A flow that does not link always may.
 */
export async function isLinkable(q: Queryable, flow: Flow, profile: ProviderProfile): Promise<boolean> {
  if (!flow.linkCustomerId) return true;
  const owner = await findOwner(q, flow.tenantId, flow.provider, profile.subject);
  if (owner) return owner.id === flow.linkCustomerId;
  const email = provenEmail(profile);
  const customer = email ? await findCustomerById(q, flow.tenantId, flow.linkCustomerId) : null;
  if (!email || !customer?.anonymous) return true;
  return (await findCustomerByEmail(q, flow.tenantId, email)) === null;
}

/**
 * The customer whom a proven identity belongs to from now on, found or made:
 *
 * - linking: the customer who asked, if their session still lives; a guest becomes permanent and keeps the id;
 * - known identity: its owner;
 * - a verified e-mail: that e-mail's customer, and every way in that nobody had proven ends (`proveEmail`);
 * - otherwise a new customer. An address without proof is not even kept: it must not wait there for the
 *   person who really has it.
 *
 * `isNew` when this identity opened no account before. Null when linking has become impossible. @throws `identity_already_exists` when somebody else got the
 * identity since the provider answered.
 */
export async function ownIdentity(
  tx: Tx,
  deps: OwnDeps,
  proof: Proof,
): Promise<{ customer: Customer; isNew: boolean } | null> {
  const { flow, profile, now } = proof;
  const { tenantId, provider } = flow;
  const { subject } = profile;
  // Two first sign-ins of one person must not make two customers.
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtextextended(${`identity:${tenantId}:${provider}:${subject}`}, 0))`);
  if (flow.linkCustomerId && !(await isLinkable(tx, flow, profile))) throw refusal("identity_already_exists");
  const customer = flow.linkCustomerId
    ? await findLinking(tx, deps, proof)
    : await findSigningIn(tx, deps, proof);
  if (!customer) return null;
  const { isNew } = await tx.one<{ isNew: boolean }>(sql`
    insert into identities as i (id, tenant_id, customer_id, provider, subject, verified_at, last_used_at, created_at)
    values (${deps.ids.next("identity")}, ${tenantId}, ${customer.id}, ${provider}, ${subject}, ${now}, ${now}, ${now})
    on conflict (tenant_id, provider, subject) do update
      set customer_id = excluded.customer_id, last_used_at = excluded.last_used_at
    returning xmax = 0 "isNew"`);
  return { customer: await fillIn(tx, customer, profile), isNew };
}

async function findLinking(tx: Tx, deps: OwnDeps, { flow, profile, now }: Proof): Promise<Customer | null> {
  // Signed out meanwhile, or somebody else proved the e-mail: then this is not their account to add to.
  const customer = await tx.maybeOne<Customer>(sql`
    select ${CUSTOMER_COLUMNS} from sessions s join customers c on c.id = s.customer_id
    where s.tenant_id = ${flow.tenantId} and s.id = ${flow.linkSessionId} and s.revoked_at is null
      and c.id = ${flow.linkCustomerId} and c.merged_into_id is null for update of c`);
  if (!customer) return null;
  const email = provenEmail(profile);
  if (!customer.anonymous) {
    return email && email === customer.email ? proveEmail(tx, deps, customer, now) : customer;
  }
  if (email) return giveEmail(tx, deps, { customer, email, verified: true, now });
  const permanent = await tx.one<Customer>(sql`
    update customers c set anonymous = false, updated_at = ${now}, row_version = row_version + 1
    where c.tenant_id = ${customer.tenantId} and c.id = ${customer.id} returning ${CUSTOMER_COLUMNS}`);
  await customerUpdated(tx, deps, permanent, now);
  return permanent;
}

async function findSigningIn(tx: Tx, deps: OwnDeps, { flow, profile, now }: Proof): Promise<Customer> {
  const { tenantId, provider } = flow;
  const email = provenEmail(profile);
  const owner = await findOwner(tx, tenantId, provider, profile.subject);
  if (owner) return email ? adoptEmail(tx, deps, owner, email, now) : owner;
  if (email) {
    const { customer } = await findOrCreateCustomer(tx, deps, { tenantId, email, now });
    return proveEmail(tx, deps, customer, now);
  }
  const customer = await tx.one<Customer>(sql`
    insert into customers as c (id, uuid, tenant_id, created_at, updated_at)
    values (${deps.ids.next("customer")}, ${deps.random.uuid()}, ${tenantId}, ${now}, ${now})
    returning ${CUSTOMER_COLUMNS}`);
  await customerCreated(tx, deps, customer, now);
  return customer;
}

/** Somebody without an address gets the one that their provider has proven meanwhile, if it is free. */
async function adoptEmail(
  tx: Tx,
  deps: OwnDeps,
  owner: Customer,
  email: string,
  now: Date,
): Promise<Customer> {
  if (owner.email === email) return proveEmail(tx, deps, owner, now);
  if (owner.email !== null || owner.anonymous) return owner;
  const updated = await tx.maybeOne<Customer>(sql`
    update customers c set email = ${email}, email_verified_at = ${now}, updated_at = ${now}, row_version = row_version + 1
    where c.tenant_id = ${owner.tenantId} and c.id = ${owner.id} and c.email is null
      and not exists (select from customers o where o.tenant_id = c.tenant_id and o.email = ${email} and o.merged_into_id is null)
    returning ${CUSTOMER_COLUMNS}`);
  if (updated) await customerUpdated(tx, deps, updated, now);
  return updated ?? owner;
}

/** Keeps a name and a picture for a customer who has none. What somebody chose themselves stays. */
async function fillIn(tx: Tx, customer: Customer, { name, picture }: ProviderProfile): Promise<Customer> {
  if ((!name || customer.name) && (!picture || customer.picture)) return customer;
  return tx.one<Customer>(sql`
    update customers c set name = coalesce(c.name, ${name}), picture = coalesce(c.picture, ${picture})
    where c.tenant_id = ${customer.tenantId} and c.id = ${customer.id} returning ${CUSTOMER_COLUMNS}`);
}
