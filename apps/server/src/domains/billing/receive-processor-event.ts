import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Job } from "../../platform/jobs.ts";
import {
  type Connection,
  findConnection,
  type ProcessorDeps,
  type ProcessorEvent,
  processorOf,
  subjectOf,
} from "../processors/index.ts";
import { applyProcessorEvent } from "./apply-processor-event.ts";

export type ReceiveDeps = ProcessorDeps & Pick<Deps, "keys" | "log" | "random">;

/**
 * Takes what a processor sent: checks that it is authentic, stores it, then applies it. Once this returns
 * the news is safe and the processor may be thanked; an application that failed or has to wait is
 * resumed by `processorEventJob`. The same event again changes nothing.
 *
 * @throws `not_found` (404) for an unknown connection, `invalid_signature` (401), `invalid_payload` (400).
 */
export async function receiveProcessorEvent(
  deps: ReceiveDeps,
  input: { connectionId: string; headers: Headers; rawBody: string },
): Promise<void> {
  const connection = await findConnection(deps.db, input.connectionId);
  if (!connection) throw new AppError("not_found", 404, "There is no such processor connection.");
  const processor = processorOf(deps, connection.kind);
  const secret = await webhookSecret(deps, connection.id);
  const { headers, rawBody } = input;
  if (!processor.verifySignature({ headers, rawBody, secret, now: deps.clock.now() })) {
    throw new AppError("invalid_signature", 401, "The signature does not match the body.");
  }
  let events: ProcessorEvent[];
  try {
    events = processor.readEvents(rawBody);
  } catch (cause) {
    throw new AppError("invalid_payload", 400, "The body is not an event of this processor.", { cause });
  }
  const ids: string[] = [];
  for (const event of events) {
    const id = await storeEvent(deps, connection, event, rawBody);
    if (id) ids.push(id);
  }
  // Whoever hears the news second waits for the first: nobody is thanked before the books say what they were told.
  for (const id of ids) await applyStored(deps, id, { wait: true });
}

async function webhookSecret(deps: Pick<Deps, "db" | "keys">, connectionId: string): Promise<string> {
  const { sealed } = await deps.db.one<{ sealed: string }>(
    sql`select webhook_secret_sealed sealed from processor_connections where id = ${connectionId}`,
  );
  return deps.keys.open(sealed, `webhook-secret:${connectionId}`);
}

/** The stored event's id, also when an earlier copy of it is still being applied; null when it is settled. */
async function storeEvent(
  deps: ReceiveDeps,
  connection: Connection,
  event: ProcessorEvent,
  rawBody: string,
): Promise<string | null> {
  const now = deps.clock.now();
  const row = await deps.db.maybeOne<{ id: string }>(sql`
    insert into processor_events (id, tenant_id, connection_id, external_id, type, occurred_at, body, next_try_at, received_at)
    values (${deps.ids.next("processorEvent")}, ${connection.tenantId}, ${connection.id}, ${event.externalId},
            ${event.type}, ${event.occurredAt}, ${rawBody}, ${now}, ${now})
    on conflict (connection_id, external_id) do nothing returning id`);
  if (row) return row.id;
  const earlier = await deps.db.maybeOne<{ id: string }>(sql`
    select id from processor_events
    where connection_id = ${connection.id} and external_id = ${event.externalId} and state = 'received'`);
  return earlier?.id ?? null;
}

type Stored = {
  id: string;
  tenantId: string;
  connectionId: string;
  externalId: string;
  body: string;
  attempts: number;
};

const lockStored = (q: Queryable, id: string, { wait }: { wait: boolean }) =>
  q.maybeOne<Stored>(sql`
    select id, tenant_id "tenantId", connection_id "connectionId", external_id "externalId", body, attempts
    from processor_events where id = ${id} and state in ('received', 'waiting', 'failed')
    for update ${wait ? sql`` : sql`skip locked`}`);

const MAX_ATTEMPTS = 20;

/** Applies one stored event in one transaction, then those that were waiting for what it created. */
async function applyStored(deps: ReceiveDeps, id: string, lock = { wait: false }): Promise<boolean> {
  let created: { connectionId: string; subject: string } | null = null;
  try {
    created = await deps.db.transaction((tx) => applyInTransaction(tx, deps, id, lock));
  } catch (error) {
    deps.log.error(
      { err: error, processorEvent: id },
      "a processor event could not be applied; it will be tried again",
    );
    await markFailed(deps, id, error);
    return false;
  }
  if (created) {
    const waiting = await deps.db.query<{ id: string }>(sql`
      select id from processor_events
      where connection_id = ${created.connectionId} and waits_for = ${created.subject} and state = 'waiting'
      order by occurred_at, id`);
    for (const row of waiting) await applyStored(deps, row.id);
  }
  return true;
}

async function applyInTransaction(
  tx: Tx,
  deps: ReceiveDeps,
  id: string,
  lock: { wait: boolean },
): Promise<{ connectionId: string; subject: string } | null> {
  const stored = await lockStored(tx, id, lock);
  if (!stored) return null;
  const connection = await findConnection(tx, stored.connectionId);
  if (!connection) throw new Error("a stored event lost its connection");
  const event = processorOf(deps, connection.kind)
    .readEvents(stored.body)
    .find((it) => it.externalId === stored.externalId);
  const subject = event ? subjectOf(event) : null;
  if (!event || !subject) {
    await finish(tx, deps, id, "ignored");
    return null;
  }
  // News of one object one after the other: whoever comes second sees what the first one did.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${connection.id}:${subject}`}, 0))`);
  const result = await applyProcessorEvent(tx, deps, { tenantId: stored.tenantId, connection, event });
  switch (result.outcome) {
    case "waiting":
      await tx.execute(sql`
        update processor_events set state = 'waiting', waits_for = ${result.waitsFor}, attempts = attempts + 1,
          next_try_at = ${retryAt(deps, stored.attempts)} where id = ${id}`);
      return null;
    case "ignored":
      await finish(tx, deps, id, "ignored");
      return null;
    case "applied":
      await finish(tx, deps, id, "applied");
      // Anything applied may be what something else waits for: a payment for its refund, a sale for its renewal.
      return { connectionId: connection.id, subject };
  }
}

const retryAt = (deps: Pick<Deps, "clock">, attempts: number): Date =>
  new Date(deps.clock.now().getTime() + Math.min(3600, 10 * 2 ** Math.min(attempts, 9)) * 1000);

const finish = (
  tx: Tx,
  deps: Pick<Deps, "clock">,
  id: string,
  state: "applied" | "ignored",
): Promise<number> =>
  tx.execute(sql`
    update processor_events set state = ${state}, waits_for = null, error = null, next_try_at = null,
      applied_at = ${deps.clock.now()} where id = ${id}`);

async function markFailed(deps: ReceiveDeps, id: string, error: unknown): Promise<void> {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  await deps.db.execute(sql`
    update processor_events set state = 'failed', error = ${message}, attempts = attempts + 1,
      next_try_at = ${deps.clock.now()}::timestamptz + least(3600, 10 * 2 ^ least(attempts, 9)) * interval '1 second'
    where id = ${id} and state in ('received', 'waiting', 'failed')`);
}

const BATCH = 50;
/** An event that is being applied right now is not "left behind". */
const LEFT_BEHIND_MS = 5000;

/** Resumes events that a crash left behind, that failed, or whose object was not here yet. */
export function processorEventJob(deps: ReceiveDeps): Job {
  return {
    name: "processor-events",
    everyMs: 5000,
    async run() {
      const now = deps.clock.now();
      const rows = await deps.db.query<{ id: string }>(sql`
        select id from processor_events
        where (state in ('waiting', 'failed') and next_try_at <= ${now} and attempts < ${MAX_ATTEMPTS})
           or (state = 'received' and received_at <= ${new Date(now.getTime() - LEFT_BEHIND_MS)})
        order by next_try_at, id limit ${BATCH}`);
      let applied = 0;
      for (const row of rows) if (await applyStored(deps, row.id)) applied += 1;
      return applied;
    },
  };
}
