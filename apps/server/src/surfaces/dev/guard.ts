import { isIP } from "node:net";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";

const PRIVATE_SUFFIXES = [".localhost", ".local", ".test", ".lan", ".internal", ".home.arpa"];

/**
 * Whether a `Host` header can only be ours. A page on the internet that wants to read this server through
 * the visitor's browser (DNS rebinding) has to use a public name of its own, and those are refused.
 */
export function isOwnHost(host: string, baseUrl: string): boolean {
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d+)?$/i.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const name = hostname.replace(/^\[|\]$/g, "");
  return (
    isIP(name) !== 0 ||
    !name.includes(".") ||
    PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) ||
    hostname === new URL(baseUrl).hostname
  );
}

/**
 * Keeps other websites away from the handles, which know a secret key and move the clock: only pages of
 * this server, address bars and programs get in.
 */
export function ownPagesOnly(deps: Pick<Deps, "config">) {
  const { baseUrl } = deps.config;
  return createMiddleware<AppEnv>(async (c, next) => {
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const navigation = c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate";
    const foreignSite = site !== undefined && site !== "same-origin" && site !== "none" && !navigation;
    // For browsers that send no Sec-Fetch-Site.
    const foreignOrigin =
      origin !== undefined && origin !== baseUrl && (!URL.canParse(origin) || new URL(origin).host !== host);
    if (!isOwnHost(host, baseUrl) || foreignSite || foreignOrigin) {
      throw new AppError(
        "forbidden",
        403,
        "The demonstration's handles answer this server's own pages only.",
      );
    }
    await next();
    c.res.headers.set("x-content-type-options", "nosniff");
    c.res.headers.set("cross-origin-resource-policy", "same-origin");
  });
}
