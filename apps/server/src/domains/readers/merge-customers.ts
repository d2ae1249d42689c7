import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { moveContracts } from "../billing/index.ts";
import { moveCredits } from "../credits/index.ts";
import { moveGrants } from "../entitlements/index.ts";
import { type Customer, mergeIdentity } from "../identity/index.ts";
import { type Reader, readerOf } from "./reader.ts";

/**
 * Makes two customers one, for somebody who had two accounts (product spec §2.2, rule 4): purchases, bills, credits,
 * rights from elsewhere, deliveries, what was read, and all that readers keep go over; the first becomes an alias without sessions.
 * Two running subscriptions to one thing stay two. The caller has made sure that both are one person. Returns the customer
 * who is left, or null when either is gone or both are the same; a repeat is null and changes nothing.
 */
export async function mergeCustomers(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; fromId: string; intoId: string; now: Date },
): Promise<Customer | null> {
  const { tenantId, fromId, intoId, now } = input;
  if (fromId === intoId) return null;
  const customer = await mergeIdentity(tx, deps, input);
  if (!customer) return null;
  await moveContracts(tx, deps, { tenantId, fromId, intoId, at: now });
  await moveCredits(tx, deps, { tenantId, fromId, intoId, at: now });
  await moveGrants(tx, deps, { tenantId, fromId, intoId, at: now });
  await moveReaderData(tx, tenantId, readerOf({ customerId: fromId }), readerOf({ customerId: intoId }));
  // Readers name the items that they ask for, so both may have named one alike.
  await tx.execute(sql`
    update fulfillments f set customer_id = ${intoId}, item_id = case when exists (
        select from fulfillments o where o.customer_id = ${intoId} and o.product_id = f.product_id and o.item_id = f.item_id)
      then f.id else f.item_id end
    where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    update tickets set customer_id = ${intoId} where tenant_id = ${tenantId} and customer_id = ${fromId}`);
  await tx.execute(sql`
    insert into trial_states as t (tenant_id, paywall_id, subject_kind, subject, used, started_at, block_ids, updated_at)
    select tenant_id, paywall_id, subject_kind, ${intoId}, used, started_at, block_ids, updated_at from trial_states
    where tenant_id = ${tenantId} and subject_kind = 'customer' and subject = ${fromId}
    on conflict (paywall_id, subject_kind, subject) do update set used = greatest(t.used, excluded.used),
      started_at = least(t.started_at, excluded.started_at)`);
  return customer;
}

/** Where both have the same thing, the one who is left keeps theirs; what was read counts once. */
async function moveReaderData(tx: Tx, tenantId: string, from: Reader, into: Reader): Promise<void> {
  await tx.execute(sql`
    insert into tallies (tenant_id, reader, id, value, policies, expires_at, created_at, updated_at)
    select tenant_id, ${into}, id, value, policies, expires_at, created_at, updated_at from tallies
    where tenant_id = ${tenantId} and reader = ${from} on conflict do nothing`);
  await tx.execute(sql`delete from tallies where tenant_id = ${tenantId} and reader = ${from}`);
  await tx.execute(sql`
    insert into reader_tags (tenant_id, reader, tag, source, created_at)
    select tenant_id, ${into}, tag, source, created_at from reader_tags
    where tenant_id = ${tenantId} and reader = ${from} on conflict do nothing`);
  await tx.execute(sql`delete from reader_tags where tenant_id = ${tenantId} and reader = ${from}`);
  await tx.execute(sql`
    insert into reader_metadata (tenant_id, reader, key, value, updated_at)
    select tenant_id, ${into}, key, value, updated_at from reader_metadata
    where tenant_id = ${tenantId} and reader = ${from} on conflict do nothing`);
  await tx.execute(sql`delete from reader_metadata where tenant_id = ${tenantId} and reader = ${from}`);
  await tx.execute(sql`
    insert into meter_reads (tenant_id, meter_id, reader, window_at, content_id, read_at)
    select tenant_id, meter_id, ${into}, window_at, content_id, read_at from meter_reads
    where tenant_id = ${tenantId} and reader = ${from} on conflict do nothing`);
  await tx.execute(sql`delete from meter_reads where tenant_id = ${tenantId} and reader = ${from}`);
}
