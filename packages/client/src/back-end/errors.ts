import { readEnvelope } from "../envelope.ts";

type Facts = {
  statusCode?: number;
  details?: Record<string, unknown>;
  requestId?: string;
  /** Seconds. */
  retryAfter?: number;
  cause?: unknown;
};

/**
 * Whatever kept `TollgateClient` from an answer. Without a `statusCode` there was none: `code` is `network_error` or
 * `timeout` then. Compare `code`: two bundles may each carry a copy of these classes.
 */
export class TollgateError extends Error {
  readonly code: string;
  readonly statusCode?: number;
  readonly details?: Record<string, unknown>;
  readonly requestId?: string;

  constructor(code: string, message: string, facts: Facts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "TollgateError";
    this.code = code;
    this.statusCode = facts.statusCode;
    this.details = facts.details;
    this.requestId = facts.requestId;
  }
}

/** 400, or an argument that no request is worth. */
export class ValidationError extends TollgateError {
  override readonly name = "ValidationError";
}

/** 401: the key or the token is missing or not valid. */
export class AuthenticationError extends TollgateError {
  override readonly name = "AuthenticationError";
}

/** 403: the key may not do this, or the thing is another vendor's. */
export class ForbiddenError extends TollgateError {
  override readonly name = "ForbiddenError";
}

/** 404 */
export class NotFoundError extends TollgateError {
  override readonly name = "NotFoundError";
}

/** 429, after the retries. */
export class RateLimitError extends TollgateError {
  override readonly name = "RateLimitError";
  /** Seconds after which the server will listen again, if it said so. */
  readonly retryAfter?: number;

  constructor(code: string, message: string, facts: Facts = {}) {
    super(code, message, facts);
    this.retryAfter = facts.retryAfter;
  }
}

/** 5xx, after the retries. */
export class ServerError extends TollgateError {
  override readonly name = "ServerError";
}

const CLASSES: Record<number, typeof TollgateError> = {
  400: ValidationError,
  401: AuthenticationError,
  403: ForbiddenError,
  404: NotFoundError,
  429: RateLimitError,
};

/** The error that an answer stands for. `retryAfter`, in seconds, is what its headers said. */
export function errorFor(status: number, body: string, retryAfter?: number): TollgateError {
  const { code, message, ...more } = readEnvelope(body) ?? { code: "unknown_error" };
  const Class = CLASSES[status] ?? (status >= 500 ? ServerError : TollgateError);
  return new Class(code, message ?? (body || `The server answered ${status}.`), {
    ...more,
    statusCode: status,
    retryAfter: retryAfter ?? more.retryAfter,
  });
}
