import { readEnvelope } from "./envelope.ts";

/**
 * An answer that was a refusal, or no answer at all (then `status` is 500).
 *
 * `code`, `details`, `requestId` and `retryAfter` (seconds) come from the server's error envelope, and are absent when the
 * body was something else. Compare `code` or `status`, not the class: two bundles may each carry a copy of it.
 */
export class APIError extends Error {
  readonly status: number;
  /** The body again: callers of older clients look for it here. */
  readonly statusText: string;
  readonly url: string;
  /** The body as it came. */
  readonly body?: string;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
  readonly requestId?: string;
  readonly retryAfter?: number;

  constructor(
    status: number,
    statusText: string,
    url: string,
    message: string,
    body?: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "APIError";
    this.status = status;
    this.statusText = statusText;
    this.url = url;
    this.body = body;
    const { code, details, requestId, retryAfter } = readEnvelope(body ?? "") ?? {};
    this.code = code;
    this.details = details;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** 4xx: asking again changes nothing. */
  isClientError(): boolean {
    return this.status >= 400 && this.status < 500;
  }

  /** 5xx, or no answer. */
  isServerError(): boolean {
    return this.status >= 500;
  }

  isForbiddenError(): boolean {
    return this.status === 403;
  }

  isNotFoundError(): boolean {
    return this.status === 404;
  }
}
