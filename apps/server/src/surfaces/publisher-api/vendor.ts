import { Hono } from "hono";
import type { Tenant } from "../../domains/tenants/index.ts";
import { AppError } from "../../platform/errors.ts";
import { known, type PublisherEnv, signedIn } from "./caller.ts";

/** Publisher API §4.10. */
export function vendorRoutes(): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/vendor", (c) => c.json(vendorToWire(known(c).tenant)))
    .get("/vendors", (c) => {
      const caller = c.get("caller");
      if (caller.kind === "machine" && mayListVendors(caller.scopes))
        return c.json([vendorToWire(caller.tenant)]);
      if (caller.kind !== "machine") signedIn(c);
      // A customer belongs to one vendor here, so every reader's token is restricted to one.
      throw new AppError("insufficient_permissions", 403, "This token is restricted to one vendor.");
    });
}

/** A back end's credentials list what they are for, with the scope that §3.5 has for it. */
const mayListVendors = (scopes: readonly string[] | null): boolean =>
  scopes === null || scopes.includes("profile:vendors:read");

export const vendorToWire = (tenant: Tenant) => ({
  id: tenant.slug,
  name: tenant.name,
  currency: tenant.currency,
  ...(tenant.brandColor && { color: tenant.brandColor }),
});
