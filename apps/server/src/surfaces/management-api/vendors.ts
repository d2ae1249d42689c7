import * as wire from "@tollgate/protocol/management-api/vendors";
import { listTenantsEntitlements } from "../../domains/entitlements/index.ts";
import { findProfile } from "../../domains/identity/index.ts";
import { createTenant, findTenant, type Tenant } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { takeLimit } from "../../platform/limits.ts";
import { entitlementToWire } from "../publisher-api/entitlements.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { profileToWire } from "../publisher-api/profile.ts";
import { vendorToWire } from "../publisher-api/vendor.ts";
import { element, xmlDocument } from "./customer-xml.ts";
import type { Operations } from "./operations.ts";
import { userNamed } from "./users.ts";

/** Vendors that one vendor's credentials make in a day; each takes a name from everybody else. */
const VENDORS_A_DAY = 10;
const RIGHTS_SHOWN = { limit: 500, offset: 0, after: null };

/** Publisher API §8.2: the vendor itself, and customers for systems that read XML. */
export function vendorOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  operations
    .on(wire.listVendors, async ({ tenant }) => [toWire(tenant)])
    .on(wire.createVendor, async ({ tenant, body }) => {
      const limit = { key: `vendors:${tenant.id}`, max: VENDORS_A_DAY, windowSeconds: 86_400 };
      const { allowed, retryAfterSeconds } = await takeLimit(db, limit, deps.clock.now());
      if (!allowed) {
        throw new AppError("too_many_vendors", 429, "That is enough vendors for today.", {
          retryAfterSeconds,
        });
      }
      const { name, website, country } = body;
      const slug = body.id ?? slugOf(name, deps.ids.next("tenant").slice(-6).toLowerCase());
      const details = { ...(website && { website }), ...(country && { country }) };
      const id = await db.transaction((tx) => createTenant(tx, deps, { slug, name, ...details }));
      const made = await findTenant(db, id);
      if (!made) throw new Error("a vendor vanished while it was being made");
      return toWire(made);
    })
    .on(wire.getCustomer, async ({ c, tenant, mode, now, params }) => {
      const { id: customerId, uuid } = await userNamed(deps, tenant, params.customerId);
      const profile = await findProfile(db, tenant.id, customerId);
      if (!profile) throw noSuchResource();
      const filter = { tenantId: tenant.id, mode, now, customerId };
      const rights = await listTenantsEntitlements(db, filter, RIGHTS_SHOWN);
      const {
        userId: _,
        sub: _sub,
        tags: _tags,
        user_metadata: _metadata,
        ...told
      } = profileToWire(profile, [], {});
      const xml = xmlDocument(
        element("customer", { ...told, entitlements: rights.items.map(entitlementToWire) }, { id: uuid }),
      );
      // The published client reads JSON alone; others ask for what they want.
      const wantsXml = /\b(application|text)\/xml\b/.test(c.req.header("accept") ?? "");
      return wantsXml ? c.body(xml, 200, { "content-type": "application/xml; charset=utf-8" }) : xml;
    });
}

const toWire = (tenant: Tenant) => ({
  ...vendorToWire(tenant),
  ...(tenant.website !== null && { website: tenant.website }),
  ...(tenant.country !== null && { country: tenant.country }),
});

function slugOf(name: string, unlike: string): string {
  const base = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 30)
    .replace(/-+$/, "");
  return `${base || "vendor"}-${unlike}`;
}
