import type { Context } from "hono";
import {
  findTenant,
  findTenantBySlug,
  listSellers,
  ownerOfHost,
  type Tenant,
} from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { PublisherEnv } from "./caller.ts";

/**
 * The vendor that a call without a reader is about: that of the credentials, else the one that `?vendor=` names, else
 * the one whose custom domain or registered site was called, else the only one that there is. Null when several are
 * left. A vendor that is named and does not exist is nobody, never another one.
 */
export async function vendorOf(deps: Deps, c: Context<PublisherEnv>): Promise<Tenant | null> {
  const caller = c.get("caller");
  if (caller.kind !== "nobody") return caller.tenant;
  const named = c.req.query("vendor");
  if (named !== undefined) return active(await findTenantBySlug(deps.db, named));
  const owner = await ownerOfHost(deps.db, new URL(c.req.url).host);
  if (owner) return active(await findTenant(deps.db, owner));
  const all = await listSellers(deps.db);
  return all.length === 1 ? (all[0] ?? null) : null;
}

const active = (tenant: Tenant | null): Tenant | null => (tenant?.status === "active" ? tenant : null);
