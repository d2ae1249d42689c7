import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { originOf } from "./origin.ts";

const SESSION_SECONDS = 30 * 86_400;

type CookieDeps = Pick<Deps, "config">;
type Cookie = { name: string; options: Parameters<typeof setCookie>[3] };

/**
 * `None` because publishers' pages ask silently from a frame, which is another site; browsers accept that over https
 * only. On loopback everything is one site. The name's beginning keeps other hosts of a domain from setting it.
 */
function cookie(deps: CookieDeps, c: Context<AppEnv>, name: string, sameSite: "None" | "Lax"): Cookie {
  const secure = originOf(deps, c).startsWith("https:");
  return {
    name: secure ? `__Host-${name}` : name,
    options: {
      path: "/",
      httpOnly: true,
      secure,
      sameSite: secure ? sameSite : "Lax",
      maxAge: SESSION_SECONDS,
    },
  };
}

// A customer belongs to one tenant, and one host may serve many.
const sessionCookie = (deps: CookieDeps, c: Context<AppEnv>, tenantId: string): Cookie =>
  cookie(deps, c, `tollgate_login_${tenantId}`, "None");

const read = (c: Context<AppEnv>, { name }: Cookie): string => {
  const value = getCookie(c, name) ?? "";
  return value.length <= 100 ? value : "";
};

/** The secret of whoever is signed in here at this tenant; empty without one. */
export const sessionSecret = (deps: CookieDeps, c: Context<AppEnv>, tenantId: string): string =>
  read(c, sessionCookie(deps, c, tenantId));

export function keepSessionSecret(
  deps: CookieDeps,
  c: Context<AppEnv>,
  tenantId: string,
  secret: string,
): void {
  const { name, options } = sessionCookie(deps, c, tenantId);
  setCookie(c, name, secret, options);
}

export function dropSessionSecret(deps: CookieDeps, c: Context<AppEnv>, tenantId: string): void {
  const { name, options } = sessionCookie(deps, c, tenantId);
  deleteCookie(c, name, { path: "/", secure: options?.secure ?? false });
}

const browserCookie = (deps: CookieDeps, c: Context<AppEnv>): Cookie =>
  cookie(deps, c, "tollgate_browser", "Lax");

/** What this browser is known by while somebody signs in; empty when it never began to. */
export const browserSecret = (deps: CookieDeps, c: Context<AppEnv>): string =>
  read(c, browserCookie(deps, c));

/** The same, made if there is none. */
export function ensureBrowserSecret(deps: Pick<Deps, "config" | "random">, c: Context<AppEnv>): string {
  const known = browserSecret(deps, c);
  if (known) return known;
  const { name, options } = browserCookie(deps, c);
  const secret = deps.random.bytes(32).toString("base64url");
  setCookie(c, name, secret, options);
  return secret;
}
