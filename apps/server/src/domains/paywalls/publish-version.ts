import { sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import type { PaywallBody } from "./paywall-body.ts";

/** What a paywall shows now; an empty body when nothing was published yet. */
export async function getLiveBody(q: Queryable, paywallId: string): Promise<PaywallBody> {
  const version = await q.maybeOne<{ body: PaywallBody }>(sql`
    select v.body from paywalls p join paywall_versions v on v.id = p.live_version_id where p.id = ${paywallId}`);
  return version?.body ?? {};
}

/** Makes a body the paywall's next version, live at once. The version before stays as it was. */
export async function publishVersion(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; paywallId: string; body: PaywallBody; now: Date; note?: string },
): Promise<{ versionId: string; number: number }> {
  const { tenantId, paywallId, body, now } = input;
  const versionId = deps.ids.next("paywallVersion");
  const contentHash = sha256(JSON.stringify(body)).toString("hex");
  // The paywall's row is the lock that keeps version numbers without gaps or doubles.
  await tx.one(sql`select id from paywalls where id = ${paywallId} and tenant_id = ${tenantId} for update`);
  const { number } = await tx.one<{ number: number }>(sql`
    insert into paywall_versions (id, tenant_id, paywall_id, number, body, content_hash, note, published_at, created_at)
    select ${versionId}, ${tenantId}, ${paywallId}, coalesce(max(number), 0) + 1, ${json(body)}, ${contentHash},
      ${input.note ?? null}, ${now}, ${now}
    from paywall_versions where paywall_id = ${paywallId}
    returning number`);
  await tx.execute(sql`
    update paywall_versions set state = 'superseded'
    where paywall_id = ${paywallId} and id <> ${versionId} and state = 'published'`);
  await tx.execute(sql`
    update paywalls set live_version_id = ${versionId}, updated_at = ${now}, row_version = row_version + 1 where id = ${paywallId}`);
  await recordEvent(tx, deps, {
    type: "paywall.published",
    tenantId,
    paywallId,
    objectId: versionId,
    occurredAt: now,
    data: { number },
  });
  return { versionId, number };
}
