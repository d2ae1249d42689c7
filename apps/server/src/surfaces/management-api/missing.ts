import { isAnotherTenants, type OwnedKind, type Tenant } from "../../domains/tenants/index.ts";
import type { Queryable } from "../../platform/database/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { noSuchResource } from "../publisher-api/errors.ts";

/**
 * Why a back end does not get what it asked for: 404 for what is nowhere, 403 for what is another vendor's (publisher
 * API §8). Only ids tell that apart; names such as a sku mean something within one vendor alone.
 */
export async function missing(q: Queryable, tenant: Tenant, kind: OwnedKind, id: string): Promise<AppError> {
  return (await isAnotherTenants(q, tenant.id, kind, id)) ? anotherVendors() : noSuchResource();
}

export const anotherVendors = (): AppError =>
  new AppError("insufficient_permissions", 403, "This belongs to another vendor.");

/** @throws 403 for a test key that would change what takes real money */
export function sparesLive(calling: Mode, paymentMode: Mode): void {
  if (calling === "test" && paymentMode === "live") {
    throw new AppError("live_paywall", 403, "A test key changes nothing on a paywall that takes real money.");
  }
}
