import type { Context } from "hono";
import { keepLoginRequest } from "../../domains/oidc/index.ts";
import type { OAuthClient } from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { ensureBrowserSecret } from "./cookies.ts";
import { originOf } from "./origin.ts";

/** To the login page and back to a page of ours, `path`. Nobody else is told anything, so there is no code. */
export async function signInFirst(
  deps: Deps,
  c: Context<AppEnv>,
  client: OAuthClient,
  path: string,
  locales: string | null,
): Promise<Response> {
  const state = await keepLoginRequest(deps.db, deps, {
    tenantId: client.tenantId,
    clientId: client.id,
    browser: ensureBrowserSecret(deps, c),
    request: {
      ownPage: true,
      redirectUri: `${originOf(deps, c)}${path}`,
      responseMode: "query",
      state: null,
      scope: "",
      nonce: null,
      codeChallenge: null,
      audience: null,
      organization: null,
      loginHint: null,
      locales: locales?.slice(0, 100) ?? null,
    },
  });
  c.header("cache-control", "no-store");
  return c.redirect(`/u/login?${new URLSearchParams({ state })}`, 302);
}
