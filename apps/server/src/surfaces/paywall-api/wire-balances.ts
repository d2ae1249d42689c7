import type { Balance } from "@tollgate/protocol/paywall-api/balances";
import { countedTypes, ensureTrial, readBalances } from "../../domains/credits/index.ts";
import type { Paywall } from "../../domains/paywalls/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";

/**
 * What a customer may spend, one entry per type that the paywall counts, in its order; null when it counts none. What
 * everybody may try is given first, and what a day took of it (paywall API §4.9, §4.12).
 */
export async function balancesOn(
  deps: Pick<Deps, "clock" | "db" | "ids">,
  on: { paywall: Paywall; tenant: Tenant; now: Date },
  customerId: string,
): Promise<Balance[] | null> {
  const { paywall, tenant, now } = on;
  const types = countedTypes(paywall.settings.tokenization);
  if (types.length === 0) return null;
  const { tenantId, id: paywallId, paymentMode: mode } = paywall;
  const owner = { tenantId, customerId, paywallId, mode, now };
  await ensureTrial(deps.db, deps, { ...owner, timeZone: tenant.timeZone }, paywall.settings.tokenization);
  const held = await readBalances(deps.db, owner);
  return types.map(({ type }) => ({ type, count: held.find((it) => it.type === type)?.count ?? 0 }));
}
