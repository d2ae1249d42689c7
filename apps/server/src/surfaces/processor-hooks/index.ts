import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** Where processors tell us what happened. */
export function processorHookRoutes(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
