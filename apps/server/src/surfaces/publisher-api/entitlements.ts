import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  attachGrants,
  type Entitlement,
  type EntitlementScope,
  findEntitlement,
  hasWaitingGrants,
  listEntitlementsWithMembers,
} from "../../domains/entitlements/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { LINK_SECONDS, linkTo, signLinkToken } from "../../domains/signed-links/index.ts";
import { tenantNow } from "../../domains/tenants/index.ts";
import { addSeconds } from "../../platform/clock.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { createAccessNews } from "./access-news.ts";
import { check, param, slice } from "./body.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { publisherType } from "./products.ts";

const PATIENCE_MS = 10_000;

const filters = z.object({
  type: z.string().optional(),
  sku: z.string().optional(),
  "purchase-option-id": z.string().optional(),
  "wait-for-entitlement-after": z.iso
    .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
    .transform((instant) => new Date(instant))
    .optional(),
  include: z.string().optional(),
});

type C = Context<PublisherEnv>;

/** Publisher API §5.1. */
export function entitlementRoutes(deps: Deps): Hono<PublisherEnv> {
  const waitUntil = createAccessNews(deps);

  /** Whose rights, at this moment; what waits for an address that they have proved becomes theirs first. */
  const scopeOf = async (c: C): Promise<EntitlementScope> => {
    const { tenant, customer } = signedIn(c);
    const own = { tenantId: tenant.id, customerId: customer.id };
    const now = tenantNow(deps.clock, tenant);
    if (await hasWaitingGrants(deps.db, own)) {
      await deps.db.transaction((tx) => attachGrants(tx, deps, { ...own, at: now }));
    }
    return { ...own, mode: await publisherMode(deps.db, tenant.id), now };
  };
  const named = async (c: C): Promise<Entitlement> => {
    const found = await findEntitlement(deps.db, await scopeOf(c), param(c, "id"));
    if (!found) throw noSuchResource();
    return found;
  };

  return new Hono<PublisherEnv>()
    .get("/entitlements", async (c) => {
      const asked = check(filters, c.req.query());
      const after = asked["wait-for-entitlement-after"];
      let all = await listEntitlementsWithMembers(deps.db, await scopeOf(c));
      if (after) {
        const isThere = async () => {
          all = await listEntitlementsWithMembers(deps.db, await scopeOf(c));
          return all.some((it) => it.hasAccess && (it.createdAt > after || it.updatedAt > after));
        };
        const customerId = signedIn(c).customer.id;
        await waitUntil(isThere, { customerId, patienceMs: PATIENCE_MS, gone: c.req.raw.signal });
        c.header("cache-control", "no-store");
      }
      const option = asked["purchase-option-id"];
      const shown = all
        .filter((it) => it.hasAccess || asked.include === "inactive")
        .filter((it) => asked.sku === undefined || it.sku === asked.sku)
        .filter((it) => asked.type === undefined || publisherType(it.productType) === asked.type)
        .filter((it) => option === undefined || it.optionId === option);
      return slice(c, shown.map(entitlementToWire));
    })
    .get("/entitlements/:id", async (c) => c.json(entitlementToWire(await named(c))))
    .get("/entitlements/:id/access", async (c) => {
      c.header("cache-control", "no-store");
      const { tenant, customer } = signedIn(c);
      const right = await named(c);
      if (!right.hasAccess) {
        throw new AppError("insufficient_permissions", 403, "This entitlement gives no access any more.");
      }
      const url = addressOf(right);
      // A feature of an app has no page that a link could open.
      if (url === null) throw noSuchResource();
      const seconds = right.validToAt
        ? (right.validToAt.getTime() - tenantNow(deps.clock, tenant).getTime()) / 1000
        : LINK_SECONDS;
      const proof = await signLinkToken(deps, tenant.id, {
        url,
        sku: right.sku,
        ...(right.optionId !== null && { optionId: right.optionId }),
        ...(right.publisherContentId !== null && { publisherContentId: right.publisherContentId }),
        person: {
          id: customer.uuid,
          ...(customer.email !== null && { email: customer.email }),
          ...(customer.name !== null && { name: customer.name }),
        },
        // Publishers check links on real time, whatever the tenant's clock says.
        expiresAt: addSeconds(deps.clock.now(), Math.min(LINK_SECONDS, seconds)),
      });
      return c.json({ id: right.id, url: linkTo(url, proof), token: proof.token });
    });
}

/** What pages compare: a pass goes by the address that they name it by. */
const addressOf = ({ productType, url, passUrl }: Entitlement): string | null =>
  productType === "article" ? (url ?? passUrl) : (passUrl ?? url);

/** A right as publisher API §5.1 spells it. */
export function entitlementToWire(right: Entitlement) {
  const url = addressOf(right);
  const { origin } = right;
  return {
    id: right.id,
    sku: right.sku,
    title: right.title,
    type: publisherType(right.productType),
    hasAccess: right.hasAccess,
    createdAt: right.createdAt.toISOString(),
    updatedAt: right.updatedAt.toISOString(),
    // Browsers' clients look for the option under the second name.
    ...(right.optionId !== null && { purchaseOption: right.optionId, purchaseOptionsId: right.optionId }),
    ...(url !== null && { url }),
    ...(right.publisherContentId !== null && { publisherContentId: right.publisherContentId }),
    ...(right.cover !== null && { cover: right.cover }),
    ...(right.validToAt !== null && { expiresAt: right.validToAt.toISOString() }),
    ...(origin && {
      origin:
        "contractId" in origin
          ? { type: "PAYMENTS", contractId: origin.contractId }
          : { type: "EXTERNAL", id: origin.grantId, listId: origin.listId, name: origin.listName },
    }),
  };
}
