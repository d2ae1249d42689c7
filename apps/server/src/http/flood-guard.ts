import { createMiddleware } from "hono/factory";
import type { Deps } from "../platform/deps.ts";
import { AppError } from "../platform/errors.ts";
import { networkOf } from "../platform/geo/index.ts";
import { createMemoryLimit } from "../platform/limits.ts";
import { type AppEnv, isLoopback } from "./context.ts";

/** The limit that every API route has (paywall API §1.11): so many requests per address (IPv6: per /64) and minute. */
export interface FloodLimit {
  /** Counts a request and says for how many seconds its address is refused; 0 lets it pass. */
  take(address: string, method: string): number;
  /** Requests that a fast path counted and then left to the framework, which must not count them again. */
  counted: WeakSet<object>;
}

/** One per process: the routes and the fast path count together. */
export function createFloodLimit(deps: Pick<Deps, "config" | "clock">): FloodLimit {
  const max = deps.config.rateLimitPerMinute;
  const take = createMemoryLimit(max, 60_000);
  return {
    counted: new WeakSet(),
    take(address, method) {
      // In the demonstration the developer's own scripts all come from loopback.
      const exempt = max === 0 || method === "OPTIONS" || (deps.config.demo && isLoopback(address));
      return exempt ? 0 : take(networkOf(address), deps.clock.now().getTime()).retryAfterSeconds;
    },
  };
}

export const floodGuard = (limit: FloodLimit) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { incoming } = c.env ?? {};
    if (incoming && limit.counted.has(incoming)) return next();
    const retryAfterSeconds = limit.take(c.get("clientAddress"), c.req.method);
    if (retryAfterSeconds > 0) {
      throw new AppError("rate_limited", 429, "Too many requests from this address. Please slow down.", {
        retryAfterSeconds,
      });
    }
    await next();
  });
