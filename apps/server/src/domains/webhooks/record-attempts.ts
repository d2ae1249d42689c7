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

type Attempted = { delivery: ClaimedDelivery; result: AttemptResult };

/** Records attempts; the promise resolves once this one is on disk. */
type RecordAttempt = (delivery: ClaimedDelivery, result: AttemptResult) => Promise<void>;

/**
 * Attempts that end while others are being written wait for their turn and are then written together, in
 * one transaction: a busy endpoint costs one commit for many messages.
 */
export function createAttemptRecorder(deps: Deps): RecordAttempt {
  type Waiting = Attempted & { resolve: () => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await deps.db.transaction((tx) => recordAttempts(tx, deps, batch));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  return (delivery, result) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, result, resolve, reject });
      if (!writing) void write();
    });
}

/**
 * Writes attempts and what follows from each. Where the lease has passed to somebody else meanwhile, or the
 * endpoint was deleted, nothing is written: the delivery is theirs.
 */
async function recordAttempts(tx: Tx, deps: Deps, batch: Attempted[]): Promise<void> {
  // Endpoints are touched in the order of their ids, so that two nodes never wait for each other.
  const inOrder = batch.toSorted((a, b) => (a.delivery.endpointId < b.delivery.endpointId ? -1 : 1));
  const rows = inOrder.map(({ delivery, result }) => {
    const now = new Date(deps.clock.now().getTime() + delivery.clockOffsetMs);
    const attempt = delivery.attempt + 1;
    const verdict = judgeAttempt(result.end, attempt, now);
    return { delivery, result, now, attempt, verdict, attemptId: deps.ids.next("webhookAttempt") };
  });
  const column = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read);
  const written = await tx.query<{ id: string }>(sql`
    with r as (
      select * from unnest(
        ${column((row) => row.delivery.id)}::text[],
        ${column((row) => row.delivery.leaseUntil)}::timestamptz[],
        ${column((row) => row.verdict.state)}::text[],
        ${column((row) => row.attempt)}::int[],
        ${column((row) => (row.verdict.state === "retrying" ? row.verdict.nextAt : null))}::timestamptz[],
        ${column((row) => row.now)}::timestamptz[],
        ${column((row) => row.attemptId)}::text[],
        ${column((row) => (row.result.end.kind === "answered" ? row.result.end.status : null))}::int[],
        ${column((row) => row.result.durationMs)}::int[],
        ${column((row) => row.result.response)}::text[],
        ${column((row) => row.result.error)}::text[]
      ) r (id, lease, state, attempt, next_at, at, attempt_id, status, duration_ms, response, error)),
    d as (
      update webhook_deliveries w
      set state = r.state, attempt = r.attempt, next_at = r.next_at, claimed_until = null,
          finished_at = case when r.state = 'retrying' then null else r.at end
      from r where w.id = r.id and w.claimed_until = r.lease and w.state in ('queued', 'retrying')
      returning w.id, w.tenant_id)
    insert into webhook_attempts (id, tenant_id, delivery_id, attempt, status, duration_ms, response, error, at)
    select r.attempt_id, d.tenant_id, d.id, r.attempt, r.status, r.duration_ms, r.response, r.error, r.at
    from r join d on d.id = r.id
    returning delivery_id id`);
  const ours = new Set(written.map(({ id }) => id));
  for (const { delivery, verdict, now } of rows) {
    if (ours.has(delivery.id) && verdict.state !== "delivered") await noteFailure(tx, deps, delivery, now);
  }
  // One success ends an outage, also one that began after this delivery was claimed.
  const healthy = rows.filter((row) => ours.has(row.delivery.id) && row.verdict.state === "delivered");
  const endpointIds = [...new Set(healthy.map((row) => row.delivery.endpointId))];
  if (endpointIds.length > 0) {
    await tx.execute(sql`
      update webhook_endpoints set fail_since_at = null where id = any (${endpointIds}) and fail_since_at is not null`);
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
