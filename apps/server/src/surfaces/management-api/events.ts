import * as wire from "@tollgate/protocol/management-api/events";
import {
  countPublisherEvents,
  listPublisherEvents,
  type PublisherEvent,
} from "../../domains/analytics/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Operations } from "./operations.ts";
import { pageOf } from "./paging.ts";

/** What publishers' pages told of their readers. */
export function eventOperations(deps: Deps, operations: Operations): void {
  operations.on(wire.listEvents, async ({ tenant, query, page }) => {
    const { clientId, type, event } = query;
    const [from, to] = [query.from && new Date(query.from), query.to && new Date(query.to)];
    const filter = { clientId, type, event, ...(from && { from }), ...(to && { to }) };
    const { limit, offset, after } = page;
    // One more than asked for says whether there is more.
    const rows = await listPublisherEvents(deps.db, tenant.id, {
      ...filter,
      limit: offset + limit + 1,
      after,
    });
    const found = pageOf(rows, { limit, offset, after: null });
    return mapPage({ ...found, total: await countPublisherEvents(deps.db, tenant.id, filter) }, toWire);
  });
}

function toWire(it: PublisherEvent) {
  const {
    id,
    type,
    clientId,
    event,
    userId,
    anonymousId,
    url,
    publisherContentId,
    country,
    properties,
    context,
  } = it;
  const optional = { event, userId, anonymousId, url, publisherContentId, country, properties, context };
  return {
    id,
    type,
    clientId,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    timestamp: it.occurredAt.toISOString(),
    receivedAt: it.receivedAt.toISOString(),
  };
}
