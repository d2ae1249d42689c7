import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** The customer's portal: paywall API §6.5. */
export function accountPages(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
