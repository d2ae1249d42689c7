import { type UsageResponse, usageQuery } from "@tollgate/protocol/paywall-api/usage";
import { Hono } from "hono";
import { type GatewayRequest, listRequests } from "../../domains/gateway/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { authorizationRequired, bearerOf, type PaywallEnv } from "./context.ts";
import { readWith } from "./refuse.ts";

/** A customer's own calls through the gateway on this paywall; beyond the contract, beside §4.8. */
export function usageRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().get("/usage", async (c) => {
    const caller = await bearerOf(deps, c);
    if (!caller) throw authorizationRequired();
    const { limit, before } = readWith(usageQuery, c.req.query());
    const { paywall } = c.var;
    const found = await listRequests(deps.db, {
      tenantId: paywall.tenantId,
      paywallId: paywall.id,
      customerId: caller.customer.id,
      mode: paywall.paymentMode,
      limit: limit + 1,
      before,
    });
    const items = found.slice(0, limit);
    const next = found.length > limit ? (items.at(-1)?.id ?? null) : null;
    return c.json({ items: items.map(render), next } satisfies UsageResponse);
  });
}

const render = (it: GatewayRequest): UsageResponse["items"][number] => ({
  id: it.id,
  created: it.createdAt.toISOString(),
  provider: it.providerId,
  path: it.path,
  model: it.model,
  status: it.status,
  type: it.tokenType,
  charged: it.tokens,
  units_in: it.unitsIn,
  units_out: it.unitsOut,
  aborted: it.aborted,
});
