import { Hono } from "hono";
import { decodeJwt } from "jose";
import { signOut } from "../../domains/identity/index.ts";
import { findBrowserSession, mayLeadTo, personClaims, resolveLoginToken } from "../../domains/oidc/index.ts";
import { findOAuthClient } from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { refusePage } from "./authorize.ts";
import { dropSessionSecret, sessionSecret } from "./cookies.ts";

/** `/userinfo`: publisher API §3.6. */
export function userinfoRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>().on(["GET", "POST"], "/userinfo", async (c) => {
    const token = /^bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const who = token ? await resolveLoginToken(deps, token) : null;
    if (who?.kind !== "reader") {
      c.header("www-authenticate", token ? 'Bearer error="invalid_token"' : "Bearer");
      c.header("cache-control", "no-store");
      return c.json({ error: "invalid_token", error_description: "A valid access token is needed" }, 401);
    }
    const claims = { sub: who.customer.uuid, ...personClaims(who.customer, who.scopes) };
    return c.json(claims, 200, { "cache-control": "no-store" });
  });
}

/** `/v2/logout`, and the standard's own way to say the same. */
export function logoutRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>().on("GET", ["/v2/logout", "/oidc/logout"], async (c) => {
    c.header("cache-control", "no-store");
    const query = new URL(c.req.url).searchParams;
    const clientId = query.get("client_id") ?? clientOf(query.get("id_token_hint"));
    const client = /^[\w.-]{1,80}$/.test(clientId) ? await findOAuthClient(deps.db, clientId) : null;
    if (!client) return refusePage(deps, c, "This application is not registered here.");
    const asked = query.get("returnTo") ?? query.get("post_logout_redirect_uri");
    const referer = c.req.header("referer") ?? "";
    const returnTo = asked ?? (mayLeadTo(client, referer) ? referer : null);
    // A sign-out that leads elsewhere is not one of this application's, so it ends nothing either.
    if (returnTo !== null && !mayLeadTo(client, returnTo)) {
      return refusePage(deps, c, "The page to return to does not belong to this application.");
    }
    const { tenantId } = client;
    const secret = sessionSecret(deps, c, tenantId);
    const session = secret ? await findBrowserSession(deps.db, deps, tenantId, secret) : null;
    if (session) await signOut(deps, { tenantId, sessionId: session.sessionId });
    dropSessionSecret(deps, c, tenantId);
    if (returnTo === null) return c.text("You are signed out.", 200);
    const state = query.has("post_logout_redirect_uri") ? query.get("state") : null;
    if (state === null) return c.redirect(returnTo, 302);
    const url = new URL(returnTo);
    url.searchParams.set("state", state);
    return c.redirect(url.href, 302);
  });
}

/** Which application a hint speaks of; it only names it, so nothing in it needs to be proven. */
function clientOf(idToken: string | null): string {
  try {
    const { aud } = decodeJwt(idToken ?? "");
    return typeof aud === "string" ? aud : "";
  } catch {
    return "";
  }
}
