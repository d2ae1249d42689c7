import { type Context, Hono } from "hono";
import { z } from "zod";
import { isPassAddress, matchPage, pageKey } from "../../domains/catalogue/index.ts";
import {
  type AccessTarget,
  attachGrants,
  decideReading,
  hasWaitingGrants,
} from "../../domains/entitlements/index.ts";
import { findMeterById } from "../../domains/meters/index.ts";
import { findPaywall, type PaywallOfTenant } from "../../domains/paywalls/index.ts";
import { LINK_SECONDS, MAX_LINK_SECONDS, signLink } from "../../domains/signed-links/index.ts";
import { ownerOfHost, tenantNow } from "../../domains/tenants/index.ts";
import { addSeconds } from "../../platform/clock.ts";
import { type CrawlerCheck, createCrawlerCheck } from "../../platform/crawlers/index.ts";
import { sha256 } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { check, param, readJson } from "./body.ts";
import { known, type PublisherEnv } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";
import { publisherSettingsOf, renderPublisherPaywall } from "./paywall-body.ts";

const accessBody = z.object({
  publisherContentId: z.string().trim().min(1).max(200),
  url: z.string().max(4096).optional(),
  // Ours, beyond the contract: the browser's id beside a reader's token, so that signing in gives no read back.
  anonymousId: z.string().max(200).optional(),
});

type C = Context<PublisherEnv>;

/** Publisher API §5.4 and §5.5: what a paywall shows, and whether somebody stands before it. */
export function paywallRoutes(deps: Deps): Hono<PublisherEnv> {
  const named = async (c: C): Promise<PaywallOfTenant> => {
    const found = await findPaywall(deps.db, param(c, "id"));
    const vendor = c.req.param("vendor");
    if (!found || (vendor !== undefined && vendor !== found.tenant.slug)) throw noSuchResource();
    return found;
  };
  const meterOf = ({ paywall, tenant }: PaywallOfTenant) =>
    paywall.meterId ? findMeterById(deps.db, tenant.id, paywall.meterId) : null;
  const settings = async (c: C) => {
    const found = await named(c);
    return c.json(await renderPublisherPaywall(deps.db, found, await meterOf(found)), 200, {
      "cache-control": "public, max-age=300",
    });
  };
  const crawlerOf = createCrawlerCheck(deps);
  const access = (c: C) => answerAccess(deps, c, named, meterOf, crawlerOf);
  return new Hono<PublisherEnv>()
    .get("/paywalls/:id", settings)
    .get("/paywalls/:vendor/:id", settings)
    .get("/paywall/paywalls/:vendor/:id", settings)
    .post("/paywalls/:id/access", access)
    .post("/paywalls/:vendor/:id/access", access);
}

async function answerAccess(
  deps: Deps,
  c: C,
  named: (c: C) => Promise<PaywallOfTenant>,
  meterOf: (found: PaywallOfTenant) => ReturnType<typeof findMeterById> | null,
  crawlerOf: CrawlerCheck,
): Promise<Response> {
  const caller = known(c);
  if (caller.kind === "machine") {
    throw new AppError("insufficient_permissions", 403, "This is about a reader; a back end has none.");
  }
  const found = await named(c);
  const { paywall, tenant } = found;
  if (tenant.id !== caller.tenant.id) throw noSuchResource();
  const body = check(accessBody, await readJson(c));
  const page = await pageOf(deps, tenant.id, body);
  const now = tenantNow(deps.clock, tenant);
  const customer = caller.kind === "reader" ? caller.customer : null;
  const meter = await meterOf(found);
  const client = { address: c.get("clientAddress"), userAgent: c.req.header("user-agent") ?? "" };
  const isCrawler = meter !== null && customer === null && (await crawlerOf(client)) !== null;
  const decision = await deps.db.transaction(async (tx) => {
    const own = customer && { tenantId: tenant.id, customerId: customer.id };
    if (own && (await hasWaitingGrants(tx, own))) await attachGrants(tx, deps, { ...own, at: now });
    return decideReading(tx, {
      tenantId: tenant.id,
      timeZone: tenant.timeZone,
      mode: paywall.paymentMode,
      customerId: customer?.id ?? null,
      reader: { subjects: subjectsOf(deps, c, body.anonymousId), signedIn: customer?.anonymous === false },
      isCrawler,
      target: { productId: paywall.defaultProductId, ...page.target },
      contentId: page.contentId,
      registeredOnly: !page.isPass && publisherSettingsOf(paywall).template === "LOGIN",
      meter: page.isPass ? null : meter,
      now,
    });
  });
  c.header("cache-control", "no-store");
  if (!decision.open) {
    return c.json({
      status: "paywall",
      remaining: 0,
      // Ours, beyond the contract: when there will be free reads again.
      ...(decision.renewsAt && { renewsAt: decision.renewsAt.toISOString() }),
      paywall: await renderPublisherPaywall(deps.db, found, meter),
    });
  }
  const { remaining, reason, validToAt } = decision;
  if (body.url === undefined) return c.json({ status: "allowed", remaining });
  const longest = reason === "meter" ? MAX_LINK_SECONDS : LINK_SECONDS;
  const untilEnd = validToAt ? (validToAt.getTime() - now.getTime()) / 1000 : longest;
  const signedLink = await signLink(deps, tenant.id, {
    url: body.url,
    publisherContentId: body.publisherContentId,
    // Publishers check links on real time, whatever the tenant's clock says.
    expiresAt: addSeconds(deps.clock.now(), Math.min(longest, untilEnd)),
  });
  return c.json({ status: "allowed", remaining, signedLink });
}

/** Who reads, for the meter: the customer, the browser, or the place where neither is known. */
function subjectsOf(deps: Pick<Deps, "keys">, c: C, anonymousId?: string): [string, ...string[]] {
  const caller = known(c);
  const browser = anonymousId?.replace(/^"(.*)"$/, "$1");
  if (caller.kind === "reader") {
    return [
      `customer:${caller.customer.id}`,
      ...(browser && browser !== "null" ? [`anonymous:${browser}`] : []),
    ];
  }
  if (caller.kind === "anonymous" && caller.anonymousId !== null) return [`anonymous:${caller.anonymousId}`];
  const place = `meter|${c.get("clientAddress")}|${c.req.header("user-agent") ?? ""}`;
  return [`place:${deps.keys.pseudonym(place).toString("base64url")}`];
}

/**
 * What is asked for, and what of it the meter counts. A link opens a page, so where the catalogue cannot say that the
 * content id is that page's, the page itself counts: no right to one content, and no free read of it, opens another.
 *
 * @throws 400 for an address that is not on one of the vendor's sites, since a link would vouch for a stranger's page;
 *   and for a content id that is another page's
 */
async function pageOf(
  deps: Pick<Deps, "db">,
  tenantId: string,
  body: z.output<typeof accessBody>,
): Promise<{ target: AccessTarget; contentId: string; isPass: boolean }> {
  const { url: address, publisherContentId } = body;
  if (address === undefined)
    return { target: { publisherContentId }, contentId: publisherContentId, isPass: false };
  const key = pageKey(address);
  if (key === null || (await ownerOfHost(deps.db, new URL(address).host)) !== tenantId) {
    throw invalid("url must be an absolute address on one of the vendor's sites.", "url");
  }
  const match = await matchPage(deps.db, tenantId, { url: address, publisherContentId });
  if (match === "different") {
    throw invalid("publisherContentId and url are those of different content.", "publisherContentId");
  }
  // A link to a pass opens all that it covers: only who has a right to it gets one, and no free read does.
  const isPass = await isPassAddress(deps.db, tenantId, address);
  return match === "same"
    ? { target: { url: address, publisherContentId }, contentId: publisherContentId, isPass }
    : { target: { url: address }, contentId: `page:${sha256(key).toString("base64url")}`, isPass };
}
