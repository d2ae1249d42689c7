import { readEnvelope } from "../envelope.ts";
import { errorFor, TollgateError } from "./errors.ts";

export type Patience = { timeoutMs: number; maxRetries: number; fetch: typeof fetch };
export type Answer = { headers: Headers; text: string };

/** The waits before retries double from here. */
const FIRST_WAIT_MS = 1000;
/** Whoever is told to wait longer hears of it instead. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends a request until it is answered. What the network lost, 429 and 5xx are tried again after one, two and four
 * seconds, or when the server says. `timeoutMs` is for one attempt.
 *
 * @throws TollgateError of the class that the last answer deserves
 */
export async function request(url: string, init: RequestInit, patience: Patience): Promise<Answer> {
  for (let retries = 0; ; retries += 1) {
    const outcome = await attempt(url, init, patience);
    if (!(outcome instanceof TollgateError)) return outcome;
    const waitMs = waitBefore(retries, outcome);
    if (retries >= patience.maxRetries || waitMs === null) throw outcome;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function attempt(url: string, init: RequestInit, patience: Patience): Promise<Answer | TollgateError> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(patience.timeoutMs);
    response = await patience.fetch(url, { ...init, signal });
    text = await response.text();
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    return isLate
      ? new TollgateError("timeout", `No answer within ${patience.timeoutMs} ms.`, { cause })
      : new TollgateError("network_error", "The server could not be reached.", { cause });
  }
  if (response.ok) return { headers: response.headers, text };
  return errorFor(response.status, text, retryAfterOf(response.headers, text));
}

/** Milliseconds, or null for what a retry would not change. */
function waitBefore(retries: number, error: TollgateError): number | null {
  const status = error.statusCode;
  if (status !== undefined && status !== 429 && status < 500) return null;
  const asked = "retryAfter" in error ? (error.retryAfter as number | undefined) : undefined;
  const waitMs = asked === undefined ? FIRST_WAIT_MS * 2 ** retries : asked * 1000;
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/** Seconds, from a header that holds a number or a date, else from the envelope. */
function retryAfterOf(headers: Headers, body: string): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return readEnvelope(body)?.retryAfter;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
