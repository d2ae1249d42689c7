/**
 * A refusal: something the caller may read. Everything else that is thrown is a mistake of ours and
 * answers as a neutral 500. Clients compare `code`; the class identity means nothing to them.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;
  readonly status: number;
  /** Extra fields of the answer's body, such as `hasActivePurchase` or `available`. */
  readonly details: Record<string, unknown>;
  /** Seconds until a repeat may succeed; becomes `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    status: number,
    message: string,
    options: { details?: Record<string, unknown>; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = status;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

type ErrorTable = Record<string, { status: number; message: string }>;
type ErrorMakers<T extends ErrorTable> = {
  [Code in keyof T & string]: (details?: Record<string, unknown>) => AppError;
};

/** Turns an area's error table into one maker per code, so that a code is spelled in one place. */
export function defineErrors<const T extends ErrorTable>(table: T): ErrorMakers<T> {
  const makers: Record<string, (details?: Record<string, unknown>) => AppError> = {};
  for (const [code, { status, message }] of Object.entries(table)) {
    makers[code] = (details) => new AppError(code, status, message, { details });
  }
  return makers as ErrorMakers<T>;
}

/** States what must hold if our own code is right. A failure is a 500 and is logged. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
