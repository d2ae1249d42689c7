import { describeIssue, firstProblem } from "@tollgate/protocol/apply/problems";
import type { Context } from "hono";
import type { z } from "zod";
import { AppError } from "../platform/errors.ts";

const MAX_JSON_BYTES = 256 * 1024;

/** The body's bytes, read no further than the limit. @throws `payload_too_large` (413) */
export async function readBytes(c: Context, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new AppError("payload_too_large", 413, `The request body is larger than ${maxBytes} bytes.`);
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength;
    if (total > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Half a surrogate pair is a JavaScript string, but no text that PostgreSQL or UTF-8 could hold. */
function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (Object.keys(value).every((name) => name.isWellFormed())) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name.toWellFormed(), it]));
}

/**
 * The body as a JSON object, whatever its content type says (beacons send text). An empty body is `{}`.
 * @throws `invalid_payload` (400) for anything else.
 */
export async function readJsonObject(
  c: Context,
  maxBytes = MAX_JSON_BYTES,
): Promise<Record<string, unknown>> {
  const bytes = await readBytes(c, maxBytes);
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = SURROGATE.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
  } catch {
    throw new AppError("invalid_payload", 400, "The request body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("invalid_payload", 400, "The request body must be a JSON object.");
  }
  // PostgreSQL text holds no NUL, and no field of ours means one.
  if (bytes.includes("\\u0000") || bytes.includes(0)) {
    throw new AppError("invalid_payload", 400, "The request body contains a NUL character.");
  }
  return value as Record<string, unknown>;
}

/**
 * Checks a value against a protocol schema. `refuse` may name a more telling code for the field at fault;
 * otherwise the answer is `invalid_payload` with the first problem in words.
 */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  refuse?: (field: string) => AppError | undefined,
): z.output<S> {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const { field, sentence } = firstProblem(parsed.error.issues);
  throw refuse?.(field) ?? new AppError("invalid_payload", 400, sentence);
}
