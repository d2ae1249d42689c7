import { getPaywall } from "@tollgate/protocol/management-api/paywalls";
import { findMeterById } from "../../domains/meters/index.ts";
import { findPaywall } from "../../domains/paywalls/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { renderPublisherPaywall } from "../publisher-api/paywall-body.ts";
import { anotherVendors } from "./missing.ts";
import type { Operations } from "./operations.ts";

const FRESH_SECONDS = 3600;

/** Publisher API §8.1. */
export function paywallOperations(deps: Deps, operations: Operations): void {
  operations.on(getPaywall, async ({ c, tenant, params }) => {
    const found = await findPaywall(deps.db, params.paywallId);
    if (!found) throw noSuchResource();
    if (found.tenant.id !== tenant.id) throw anotherVendors();
    const { meterId } = found.paywall;
    const meter = meterId ? await findMeterById(deps.db, tenant.id, meterId) : null;
    const body = await renderPublisherPaywall(deps.db, found, meter);
    c.header("cache-control", `private, max-age=${FRESH_SECONDS}`);
    return body;
  });
}
