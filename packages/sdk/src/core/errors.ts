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
  override readonly name: string = "PaywallError";
  readonly code: string;
  declare readonly status?: number;
  /** False when a mirror must not replay the request because it may have been executed. */
  declare readonly originRetryable?: boolean;

  constructor(code: string, message: string, init: PaywallErrorInit = {}) {
    super(message);
    this.code = code;
    Object.assign(this, init);
  }
}

/** The gateway's 402: carries what is left so that a host can say which quota ran out. */
export class QuotaExceededError extends PaywallError {
  declare readonly balances: Balance[];
  declare readonly queryType: string;
  declare readonly currentBalance: Balance | null;

  constructor({
    message = "Not enough queries left",
    ...quota
  }: {
    balances: Balance[];
    queryType: string;
    currentBalance: Balance | null;
    message?: string;
  }) {
    super("not_enough_queries", message, { status: 402 });
    Object.assign(this, quota);
  }
}

/** Maps a non-2xx answer to the error the host sees: `code`, else a slug in `error`, else `http_<status>`. */
export function errorFromResponse(status: number, statusText: string, body: unknown): PaywallError {
  const { code, error, message } = (body ?? {}) as Record<string, unknown>;
  const sentence = typeof error === "string" ? error : "";
  const slug = /^[a-z0-9_.-]{1,64}$/i.test(sentence);
  return new PaywallError(
    code != null ? String(code) : slug ? sentence : `http_${status}`,
    String(message || (!slug && sentence) || statusText || "Request failed"),
    { status, cause: body },
  );
}

export const invalidConfig = (message: string): PaywallError => new PaywallError("invalid_config", message);

/** Every client needs to know what to talk about, and where. */
export function requireIds({ paywallId, apiOrigin }: { paywallId: string; apiOrigin: string }): void {
  if (!paywallId || !apiOrigin) throw invalidConfig("paywallId and apiOrigin are required");
}

/** Wraps whatever was thrown so that hosts meet one error type. */
export function toPaywallError(error: unknown, code = "unknown"): PaywallError {
  if (error instanceof PaywallError) return error;
  // Another copy of this class, for instance from a second bundle, still carries a code.
  const foreign = error as Partial<PaywallError> | null;
  if (foreign?.name === "PaywallError" && foreign.code) return error as PaywallError;
  return new PaywallError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
