import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { boundInstant } from "./record-events.ts";
import { scrubJson, scrubText } from "./scrub.ts";

export const EVENT_TYPES = ["page", "track", "identify"] as const;
export type PublisherEventType = (typeof EVENT_TYPES)[number];

/** What happened on a publisher's page, as the page tells it (publisher API §7). Nothing of it is proof of anything. */
export type PublisherEvent = {
  id: string;
  clientId: string;
  type: PublisherEventType;
  event: string | null;
  anonymousId: string | null;
  userId: string | null;
  sessionId: string | null;
  requestId: string | null;
  occurredAt: Date;
  receivedAt: Date;
  country: string | null;
  version: string | null;
  url: string | null;
  publisherContentId: string | null;
  properties: Record<string, unknown> | null;
  context: Record<string, unknown> | null;
};

const ID_CHARS = 200;
const JSON_BYTES = 8 * 1024;

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
const textOf = (value: unknown, chars = ID_CHARS): string | null =>
  typeof value === "string" && value !== "" && value.length <= chars ? scrubText(value) : null;

const storable = (value: unknown): string | null => {
  const json = JSON.stringify(scrubJson(recordOf(value)));
  return json === "{}" || Buffer.byteLength(json) > JSON_BYTES ? null : json;
};

/** The client that an event says it comes from; null for what is no event at all. */
export const clientOfEvent = (sent: unknown): string | null => {
  const { type, clientId, context } = recordOf(sent);
  if (!(EVENT_TYPES as readonly unknown[]).includes(type)) return null;
  return textOf(clientId) ?? textOf(recordOf(context).clientId);
};

/** Who an event is about, for limits: the browser, else the tab. */
export const senderOfEvent = (sent: unknown): string => {
  const { anonymousId, sessionId } = recordOf(sent);
  return textOf(anonymousId) ?? textOf(sessionId) ?? "";
};

/**
 * Stores events of one tenant's pages, each once however often it is sent: it is known by client, request id and the
 * sender's time. `sent` holds what `clientOfEvent` recognises. Texts lose the secrets of addresses; no client address is
 * kept. Returns how many were new.
 */
export async function recordPublisherEvents(
  q: Queryable,
  deps: Pick<Deps, "ids">,
  batch: {
    tenantId: string;
    /** The tenant's time. */
    receivedAt: Date;
    /** Added to the sender's clock, which knows nothing of a moved test clock. */
    clockOffsetMs: number;
    country: string | null;
    sent: readonly unknown[];
  },
): Promise<number> {
  const rows = batch.sent.map((it) => rowOf(recordOf(it), batch));
  if (rows.length === 0) return 0;
  const column = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read);
  return q.execute(sql`
    insert into publisher_events (id, tenant_id, client_id, dedupe_hash, type, event, anonymous_id, user_id, session_id,
      request_id, occurred_at, received_at, country, version, url, publisher_content_id, properties, context)
    select id, ${batch.tenantId}, client_id, dedupe_hash, type, event, anonymous_id, user_id, session_id, request_id,
      occurred_at, ${batch.receivedAt}::timestamptz, ${batch.country}, version, url, content_id, properties::jsonb,
      context::jsonb
    from unnest(
      ${column(() => deps.ids.next("publisherEvent"))}::text[],
      ${column((row) => row.clientId)}::text[],
      ${column((row) => row.dedupeHash)}::bytea[],
      ${column((row) => row.type)}::text[],
      ${column((row) => row.event)}::text[],
      ${column((row) => row.anonymousId)}::text[],
      ${column((row) => row.userId)}::text[],
      ${column((row) => row.sessionId)}::text[],
      ${column((row) => row.requestId)}::text[],
      ${column((row) => row.occurredAt)}::timestamptz[],
      ${column((row) => row.version)}::text[],
      ${column((row) => row.url)}::text[],
      ${column((row) => row.contentId)}::text[],
      ${column((row) => row.properties)}::text[],
      ${column((row) => row.context)}::text[]
    ) e (id, client_id, dedupe_hash, type, event, anonymous_id, user_id, session_id, request_id, occurred_at, version, url,
      content_id, properties, context)
    on conflict (tenant_id, dedupe_hash) do nothing`);
}

function rowOf(sent: Record<string, unknown>, batch: { receivedAt: Date; clockOffsetMs: number }) {
  const page = recordOf(recordOf(sent.context).page);
  const properties = recordOf(sent.properties);
  const sentMs = typeof sent.timestamp === "string" ? Date.parse(sent.timestamp) : Number.NaN;
  const requestId = textOf(sent.requestId);
  // Without its own id an event is the one that says the very same.
  const key = requestId === null ? sent : [clientOfEvent(sent), requestId, sent.timestamp];
  return {
    clientId: clientOfEvent(sent) ?? "",
    dedupeHash: sha256(JSON.stringify(key)),
    type: String(sent.type),
    event: textOf(sent.event),
    anonymousId: textOf(sent.anonymousId),
    userId: textOf(sent.userId),
    sessionId: textOf(sent.sessionId),
    requestId,
    occurredAt: Number.isNaN(sentMs)
      ? batch.receivedAt
      : boundInstant(sentMs + batch.clockOffsetMs, batch.receivedAt),
    version: textOf(sent.version),
    url: textOf(page.url, 4096),
    contentId: textOf(page.publisherContentId) ?? textOf(properties.publisherContentId),
    properties: storable(sent.properties),
    context: storable(sent.context),
  };
}

export type EventFilter = {
  clientId?: string | undefined;
  type?: string | undefined;
  event?: string | undefined;
  /** When it happened: from this instant, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
  limit: number;
  /** Starts after the event with this id. */
  after?: string | null | undefined;
};

const COLUMNS: Statement = {
  text: `id, client_id "clientId", type, event, anonymous_id "anonymousId", user_id "userId", session_id "sessionId",
    request_id "requestId", occurred_at "occurredAt", received_at "receivedAt", country, version, url,
    publisher_content_id "publisherContentId", properties, context`,
  values: [],
  name: undefined,
};

const matching = (tenantId: string, filter: Omit<EventFilter, "limit" | "after">): Statement => sql`
  tenant_id = ${tenantId}
    and (${filter.clientId ?? null}::text is null or client_id = ${filter.clientId ?? null})
    and (${filter.type ?? null}::text is null or type = ${filter.type ?? null})
    and (${filter.event ?? null}::text is null or event = ${filter.event ?? null})
    and (${filter.from ?? null}::timestamptz is null or occurred_at >= ${filter.from ?? null})
    and (${filter.to ?? null}::timestamptz is null or occurred_at < ${filter.to ?? null})`;

/** A tenant's events, those that came last first. */
export const listPublisherEvents = (
  q: Queryable,
  tenantId: string,
  filter: EventFilter,
): Promise<PublisherEvent[]> =>
  q.query<PublisherEvent>(sql`
    select ${COLUMNS} from publisher_events
    where ${matching(tenantId, filter)} and (${filter.after ?? null}::text is null or (received_at, id) <
      (select received_at, id from publisher_events where id = ${filter.after ?? null} and tenant_id = ${tenantId}))
    order by received_at desc, id desc limit ${filter.limit}`);

/** How many a list without a limit would have. */
export async function countPublisherEvents(
  q: Queryable,
  tenantId: string,
  filter: Omit<EventFilter, "limit" | "after">,
): Promise<number> {
  const { n } = await q.one<{ n: number }>(
    sql`select count(*) n from publisher_events where ${matching(tenantId, filter)}`,
  );
  return n;
}

/** Takes a person out of the record: what they did stays as somebody's. Returns how many events were theirs. */
export const anonymisePublisherEvents = (q: Queryable, tenantId: string, userId: string): Promise<number> =>
  q.execute(sql`
    update publisher_events set user_id = null, anonymous_id = null, session_id = null
    where tenant_id = ${tenantId} and user_id = ${userId}`);

const BATCH = 5000;
const KEPT = "25 months";

/** Deletes events past their time. Returns how many went. */
export const forgetPublisherEvents = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from publisher_events where id = any (array(
      select e.id from publisher_events e join tenants t on t.id = e.tenant_id
      where e.received_at < ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' - ${KEPT}::interval
      limit ${BATCH}))`);
