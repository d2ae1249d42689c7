import type { Context } from "hono";
import type { StatementScope } from "../../domains/billing/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";

/** Whose contracts, bills and payments a reader's call is about: their own, in the world of the vendor's readers. */
export async function ownStatements(
  deps: Pick<Deps, "clock" | "db">,
  c: Context<PublisherEnv>,
): Promise<{ tenant: Tenant; scope: StatementScope & { customerId: string }; now: Date; realNow: Date }> {
  const { tenant, customer } = signedIn(c);
  const scope = {
    tenantId: tenant.id,
    customerId: customer.id,
    mode: await publisherMode(deps.db, tenant.id),
  };
  return { tenant, scope, now: tenantNow(deps.clock, tenant), realNow: deps.clock.now() };
}
