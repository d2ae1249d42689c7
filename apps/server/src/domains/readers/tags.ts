import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import { readerErrors } from "./errors.ts";
import type { Reader } from "./reader.ts";

const MAX_TAGS = 200;

/** A reader's tags, oldest first. */
export const listTags = async (
  q: Queryable,
  who: { tenantId: string; reader: Reader },
): Promise<string[]> => {
  const rows = await q.query<{ tag: string }>(sql`
    select tag from reader_tags where tenant_id = ${who.tenantId} and reader = ${who.reader} order by created_at, tag`);
  return rows.map(({ tag }) => tag);
};

/** Adds a tag; adding it again changes nothing. @throws `invalid_tag`, `too_many_tags` (400) */
export async function addTag(
  tx: Tx,
  who: { tenantId: string; reader: Reader; now: Date },
  text: string,
): Promise<void> {
  const tag = text.trim();
  if (tag.length === 0 || tag.length > 100) throw readerErrors.invalid_tag();
  const tags = await listTags(tx, who);
  if (tags.includes(tag)) return;
  if (tags.length >= MAX_TAGS) throw readerErrors.too_many_tags();
  await tx.execute(sql`
    insert into reader_tags (tenant_id, reader, tag, created_at) values (${who.tenantId}, ${who.reader}, ${tag}, ${who.now})
    on conflict do nothing`);
}

/** Removes a tag, if it is there. */
export async function removeTag(
  tx: Tx,
  who: { tenantId: string; reader: Reader },
  tag: string,
): Promise<void> {
  await tx.execute(sql`
    delete from reader_tags where tenant_id = ${who.tenantId} and reader = ${who.reader} and tag = ${tag.trim()}`);
}

/** Makes the reader's tags these and no others. @throws `invalid_tag`, `too_many_tags` (400) */
export async function replaceTags(
  tx: Tx,
  who: { tenantId: string; reader: Reader; now: Date },
  tags: string[],
): Promise<void> {
  await tx.execute(sql`
    delete from reader_tags where tenant_id = ${who.tenantId} and reader = ${who.reader} and tag <> all (${tags})`);
  for (const tag of tags) await addTag(tx, who, tag);
}
