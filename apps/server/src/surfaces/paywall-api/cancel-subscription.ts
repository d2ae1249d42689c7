import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

/** POST /api/paywall/cancel-subscription: paywall API §4.6. */
export function cancelSubscriptionRoutes(_deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>();
}
