import { nextWindowStart, windowStart } from "../../platform/calendar.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import { allowanceOf, type Meter } from "./meter.ts";

export type MeterReader = {
  /**
   * Everything that says who reads: the customer, the device. One reader's use is the union of what was read under any
   * of them, so that signing in, or clearing a browser's storage while signed in, gives nothing back.
   */
  subjects: readonly [string, ...string[]];
  signedIn: boolean;
};

export type MeterVerdict = {
  allowed: boolean;
  /** What is left after this read. */
  remaining: number;
  /** When the next window begins. */
  renewsAt: Date;
};

type Input = {
  meter: Meter;
  reader: MeterReader;
  contentId: string;
  /** The tenant's time. */
  now: Date;
  timeZone: string;
};

async function readIn(
  q: Queryable,
  meter: Meter,
  subjects: readonly string[],
  window: Date,
): Promise<Set<string>> {
  const rows = await q.query<{ contentId: string }>(sql`
    select distinct content_id "contentId" from meter_reads
    where meter_id = ${meter.id} and reader = any (${[...subjects]}) and window_at = ${window}`);
  return new Set(rows.map((row) => row.contentId));
}

/**
 * Counts a read of one content, unless the reader has read it in this window already, which is free. Calls of one
 * reader take turns, so the limit is exact however many arrive at once. Repeating a call changes nothing.
 */
export async function takeRead(tx: Tx, input: Input): Promise<MeterVerdict> {
  const { meter, reader, contentId, now, timeZone } = input;
  const window = windowStart(now, meter.period, timeZone);
  const renewsAt = nextWindowStart(now, meter.period, timeZone);
  const allowance = allowanceOf(meter, reader.signedIn);
  const subjects = [...new Set(reader.subjects)].sort();
  // In one order for everybody, so that two of a reader's devices never wait for each other.
  for (const subject of subjects) {
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`meter:${meter.id}:${subject}`}, 0))`,
    );
  }
  const seen = await readIn(tx, meter, subjects, window);
  const known = seen.has(contentId);
  if (!known && seen.size >= allowance) return { allowed: false, remaining: 0, renewsAt };
  seen.add(contentId);
  await tx.execute(sql`
    insert into meter_reads (tenant_id, meter_id, reader, window_at, content_id, read_at)
    select ${meter.tenantId}, ${meter.id}, s, ${window}, content, ${now}
    from unnest(${subjects}::text[]) s, unnest(${[...seen]}::text[]) content
    on conflict do nothing`);
  return { allowed: true, remaining: Math.max(0, allowance - seen.size), renewsAt };
}

/** What is left, without counting anything. */
export async function peekReads(q: Queryable, input: Omit<Input, "contentId">): Promise<number> {
  const { meter, reader, now, timeZone } = input;
  const seen = await readIn(q, meter, reader.subjects, windowStart(now, meter.period, timeZone));
  return Math.max(0, allowanceOf(meter, reader.signedIn) - seen.size);
}

const BATCH = 5000;
const KEPT = "70 days";

/** Deletes reads of windows that nobody asks about any more. Returns how many went. */
export const forgetReads = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from meter_reads where ctid = any (array(
      select r.ctid from meter_reads r join tenants t on t.id = r.tenant_id
      where r.window_at < ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' - ${KEPT}::interval
      limit ${BATCH}))`);
