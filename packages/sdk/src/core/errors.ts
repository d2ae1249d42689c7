import type { Balance } from "./types.ts";

interface PaywallErrorInit {
  status?: number;
  cause?: unknown;
  originRetryable?: boolean;
}

/**
 * The only error the SDK throws. Compare `code`, which is the contract, rather than `instanceof` (two bundles
 * carry two classes) or `message` (free to change). `cause` is the parsed body for HTTP errors.
 */
export class PaywallError extends Error {
  readonly code: string;
  readonly status?: number;
  /** False when a mirror must not replay the request because it may have been executed. */
  readonly originRetryable?: boolean;

  constructor(code: string, message: string, init: PaywallErrorInit = {}) {
    super(message, { cause: init.cause });
    this.name = "PaywallError";
    this.code = code;
    this.status = init.status;
    this.originRetryable = init.originRetryable;
  }
}

/** The gateway's 402: carries what is left so that a host can say which quota ran out. */
export class QuotaExceededError extends PaywallError {
  readonly balances: Balance[];
  readonly queryType: string;
  readonly currentBalance: Balance | null;

  constructor(init: {
    balances: Balance[];
    queryType: string;
    currentBalance: Balance | null;
    message?: string;
  }) {
    super("not_enough_queries", init.message ?? "Not enough queries left", { status: 402 });
    this.balances = init.balances;
    this.queryType = init.queryType;
    this.currentBalance = init.currentBalance;
  }
}

const SLUG = /^[a-z0-9_.-]{1,64}$/i;

/** Maps a non-2xx answer to the error the host sees: `code`, else a slug in `error`, else `http_<status>`. */
export function errorFromResponse(status: number, statusText: string, body: unknown): PaywallError {
  const { code, error, message } = (body && typeof body === "object" ? body : {}) as Record<string, unknown>;
  const slug = typeof error === "string" && SLUG.test(error);
  return new PaywallError(
    code != null ? String(code) : slug ? error : `http_${status}`,
    typeof message === "string" && message
      ? message
      : typeof error === "string" && error && !slug
        ? error
        : statusText || "Request failed",
    { status, cause: body },
  );
}

export const invalidConfig = (message: string): PaywallError => new PaywallError("invalid_config", message);

/** Wraps whatever was thrown so that hosts meet one error type. */
export function toPaywallError(error: unknown, code = "unknown"): PaywallError {
  if (error instanceof PaywallError) return error;
  // Another copy of this class, for instance from a second bundle, still carries a code.
  const foreign = error as Partial<PaywallError> | null;
  if (foreign?.name === "PaywallError" && foreign.code) return error as PaywallError;
  return new PaywallError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
