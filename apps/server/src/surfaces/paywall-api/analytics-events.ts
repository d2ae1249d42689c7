import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

/** Analytics: paywall API §8. */
export function analyticsEventRoutes(_deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>();
}
