import { addSeconds } from "../../platform/clock.ts";
import { json, type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import { readerErrors } from "./errors.ts";
import type { Reader } from "./reader.ts";
import { MAX_ITEMS, pushValues, type Tally, type TallyPolicies, type TallyValue } from "./tally.ts";

/** `now` is the tenant's time. */
export type TallyScope = { tenantId: string; reader: Reader; now: Date };
export type TallyDraft = { value?: TallyValue[]; policies?: TallyPolicies };

const MAX_TALLIES = 200;
/** A reader's tallies are read and answered together. */
const MAX_BYTES = 65_536;

const COLUMNS: Statement = {
  text: `id, value, policies, created_at "createdAt", updated_at "updatedAt", expires_at "expiresAt"`,
  values: [],
  name: undefined,
};

/** @throws `too_many_values`, `tally_too_large` (400) */
function checkSize(value: TallyValue[]): void {
  if (value.length > MAX_ITEMS) throw readerErrors.too_many_values();
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) throw readerErrors.tally_too_large();
}

const expiryOf = (policies: TallyPolicies, createdAt: Date): Date | null =>
  policies.ttl === undefined ? null : addSeconds(createdAt, policies.ttl);

/** A reader's tallies, oldest first; what has passed its `ttl` is as good as gone. */
export const listTallies = (q: Queryable, { tenantId, reader, now }: TallyScope): Promise<Tally[]> =>
  q.query<Tally>(sql`
    select ${COLUMNS} from tallies where tenant_id = ${tenantId} and reader = ${reader}
      and (expires_at is null or expires_at > ${now}) order by created_at, id`);

export const findTally = (q: Queryable, scope: TallyScope, id: string): Promise<Tally | null> =>
  q.maybeOne<Tally>(sql`
    select ${COLUMNS} from tallies where tenant_id = ${scope.tenantId} and reader = ${scope.reader} and id = ${id}
      and (expires_at is null or expires_at > ${scope.now})`);

/** The row locked, so that two pushes never lose one of their values; null when there is none that lives. */
async function lockTally(tx: Tx, scope: TallyScope, id: string): Promise<Tally | null> {
  const { tenantId, reader, now } = scope;
  // A row that does not exist cannot be locked, and two first pushes may arrive together.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`tally:${tenantId}:${reader}`}, 0))`);
  await tx.execute(sql`
    delete from tallies where tenant_id = ${tenantId} and reader = ${reader} and expires_at <= ${now}`);
  return findTally(tx, scope, id);
}

async function insertTally(tx: Tx, scope: TallyScope, id: string, draft: TallyDraft): Promise<Tally> {
  const { tenantId, reader, now } = scope;
  const { count } = await tx.one<{ count: number }>(
    sql`select count(*) count from tallies where tenant_id = ${tenantId} and reader = ${reader}`,
  );
  if (count >= MAX_TALLIES) throw readerErrors.too_many_tallies();
  const policies = draft.policies ?? {};
  const value = draft.value ?? [];
  checkSize(value);
  return tx.one<Tally>(sql`
    insert into tallies (tenant_id, reader, id, value, policies, expires_at, created_at, updated_at)
    values (${tenantId}, ${reader}, ${id}, ${json(value)}, ${json(policies)}, ${expiryOf(policies, now)}, ${now}, ${now})
    returning ${COLUMNS}`);
}

async function updateTally(tx: Tx, scope: TallyScope, tally: Tally, draft: TallyDraft): Promise<Tally> {
  const { tenantId, reader, now } = scope;
  const policies = draft.policies ?? tally.policies;
  const value = draft.value ?? tally.value;
  checkSize(value);
  return tx.one<Tally>(sql`
    update tallies set value = ${json(value)}, policies = ${json(policies)},
      expires_at = ${expiryOf(policies, tally.createdAt)}, updated_at = ${now}
    where tenant_id = ${tenantId} and reader = ${reader} and id = ${tally.id} returning ${COLUMNS}`);
}

/** Makes a tally. Not idempotent by itself. @throws `tally_exists` (409), `too_many_tallies` (400) */
export async function createTally(tx: Tx, scope: TallyScope, id: string, draft: TallyDraft): Promise<Tally> {
  if (await lockTally(tx, scope, id)) throw readerErrors.tally_exists();
  return insertTally(tx, scope, id, draft);
}

/** Replaces what the draft names, whole; makes the tally when it is missing. Idempotent. */
export async function replaceTally(tx: Tx, scope: TallyScope, id: string, draft: TallyDraft): Promise<Tally> {
  const tally = await lockTally(tx, scope, id);
  return tally ? updateTally(tx, scope, tally, draft) : insertTally(tx, scope, id, draft);
}

/**
 * Adds values in order under the tally's policies, which policies given here replace first. Makes the tally when it is
 * missing. Every call adds again, unless the policies say `unique`.
 */
export async function pushToTally(
  tx: Tx,
  scope: TallyScope,
  id: string,
  input: { values: TallyValue[]; policies?: TallyPolicies },
): Promise<Tally> {
  const tally = await lockTally(tx, scope, id);
  const policies = input.policies ?? tally?.policies ?? {};
  const value = pushValues(tally?.value ?? [], input.values, policies);
  return tally
    ? updateTally(tx, scope, tally, { value, policies })
    : insertTally(tx, scope, id, { value, policies });
}

/** Returns whether there was one. */
export const deleteTally = async (tx: Tx, scope: TallyScope, id: string): Promise<boolean> =>
  (await tx.execute(sql`
    delete from tallies where tenant_id = ${scope.tenantId} and reader = ${scope.reader} and id = ${id}`)) ===
  1;

const BATCH = 1000;

/** Deletes tallies past their time, which is the tenant's. Returns how many went. */
export const forgetTallies = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from tallies where (tenant_id, reader, id) in (
      select y.tenant_id, y.reader, y.id from tallies y join tenants t on t.id = y.tenant_id
      where y.expires_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' limit ${BATCH})`);
