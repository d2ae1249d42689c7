const MINUTE_MS = 60_000;

/** Waits before the second to the sixth attempt: paywall API §10.1. */
export const RETRY_DELAYS_MINUTES = [5, 10, 20, 40, 80] as const;

/** What an attempt ended in: an answer, no answer, or an address that may not be called at all. */
export type AttemptEnd = { kind: "answered"; status: number } | { kind: "unanswered" } | { kind: "refused" };

export type Verdict = { state: "delivered" } | { state: "retrying"; nextAt: Date } | { state: "dead" };

/**
 * What follows from the n-th attempt (counted from 1). Server errors, 429 and silence are worth another
 * try; any other answer, redirects included, is final.
 */
export function judgeAttempt(end: AttemptEnd, attempt: number, now: Date): Verdict {
  if (end.kind === "answered" && end.status >= 200 && end.status < 300) return { state: "delivered" };
  const retryable =
    end.kind === "unanswered" || (end.kind === "answered" && (end.status >= 500 || end.status === 429));
  const delay = RETRY_DELAYS_MINUTES[attempt - 1];
  if (!retryable || delay === undefined) return { state: "dead" };
  return { state: "retrying", nextAt: new Date(now.getTime() + delay * MINUTE_MS) };
}
