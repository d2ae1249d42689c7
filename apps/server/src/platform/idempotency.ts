import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./clock.ts";
import { type Keys, sha256 } from "./crypto.ts";
import { type Db, sql } from "./database/index.ts";
import { AppError } from "./errors.ts";

export type IdempotencyRequest = {
  tenantId: string;
  /** What the key is unique within: the endpoint, the paywall and the resolved caller. */
  scope: string;
  key: string;
  /** The parts of the request that must be equal for a repeat to be the same request. */
  fingerprint: unknown;
  /** Seconds for which the first result is given again. */
  ttlSeconds: number;
};

const LOCK_SECONDS = 60;
const POLL_MS = 40;

/**
 * Runs `work` once per key and gives its JSON result to every repeat, on every node. A repeat that arrives
 * while the first is running waits for it. A failure is not remembered: the next try runs again. A
 * process that dies while it works frees the key after a minute.
 *
 * `work` runs outside any transaction, because it may call a payment processor.
 *
 * @throws `idempotency_key_reused` (422) when the key came with another fingerprint before.
 */
export async function once<T>(
  deps: { db: Db; clock: Clock; keys: Keys },
  request: IdempotencyRequest,
  work: () => Promise<T>,
): Promise<T> {
  const { db, clock, keys } = deps;
  const { tenantId, scope, key } = request;
  const fingerprint = sha256(JSON.stringify(request.fingerprint));
  const context = `idempotency:${tenantId}:${scope}`;

  for (;;) {
    const now = clock.now();
    const lockedUntil = new Date(now.getTime() + LOCK_SECONDS * 1000);
    const expiresAt = new Date(now.getTime() + request.ttlSeconds * 1000);
    const claimed = await db.execute(sql`
      insert into idempotency_keys as k (tenant_id, scope, key, fingerprint, state, locked_until, expires_at)
      values (${tenantId}, ${scope}, ${key}, ${fingerprint}, 'running', ${lockedUntil}, ${expiresAt})
      on conflict (tenant_id, scope, key) do update
        set fingerprint = excluded.fingerprint, state = 'running', response_sealed = null,
            locked_until = excluded.locked_until, expires_at = excluded.expires_at
        where k.expires_at <= ${now} or (k.state = 'running' and k.locked_until <= ${now})`);
    if (claimed === 1) break;

    const earlier = await db.maybeOne<{ fingerprint: Buffer; state: string; response: string | null }>(sql`
      select fingerprint, state, response_sealed response from idempotency_keys
      where tenant_id = ${tenantId} and scope = ${scope} and key = ${key}`);
    if (!earlier) continue;
    if (!earlier.fingerprint.equals(fingerprint)) {
      throw new AppError("idempotency_key_reused", 422, "This idempotency key was used for another request.");
    }
    if (earlier.state === "done" && earlier.response)
      return JSON.parse(keys.open(earlier.response, context)) as T;
    await sleep(POLL_MS);
  }

  let result: T;
  try {
    result = await work();
  } catch (error) {
    await db.execute(sql`
      delete from idempotency_keys where tenant_id = ${tenantId} and scope = ${scope} and key = ${key} and state = 'running'`);
    throw error;
  }
  await db
    .execute(sql`
      update idempotency_keys set state = 'done', response_sealed = ${keys.seal(JSON.stringify(result), context)}
      where tenant_id = ${tenantId} and scope = ${scope} and key = ${key}`)
    // The work is done; an error now would make its caller do it again. The key stays taken for its minute.
    .catch(() => {});
  return result;
}

/** Lets what was done under scopes that begin so be done anew. */
export async function forgetScopes(db: Db, tenantId: string, beginning: string): Promise<void> {
  await db.execute(sql`
    delete from idempotency_keys where tenant_id = ${tenantId} and starts_with(scope, ${beginning}) and state = 'done'`);
}

const BATCH = 1000;

/** Deletes what no repeat can ask for any more. Returns how many keys went. */
export function forgetExpiredKeys(db: Db, now: Date): Promise<number> {
  return db.execute(sql`
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where expires_at <= ${now} limit ${BATCH}))`);
}
