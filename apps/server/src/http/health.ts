import { Hono } from "hono";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { safeEqual } from "../platform/crypto.ts";
import { sql } from "../platform/database/index.ts";
import type { Deps } from "../platform/deps.ts";

import { type AppEnv, isLoopback } from "./context.ts";
import { createRequestMetrics } from "./request-metrics.ts";

export type Metrics = {
  registry: Registry;
  observeRequest(route: string, method: string, status: number, seconds: number): void;
  /** The same for one kind of answer, with its labels looked up once. */
  observer(route: string, method: string, status: number): (seconds: number) => void;
};

/** The process's Prometheus registry: Node's defaults, requests, and how far the outbox is behind. */
export function createMetrics(deps: Pick<Deps, "db">): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = createRequestMetrics();
  for (const metric of requests.metrics) registry.registerMetric(metric);
  const backlog = (name: string, help: string, count: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await count());
      },
    });
  backlog("tollgate_outbox_undispatched", "Events whose followers have not run", async () => {
    return (await deps.db.one<{ n: number }>(sql`select count(*) n from events where dispatched_at is null`))
      .n;
  });
  backlog("tollgate_webhook_deliveries_open", "Webhook deliveries still to be made", async () => {
    return (
      await deps.db.one<{ n: number }>(
        sql`select count(*) n from webhook_deliveries where state in ('queued', 'retrying')`,
      )
    ).n;
  });
  return {
    registry,
    observeRequest: (route, method, status, seconds) => requests.observer(route, method, status)(seconds),
    observer: requests.observer,
  };
}

/** `/healthz` (the process lives), `/readyz` (it can serve) and `/metrics` (for the operator only). */
export function healthRoutes(deps: Deps, metrics: Metrics): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", async (c) => {
      try {
        await deps.db.one(sql`select 1 ready`);
        return c.json({ status: "ready" });
      } catch (error) {
        c.get("log").warn({ err: error }, "not ready");
        return c.json({ status: "database unavailable" }, 503);
      }
    })
    .get("/metrics", async (c) => {
      const token = deps.config.metricsToken;
      const bearer = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
      const allowed = token ? safeEqual(bearer, token) : isLoopback(c.get("clientAddress"));
      if (!allowed) return c.notFound();
      return c.body(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType });
    });
}
