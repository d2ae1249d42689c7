import { oauthExchangeRequest, oauthInitRequest } from "@tollgate/protocol/paywall-api/auth";
import { type Context, Hono } from "hono";
import {
  exchangeAuthCode,
  type ProviderClients,
  type SignedIn,
  startSocialSignIn,
} from "../../../domains/identity/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import { AppError } from "../../../platform/errors.ts";
import { bearerOf, type PaywallEnv } from "../context.ts";
import { readBody, replayable, requireCustomDomain, signInContext, toSignedIn } from "./request.ts";

const REPLAY_SECONDS = 60;

/** Sign-in with Google and others: paywall API §5.11. What happens between the two calls is `surfaces/hosted`. */
export function oauthRoutes(deps: Deps, clients: ProviderClients): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/oauth/init", async (c) => {
      const body = await readBody(c, oauthInitRequest);
      requireCustomDomain(c);
      const authorizeUrl = await startSocialSignIn(deps, clients, {
        tenant: c.get("tenant"),
        provider: body.provider,
        codeChallenge: body.code_challenge,
        scopes: body.scopes ?? [],
        linkTo: await linkToOf(deps, c),
        clientAddress: c.get("clientAddress"),
        now: c.get("now"),
        from: {
          paywall: c.get("paywall"),
          requestHost: c.req.header("host") ?? new URL(c.req.url).host,
        },
      });
      return c.json({ authorize_url: authorizeUrl.href });
    })
    .post("/oauth/exchange", async (c) => {
      const body = await readBody(c, oauthExchangeRequest);
      const context = signInContext(deps, c, body);
      const { auth_code: authCode, code_verifier: codeVerifier } = body;
      // A mirror may deliver the request twice; the code works once (paywall API §1.9).
      const request = {
        scope: "oauth/exchange",
        key: `${authCode} ${codeVerifier}`,
        fingerprint: null,
        ttlSeconds: REPLAY_SECONDS,
      };
      const signedIn = async () =>
        toSignedIn(await exchangeAuthCode(deps, { ...context, authCode, codeVerifier }));
      return c.json(await replayable(deps, c, request, signedIn));
    });
}

/** Whom to link to. A session that has ended is no reason to keep somebody from signing in. */
async function linkToOf(deps: Deps, c: Context<PaywallEnv>): Promise<SignedIn | null> {
  return bearerOf(deps, c).catch((error: unknown) => {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  });
}
