import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

/** The paywall's content: paywall API §3. */
export function bootstrapRoutes(_deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>();
}
