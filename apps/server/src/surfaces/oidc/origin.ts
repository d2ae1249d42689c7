import type { Context } from "hono";
import { findTenantByHost } from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || /^127(\.\d+){3}$/.test(hostname) || hostname === "[::1]";

/**
 * The login service as this caller sees it: tokens name the host that was asked (publisher API §3.1). A server that is
 * published over https stands behind something that ends TLS, so its own http means nothing, except on loopback.
 */
export function originOf(deps: Pick<Deps, "config">, c: Context<AppEnv>): string {
  const url = new URL(c.req.url);
  const { protocol, host } = url;
  const secure = protocol === "https:" || (!isLoopback(url) && deps.config.baseUrl.startsWith("https:"));
  return new URL(`${secure ? "https" : "http"}://${host}`).origin;
}

/**
 * The same for addresses that others will follow, in mails and at providers: a `Host` header can be anything, so only
 * this installation's own host and those of the tenant count. On a developer's machine every loopback address does.
 */
export async function linkOrigin(
  deps: Pick<Deps, "config" | "db">,
  c: Context<AppEnv>,
  tenantId: string,
): Promise<string> {
  const [own, asked] = [new URL(deps.config.baseUrl), new URL(originOf(deps, c))];
  if (asked.origin === own.origin || (isLoopback(asked) && isLoopback(own))) return asked.origin;
  const tenant = await findTenantByHost(deps.db, asked.host);
  return tenant?.id === tenantId ? asked.origin : own.origin;
}

/** `iss` of every token: the published client compares it, slash included. */
export const issuerOf = (deps: Pick<Deps, "config">, c: Context<AppEnv>): string => `${originOf(deps, c)}/`;
