import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { WebhookEndpoint } from "./endpoint.ts";

const ENDPOINT: Statement = {
  text: `id, tenant_id "tenantId", key, url, types, format, mode, state, secret_sealed is not null "hasSecret",
    fail_since_at "failSinceAt", created_at "createdAt"`,
  values: [],
  name: undefined,
};

/** The tenant's endpoints in the order they were made; deleted ones are gone. */
export const listWebhookEndpoints = (q: Queryable, tenantId: string): Promise<WebhookEndpoint[]> =>
  q.query<WebhookEndpoint>(sql`
    select ${ENDPOINT} from webhook_endpoints
    where tenant_id = ${tenantId} and state <> 'deleted' order by created_at, id`);

/** Locks the endpoint for a change. */
export const lockEndpoint = (tx: Tx, tenantId: string, id: string): Promise<WebhookEndpoint | null> =>
  tx.maybeOne<WebhookEndpoint>(sql`
    select ${ENDPOINT} from webhook_endpoints
    where tenant_id = ${tenantId} and id = ${id} and state <> 'deleted' for update`);

export const findSubscribedEndpointIds = async (
  q: Queryable,
  /** Without a mode: what is about a person rather than a sale, which endpoints of both worlds hear. */
  filter: { tenantId: string; mode: Mode | null; type: string; format: WebhookEndpoint["format"] },
): Promise<string[]> => {
  const rows = await q.query<{ id: string }>(sql`
    select id from webhook_endpoints
    where tenant_id = ${filter.tenantId} and (${filter.mode}::text is null or mode = ${filter.mode}) and state = 'active'
      and format = ${filter.format}
      and (types = '{}' or ${filter.type} = any (types))
    order by id`);
  return rows.map(({ id }) => id);
};

export type WebhookDelivery = {
  id: string;
  endpointId: string;
  messageId: string;
  type: string;
  body: string;
  state: "queued" | "delivered" | "retrying" | "dead";
  attempt: number;
  nextAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
};

/** The delivery log of a tenant, newest first. */
export const listDeliveries = (
  q: Queryable,
  filter: { tenantId: string; endpointId?: string; limit: number },
): Promise<WebhookDelivery[]> =>
  q.query<WebhookDelivery>(sql`
    select id, endpoint_id "endpointId", message_id "messageId", type, body, state, attempt, next_at "nextAt",
      created_at "createdAt", finished_at "finishedAt"
    from webhook_deliveries
    where tenant_id = ${filter.tenantId}
      and (${filter.endpointId ?? null}::text is null or endpoint_id = ${filter.endpointId ?? null})
    order by created_at desc, id desc limit ${filter.limit}`);

export type WebhookAttempt = {
  attempt: number;
  /** HTTP status, or null when no answer came. */
  status: number | null;
  durationMs: number;
  /** The first 1000 characters of the answer. */
  response: string | null;
  error: string | null;
  at: Date;
};

/** Every try of one delivery, first to last. */
export const listAttempts = (q: Queryable, tenantId: string, deliveryId: string): Promise<WebhookAttempt[]> =>
  q.query<WebhookAttempt>(sql`
    select attempt, status, duration_ms "durationMs", response, error, at from webhook_attempts
    where tenant_id = ${tenantId} and delivery_id = ${deliveryId} order by attempt, id`);
