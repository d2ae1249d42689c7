import * as wire from "@tollgate/protocol/management-api/meters";
import {
  createMeter,
  findManagedMeter,
  listMeters,
  type ManagedMeter,
  saveMeter,
} from "../../domains/meters/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { mapPage, type Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";

/** What readers may read for nothing. */
export function meterOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 403 for another vendor's meter, 404 for none */
  const named = async (q: Queryable, tenant: Tenant, id: string): Promise<ManagedMeter> => {
    const found = await findManagedMeter(q, tenant.id, id);
    if (!found) throw await missing(q, tenant, "meter", id);
    return found;
  };
  const change = (tenant: Tenant, id: string, body: Partial<Omit<ReturnType<typeof toWire>, "id" | "key">>) =>
    db.transaction(async (tx) => {
      const meter = await named(tx, tenant, id);
      const { limit, status, ...rest } = body;
      const sent = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const state = status ? STATES[status] : meter.state;
      await saveMeter(tx, deps, { ...meter, ...sent, maxReads: limit ?? meter.maxReads, state });
      return toWire(await named(tx, tenant, id));
    });

  operations
    .on(wire.listMeters, async ({ tenant, page }) => mapPage(await listMeters(db, tenant.id, page), toWire))
    .on(wire.createMeter, async ({ tenant, body }) => {
      const id = await db.transaction((tx) =>
        createMeter(tx, deps, {
          tenantId: tenant.id,
          key: body.key,
          maxReads: body.limit,
          period: body.period ?? "MONTH",
          anonymous: body.anonymous ?? true,
          registeredBonus: body.registeredBonus ?? 0,
          state: STATES[body.status ?? "ACTIVE"],
        }),
      );
      return toWire(await named(db, tenant, id));
    })
    .on(wire.getMeter, async ({ tenant, params }) => toWire(await named(db, tenant, params.id)))
    .on(wire.updateMeter, ({ tenant, params, body }) => change(tenant, params.id, body))
    .on(wire.deleteMeter, async ({ tenant, params }) => {
      await change(tenant, params.id, { status: "DISABLED" });
      return null;
    });
}

const STATES = { ACTIVE: "active", DISABLED: "disabled" } as const;

const toWire = (meter: ManagedMeter) => ({
  id: meter.id,
  key: meter.key,
  limit: meter.maxReads,
  period: meter.period,
  anonymous: meter.anonymous,
  registeredBonus: meter.registeredBonus,
  status: meter.state === "active" ? ("ACTIVE" as const) : ("DISABLED" as const),
});
