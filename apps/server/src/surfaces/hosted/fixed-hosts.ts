import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";

/**
 * The published browser client leads to the account and consume pages by names of hosts that no setting moves
 * (publisher API §1.2). An installation that answers to these names has the pages at their own paths; browsers keep the
 * fragment, which may hold a token, across these redirects. Pages only: what calls the API never asks these hosts.
 */
export function fixedHostRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/subscriptions/:clientId", (c, next) => lead(c.req.url, "account", c.redirect) ?? next())
    .get("/:lang{[a-z]{2}}/subscriptions/*", (c, next) => lead(c.req.url, "account", c.redirect) ?? next())
    .get("/:lang{[a-z]{2}}/:client{@.+}/*", (c, next) => lead(c.req.url, "consume", c.redirect) ?? next());
}

function lead(
  address: string,
  service: "account" | "consume",
  redirect: (to: string, status: 302) => Response,
): Response | null {
  const { hostname, pathname, search } = new URL(address);
  return hostname.startsWith(`${service}.`) ? redirect(`/${service}${pathname}${search}`, 302) : null;
}
