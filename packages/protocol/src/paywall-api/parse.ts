import type * as z from "zod";
import { ERRORS, type ErrorCode, isErrorCode } from "./errors.ts";

export type Parsed<T> =
  | { ok: true; data: T }
  | { ok: false; code: ErrorCode; message: string; field: string | null };

/**
 * Reads a request with one of our schemas. Schemas name their own refusal by using an error code as the
 * message of a check (`weak_password`); any other complaint is `invalid_payload` and says which field.
 * The first complaint wins, in the order of the schema's fields.
 */
export function parseRequest<S extends z.ZodType>(schema: S, input: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, data: result.data };
  const issue = result.error.issues[0];
  const field = issue?.path.length ? issue.path.join(".") : null;
  const text = issue?.message ?? "";
  if (isErrorCode(text)) return { ok: false, code: text, message: ERRORS[text].message, field };
  const message = field ? `${field}: ${text}` : text || ERRORS.invalid_payload.message;
  return { ok: false, code: "invalid_payload", message, field };
}
