import { Hono } from "hono";
import {
  exchangeAuthCode,
  LOGIN_CALLBACK_PATH,
  type ProviderClients,
  startSocialSignIn,
} from "../../domains/identity/index.ts";
import type { AppEnv } from "../../http/context.ts";
import { sha256 } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { refusePage } from "./authorize.ts";
import { contextOf, finish, languageOf, OVER, type Pending, pendingOf, showStep } from "./login-flow.ts";
import { linkOrigin } from "./origin.ts";

/** What only this browser and we can say about a request; a code that went astray is worth nothing without it. */
const verifierOf = (deps: Pick<Deps, "keys">, { secret, browser }: Pending): string =>
  deps.keys.pseudonym(`login-social:${secret}:${browser}`).toString("base64url");

const isRefusal = (error: unknown): error is AppError => error instanceof AppError && error.status < 500;

/**
 * Sign-in with another provider's word, on the login page. A link starts it, because browsers would check where a
 * form's answer leads; what comes back counts only in the browser, and for the request, that it began with.
 */
export function loginSocialRoutes(deps: Deps, clients: ProviderClients): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get(`${LOGIN_CALLBACK_PATH}/:provider`, async (c) => {
      const pending = await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      const { tenant, secret } = pending;
      try {
        const url = await startSocialSignIn(deps, clients, {
          tenant,
          provider: c.req.param("provider"),
          codeChallenge: sha256(verifierOf(deps, pending)).toString("base64url"),
          scopes: [],
          linkTo: null,
          clientAddress: c.get("clientAddress"),
          now: contextOf(deps, c, tenant).now,
          from: { loginState: secret, origin: await linkOrigin(deps, c, tenant.id) },
        });
        c.header("cache-control", "no-store");
        c.header("referrer-policy", "no-referrer");
        return c.redirect(url.href, 302);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { words } = languageOf(c, pending);
        const text = error.code === "over_request_rate_limit" ? words.tooOften : words.providerFailed;
        return showStep(deps, c, pending, { step: "email", email: "", problem: { field: null, text } });
      }
    })
    .get(LOGIN_CALLBACK_PATH, async (c) => {
      const pending = await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      const { words } = languageOf(c, pending);
      const again = (text: string) =>
        showStep(deps, c, pending, { step: "email", email: "", problem: { field: null, text } });
      const [authCode, problem] = [c.req.query("code") ?? "", c.req.query("error")];
      if (problem !== undefined || authCode === "" || c.req.method !== "GET") {
        return again(problem === "access_denied" ? words.providerCancelled : words.providerFailed);
      }
      try {
        const context = contextOf(deps, c, pending.tenant);
        const codeVerifier = verifierOf(deps, pending);
        const session = await exchangeAuthCode(deps, { ...context, authCode, codeVerifier });
        return await finish(deps, c, pending, session);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return again(error.code === "over_request_rate_limit" ? words.tooOften : words.providerFailed);
      }
    });
}
