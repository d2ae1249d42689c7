import { addDays } from "../../platform/clock.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "./limits.ts";

/** How long a client address stays trusted after its last use. */
const TRUST_DAYS = 30;
/** A use is written down once a day, so that polling does not write. */
const REFRESH_AFTER_DAYS = 1;

type Place = { tenantId: string; customerId: string; address: string; now: Date };

// Per tenant, so that the table of one tenant says nothing about another's visitors; IPv6 by its /64, since
// browsers change the rest of it daily.
const addressHash = (deps: Pick<Deps, "keys">, tenantId: string, address: string): Buffer =>
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
  if (!found) return false;
  if (found.lastSeenAt <= addDays(now, -REFRESH_AFTER_DAYS)) {
    await q.execute(sql`
      update trusted_addresses set last_seen_at = ${now}
      where tenant_id = ${tenantId} and customer_id = ${customerId} and address_hash = ${hash}`);
  }
  return true;
}

/** Forgets every address of a customer, for when whoever used them turns out not to have been proven. */
export async function forgetTrustedAddresses(tx: Tx, tenantId: string, customerId: string): Promise<void> {
  await tx.execute(sql`
    delete from trusted_addresses where tenant_id = ${tenantId} and customer_id = ${customerId}`);
}
