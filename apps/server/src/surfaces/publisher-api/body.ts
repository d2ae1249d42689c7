import { describeIssue, firstProblem } from "@tollgate/protocol/apply/problems";
import type { Context } from "hono";
import { z } from "zod";
import { readBytes } from "../../http/body.ts";
import { AppError } from "../../platform/errors.ts";
import { invalid } from "./errors.ts";

const MAX_BYTES = 256 * 1024;

/** The body as text. @throws 400 for bytes that are no UTF-8, or a NUL, which no text of ours can hold. */
export async function readText(c: Context, maxBytes = MAX_BYTES): Promise<string> {
  const bytes = await readBytes(c, maxBytes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("The request body is not UTF-8.");
  }
  if (text.includes("\0") || text.includes("\\u0000"))
    throw invalid("The request body contains a NUL character.");
  return text.toWellFormed();
}

/** The body as JSON of any kind; `undefined` when it is empty. @throws 400 for what is not JSON. */
export async function readJson(c: Context): Promise<unknown> {
  const text = await readText(c);
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}

/** Checks a value; what the schema does not know is dropped. @throws 400 that names the field at fault. */
export function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value ?? {}, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const { field, sentence } = firstProblem(parsed.error.issues);
  throw invalid(sentence, field);
}

const count = (name: string, max: number) =>
  z.coerce
    .number({ error: `${name} must be a number` })
    .int(`${name} must be a whole number`)
    .min(0, `${name} must not be negative`)
    .max(max, `${name} must be at most ${max}`);

const page = z.object({
  limit: count("limit", 10_000).optional(),
  offset: count("offset", 1_000_000).optional(),
});

/**
 * A slice of a list as a bare array, its total in `X-Total-Count` and its neighbours in `Link` (publisher API §2.10).
 * Without `limit` the whole list. @throws 400 for numbers that are none.
 */
export function slice<T>(c: Context, all: readonly T[]): Response {
  const query = c.req.query();
  const { limit = all.length, offset = 0 } = check(page, { limit: query.limit, offset: query.offset });
  c.header("x-total-count", String(all.length));
  const links = [
    offset + limit < all.length && limit > 0 ? link(c, "next", limit, offset + limit) : null,
    offset > 0 && limit > 0 ? link(c, "prev", limit, Math.max(0, offset - limit)) : null,
  ].filter((it) => it !== null);
  if (links.length > 0) c.header("link", links.join(", "));
  return c.json(all.slice(offset, offset + limit));
}

function link(c: Context, rel: string, limit: number, offset: number): string {
  const url = new URL(c.req.url);
  url.searchParams.set("limit", String(limit));
  url.searchParams.set("offset", String(offset));
  return `<${url.pathname}${url.search}>; rel="${rel}"`;
}

/** A path's parameter, decoded once. @throws 404 for one that cannot be. */
export function param(c: Context, name: string): string {
  const value = c.req.param(name);
  if (!value) throw new AppError("resource_not_found", 404, "There is no such resource.");
  return value;
}
