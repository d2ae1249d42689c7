import type { Context } from "hono";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";

/**
 * The login service as this caller sees it: tokens name the host that was asked (publisher API §3.1). A server that is
 * published over https stands behind something that ends TLS, so its own http means nothing, except on loopback.
 */
export function originOf(deps: Pick<Deps, "config">, c: Context<AppEnv>): string {
  const { protocol, host, hostname } = new URL(c.req.url);
  const local = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  const secure = protocol === "https:" || (!local && deps.config.baseUrl.startsWith("https:"));
  return new URL(`${secure ? "https" : "http"}://${host}`).origin;
}

/** `iss` of every token: the published client compares it, slash included. */
export const issuerOf = (deps: Pick<Deps, "config">, c: Context<AppEnv>): string => `${originOf(deps, c)}/`;
