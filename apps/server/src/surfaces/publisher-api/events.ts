import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { clientOfEvent, recordPublisherEvents, senderOfEvent } from "../../domains/analytics/index.ts";
import { findOAuthClient, findTenant, type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { createMemoryLimit } from "../../platform/limits.ts";
import type { PublisherEnv } from "./caller.ts";
import { invalid } from "./errors.ts";

const MAX_BYTES = 256 * 1024;
const MAX_EVENTS = 10;
/** Events a minute, of one browser and from one place. */
const PER_SENDER = 600;
const PER_PLACE = 3000;

/** Beacons come with credentials, which is why the origin is named (publisher API §2.5). */
const eventsCors = createMiddleware<PublisherEnv>(async (c, next) => {
  const origin = c.req.header("origin");
  const headers = {
    "access-control-allow-origin": origin ?? "*",
    ...(origin !== undefined && { "access-control-allow-credentials": "true", vary: "Origin" }),
    "cache-control": "no-store",
  };
  if (c.req.method === "OPTIONS") {
    return c.body(null, 204, {
      ...headers,
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": c.req.header("access-control-request-headers") ?? "content-type",
      "access-control-max-age": "600",
    });
  }
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  await next();
});

/**
 * Publisher API §7: what publishers' pages saw. 204 when everything is stored, 202 when something was dropped: an event
 * of a client that nobody knows, one too many, or nonsense.
 */
export function eventRoutes(deps: Deps): Hono<PublisherEnv> {
  const perSender = createMemoryLimit(PER_SENDER, 60_000);
  const perPlace = createMemoryLimit(PER_PLACE, 60_000);

  const vendorOfClient = async (clientId: string): Promise<Tenant | null> => {
    const client = await findOAuthClient(deps.db, clientId);
    const tenant = client && (await findTenant(deps.db, client.tenantId));
    return tenant?.status === "active" ? tenant : null;
  };

  const store = async (c: Context<PublisherEnv>): Promise<Response> => {
    const events = arrayIn(await readBytes(c, MAX_BYTES));
    const nowMs = deps.clock.now().getTime();
    const place = networkOf(c.get("clientAddress"));
    const byClient = new Map<string, unknown[]>();
    let kept = 0;
    for (const event of events.slice(0, MAX_EVENTS)) {
      const clientId = clientOfEvent(event);
      if (clientId === null) continue;
      if (!perPlace(place, nowMs).allowed) continue;
      if (!perSender(`${clientId} ${senderOfEvent(event) || place}`, nowMs).allowed) continue;
      byClient.set(clientId, [...(byClient.get(clientId) ?? []), event]);
    }
    for (const [clientId, sent] of byClient) {
      const tenant = await vendorOfClient(clientId);
      if (!tenant) continue;
      await recordPublisherEvents(deps.db, deps, {
        tenantId: tenant.id,
        receivedAt: tenantNow(deps.clock, tenant),
        clockOffsetMs: tenant.clockOffsetMs,
        country: c.get("country"),
        sent,
      });
      kept += sent.length;
    }
    return c.body(null, kept === events.length ? 204 : 202);
  };
  return new Hono<PublisherEnv>().use("/events", eventsCors).post("/events", store);
}

/** @throws 400 for anything but a JSON array */
function arrayIn(bytes: Buffer): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
  if (!Array.isArray(value)) throw invalid("The request body must be a JSON array of events.");
  return value;
}
