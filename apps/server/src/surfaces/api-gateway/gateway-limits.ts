import type { SealedProvider } from "../../domains/gateway/index.ts";
import { AppError } from "../../platform/errors.ts";
import { createMemoryLimit } from "../../platform/limits.ts";

const MINUTE_MS = 60_000;
/** Without a limit of its own a provider has this one, so that nobody holds a thousand connections open. */
const CONCURRENT = 100;

export type Admission = { headers: Record<string, string>; leave(): void };

/**
 * Each customer's share of a provider in this process: calls a minute, calls at once. What a day may cost is asked of the
 * ledger instead, where all processes meet.
 */
export function createGatewayLimits() {
  const perMinute = new Map<string, { max: number; take: ReturnType<typeof createMemoryLimit> }>();
  const running = new Map<string, number>();

  function minuteHeaders(
    provider: SealedProvider,
    customerId: string,
    nowMs: number,
  ): Record<string, string> {
    const max = provider.perMinute;
    if (max === null) return {};
    let limit = perMinute.get(provider.id);
    if (limit?.max !== max) {
      limit = { max, take: createMemoryLimit(max, MINUTE_MS) };
      perMinute.set(provider.id, limit);
    }
    const verdict = limit.take(customerId, nowMs);
    if (!verdict.allowed) {
      throw new AppError("rate_limited", 429, "Too many calls. Please slow down.", {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
    return { "ratelimit-limit": String(max), "ratelimit-remaining": String(verdict.remaining) };
  }

  return {
    /** Lets one call in, until it `leave`s. @throws `rate_limited`, `too_many_calls` (429) */
    enter(provider: SealedProvider, customerId: string, nowMs: number): Admission {
      const key = `${provider.id} ${customerId}`;
      const now = running.get(key) ?? 0;
      if (now >= (provider.concurrent ?? CONCURRENT)) {
        throw new AppError("too_many_calls", 429, "Too many calls at once. Please wait for one to end.", {
          retryAfterSeconds: 1,
        });
      }
      const headers = minuteHeaders(provider, customerId, nowMs);
      running.set(key, now + 1);
      let left = false;
      return {
        headers,
        leave() {
          if (left) return;
          left = true;
          const rest = (running.get(key) ?? 1) - 1;
          if (rest > 0) running.set(key, rest);
          else running.delete(key);
        },
      };
    },
  };
}
