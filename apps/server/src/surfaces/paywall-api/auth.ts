import { Hono } from "hono";
import type { ProviderClients } from "../../domains/identity/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { anonymousRoutes } from "./auth/anonymous.ts";
import { codeRoutes } from "./auth/codes.ts";
import { emailRoutes } from "./auth/email.ts";
import { oauthRoutes } from "./auth/oauth.ts";
import { sessionRoutes } from "./auth/sessions.ts";
import type { PaywallEnv } from "./context.ts";

/** Sign-in: paywall API §5, mounted under /api/v1/paywall/:id/auth. */
export function authRoutes(deps: Deps, providers: ProviderClients): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .route("/", emailRoutes(deps))
    .route("/", codeRoutes(deps))
    .route("/", anonymousRoutes(deps))
    .route("/", oauthRoutes(deps, providers))
    .route("/", sessionRoutes(deps));
}
