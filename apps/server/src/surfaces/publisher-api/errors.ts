import type { Context } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { toRefusal } from "../../http/errors.ts";
import { AppError } from "../../platform/errors.ts";

/** Publisher API §2.7. */
const CODES: Record<number, string> = {
  400: "validation_error",
  401: "authentication_required",
  403: "insufficient_permissions",
  404: "resource_not_found",
  409: "conflict",
  429: "rate_limit_exceeded",
  500: "internal_error",
  503: "service_unavailable",
};

/** `/management` has names of its own for four of them. */
const MANAGEMENT_CODES: Record<number, string> = {
  ...CODES,
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
};

/**
 * Any failure in the publisher envelope, `{ error: { code, message, details?, request_id } }`. The code follows from the
 * status; what exactly was wrong is `details.reason`.
 */
export function renderPublisherError(error: unknown, c: Context<AppEnv>): Response {
  const refusal = toRefusal(error);
  if (refusal.status >= 500) {
    c.get("log")?.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
  }
  const codes = c.req.path.startsWith("/management") ? MANAGEMENT_CODES : CODES;
  const code = codes[refusal.status] ?? (refusal.status >= 500 ? "internal_error" : "validation_error");
  const details = { ...(refusal.code === code ? {} : { reason: refusal.code }), ...refusal.details };
  const headers: Record<string, string> = { "cache-control": "no-store", "content-type": "application/json" };
  if (refusal.retryAfterSeconds) headers["retry-after"] = String(refusal.retryAfterSeconds);
  const body = {
    error: {
      code,
      message: refusal.message,
      ...(Object.keys(details).length > 0 && { details }),
      ...(refusal.retryAfterSeconds && { retry_after: refusal.retryAfterSeconds }),
      request_id: c.get("requestId"),
    },
  };
  return c.body(JSON.stringify(body), refusal.status as 400, headers);
}

export const invalid = (message: string, field?: string): AppError =>
  new AppError("validation_error", 400, message, field ? { details: { field } } : {});

export const noSuchResource = (): AppError =>
  new AppError("resource_not_found", 404, "There is no such resource.");

export const authenticationRequired = (): AppError =>
  new AppError("authentication_required", 401, "Please sign in, or send valid credentials.");

/** What lies under no contract's path. */
export const publisherNotFound = (c: Context<AppEnv>): Response => renderPublisherError(noSuchResource(), c);
