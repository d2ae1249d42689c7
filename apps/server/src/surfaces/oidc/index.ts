import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ProviderClients } from "../../domains/identity/index.ts";
import { OAuthError } from "../../domains/oidc/index.ts";
import type { AppEnv } from "../../http/context.ts";
import { toRefusal } from "../../http/errors.ts";
import { type FloodLimit, floodGuard } from "../../http/flood-guard.ts";
import type { Deps } from "../../platform/deps.ts";
import { authorizeRoutes } from "./authorize.ts";
import { devicesPage } from "./devices-page.ts";
import { discoveryRoutes } from "./discovery.ts";
import { loginPage } from "./login-page.ts";
import { loginSocialRoutes } from "./login-social.ts";
import { logoutRoutes, userinfoRoutes } from "./session-ends.ts";
import { tokenRoutes } from "./token.ts";

/** Called by scripts of any origin, without cookies. */
const cors = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method === "OPTIONS") {
    return c.body(null, 204, {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "access-control-allow-headers":
        c.req.header("access-control-request-headers") ?? "authorization, content-type, auth0-client",
      "access-control-max-age": "600",
    });
  }
  await next();
  c.res.headers.set("access-control-allow-origin", "*");
  c.res.headers.set("access-control-expose-headers", "Retry-After, X-Request-Id");
});

const STATUS: Record<OAuthError["error"], ContentfulStatusCode> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 403,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unauthorized_client: 403,
  access_denied: 403,
  login_required: 403,
};

/** OAuth's own envelope (publisher API §3.4). */
function renderOAuthError(error: unknown, c: Context<AppEnv>): Response {
  c.header("cache-control", "no-store");
  if (error instanceof OAuthError) {
    if (error.error === "invalid_client" && c.req.header("authorization")) {
      c.header("www-authenticate", 'Basic realm="oauth"');
    }
    return c.json({ error: error.error, error_description: error.description }, STATUS[error.error]);
  }
  const refusal = toRefusal(error);
  if (refusal.status >= 500) {
    c.get("log")?.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
  }
  if (refusal.retryAfterSeconds) c.header("retry-after", String(refusal.retryAfterSeconds));
  const name =
    refusal.status === 429 ? "too_many_requests" : refusal.status >= 500 ? "server_error" : "invalid_request";
  return c.json({ error: name, error_description: refusal.message }, refusal.status as ContentfulStatusCode);
}

/** What scripts and back ends call. */
const API_PATHS = [
  "/.well-known/openid-configuration",
  "/.well-known/jwks.json",
  "/oauth/token",
  "/oauth/revoke",
  "/userinfo",
];

/** The login service: publisher API §3. It speaks OpenID Connect; who somebody is, is the identity area's business. */
export function oidcRoutes(
  deps: Deps,
  parts: { flood: FloodLimit; providers: ProviderClients },
): Hono<AppEnv> {
  const guard = floodGuard(parts.flood);
  const api = new Hono<AppEnv>();
  api.onError(renderOAuthError);
  for (const path of API_PATHS) api.use(path, cors, guard);
  api.route("/", discoveryRoutes(deps));
  api.route("/", tokenRoutes(deps));
  api.route("/", userinfoRoutes(deps));
  const pages = new Hono<AppEnv>();
  for (const path of ["/authorize", "/u/*", "/v2/logout", "/oidc/logout"]) pages.use(path, guard);
  pages.route("/", authorizeRoutes(deps));
  pages.route("/", loginPage(deps));
  pages.route("/", loginSocialRoutes(deps, parts.providers));
  pages.route("/", devicesPage(deps));
  pages.route("/", logoutRoutes(deps));
  return new Hono<AppEnv>().route("/", api).route("/", pages);
}
