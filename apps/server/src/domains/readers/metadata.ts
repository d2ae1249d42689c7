import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import { readerErrors } from "./errors.ts";
import type { Reader } from "./reader.ts";

const KEY = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_KEYS = 100;
const MAX_BYTES = 4096;

/** Everything a reader's pages have kept, by key. */
export const readMetadata = async (
  q: Queryable,
  who: { tenantId: string; reader: Reader },
): Promise<Record<string, unknown>> => {
  const rows = await q.query<{ key: string; value: unknown }>(sql`
    select key, value from reader_metadata where tenant_id = ${who.tenantId} and reader = ${who.reader} order by key`);
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
};

/** Sets one value. Idempotent. @throws `invalid_metadata_key`, `metadata_too_large`, `too_much_metadata` (400) */
export async function setMetadata(
  tx: Tx,
  who: { tenantId: string; reader: Reader; now: Date },
  key: string,
  value: unknown,
): Promise<void> {
  if (!KEY.test(key)) throw readerErrors.invalid_metadata_key();
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) throw readerErrors.metadata_too_large();
  const { tenantId, reader, now } = who;
  const known = await readMetadata(tx, who);
  if (!Object.hasOwn(known, key) && Object.keys(known).length >= MAX_KEYS)
    throw readerErrors.too_much_metadata();
  await tx.execute(sql`
    insert into reader_metadata (tenant_id, reader, key, value, updated_at)
    values (${tenantId}, ${reader}, ${key}, ${json(value)}, ${now})
    on conflict (tenant_id, reader, key) do update set value = excluded.value, updated_at = excluded.updated_at`);
}

/** Removes a value, if it is there. */
export async function removeMetadata(
  tx: Tx,
  who: { tenantId: string; reader: Reader },
  key: string,
): Promise<void> {
  await tx.execute(sql`
    delete from reader_metadata where tenant_id = ${who.tenantId} and reader = ${who.reader} and key = ${key}`);
}
