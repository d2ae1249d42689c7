import { addDays } from "../../platform/clock.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";

/** How long a client address stays trusted after its last use. */
export const TRUST_DAYS = 30;
/** A use is written down once a day, so that polling does not write. */
export const REFRESH_AFTER_DAYS = 1;

type Place = { tenantId: string; customerId: string; address: string; now: Date };

// Per tenant, so that the table of one tenant says nothing about another's visitors; IPv6 by its /64, since
// browsers change the rest of it daily.
export const addressHash = (deps: Pick<Deps, "keys">, tenantId: string, address: string): Buffer =>
  deps.keys.pseudonym(`address:${tenantId}:${networkOf(address)}`);

/**
 * Trusts a client address for a customer, for 30 days after its last use. Call it when the customer has
 * proven something from there, by a sign-in or a payment: a checkout that was merely started with a typed
 * address would let anybody trust themselves.
 */
export async function trustAddress(tx: Tx, deps: Pick<Deps, "keys">, place: Place): Promise<void> {
  await tx.execute(sql`
    insert into trusted_addresses as t (tenant_id, customer_id, address_hash, last_seen_at)
    values (${place.tenantId}, ${place.customerId}, ${addressHash(deps, place.tenantId, place.address)}, ${place.now})
    on conflict (tenant_id, customer_id, address_hash) do update
      set last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at)`);
}

/** Whether the address is trusted for the customer now. Being asked counts as a use, so regular visitors stay trusted. */
export async function isAddressTrusted(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  place: Place,
): Promise<boolean> {
  const { tenantId, customerId, now } = place;
  const hash = addressHash(deps, tenantId, place.address);
  const found = await q.maybeOne<{ lastSeenAt: Date }>(sql`
    select last_seen_at "lastSeenAt" from trusted_addresses
    where tenant_id = ${tenantId} and customer_id = ${customerId} and address_hash = ${hash}
      and last_seen_at > ${addDays(now, -TRUST_DAYS)}`);
  if (found) await keepTrusted(q, hash, place, found.lastSeenAt);
  return found !== null;
}

/** The customer with this e-mail if the address is trusted for them, in one question; it counts as a use too. */
export async function findTrustedCustomer(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  input: { tenantId: string; email: string; address: string; now: Date },
): Promise<Customer | null> {
  const { tenantId, now } = input;
  const hash = addressHash(deps, tenantId, input.address);
  const found = await q.maybeOne<Customer & { lastSeenAt: Date }>(sql`
    select ${CUSTOMER_COLUMNS}, t.last_seen_at "lastSeenAt"
    from customers c join trusted_addresses t on t.customer_id = c.id and t.tenant_id = c.tenant_id
    where c.tenant_id = ${tenantId} and c.email = ${normalizeEmail(input.email)} and c.merged_into_id is null
      and t.address_hash = ${hash} and t.last_seen_at > ${addDays(now, -TRUST_DAYS)}`);
  if (!found) return null;
  const { lastSeenAt, ...customer } = found;
  await keepTrusted(q, hash, { tenantId, customerId: customer.id, now }, lastSeenAt);
  return customer;
}

async function keepTrusted(
  q: Queryable,
  hash: Buffer,
  place: Omit<Place, "address">,
  lastSeenAt: Date,
): Promise<void> {
  const { tenantId, customerId, now } = place;
  if (lastSeenAt > addDays(now, -REFRESH_AFTER_DAYS)) return;
  await q.execute(sql`
    update trusted_addresses set last_seen_at = ${now}
    where tenant_id = ${tenantId} and customer_id = ${customerId} and address_hash = ${hash} and last_seen_at < ${now}`);
}

/** Forgets every address of a customer, for when whoever used them turns out not to have been proven. */
export async function forgetTrustedAddresses(tx: Tx, tenantId: string, customerId: string): Promise<void> {
  await tx.execute(sql`
    delete from trusted_addresses where tenant_id = ${tenantId} and customer_id = ${customerId}`);
}
