import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** Checkout return pages: paywall API §6.4. */
export function checkoutPages(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
