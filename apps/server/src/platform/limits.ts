import { type Queryable, sql } from "./database/index.ts";

/** What a limit says about one more call. `retryAfterSeconds` is 0 when it is allowed. */
export type LimitVerdict = { allowed: boolean; remaining: number; retryAfterSeconds: number };

export type Limit = {
  key: string;
  /** Calls per window. */
  max: number;
  windowSeconds: number;
};

/**
 * Counts one call in a window that opens at the first call, shared by all nodes. A refused call does not
 * lengthen the window.
 */
export async function takeLimit(q: Queryable, limit: Limit, now: Date): Promise<LimitVerdict> {
  const row = await q.one<{ count: number; startedAt: Date }>(sql`
    insert into rate_limits as r (key, started_at, count) values (${limit.key}, ${now}, 1)
    on conflict (key) do update set
      count = case when r.started_at + ${limit.windowSeconds} * interval '1 second' <= ${now} then 1
                   else least(r.count + 1, ${limit.max + 1}) end,
      started_at = case when r.started_at + ${limit.windowSeconds} * interval '1 second' <= ${now} then ${now}
                        else r.started_at end
    returning count, started_at "startedAt"`);
  return verdict(limit, row, now);
}

/** Looks without counting; for limits on failures, where only a failed try counts. */
export async function peekLimit(q: Queryable, limit: Limit, now: Date): Promise<LimitVerdict> {
  const row = await q.maybeOne<{ count: number; startedAt: Date }>(sql`
    select count, started_at "startedAt" from rate_limits
    where key = ${limit.key} and started_at + ${limit.windowSeconds} * interval '1 second' > ${now}`);
  return verdict(limit, { count: (row?.count ?? 0) + 1, startedAt: row?.startedAt ?? now }, now);
}

/** Forgets a counter, for example after a successful sign-in. */
export async function resetLimit(q: Queryable, key: string): Promise<void> {
  await q.execute(sql`delete from rate_limits where key = ${key}`);
}

const BATCH = 1000;

/** Deletes counters whose window has long passed; no window is longer than a day. Returns how many went. */
export function forgetOldLimits(q: Queryable, now: Date): Promise<number> {
  return q.execute(sql`
    delete from rate_limits where key in (
      select key from rate_limits where started_at < ${now}::timestamptz - interval '2 days' limit ${BATCH})`);
}

function verdict(limit: Limit, row: { count: number; startedAt: Date }, now: Date): LimitVerdict {
  const allowed = row.count <= limit.max;
  const leftMs = row.startedAt.getTime() + limit.windowSeconds * 1000 - now.getTime();
  return {
    allowed,
    remaining: Math.max(0, limit.max - row.count),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(leftMs / 1000)),
  };
}

/** A limit inside one process, for the flood guard that every request passes. */
export function createMemoryLimit(
  max: number,
  windowMs: number,
): (key: string, nowMs: number) => LimitVerdict {
  let windows = new Map<string, number>();
  let windowStart = 0;
  return (key, nowMs) => {
    if (nowMs - windowStart >= windowMs) {
      windows = new Map();
      windowStart = nowMs;
    }
    const count = (windows.get(key) ?? 0) + 1;
    windows.set(key, count);
    const allowed = count <= max;
    const retryAfterSeconds = allowed ? 0 : Math.max(1, Math.ceil((windowStart + windowMs - nowMs) / 1000));
    return { allowed, remaining: Math.max(0, max - count), retryAfterSeconds };
  };
}

export type BucketVerdict = LimitVerdict & {
  /** Seconds until the whole allowance is there again. */
  resetSeconds: number;
};

const MAX_BUCKETS = 50_000;

/**
 * A limit inside one process that lets a burst through and then a steady stream: a bucket of `burst` requests per key,
 * refilled by `perMinute`. `free` counts nothing and says what would be left.
 */
export function createTokenBucket(rate: { perMinute: number; burst: number }) {
  const perMs = rate.perMinute / 60_000;
  let buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key: string, nowMs: number, free = false): BucketVerdict => {
    if (buckets.size >= MAX_BUCKETS) {
      // A bucket that has filled up again says nothing.
      buckets = new Map([...buckets].filter(([, it]) => it.tokens + (nowMs - it.atMs) * perMs < rate.burst));
    }
    const bucket = buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs };
    const tokens = Math.min(rate.burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) * perMs);
    const allowed = free || tokens >= 1;
    const after = free ? tokens : allowed ? tokens - 1 : tokens;
    buckets.set(key, { tokens: after, atMs: nowMs });
    return {
      allowed,
      remaining: Math.floor(after),
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1000)),
      resetSeconds: Math.ceil((rate.burst - after) / perMs / 1000),
    };
  };
}
