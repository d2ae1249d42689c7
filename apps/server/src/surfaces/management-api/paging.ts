import type { Context } from "hono";
import { z } from "zod";
import type { Page, PageRequest } from "../../platform/database/index.ts";
import { check } from "../publisher-api/body.ts";
import { invalid } from "../publisher-api/errors.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;
const OFFSET_MAX = 1_000_000;

const count = (name: string, min: number, max: number) =>
  z.coerce
    .number({ error: `${name} must be a number` })
    .int(`${name} must be a whole number`)
    .min(min, `${name} must be at least ${min}`)
    .max(max, `${name} must be at most ${max}`);

const request = z.object({
  limit: count("limit", 1, LIMIT_MAX).default(LIMIT_DEFAULT),
  offset: count("offset", 0, OFFSET_MAX).default(0),
  cursor: z.string().max(400).optional(),
});

/** Callers hand it back as it is, so that what it is made of can change. */
const cursorTo = (id: string): string => Buffer.from(`after:${id}`).toString("base64url");

function idIn(cursor: string): string {
  const id = /^after:([\w|.-]{1,200})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"))?.[1];
  if (!id || cursorTo(id) !== cursor) throw invalid("cursor must be one that this list answered.", "cursor");
  return id;
}

/**
 * Which part of a list is asked for (publisher API §2.10). Where `from` is taken, a number is an offset and anything
 * else the id of the row to start after.
 *
 * @throws 400
 */
export function pageRequested(c: Context, takesFrom = false): PageRequest {
  const query = c.req.query();
  const from = takesFrom ? query.from : undefined;
  if (from && /^-?\d+$/.test(from)) query.offset ??= from;
  const { limit, offset, cursor } = check(request, {
    limit: query.limit,
    offset: query.offset,
    cursor: query.cursor || undefined,
  });
  if (cursor !== undefined && query.offset !== undefined) {
    throw invalid("Use either cursor or offset.", "cursor");
  }
  if (from && !/^-?\d+$/.test(from)) return { limit, offset, after: idIn(cursorTo(from)) };
  return { limit, offset, after: cursor === undefined ? null : idIn(cursor) };
}

/**
 * The page's rows; how to go on is said in headers: `X-Total-Count`, `X-Next-Cursor` while there is more, and `Link`
 * with the neighbours by the way that the caller came.
 */
export function pageAnswered<T>(c: Context, asked: PageRequest, page: Page<T>): T[] {
  c.header("x-total-count", String(page.total));
  if (page.next !== null) c.header("x-next-cursor", cursorTo(page.next));
  const { limit, offset } = asked;
  const walks = asked.after !== null;
  const next =
    page.next === null ? null : walks ? { cursor: cursorTo(page.next) } : { offset: offset + limit };
  const prev = walks || offset === 0 ? null : { offset: Math.max(0, offset - limit) };
  const links = [next && link(c, "next", { limit, ...next }), prev && link(c, "prev", { limit, ...prev })];
  const present = links.filter((it) => it !== null);
  if (present.length > 0) c.header("link", present.join(", "));
  return page.items;
}

/** A part of a short list that is at hand, newest first. A cursor to a row that has gone since starts over. */
export function pageOf<T extends { id: string }>(
  all: readonly T[],
  { limit, offset, after }: PageRequest,
): Page<T> {
  const start = after === null ? offset : all.findIndex(({ id }) => id === after) + 1;
  const items = all.slice(start, start + limit);
  return { items, total: all.length, next: start + limit < all.length ? (items.at(-1)?.id ?? null) : null };
}

function link(c: Context, rel: string, changes: Record<string, string | number | undefined>): string {
  const url = new URL(c.req.url);
  // Where the list was entered; from here on offset or cursor say it.
  if (changes.cursor !== undefined || /^-?\d+$/.test(url.searchParams.get("from") ?? ""))
    url.searchParams.delete("from");
  for (const [name, value] of Object.entries(changes)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return `<${url.pathname}${url.search}>; rel="${rel}"`;
}
