import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

/** Who has access: paywall API §4.1 and §4.3. */
export function userRoutes(_deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>();
}
