import type { BalancesResponse } from "@tollgate/protocol/paywall-api/balances";
import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import { authorizationRequired, bearerOf, type PaywallEnv } from "./context.ts";

/** Balances: paywall API §4.8. No paywall counts tokens yet, so every signed-in customer has none. */
export function balanceRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().get("/balances", async (c) => {
    if (!(await bearerOf(deps, c))) throw authorizationRequired();
    return c.json({ balances: [], tokenization: false } satisfies BalancesResponse);
  });
}
