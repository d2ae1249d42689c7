import type { Clock } from "./clock.ts";
import { type Db, json, sql, type Tx } from "./database/index.ts";
import type { Ids } from "./ids.ts";
import type { Job } from "./jobs.ts";
import type { Log } from "./log.ts";

export type Mode = "test" | "live";

/** A fact in the past tense, as product spec §2.8 names it, with the data its followers need. */
export type DomainEvent = {
  type: string;
  tenantId: string;
  mode?: Mode | null;
  objectId?: string | null;
  paywallId?: string | null;
  customerId?: string | null;
  /** When it happened on the tenant's clock. */
  occurredAt: Date;
  data: Record<string, unknown>;
};

export type StoredEvent = Required<DomainEvent> & { id: string; createdAt: Date };

/**
 * Reacts to an event inside the dispatcher's transaction. It may be called again for the same event, and
 * must not reach outside the database: it writes rows (a delivery, a mail) that other jobs act on.
 */
export type Follower = (tx: Tx, event: StoredEvent) => Promise<void>;

const OUTBOX = "outbox";

/** Writes an event in the transaction of the change that it tells. */
export async function recordEvent(
  tx: Tx,
  deps: { ids: Ids; clock: Clock; jobs: { wake(name: string): void } },
  event: DomainEvent,
): Promise<string> {
  const id = deps.ids.next("event");
  await tx.execute(sql`
    insert into events (id, tenant_id, mode, type, object_id, paywall_id, customer_id, data, occurred_at, created_at)
    values (${id}, ${event.tenantId}, ${event.mode ?? null}, ${event.type}, ${event.objectId ?? null},
            ${event.paywallId ?? null}, ${event.customerId ?? null}, ${json(event.data)}, ${event.occurredAt},
            ${deps.clock.now()})`);
  tx.afterCommit(() => deps.jobs.wake(OUTBOX));
  return id;
}

const BATCH = 50;

/** The outbox: shows every committed event to every follower, at least once, in order of recording. */
export function outboxJob(db: Db, clock: Clock, log: Log, followers: Follower[]): Job {
  return {
    name: OUTBOX,
    everyMs: 1000,
    run: () =>
      db.transaction(async (tx) => {
        const now = clock.now();
        const events = await tx.query<StoredEvent>(sql`
          select id, tenant_id "tenantId", mode, type, object_id "objectId", paywall_id "paywallId",
                 customer_id "customerId", data, occurred_at "occurredAt", created_at "createdAt"
          from events where dispatched_at is null and (retry_at is null or retry_at <= ${now})
          order by id limit ${BATCH} for update skip locked`);
        for (const event of events) await dispatch(tx, event, followers, now, log);
        return events.length;
      }),
  };
}

async function dispatch(
  tx: Tx,
  event: StoredEvent,
  followers: Follower[],
  now: Date,
  log: Log,
): Promise<void> {
  await tx.execute(sql`savepoint follower`);
  try {
    for (const follow of followers) await follow(tx, event);
    await tx.execute(sql`update events set dispatched_at = ${now} where id = ${event.id}`);
    await tx.execute(sql`release savepoint follower`);
  } catch (error) {
    // One event that cannot be followed must not hold up the others.
    log.error(
      { err: error, event: event.id, type: event.type },
      "a follower failed; the event will be shown again",
    );
    await tx.execute(sql`rollback to savepoint follower`);
    await tx.execute(sql`
      update events set attempts = attempts + 1,
        retry_at = ${now}::timestamptz + least(interval '1 hour', interval '5 seconds' * (2 ^ least(attempts, 10)))
      where id = ${event.id}`);
  }
}
