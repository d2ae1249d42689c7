import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import { mailContent, queueMail } from "../../platform/mail/index.ts";
import { findTenant } from "../tenants/index.ts";
import type { ClaimedDelivery } from "./claim-deliveries.ts";
import { type AttemptEnd, judgeAttempt } from "./retry-schedule.ts";

export type AttemptResult = {
  end: AttemptEnd;
  durationMs: number;
  /** The first 1000 characters of the answer. */
  response: string | null;
  error: string | null;
};

const DISABLED_AFTER_MS = 5 * 86_400_000;

/**
 * Records an attempt and what follows from it. When the lease has passed to somebody else meanwhile, or
 * the endpoint was deleted, nothing is recorded: the delivery is theirs.
 */
export async function finishAttempt(
  deps: Deps,
  delivery: ClaimedDelivery,
  result: AttemptResult,
): Promise<void> {
  const now = new Date(deps.clock.now().getTime() + delivery.clockOffsetMs);
  const attempt = delivery.attempt + 1;
  const verdict = judgeAttempt(result.end, attempt, now);
  const status = result.end.kind === "answered" ? result.end.status : null;
  const nextAt = verdict.state === "retrying" ? verdict.nextAt : null;
  const finishedAt = verdict.state === "retrying" ? null : now;
  const recorded = await deps.db.execute(sql`
    with d as (
      update webhook_deliveries
      set state = ${verdict.state}, attempt = ${attempt}, next_at = ${nextAt}, finished_at = ${finishedAt},
          claimed_until = null
      where id = ${delivery.id} and claimed_until = ${delivery.leaseUntil} and state in ('queued', 'retrying')
      returning id, tenant_id)
    insert into webhook_attempts (id, tenant_id, delivery_id, attempt, status, duration_ms, response, error, at)
    select ${deps.ids.next("webhookAttempt")}, d.tenant_id, d.id, ${attempt}::int, ${status}::int,
      ${result.durationMs}::int, ${result.response}::text, ${result.error}::text, ${now}::timestamptz from d`);
  if (recorded === 0) return;

  const succeeded = verdict.state === "delivered";
  if (succeeded && delivery.failSinceAt) {
    await deps.db.execute(
      sql`update webhook_endpoints set fail_since_at = null where id = ${delivery.endpointId}`,
    );
  } else if (!succeeded) {
    await deps.db.transaction((tx) => noteFailure(tx, deps, delivery, now));
  }
}

/** Marks since when the endpoint fails and, after five days without a success, switches it off and says so. */
async function noteFailure(
  tx: Tx,
  deps: Deps,
  { endpointId, tenantId, url }: ClaimedDelivery,
  now: Date,
): Promise<void> {
  const { failSinceAt } = await tx.one<{ failSinceAt: Date }>(sql`
    update webhook_endpoints set fail_since_at = coalesce(fail_since_at, ${now}) where id = ${endpointId}
    returning fail_since_at "failSinceAt"`);
  if (now.getTime() - failSinceAt.getTime() < DISABLED_AFTER_MS) return;
  const disabled = await tx.maybeOne<{ mode: "test" | "live" }>(sql`
    update webhook_endpoints set state = 'auto_disabled' where id = ${endpointId} and state = 'active' returning mode`);
  if (!disabled) return;
  await recordEvent(tx, deps, {
    type: "webhook_endpoint.disabled",
    tenantId,
    mode: disabled.mode,
    objectId: endpointId,
    occurredAt: now,
    data: { url, failSinceAt: failSinceAt.toISOString() },
  });
  const tenant = await findTenant(tx, tenantId);
  if (!tenant?.supportEmail) return;
  const content = mailContent({
    brand: { name: tenant.name, color: tenant.brandColor },
    heading: "A webhook was switched off",
    paragraphs: [
      `${url} has not accepted a single message for five days, so we stopped sending to it.`,
      "Messages that are still waiting are kept for 30 days and go out once the webhook is switched on again.",
    ],
  });
  await queueMail(tx, deps, {
    tenantId,
    recipient: tenant.supportEmail,
    template: "webhook_disabled",
    subject: "A webhook was switched off",
    ...content,
  });
}
