import { Hono } from "hono";
import { receiveProcessorEvent } from "../../domains/billing/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * Where processors tell us what happened. The answer means "stored": what became of the news is our own
 * business, and a processor that hears an error would only send it again.
 */
export function processorHookRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/processor-hooks/:connectionId", async (c) => {
    const rawBody = (await readBytes(c, MAX_BYTES)).toString("utf8");
    const connectionId = c.req.param("connectionId");
    await receiveProcessorEvent(deps, { connectionId, headers: c.req.raw.headers, rawBody });
    return c.json({ received: true });
  });
}
