import { createMiddleware } from "hono/factory";
import type { Deps } from "../platform/deps.ts";
import { AppError } from "../platform/errors.ts";

import { createMemoryLimit } from "../platform/limits.ts";
import { type AppEnv, isLoopback } from "./context.ts";

/** The limit that every API route has (paywall API §1.11): so many requests per address and minute. */
export function floodGuard(deps: Pick<Deps, "config" | "clock">) {
  const max = deps.config.rateLimitPerMinute;
  const take = createMemoryLimit(max, 60_000);
  return createMiddleware<AppEnv>(async (c, next) => {
    const address = c.get("clientAddress");
    // In the demonstration the developer's own scripts all come from loopback.
    const exempt = max === 0 || c.req.method === "OPTIONS" || (deps.config.demo && isLoopback(address));
    if (!exempt) {
      const verdict = take(address, deps.clock.now().getTime());
      if (!verdict.allowed) {
        throw new AppError("rate_limited", 429, "Too many requests from this address. Please slow down.", {
          retryAfterSeconds: verdict.retryAfterSeconds,
        });
      }
    }
    await next();
  });
}
