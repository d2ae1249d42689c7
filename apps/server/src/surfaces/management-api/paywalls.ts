import { applyPublisherPaywall } from "@tollgate/protocol/apply";
import * as wire from "@tollgate/protocol/management-api/paywalls";
import type { z } from "zod";
import { listPurchaseOptions } from "../../domains/catalogue/index.ts";
import { findManagedMeter, findMeterById } from "../../domains/meters/index.ts";
import {
  createPaywall,
  findAnyPaywall,
  listPaywallsOf,
  type PaywallDraft,
  type PaywallOfTenant,
  updatePaywall,
} from "../../domains/paywalls/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check } from "../publisher-api/body.ts";
import { invalid, noSuchResource } from "../publisher-api/errors.ts";
import { publisherSettingsOf, renderPublisherPaywall } from "../publisher-api/paywall-body.ts";
import { anotherVendors, missing, sparesLive } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { productNamed } from "./products.ts";

const FRESH_SECONDS = 3600;
const PUBLISHED = { ACTIVE: "published", CANCELED: "draft" } as const;

type Changes = z.output<(typeof wire.updatePaywall)["request"]["body"]>;

/** Publisher API §8.1. */
export function paywallOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 404 for an unknown paywall, then 403 for another vendor's */
  const named = async (q: Queryable, tenant: Tenant, id: string): Promise<PaywallOfTenant> => {
    const found = await findAnyPaywall(q, id);
    if (!found) throw noSuchResource();
    if (found.tenant.id !== tenant.id) throw anotherVendors();
    return found;
  };
  const shown = async (found: PaywallOfTenant) => {
    const { id, meterId, status } = found.paywall;
    const meter = meterId ? await findMeterById(db, found.tenant.id, meterId) : null;
    const body = await renderPublisherPaywall(db, found, meter);
    return { ...body, id, status: status === "published" ? "ACTIVE" : "CANCELED" };
  };

  operations
    .on(wire.listPaywalls, async ({ tenant, page }) => {
      const found = await listPaywallsOf(db, tenant, page);
      return { ...found, items: await Promise.all(found.items.map(shown)) };
    })
    .on(wire.getPaywall, async ({ c, tenant, params }) => {
      const body = await shown(await named(db, tenant, params.paywallId));
      c.header("cache-control", `private, max-age=${FRESH_SECONDS}`);
      return body;
    })
    .on(wire.createPaywall, async ({ tenant, mode, now, body }) => {
      const key = body.key ?? `api-${deps.ids.next("paywall").slice(-10).toLowerCase()}`;
      const product = await productNamed(db, tenant, body.sku);
      const empty: PaywallDraft = {
        name: "",
        status: "published",
        currency: tenant.currency,
        settings: {},
        defaultProductId: product.id,
        meterId: null,
      };
      const draft = await changed(db, tenant, empty, body, []);
      const id = await db.transaction((tx) =>
        createPaywall(tx, deps, { tenantId: tenant.id, key, mode, draft, now }),
      );
      return shown(await named(db, tenant, id));
    })
    .on(wire.updatePaywall, async ({ tenant, mode, now, params, body }) => {
      const { id, paymentMode } = (await named(db, tenant, params.paywallId)).paywall;
      sparesLive(mode, paymentMode);
      await db.transaction(async (tx) => {
        const { paywall } = await named(tx, tenant, id);
        const options = await listPurchaseOptions(tx, id);
        const draft = await changed(tx, tenant, paywall, body, options);
        await updatePaywall(tx, deps, { tenantId: tenant.id, paywallId: id, draft, now });
      });
      return shown(await named(db, tenant, id));
    })
    .on(wire.deletePaywall, async ({ tenant, mode, now, params }) => {
      await db.transaction(async (tx) => {
        const { paywall } = await named(tx, tenant, params.paywallId);
        sparesLive(mode, paywall.paymentMode);
        const draft: PaywallDraft = { ...paywall, status: "archived" };
        await updatePaywall(tx, deps, { tenantId: tenant.id, paywallId: paywall.id, draft, now });
      });
      return null;
    });
}

/** The paywall with what was sent. @throws 400, and 403 or 404 for a meter that is not the vendor's */
async function changed(
  q: Queryable,
  tenant: Tenant,
  before: PaywallDraft,
  body: Changes,
  options: readonly { id: string; key: string }[],
): Promise<PaywallDraft> {
  const { meterId = before.meterId } = body;
  if (meterId !== null && meterId !== before.meterId && !(await findManagedMeter(q, tenant.id, meterId))) {
    throw await missing(q, tenant, "meter", meterId);
  }
  const { brandColor, ...settings } = before.settings;
  const color = body.mainColor === undefined ? brandColor : body.mainColor;
  return {
    name: body.name ?? before.name,
    status: body.status ? PUBLISHED[body.status] : before.status,
    currency: body.currency ?? before.currency,
    defaultProductId: body.sku ? (await productNamed(q, tenant, body.sku)).id : before.defaultProductId,
    meterId,
    settings: {
      ...settings,
      ...(color && { brandColor: color }),
      publisher: pagesSee(before, body, options),
    },
  };
}

/** What publishers' pages show, with what was sent; null takes an address away. */
function pagesSee(
  before: PaywallDraft,
  body: Changes,
  options: readonly { id: string; key: string }[],
): PaywallDraft["settings"]["publisher"] {
  const own = publisherSettingsOf(before);
  const { headline, features, showLoginButton, footerPaymentMethods, settings = {}, singlePurchase } = body;
  const texts = { ...own.options };
  for (const { poId, ...text } of body.subscriptions ?? []) {
    const key = options.find(({ id }) => id === poId)?.key;
    if (key === undefined)
      throw invalid(`subscriptions: ${poId} is not sold on this paywall.`, "subscriptions");
    texts[key] = { ...texts[key], ...text } as (typeof texts)[string];
  }
  const { styling, loginFields, displayOptions, ...flags } = settings;
  const address = (sent: string | null | undefined, was: string | undefined) =>
    sent === undefined ? was : sent || undefined;
  const wanted = {
    ...own,
    ...defined({ headline, features, showLoginButton, footerPaymentMethods, ...flags }),
    logoUrl: address(body.logoUrl, own.logoUrl),
    subscriptionsUrl: address(body.subscriptionsUrl, own.subscriptionsUrl),
    styling: { ...own.styling, ...styling },
    displayOptions: { ...own.displayOptions, ...displayOptions },
    singlePurchase: { ...own.singlePurchase, ...singlePurchase },
    ...(loginFields && { loginFields: { ...own.loginFields, ...loginFields } }),
    options: texts,
  };
  return check(applyPublisherPaywall, wanted);
}

const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
