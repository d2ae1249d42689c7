import type { IncomingMessage } from "node:http";
import { type Customer, customerOfMerchant, resolveAccessToken } from "../../domains/identity/index.ts";
import { findPaywall, type Paywall } from "../../domains/paywalls/index.ts";
import { type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { headerOf } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { BEARER, invalidToken, merchantKey } from "../paywall-api/context.ts";

export type GatewayCaller = { paywall: Paywall; tenant: Tenant; customer: Customer; now: Date };

const MAX_USER_ID = 200;

/**
 * Whose credits a call spends (paywall API §7). A Bearer wins; `X-User-ID` counts only beside a secret key of the
 * paywall's account, because from a browser it proves nothing.
 *
 * @param paywallRef of the query, else of the header
 * @throws 400 `paywall_required`, 404 `not_found`, 401, 403
 */
export async function gatewayCaller(
  deps: Deps,
  request: IncomingMessage,
  paywallRef: string | undefined,
): Promise<GatewayCaller> {
  if (!paywallRef) throw new AppError("paywall_required", 400, "The request names no paywall.");
  const found = await findPaywall(deps.db, paywallRef);
  if (!found) throw new AppError("not_found", 404, "There is no such paywall.");
  const { paywall, tenant } = found;
  const customer = await customerOf(deps, request, tenant);
  return { paywall, tenant, customer, now: tenantNow(deps.clock, tenant) };
}

async function customerOf(deps: Deps, request: IncomingMessage, tenant: Tenant): Promise<Customer> {
  const authorization = headerOf(request, "authorization");
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    const signedIn = token ? await resolveAccessToken(deps, tenant.id, token) : null;
    if (!signedIn) throw invalidToken();
    return signedIn.customer;
  }
  const userId = headerOf(request, "x-user-id")?.trim();
  const secret = headerOf(request, "x-api-key");
  if (!userId || secret === undefined) throw new AppError("Unauthorized", 401, "Please sign in.");
  await merchantKey(deps, secret, tenant.id);
  if (userId.length > MAX_USER_ID) throw new AppError("invalid_user_id", 400, "X-User-ID is too long.");
  const now = tenantNow(deps.clock, tenant);
  return deps.db.transaction((tx) => customerOfMerchant(tx, deps, { tenantId: tenant.id, userId, now }));
}
