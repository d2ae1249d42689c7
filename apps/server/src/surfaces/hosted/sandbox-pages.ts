import { Hono } from "hono";
import type { Deps } from "../../platform/deps.ts";
import type { AppEnv } from "../../http/context.ts";

/** The sandbox processor's payment page: product spec §4. */
export function sandboxPages(_deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
