import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** Mail links: paywall API §6.2 and §6.3. */
export function authPages(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
