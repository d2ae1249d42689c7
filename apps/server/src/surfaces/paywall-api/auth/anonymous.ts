import {
  type AnonymousUpgradeResponse,
  anonymousSignInRequest,
  anonymousUpgradeRequest,
} from "@tollgate/protocol/paywall-api/auth";
import { Hono } from "hono";
import {
  resolveAccessToken,
  signInAnonymously,
  type UpgradeResult,
  upgradeAnonymous,
} from "../../../domains/identity/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { PaywallEnv } from "../context.ts";
import {
  readBody,
  replayable,
  requireBearer,
  signInContext,
  toSignedIn,
  withIdempotencyKey,
} from "./request.ts";

const REPLAY_SECONDS = 60;

/** Customers without an e-mail: paywall API §5.9 and §5.10. */
export function anonymousRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/anonymous/signin", async (c) => {
      const body = await readBody(c, anonymousSignInRequest);
      const context = signInContext(deps, c, body);
      const signedIn = async () => toSignedIn(await signInAnonymously(deps, context));
      // Only a device can repeat itself: two devices behind one address send equal bodies.
      if (!body.visitor_id) return c.json(await signedIn());
      const key = JSON.stringify([context.clientAddress, body]);
      const request = { scope: "anonymous/signin", key, fingerprint: null, ttlSeconds: REPLAY_SECONDS };
      const answer = await replayable(deps, c, request, signedIn);
      // Signed out within the minute and back again: that is a new visit, not a replay.
      const live = await resolveAccessToken(deps, context.tenant.id, answer.access_token);
      return c.json(live ? answer : await signedIn());
    })
    .post("/anonymous/upgrade", async (c) => {
      const { customer } = await requireBearer(deps, c);
      const body = await readBody(c, anonymousUpgradeRequest);
      const context = signInContext(deps, c, body);
      const upgraded = async () =>
        toUpgradeResponse(await upgradeAnonymous(deps, { ...context, ...body, customer }));
      return c.json(await withIdempotencyKey(deps, c, `anonymous/upgrade:${customer.id}`, body, upgraded));
    });
}

function toUpgradeResponse(result: UpgradeResult): AnonymousUpgradeResponse {
  if (result.outcome === "confirmation_required")
    return { status: "confirmation_required", email: result.email };
  const { uuid, email } = result.customer;
  return { status: "updated", user: { id: uuid, email: email ?? "", is_anonymous: false } };
}
