import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";
import { customerMerged } from "./events.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import { revokeAllSessions } from "./sessions.ts";

/**
 * Moves the ways in, devices and names of one customer to another, who is the same person, and makes the first an alias:
 * its sessions end, its address is free, and its id on the wire leads to the other. What the other has already (a password, an address,
 * an entry of metadata) stays as it is. Locks both rows in the order of their ids. Returns the customer who is left, or
 * null when either is gone.
 */
export async function mergeIdentity(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; fromId: string; intoId: string; now: Date },
): Promise<Customer | null> {
  const { tenantId, fromId, intoId, now } = input;
  const pair = await tx.query<{ id: string }>(sql`
    select id from customers where tenant_id = ${tenantId} and id = any (${[fromId, intoId]})
      and merged_into_id is null and erased_at is null order by id for update`);
  if (pair.length !== 2) return null;
  await revokeAllSessions(tx, tenantId, fromId, "merged", deps.clock.now());
  await tx.execute(sql`
    update identities i set customer_id = ${intoId}, subject = case provider when 'password' then ${intoId} else subject end
    where tenant_id = ${tenantId} and customer_id = ${fromId} and not (provider = 'password' and exists (
      select from identities o where o.tenant_id = ${tenantId} and o.customer_id = ${intoId} and o.provider = 'password'))`);
  await tx.execute(sql`delete from identities where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(
    sql`update devices set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`,
  );
  await tx.execute(sql`
    update external_references set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(
    sql`delete from trusted_addresses where tenant_id = ${tenantId} and customer_id = ${fromId}`,
  );
  await tx.execute(sql`
    insert into paywall_links as l (tenant_id, paywall_id, customer_id, user_meta, first_seen_at, last_seen_at)
    select tenant_id, paywall_id, ${intoId}, user_meta, first_seen_at, last_seen_at from paywall_links
    where tenant_id = ${tenantId} and customer_id = ${fromId}
    on conflict (paywall_id, customer_id) do update set user_meta = excluded.user_meta || l.user_meta,
      first_seen_at = least(l.first_seen_at, excluded.first_seen_at),
      last_seen_at = greatest(l.last_seen_at, excluded.last_seen_at)`);
  await tx.execute(sql`delete from paywall_links where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  const from = await tx.one<{ names: Record<string, unknown> }>(sql`
    update customers set merged_into_id = ${intoId}, updated_at = ${now}, row_version = row_version + 1
    where id = ${fromId}
    returning json_build_object('email', email, 'emailVerifiedAt', email_verified_at, 'name', name,
      'firstName', first_name, 'lastName', last_name, 'nickname', nickname, 'picture', picture, 'locale', locale,
      'country', country, 'company', company, 'mobilePhone', mobile_phone, 'workPhone', work_phone,
      'homePhone', home_phone, 'billingAddress', billing_address, 'deliveryAddress', delivery_address) names`);
  const n = json(from.names);
  // An address goes over with its proof, and only to somebody who has none.
  const into = await tx.one<Customer>(sql`
    update customers c set
      email_verified_at = case when c.email is null then (n->>'emailVerifiedAt')::timestamptz else c.email_verified_at end,
      email = coalesce(c.email, n->>'email'), anonymous = c.anonymous and n->>'email' is null,
      name = coalesce(c.name, n->>'name'), first_name = coalesce(c.first_name, n->>'firstName'),
      last_name = coalesce(c.last_name, n->>'lastName'), nickname = coalesce(c.nickname, n->>'nickname'),
      picture = coalesce(c.picture, n->>'picture'), locale = coalesce(c.locale, n->>'locale'),
      country = coalesce(c.country, n->>'country'), company = coalesce(c.company, n->>'company'),
      mobile_phone = coalesce(c.mobile_phone, n->>'mobilePhone'), work_phone = coalesce(c.work_phone, n->>'workPhone'),
      home_phone = coalesce(c.home_phone, n->>'homePhone'),
      billing_address = coalesce(c.billing_address, nullif(n->'billingAddress', 'null')),
      delivery_address = coalesce(c.delivery_address, nullif(n->'deliveryAddress', 'null')),
      updated_at = ${now}, row_version = row_version + 1
    from (select ${n}::jsonb n) names where c.id = ${intoId} returning ${CUSTOMER_COLUMNS}`);
  await customerMerged(tx, deps, into, now);
  return into;
}
