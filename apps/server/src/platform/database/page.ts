import type { Queryable } from "./database.ts";
import { type Statement, sql } from "./sql.ts";

/** What part of a list is wanted: from `offset` on, or after the row `after` where a caller walks through all of it. */
export type PageRequest = { limit: number; offset: number; after: string | null };

/** A part of a list, newest first, and how many rows the whole list has. `next` is null on the last page. */
export type Page<T> = { items: T[]; total: number; next: string | null };

/**
 * A part of what `statement` finds, which must have a column `id`. Ids sort by time, so the order is newest first and
 * a walk by `after` neither repeats nor leaves out a row when others are made meanwhile.
 */
export async function readPage<R extends { id: string }>(
  q: Queryable,
  statement: Statement,
  { limit, offset, after }: PageRequest,
): Promise<Page<R>> {
  const rows = await q.query<R>(sql`
    select * from (${statement}) found where ${after}::text is null or id < ${after}
    order by id desc limit ${limit + 1} offset ${offset}`);
  const { total } = await q.one<{ total: number }>(sql`select count(*) total from (${statement}) found`);
  const items = rows.slice(0, limit);
  return { items, total, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The same page with every row as `render` makes it. */
export const mapPage = <T, R>(page: Page<T>, render: (item: T) => R): Page<R> => ({
  ...page,
  items: page.items.map(render),
});
