import { json, sql, type Tx } from "../../platform/database/index.ts";

const MAX_ENTRIES = 50;

/** Half a surrogate pair is a JavaScript string and no JSON text for PostgreSQL. */
export const storableMeta = (userMeta: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(userMeta).map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
  );

/**
 * Notes that the customer uses this paywall and keeps what the merchant's page says about them there. New
 * entries win over old ones of the same name, others stay; a merge that would exceed 50 entries keeps
 * the old map. `userMeta.userId` also becomes the merchant's own id for the customer, unless the
 * merchant already uses that id for somebody else.
 */
export async function linkToPaywall(
  tx: Tx,
  input: {
    tenantId: string;
    paywallId: string;
    customerId: string;
    userMeta?: Record<string, string> | undefined;
    /** Adds entries and replaces none: for what somebody says of a customer whom they have not proven to be. */
    addOnly?: boolean;
    now: Date;
  },
): Promise<void> {
  const { tenantId, paywallId, customerId, addOnly = false, now } = input;
  const userMeta = storableMeta(input.userMeta ?? {});
  await tx.execute(sql`
    insert into paywall_links as l (tenant_id, paywall_id, customer_id, user_meta, first_seen_at, last_seen_at)
    values (${tenantId}, ${paywallId}, ${customerId}, ${json(userMeta)}, ${now}, ${now})
    on conflict (paywall_id, customer_id) do update set
      last_seen_at = greatest(l.last_seen_at, excluded.last_seen_at),
      user_meta = case
        when (select count(*) from jsonb_object_keys(l.user_meta || excluded.user_meta)) <= ${MAX_ENTRIES}
        then case when ${addOnly} then excluded.user_meta || l.user_meta else l.user_meta || excluded.user_meta end
        else l.user_meta end`);
  const merchantId = userMeta.userId?.trim();
  if (merchantId) {
    await tx.execute(sql`
      insert into external_references (tenant_id, namespace, external_id, customer_id, created_at)
      values (${tenantId}, 'merchant', ${merchantId}, ${customerId}, ${now}) on conflict do nothing`);
  }
}
