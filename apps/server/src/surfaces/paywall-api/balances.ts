import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

/** Balances: paywall API §4.8. */
export function balanceRoutes(_deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>();
}
