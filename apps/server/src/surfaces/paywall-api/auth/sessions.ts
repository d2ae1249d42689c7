import { refreshRequest } from "@tollgate/protocol/paywall-api/auth";
import { Hono } from "hono";
import { refreshSession, signOut, signOutEverywhere } from "../../../domains/identity/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { PaywallEnv } from "../context.ts";
import { readBody, requireBearer, toSignedIn } from "./request.ts";

/** Keeping and ending sessions: paywall API §5.12. */
export function sessionRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/refresh", async (c) => {
      const { refresh_token: refreshToken, visitor_id: visitorId } = await readBody(c, refreshRequest);
      const tenantId = c.get("tenant").id;
      return c.json(toSignedIn(await refreshSession(deps, { tenantId, refreshToken, visitorId })));
    })
    .post("/signout", async (c) => {
      const { sessionId } = await requireBearer(deps, c);
      await signOut(deps, { tenantId: c.get("tenant").id, sessionId });
      return c.json({ ok: true });
    })
    .post("/revoke-all", async (c) => {
      const { customer } = await requireBearer(deps, c);
      await signOutEverywhere(deps, { tenantId: c.get("tenant").id, customerId: customer.id });
      return c.json({ ok: true });
    });
}
