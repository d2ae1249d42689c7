import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** The demonstration and its handles: design §7. */
export function devRoutes(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
