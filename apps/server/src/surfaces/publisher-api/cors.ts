import { createMiddleware } from "hono/factory";
import type { PublisherEnv } from "./caller.ts";

const EXPOSED =
  "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Request-Id, X-Total-Count, X-Next-Cursor, Link";

/** Publishers' pages call from any origin, without cookies (publisher API §2.5). */
export const cors = createMiddleware<PublisherEnv>(async (c, next) => {
  if (c.req.method === "OPTIONS") {
    return c.body(null, 204, {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers":
        c.req.header("access-control-request-headers") ??
        "authorization, content-type, cache-timestamp, x-sesamy-client, auth0-client",
      "access-control-max-age": "600",
    });
  }
  await next();
  c.res.headers.set("access-control-allow-origin", "*");
  c.res.headers.set("access-control-expose-headers", EXPOSED);
});
