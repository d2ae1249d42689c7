/** What the server says about a refusal, in its own envelope or in that of OAuth. */
export type Envelope = {
  code: string;
  message?: string;
  details?: Record<string, unknown>;
  requestId?: string;
  /** Seconds. */
  retryAfter?: number;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Null for a body that is no error envelope. */
export function readEnvelope(body: string): Envelope | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  // The token endpoint answers as OAuth says: `{ error, error_description }`.
  if (typeof value.error === "string") return { code: value.error, message: text(value.error_description) };
  const error = value.error;
  if (!isRecord(error) || typeof error.code !== "string") return null;
  return {
    code: error.code,
    message: text(error.message),
    details: isRecord(error.details) ? error.details : undefined,
    requestId: text(error.request_id),
    retryAfter: typeof error.retry_after === "number" ? error.retry_after : undefined,
  };
}
