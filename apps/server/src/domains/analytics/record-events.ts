import { EVENT_PROPS_BYTES_MAX, isStoredEvent } from "@tollgate/protocol/paywall-api/events";
import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

export type ClientEvent = {
  type: string;
  /** Unix milliseconds on the sender's clock. */
  ts: number;
  props?: Record<string, unknown> | undefined;
};

export type EventBatch = {
  tenantId: string;
  paywallId: string;
  /** Added to the sender's clock, which knows nothing of a moved test clock. */
  clockOffsetMs: number;
  /** The tenant's time. */
  receivedAt: Date;
  visitorId: string | null;
  userId: string | null;
  sdkVersion: string | null;
  capabilities: string | null;
  country: string | null;
  events: ClientEvent[];
};

const OLDEST_MS = 30 * 86_400_000;
const NEWEST_MS = 5 * 60_000;
const ID_CHARS = 64;

/**
 * Stores what a client saw, in one statement. Names that are not on the list are dropped, and so is an event
 * whose props exceed 8 KB; the rest of the batch is kept. A sender's clock is believed within 30 days back
 * and five minutes ahead, and bounded beyond. Client events never create revenue.
 *
 * @returns how many events were stored.
 */
export async function recordClientEvents(
  q: Queryable,
  deps: Pick<Deps, "ids">,
  batch: EventBatch,
): Promise<number> {
  const rows = batch.events
    .filter(({ type }) => isStoredEvent(type))
    .map((event) => ({ event, props: event.props ? storableJson(event.props) : null }))
    .filter(({ props }) => props === null || Buffer.byteLength(props) <= EVENT_PROPS_BYTES_MAX);
  if (rows.length === 0) return 0;
  const column = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read);
  return q.execute(sql`
    insert into analytics_events (id, tenant_id, paywall_id, type, occurred_at, received_at, visitor_id, user_id,
      experiment_id, variant_key, sdk_version, capabilities, country, props)
    select id, ${batch.tenantId}, ${batch.paywallId}, type, occurred_at, ${batch.receivedAt}::timestamptz,
      ${batch.visitorId}, ${batch.userId}, experiment_id, variant_key, ${batch.sdkVersion}, ${batch.capabilities},
      ${batch.country}, props::jsonb
    from unnest(
      ${column(() => deps.ids.next("analyticsEvent"))}::text[],
      ${column(({ event }) => event.type.toWellFormed())}::text[],
      ${column(({ event }) => boundInstant(event.ts + batch.clockOffsetMs, batch.receivedAt))}::timestamptz[],
      ${column(({ event }) => shortText(event.props?.experiment_id))}::text[],
      ${column(({ event }) => shortText(event.props?.variant))}::text[],
      ${column(({ props }) => props)}::text[]
    ) e (id, type, occurred_at, experiment_id, variant_key, props)`);
}

/** The sender's instant, or the nearest one that can be true. */
export function boundInstant(ms: number, receivedAt: Date): Date {
  const received = receivedAt.getTime();
  return new Date(Math.min(Math.max(ms, received - OLDEST_MS), received + NEWEST_MS));
}

const shortText = (value: unknown): string | null =>
  typeof value === "string" && value.length > 0 && value.length <= ID_CHARS ? value.toWellFormed() : null;

/** JSON that a jsonb column takes: half a surrogate pair, which JavaScript allows, becomes U+FFFD. */
const storableJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (written, half) =>
    half ? "\\ufffd" : written,
  );
