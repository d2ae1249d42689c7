import * as wire from "@tollgate/protocol/management-api/entitlements";
import { listTenantsEntitlements, type OwnedEntitlement } from "../../domains/entitlements/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { entitlementToWire } from "../publisher-api/entitlements.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { publisherType } from "../publisher-api/products.ts";
import type { Operations } from "./operations.ts";
import { userNamed } from "./users.ts";

const ALONE = { limit: 1, offset: 0, after: null };

const toWire = (right: OwnedEntitlement) => ({ ...entitlementToWire(right), userId: right.userId });

/** Publisher API §8.2: who may read what. Rights come from sales and from access lists, and are changed there. */
export function entitlementOperations(deps: Deps, operations: Operations): void {
  operations
    .on(wire.listEntitlements, async ({ tenant, mode, now, query, page }) => {
      const { userId, type, sku, include } = query;
      const customerId = userId && (await userNamed(deps, tenant, userId)).id;
      const isType = type === undefined ? undefined : (it: string) => publisherType(it) === type;
      const filter = {
        tenantId: tenant.id,
        mode,
        now,
        customerId,
        sku,
        isType,
        inactive: include === "inactive",
      };
      return mapPage(await listTenantsEntitlements(deps.db, filter, page), toWire);
    })
    .on(wire.getEntitlement, async ({ tenant, mode, now, params }) => {
      const filter = { tenantId: tenant.id, mode, now, id: params.id, inactive: true };
      const [right] = (await listTenantsEntitlements(deps.db, filter, ALONE)).items;
      if (!right) throw noSuchResource();
      return toWire(right);
    });
}
