import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";

export type TagUse = { tag: string; users: number };

/** The tags that a tenant's customers have and how many have each, the most used first. */
export const listTagUse = (q: Queryable, tenantId: string, tag: string | null = null): Promise<TagUse[]> =>
  q.query<TagUse>(sql`
    select tag, count(*)::int users from reader_tags
    where tenant_id = ${tenantId} and reader like 'customer:%' and (${tag}::text is null or tag = ${tag})
    group by tag order by users desc, tag limit 1000`);

/** Gives a tag another name wherever it is; whoever has both keeps one. Returns how many readers had it. */
export async function renameTag(tx: Tx, tenantId: string, from: string, to: string): Promise<number> {
  if (from === to) return (await listTagUse(tx, tenantId, from))[0]?.users ?? 0;
  await tx.execute(sql`
    insert into reader_tags (tenant_id, reader, tag, created_at)
    select tenant_id, reader, ${to}, created_at from reader_tags where tenant_id = ${tenantId} and tag = ${from}
    on conflict do nothing`);
  return deleteTag(tx, tenantId, from);
}

/** Takes a tag from everybody. Returns how many had it. */
export const deleteTag = (tx: Tx, tenantId: string, tag: string): Promise<number> =>
  tx.execute(sql`delete from reader_tags where tenant_id = ${tenantId} and tag = ${tag}`);
