import * as wire from "@tollgate/protocol/management-api/billing";
import { expireCheckout, listVendorsCheckouts, type VendorsCheckout } from "../../domains/checkout/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { toMajor } from "../../platform/money.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { userNamed } from "./users.ts";

const ALONE = { limit: 1, offset: 0, after: null };
const STATUS = {
  open: "PENDING",
  processing: "WAITING_PAYMENT_CONFIRMATION",
  completed: "COMPLETED",
  expired: "EXPIRED",
  canceled: "CANCELED",
} as const;

/** Attempts to buy. */
export function checkoutOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 403 for another vendor's checkout, 404 for none */
  const named = async (tenant: Tenant, mode: Mode, id: string): Promise<VendorsCheckout> => {
    const [found] = (await listVendorsCheckouts(db, { tenantId: tenant.id, mode, id }, ALONE)).items;
    if (!found) throw await missing(db, tenant, "checkout", id);
    return found;
  };
  operations
    .on(wire.listCheckouts, async ({ tenant, mode, query, page }) => {
      const customerId = query.userId && (await userNamed(deps, tenant, query.userId)).id;
      const state = Object.entries(STATUS).find(([, status]) => status === query.status)?.[0];
      const filter = { tenantId: tenant.id, mode, customerId, state };
      return mapPage(await listVendorsCheckouts(db, filter, page), toWire);
    })
    .on(wire.getCheckout, async ({ tenant, mode, params }) => toWire(await named(tenant, mode, params.id)))
    .on(wire.expireCheckout, async ({ tenant, mode, now, params }) => {
      const { id } = await named(tenant, mode, params.id);
      const closed = await db.transaction((tx) => expireCheckout(tx, deps, { tenantId: tenant.id, id, now }));
      if (!closed) throw new AppError("checkout_paid", 409, "This checkout is paid, or is being paid.");
      return toWire(await named(tenant, mode, id));
    });
}

const toWire = (it: VendorsCheckout) => ({
  id: it.id,
  userId: it.userId,
  sku: it.sku,
  purchaseOptionId: it.optionId,
  price: toMajor(it.totalMinor, it.currency),
  currency: it.currency,
  status: STATUS[it.state],
  ...(it.contractId !== null && { contractId: it.contractId }),
  ...(it.sessionId !== null && { sessionId: it.sessionId }),
  paywallId: it.paywallId,
  createdAt: it.createdAt.toISOString(),
  expiresAt: it.expiresAt.toISOString(),
  ...(it.completedAt !== null && { completedAt: it.completedAt.toISOString() }),
});
