import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError } from "../platform/errors.ts";
import type { AppEnv } from "./context.ts";

/**
 * Renders any failure as the contract's envelope `{ error, code, message, ...extra }` (paywall API §1.5), or
 * as RFC 9457 when the caller accepts `application/problem+json`. Unknown errors are logged with their
 * cause and answered with one neutral sentence.
 */
export function renderError(error: unknown, c: Context<AppEnv>): Response {
  const refusal = toRefusal(error);
  if (refusal.status >= 500) {
    c.get("log")?.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
  }
  const body: Record<string, unknown> = {
    ...refusal.details,
    error: refusal.code,
    code: refusal.code,
    message: refusal.message,
  };
  if (refusal.status >= 500) body.requestId = c.get("requestId");
  const headers = new Headers({ "cache-control": "no-store" });
  if (refusal.retryAfterSeconds) headers.set("retry-after", String(refusal.retryAfterSeconds));
  if (c.req.header("accept")?.includes("application/problem+json")) {
    Object.assign(body, {
      type: "about:blank",
      title: refusal.code,
      status: refusal.status,
      detail: refusal.message,
    });
    headers.set("content-type", "application/problem+json");
  } else {
    headers.set("content-type", "application/json");
  }
  return c.body(JSON.stringify(body), refusal.status as 400, Object.fromEntries(headers));
}

/** PostgreSQL's `character_not_in_repertoire`, which only a caller's own text can cause. */
const isUnstorableText = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "22021";

/** The refusal that any failure is answered with; what is not ours to tell becomes one neutral sentence. */
export function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException && error.status < 500) {
    return new AppError(
      error.status === 413 ? "payload_too_large" : "bad_request",
      error.status,
      error.message || "Bad request.",
    );
  }
  // A NUL in a path, a query or a form: PostgreSQL's text holds none, so nothing of ours is called so.
  if (isUnstorableText(error)) {
    return new AppError("invalid_payload", 400, "The request contains a character that no text may hold.");
  }
  return new AppError("internal_error", 500, "Something went wrong on our side. Please try again.");
}

export const notFound = (c: Context<AppEnv>): Response =>
  renderError(new AppError("not_found", 404, "There is nothing at this address."), c);
