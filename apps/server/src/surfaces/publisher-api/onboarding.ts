import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  accessListErrors,
  claimCode,
  createAccessHooks,
  type ProvenCustomer,
} from "../../domains/access-lists/index.ts";
import { findProductsBySku } from "../../domains/catalogue/index.ts";
import { attachGrants, listEntitlements } from "../../domains/entitlements/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson } from "./body.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";
import { entitlementToWire } from "./entitlements.ts";
import { noSuchResource } from "./errors.ts";

const claimBody = z.object({ code: z.string().min(1).max(100) });

/** Rights that a reader has from elsewhere than a sale and asks for: a code that was given to them, or what a list knows. */
export function onboardingRoutes(deps: Deps): Hono<PublisherEnv> {
  const hooks = createAccessHooks(deps);

  /** The reader as access lists know people; null while their address is not proven. */
  const proven = (c: Context<PublisherEnv>): ProvenCustomer | null => {
    const { tenant, customer } = signedIn(c);
    const { id, uuid, email, emailVerifiedAt } = customer;
    return email !== null && emailVerifiedAt !== null ? { id, uuid, tenantId: tenant.id, email } : null;
  };
  const granted = async (c: Context<PublisherEnv>) => {
    const { tenant, customer } = signedIn(c);
    const mode = await publisherMode(deps.db, tenant.id);
    const scope = { tenantId: tenant.id, customerId: customer.id, mode, now: tenantNow(deps.clock, tenant) };
    return (await listEntitlements(deps.db, scope)).filter((it) => it.hasAccess && it.origin !== null);
  };

  return new Hono<PublisherEnv>()
    .post("/products/:sku/auto-onboard", async (c) => {
      const { tenant, customer } = signedIn(c);
      const [product] = await findProductsBySku(deps.db, param(c, "sku"), tenant.id);
      if (!product) throw noSuchResource();
      const who = proven(c);
      if (who) {
        const now = tenantNow(deps.clock, tenant);
        const own = { tenantId: tenant.id, customerId: customer.id };
        await deps.db.transaction((tx) => attachGrants(tx, deps, { ...own, at: now }));
        const mode = await publisherMode(deps.db, tenant.id);
        await hooks.askAbout(who, { productId: product.id, mode, now });
      }
      const held = await granted(c);
      return c.json(
        held
          .filter(({ sku, origin }) => sku === product.sku && origin && "grantId" in origin)
          .map(entitlementToWire),
      );
    })
    .post("/claims", async (c) => {
      const { tenant } = signedIn(c);
      const { code } = check(claimBody, await readJson(c));
      const customer = proven(c);
      if (!customer) throw accessListErrors.addressUnproven();
      const mode = await publisherMode(deps.db, tenant.id);
      const now = tenantNow(deps.clock, tenant);
      const grant = await deps.db.transaction((tx) => claimCode(tx, deps, { customer, mode, code }, now));
      const held = await granted(c);
      return c.json(
        held
          .filter(({ origin }) => origin && "grantId" in origin && origin.grantId === grant.id)
          .map(entitlementToWire),
      );
    });
}
