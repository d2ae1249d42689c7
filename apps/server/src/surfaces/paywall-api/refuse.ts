import { ERRORS, type ErrorCode } from "@tollgate/protocol/paywall-api/errors";
import { parseRequest } from "@tollgate/protocol/paywall-api/parse";
import type { z } from "zod";
import { AppError } from "../../platform/errors.ts";

/** A refusal in the words of the contract's register. */
export const refuse = (code: ErrorCode, details: Record<string, unknown> = {}): AppError =>
  new AppError(code, ERRORS[code].status, ERRORS[code].message, { details });

/** A value as the schema reads it; the first complaint is thrown under its own code. */
export function readWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = parseRequest(schema, value);
  if (!parsed.ok) throw new AppError(parsed.code, ERRORS[parsed.code].status, parsed.message);
  return parsed.data;
}
