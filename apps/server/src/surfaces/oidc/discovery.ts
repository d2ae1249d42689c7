import { type Context, Hono } from "hono";
import { publishedKeys } from "../../domains/oidc/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { originOf } from "./origin.ts";

const FRESH = { "cache-control": "public, max-age=300, stale-while-revalidate=600", vary: "Host" };

/** What relying parties read first: publisher API §3.1. */
export function discoveryRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/.well-known/openid-configuration", (c: Context<AppEnv>) =>
      c.json(configuration(originOf(deps, c)), 200, FRESH),
    )
    .get("/.well-known/jwks.json", async (c) => c.json({ keys: await publishedKeys(deps) }, 200, FRESH));
}

const configuration = (origin: string) => ({
  issuer: `${origin}/`,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  userinfo_endpoint: `${origin}/userinfo`,
  jwks_uri: `${origin}/.well-known/jwks.json`,
  revocation_endpoint: `${origin}/oauth/revoke`,
  end_session_endpoint: `${origin}/oidc/logout`,
  scopes_supported: ["openid", "profile", "email", "offline_access"],
  response_types_supported: ["code"],
  response_modes_supported: ["query", "fragment", "form_post", "web_message"],
  grant_types_supported: [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "http://auth0.com/oauth/grant-type/passwordless/otp",
  ],
  code_challenge_methods_supported: ["S256"],
  id_token_signing_alg_values_supported: ["RS256"],
  token_endpoint_auth_methods_supported: ["none", "client_secret_post", "client_secret_basic"],
  subject_types_supported: ["public"],
  claims_supported: [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "sid",
    "email",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "picture",
    "nickname",
    "updated_at",
    "org_id",
    "org_name",
  ],
});
