import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { takeLimit } from "../../platform/limits.ts";

/** The free period before a paywall shows: so many hours from the first held-back open, or so many opens. */
export type TrialTerms = { mode: "time" | "opens"; payload: number };

/** Whose use is asked for. With both, the larger one counts for both from then on. */
export type TrialSubjects = {
  tenantId: string;
  paywallId: string;
  customerId: string | null;
  visitorId: string | null;
};

export type TrialUse = { used: number; startedAt: Date | null };

export type TrialState =
  | { mode: "opens"; used: number; total: number; blocked: boolean }
  | { mode: "time"; startedAt: Date | null; elapsedMs: number | null; totalMs: number; blocked: boolean };

/** Enough to know a retry from a new open, and few enough to be read with every one. */
const BLOCK_IDS_KEPT = 16;
/** New devices in an hour from one place: enough for a school, and no way to fill a table with made-up ids. */
const NEW_DEVICES_MAX = 500;
const HOUR_MS = 3_600_000;
const NONE: TrialUse = { used: 0, startedAt: null };

/** What a use leaves of a trial at `now`. `blocked` means that the paywall is still held back. */
export function trialStateOf(terms: TrialTerms, use: TrialUse, now: Date): TrialState {
  if (terms.mode === "opens") {
    const total = opensOf(terms);
    return { mode: "opens", used: Math.min(use.used, total), total, blocked: use.used < total };
  }
  const totalMs = Math.round(terms.payload * HOUR_MS);
  const { startedAt } = use;
  // A tenant's test clock can be taken back, which must not lengthen anything.
  const elapsedMs = startedAt && Math.max(0, now.getTime() - startedAt.getTime());
  return { mode: "time", startedAt, elapsedMs, totalMs, blocked: (elapsedMs ?? 0) < totalMs };
}

const opensOf = (terms: TrialTerms) => Math.min(Math.ceil(terms.payload), 2_147_483_647);

/** The larger of two uses: more opens, the earlier start. */
const larger = (a: TrialUse, b: TrialUse): TrialUse => ({
  used: Math.max(a.used, b.used),
  startedAt:
    a.startedAt && b.startedAt && a.startedAt > b.startedAt ? b.startedAt : (a.startedAt ?? b.startedAt),
});

const whose = ({ tenantId, paywallId, customerId, visitorId }: TrialSubjects): Statement => sql`
  tenant_id = ${tenantId} and paywall_id = ${paywallId} and (
    (subject_kind = 'customer' and subject = ${customerId}) or (subject_kind = 'visitor' and subject = ${visitorId}))`;

/** What the customer or the device has used, whichever is more. Writes nothing. */
export async function readTrialUse(q: Queryable, subjects: TrialSubjects): Promise<TrialUse> {
  const rows = await q.query<TrialUse>(sql`
    select used, started_at "startedAt" from trial_states where ${whose(subjects)}`);
  return rows.reduce(larger, NONE);
}

/**
 * Records one held-back open: uses up an open, or starts the clock if nothing had. Once per `blockId`, also when
 * it comes again while the first is under way. `own` is what the device itself has counted, this open included:
 * it can only make the use larger, as after opens that never reached us.
 */
export async function recordTrialBlock(
  tx: Tx,
  input: TrialSubjects & { terms: TrialTerms; blockId: string; own: TrialUse; now: Date },
): Promise<TrialUse> {
  const { tenantId, paywallId, customerId, visitorId, terms, blockId, now } = input;
  // Always the customer's row before the device's, so that two tabs wait for each other and never in a circle.
  for (const [kind, subject] of [
    ["customer", customerId],
    ["visitor", visitorId],
  ]) {
    if (!subject) continue;
    await tx.execute(sql`
      insert into trial_states (tenant_id, paywall_id, subject_kind, subject, updated_at)
      values (${tenantId}, ${paywallId}, ${kind}, ${subject}, ${now}) on conflict do nothing`);
  }
  const rows = await tx.query<TrialUse & { blockIds: string[] }>(sql`
    select used, started_at "startedAt", block_ids "blockIds" from trial_states
    where ${whose(input)} order by subject_kind for update`);
  const before = rows.reduce<TrialUse>(larger, NONE);
  const seen = [...new Set(rows.flatMap(({ blockIds }) => blockIds))];
  const repeated = seen.includes(blockId);
  const use = larger(before, input.own);
  if (terms.mode === "opens") {
    use.used = Math.min(opensOf(terms), Math.max(use.used, before.used + (repeated ? 0 : 1)));
    use.startedAt = before.startedAt;
  } else {
    use.used = before.used;
    use.startedAt ??= now;
  }
  const blockIds = (repeated ? seen : [...seen, blockId]).slice(-BLOCK_IDS_KEPT);
  await tx.execute(sql`
    update trial_states set used = ${use.used}, started_at = ${use.startedAt}, block_ids = ${blockIds}, updated_at = ${now}
    where ${whose(input)}`);
  return use;
}

/**
 * Counts a device that was never counted before against the limit of the place that it comes from. Returns for how many
 * seconds such devices are refused there; 0 lets it pass. A signed-in customer's device is counted like any other.
 */
export async function takeNewDevice(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  subjects: TrialSubjects,
  { clientAddress, now }: { clientAddress: string; now: Date },
): Promise<number> {
  const { tenantId, paywallId, visitorId } = subjects;
  if (!visitorId) return 0;
  const known = await q.maybeOne(sql`
    select 1 from trial_states
    where tenant_id = ${tenantId} and paywall_id = ${paywallId} and subject_kind = 'visitor' and subject = ${visitorId}`);
  if (known) return 0;
  const place = deps.keys.pseudonym(`limit:${networkOf(clientAddress)}`).toString("base64url");
  const limit = { key: `trial-device:${tenantId}:${place}`, max: NEW_DEVICES_MAX, windowSeconds: 3600 };
  return (await takeLimit(q, limit, now)).retryAfterSeconds;
}

const KEPT_DAYS = 400;
const BATCH = 1000;

/**
 * Forgets devices that opened nothing for more than a year (on their tenant's time): no browser keeps its id that long.
 * What a customer has used up stays. Returns how many went.
 */
export const forgetTrialDevices = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from trial_states where (paywall_id, subject_kind, subject) in (
      select s.paywall_id, s.subject_kind, s.subject from trial_states s join tenants t on t.id = s.tenant_id
      where s.subject_kind = 'visitor' and s.updated_at <= ${now}::timestamptz
        + t.clock_offset_ms * interval '1 millisecond' - ${KEPT_DAYS} * interval '1 day' limit ${BATCH})`);
