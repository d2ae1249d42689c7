import { CORS_ALLOW_HEADERS } from "@tollgate/protocol/paywall-api/headers";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./context.ts";

const GATEWAY = /^\/api\/v1\/(api-gateway|openai)\//;
const METHODS = "GET, POST, OPTIONS";
const GATEWAY_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

/**
 * The open CORS policy of the 3.x wire (paywall API §1.3): every answer, errors included, may be read by
 * any origin, preflights need no credentials, and cookies play no part.
 */
export const openCors = createMiddleware<AppEnv>(async (c, next) => {
  const gateway = GATEWAY.test(c.req.path);
  if (c.req.method === "OPTIONS") {
    const asked = c.req.header("access-control-request-headers");
    return c.body(null, 204, {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": gateway ? GATEWAY_METHODS : METHODS,
      "access-control-allow-headers": gateway && asked ? asked : CORS_ALLOW_HEADERS.join(", "),
      "access-control-max-age": "86400",
    });
  }
  await next();
  for (const [name, value] of Object.entries(corsHeaders(gateway))) c.res.headers.set(name, value);
});

/** What every answer of the API carries; shared with the fast path. */
export const corsHeaders = (gateway: boolean): Record<string, string> => ({
  "access-control-allow-origin": "*",
  "access-control-expose-headers": gateway
    ? "X-Query-Type, X-Request-Id, Retry-After"
    : "X-Request-Id, Retry-After",
});
