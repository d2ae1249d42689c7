import * as z from "zod";
import { optional, ref } from "./scalars.ts";

export const EVENTS_MAX = 100;
export const EVENTS_BODY_BYTES_MAX = 262_144;
export const EVENT_PROPS_BYTES_MAX = 8_192;
const EVENT_NAME_CHARS_MAX = 60;

/** Names that are stored. Everything else is dropped without a word, except a host's own `host:` names. */
export const EVENT_NAMES = [
  "app_opened",
  "paywall_viewed",
  "price_selected",
  "checkout_started",
  "purchase_completed",
  "purchase_failed",
  "paywall_closed",
  "trial_blocked",
  "trial_expired",
  "visibility_blocked",
  "error",
] as const;
export type EventName = (typeof EVENT_NAMES)[number] | `host:${string}`;

const names: ReadonlySet<string> = new Set(EVENT_NAMES);

export const isStoredEvent = (name: string): name is EventName =>
  names.has(name) || (name.startsWith("host:") && name.length > 5 && name.length <= EVENT_NAME_CHARS_MAX);

export const analyticsEvent = z
  .object({
    type: z.string(),
    ts: z.number().meta({ description: "Unix milliseconds on the sender's clock." }),
    props: optional(z.record(z.string(), z.unknown())),
  })
  .meta({ id: "AnalyticsEvent" });
export type AnalyticsEvent = z.output<typeof analyticsEvent>;

/**
 * Both modes in one: a beacon cannot set headers, so it names its sender in the body. Where a header says
 * the same, the header wins.
 */
export const eventsRequest = z
  .object({
    events: z.array(z.unknown()).max(EVENTS_MAX, "too_many_events").pipe(z.array(analyticsEvent)),
    visitor_id: optional(z.string().max(128)),
    user_id: optional(z.string().max(200)),
    sdk_version: optional(z.string().max(64)),
    paywall_id: optional(ref),
    capabilities: optional(z.string().max(1000)),
  })
  .meta({ id: "EventsRequest" });
export type EventsRequest = z.output<typeof eventsRequest>;
