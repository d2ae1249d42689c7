import { createMiddleware } from "hono/factory";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { createTokenBucket } from "../../platform/limits.ts";
import type { Caller, PublisherEnv } from "./caller.ts";

/** Publisher API §2.9: requests a minute, and how many may come at once. */
const CLIENT = { perMinute: 300, burst: 500 };
const MANAGEMENT = { perMinute: 100, burst: 200 };

function subjectOf(caller: Caller, address: string): string {
  if (caller.kind === "reader") return `r:${caller.customer.id}`;
  if (caller.kind === "machine") return `m:${caller.id}`;
  // Ids are free to make up; the flood guard in front counts by address.
  if (caller.kind === "anonymous" && caller.anonymousId) return `a:${caller.tenant.id}:${caller.anonymousId}`;
  return `n:${networkOf(address)}`;
}

/** Counts a request, says on every answer what is left, and refuses with 429 when nothing is. */
export function rateLimits(deps: Pick<Deps, "clock" | "config">) {
  const client = createTokenBucket(CLIENT);
  const management = createTokenBucket(MANAGEMENT);
  const off = deps.config.rateLimitPerMinute === 0;
  return createMiddleware<PublisherEnv>(async (c, next) => {
    const isManagement = c.req.path.startsWith("/management");
    const { perMinute } = isManagement ? MANAGEMENT : CLIENT;
    const nowMs = deps.clock.now().getTime();
    const left = (isManagement ? management : client)(
      subjectOf(c.get("caller"), c.get("clientAddress")),
      nowMs,
      off,
    );
    const headers = {
      "x-ratelimit-limit": String(perMinute),
      "x-ratelimit-remaining": String(Math.min(left.remaining, perMinute)),
      "x-ratelimit-reset": String(Math.ceil(nowMs / 1000) + left.resetSeconds),
    };
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (!left.allowed) {
      throw new AppError("rate_limit_exceeded", 429, "Too many requests. Please slow down.", {
        retryAfterSeconds: left.retryAfterSeconds,
      });
    }
    await next();
  });
}
