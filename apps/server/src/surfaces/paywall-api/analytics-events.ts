import {
  EVENTS_BODY_BYTES_MAX,
  type EventsRequest,
  eventsRequest,
} from "@tollgate/protocol/paywall-api/events";
import { HEADERS } from "@tollgate/protocol/paywall-api/headers";
import { type Context, Hono } from "hono";
import { recordClientEvents } from "../../domains/analytics/index.ts";
import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";
import { readWith } from "./refuse.ts";

/**
 * Analytics: paywall API §8. Fetch mode names its sender in headers, a beacon, which can set none, in the
 * body; where both speak, the header wins.
 */
export function analyticsEventRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().post("/events", async (c) => {
    const body = readWith(eventsRequest, await readJsonObject(c, EVENTS_BODY_BYTES_MAX));
    const tenant = c.get("tenant");
    await recordClientEvents(deps.db, deps, {
      tenantId: tenant.id,
      paywallId: c.get("paywall").id,
      clockOffsetMs: tenant.clockOffsetMs,
      receivedAt: c.get("now"),
      country: c.get("country"),
      ...senderOf(c, body),
      events: body.events,
    });
    return c.body(null, 204);
  });
}

const VISITOR_CHARS = 128;
const USER_CHARS = 200;
const VERSION_CHARS = 64;
const CAPABILITIES_CHARS = 1000;

function senderOf(c: Context<PaywallEnv>, body: EventsRequest) {
  const pick = (header: string, inBody: string | undefined, maxChars: number): string | null => {
    // Statistics are not worth a refusal: an overlong header counts as absent.
    const given = c.req.header(header);
    const text = given && given.length <= maxChars ? given : inBody;
    return text ? text.toWellFormed() : null;
  };
  return {
    visitorId: pick(HEADERS.visitorId, body.visitor_id, VISITOR_CHARS),
    userId: pick(HEADERS.userId, body.user_id, USER_CHARS),
    sdkVersion: pick(HEADERS.sdkVersion, body.sdk_version, VERSION_CHARS),
    capabilities: pick(HEADERS.sdkCapabilities, body.capabilities, CAPABILITIES_CHARS),
  };
}
