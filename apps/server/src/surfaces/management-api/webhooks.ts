import * as wire from "@tollgate/protocol/management-api/webhooks";
import type { Tenant } from "../../domains/tenants/index.ts";
import {
  createWebhookEndpoint,
  listDeliveries,
  listWebhookEndpoints,
  redeliver,
  updateWebhookEndpoint,
  type WebhookDelivery,
  type WebhookEndpoint,
} from "../../domains/webhooks/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { pageOf } from "./paging.ts";

const DELIVERIES_SHOWN = 200;

/** What the vendor hears from us. */
export function webhookOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** Those of the call's mode: a test key says nothing about where live news goes. */
  const listed = async (tenant: Tenant, mode: Mode) =>
    (await listWebhookEndpoints(db, tenant.id)).filter((it) => it.mode === mode);
  /** @throws 403 for another vendor's webhook, 404 for none */
  const named = async (tenant: Tenant, mode: Mode, id: string): Promise<WebhookEndpoint> => {
    const found = (await listed(tenant, mode)).find((it) => it.id === id);
    if (!found) throw await missing(db, tenant, "webhookEndpoint", id);
    return found;
  };
  const change = async (
    tenant: Tenant,
    mode: Mode,
    name: string,
    sent: Parameters<typeof updateWebhookEndpoint>[2]["change"],
  ) => {
    const { id } = await named(tenant, mode, name);
    return db.transaction((tx) => updateWebhookEndpoint(tx, deps, { tenantId: tenant.id, id, change: sent }));
  };

  operations
    .on(wire.listWebhooks, async ({ tenant, mode, page }) =>
      mapPage(pageOf((await listed(tenant, mode)).reverse(), page), toWire),
    )
    .on(wire.createWebhook, async ({ tenant, mode, body }) => {
      const key = body.key ?? `api-${deps.ids.next("webhookEndpoint").slice(-10).toLowerCase()}`;
      const { url, types, format } = body;
      const made = await db.transaction((tx) =>
        createWebhookEndpoint(tx, deps, {
          tenantId: tenant.id,
          key,
          url,
          types,
          format,
          mode,
          fromFile: false,
        }),
      );
      return { ...toWire(made.endpoint), secret: made.secret };
    })
    .on(wire.getWebhook, async ({ tenant, mode, params }) => toWire(await named(tenant, mode, params.id)))
    .on(wire.updateWebhook, async ({ tenant, mode, params, body }) => {
      const { url, types, status } = body;
      return toWire(
        await change(tenant, mode, params.id, {
          ...(url !== undefined && { url }),
          ...(types !== undefined && { types }),
          ...(status !== undefined && {
            state: status === "ACTIVE" ? ("active" as const) : ("paused" as const),
          }),
        }),
      );
    })
    .on(wire.deleteWebhook, async ({ tenant, mode, params }) => {
      await change(tenant, mode, params.id, { state: "deleted" });
      return null;
    })
    .on(wire.listWebhookDeliveries, async ({ tenant, mode, params }) => {
      const { id: endpointId } = await named(tenant, mode, params.id);
      const filter = { tenantId: tenant.id, endpointId, limit: DELIVERIES_SHOWN };
      return (await listDeliveries(db, filter)).map(deliveryToWire);
    })
    .on(wire.redeliverWebhook, async ({ tenant, mode, params }) => {
      const { id: endpointId } = await named(tenant, mode, params.id);
      const { deliveryId } = params;
      const known = await listDeliveries(db, { tenantId: tenant.id, endpointId, limit: DELIVERIES_SHOWN });
      if (!known.some(({ id }) => id === deliveryId)) throw noSuchResource();
      await db.transaction((tx) => redeliver(tx, deps, { tenantId: tenant.id, deliveryId }));
      return null;
    });
}

const toWire = (it: WebhookEndpoint) => ({
  id: it.id,
  key: it.key,
  url: it.url,
  types: it.types,
  format: it.format,
  mode: it.mode,
  status: it.state.toUpperCase(),
  signed: it.hasSecret,
  ...(it.failSinceAt !== null && { failingSince: it.failSinceAt.toISOString() }),
  createdAt: it.createdAt.toISOString(),
});

const deliveryToWire = (it: WebhookDelivery) => ({
  id: it.id,
  type: it.type,
  status: it.state.toUpperCase(),
  attempts: it.attempt,
  ...(it.nextAt !== null && { nextAttemptAt: it.nextAt.toISOString() }),
  createdAt: it.createdAt.toISOString(),
  ...(it.finishedAt !== null && { finishedAt: it.finishedAt.toISOString() }),
});
