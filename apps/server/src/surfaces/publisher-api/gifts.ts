import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import {
  barePage,
  contentIdOfPage,
  isPassAddress,
  matchPage,
  pageKey,
} from "../../domains/catalogue/index.ts";
import { attachGrants, hasWaitingGrants } from "../../domains/entitlements/index.ts";
import {
  createGiftLink,
  type GiftLink,
  listGiftLinks,
  openGiftLink,
  revokeGiftLink,
} from "../../domains/links/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { MAX_LINK_SECONDS, signLink } from "../../domains/signed-links/index.ts";
import { ownerOfHost, tenantNow } from "../../domains/tenants/index.ts";
import { addSeconds } from "../../platform/clock.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson, slice } from "./body.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";

const wanted = z.object({
  url: z.string().min(1).max(2048),
  publisherContentId: z.string().trim().min(1).max(200).optional(),
});

/** What a browser that opened a gift is known by, on our pages alone. */
const COOKIE = "tollgate_gifts";
const COOKIE_SECONDS = 365 * 86_400;

/** Programs that look at an address to show a preview of it; they say so themselves, and get the page as it is. */
const PREVIEWS =
  /bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slack|telegram|discord|skype|embed|curl|wget|python|headless|scan/i;

/**
 * Gifts: ours, beyond the contract. A reader with a right to an article makes a link with which a few others read that
 * one; the link leads through us, so that its uses are counted.
 */
export function giftRoutes(deps: Deps): Hono<PublisherEnv> {
  const { baseUrl } = deps.config;
  const giverOf = async (c: Context<PublisherEnv>) => {
    const { tenant, customer } = signedIn(c);
    return { tenant, customerId: customer.id, mode: await publisherMode(deps.db, tenant.id) };
  };
  const toWire = (gift: GiftLink, now: Date) => ({
    id: gift.id,
    url: gift.url,
    link: `${baseUrl}/g/${gift.code}`,
    ...(gift.publisherContentId !== null && { publisherContentId: gift.publisherContentId }),
    maxOpens: gift.maxOpens,
    opens: gift.opens,
    status: gift.revokedAt
      ? "REVOKED"
      : gift.expiresAt <= now
        ? "EXPIRED"
        : gift.opens >= gift.maxOpens
          ? "USED"
          : "ACTIVE",
    createdAt: gift.createdAt.toISOString(),
    expiresAt: gift.expiresAt.toISOString(),
  });

  return new Hono<PublisherEnv>()
    .get("/gifts", async (c) => {
      const { tenant, customerId } = await giverOf(c);
      const now = tenantNow(deps.clock, tenant);
      const gifts = await listGiftLinks(deps.db, deps, customerId);
      return slice(
        c,
        gifts.map((it) => toWire(it, now)),
      );
    })
    .post("/gifts", async (c) => {
      const giver = await giverOf(c);
      const { tenant, customerId } = giver;
      const { url, publisherContentId } = check(wanted, await readJson(c));
      if (pageKey(url) === null || (await ownerOfHost(deps.db, new URL(url).host)) !== tenant.id) {
        throw invalid("url must be an absolute address on one of the vendor's sites.", "url");
      }
      // A link to a pass's address would give the whole pass away.
      if (await isPassAddress(deps.db, tenant.id, url))
        throw invalid("url must be that of one article.", "url");
      const contentId = publisherContentId ?? (await contentIdOfPage(deps.db, tenant.id, url));
      const page = { url: pageOf(url), publisherContentId: contentId };
      if (
        publisherContentId !== undefined &&
        (await matchPage(deps.db, tenant.id, { url, publisherContentId })) === "different"
      ) {
        throw invalid("publisherContentId and url are those of different content.", "publisherContentId");
      }
      const now = tenantNow(deps.clock, tenant);
      const made = await deps.db.transaction(async (tx) => {
        const own = { tenantId: tenant.id, customerId };
        if (await hasWaitingGrants(tx, own)) await attachGrants(tx, deps, { ...own, at: now });
        return createGiftLink(tx, deps, giver, page);
      });
      return c.json({ ...toWire(made.gift, now), remaining: made.remaining }, made.created ? 201 : 200);
    })
    .delete("/gifts/:id", async (c) => {
      const giver = await giverOf(c);
      const known = await deps.db.transaction((tx) => revokeGiftLink(tx, deps, giver, param(c, "id")));
      if (!known) throw noSuchResource();
      return c.body(null, 204);
    })
    .get("/g/:code", (c) => open(deps, c));
}

/** What is given: the page without what only says how somebody came to it. */
function pageOf(address: string): string {
  const url = new URL(address);
  const bare = new URL(barePage(address));
  const [, query = ""] = (pageKey(address) ?? "").split("?");
  bare.search = query;
  bare.protocol = url.protocol;
  return bare.href;
}

async function open(deps: Deps, c: Context<PublisherEnv>): Promise<Response> {
  const known = getCookie(c, COOKIE);
  const isKnown = known !== undefined && /^[\w-]{22}$/.test(known);
  const browser = isKnown ? known : deps.random.bytes(16).toString("base64url");
  const opened = await deps.db.transaction((tx) =>
    openGiftLink(tx, deps, {
      code: param(c, "code"),
      browser: onlyLooks(c) ? null : browser,
      country: c.get("country"),
      modeOf: (tenantId) => publisherMode(tx, tenantId),
    }),
  );
  if (!opened) throw noSuchResource();
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "no-referrer");
  // The page itself says what comes next: its paywall.
  if (opened.outcome === "closed") return c.redirect(opened.url, 302);
  setCookie(c, COOKIE, browser, {
    path: "/g",
    httpOnly: true,
    sameSite: "Lax",
    secure: deps.config.baseUrl.startsWith("https:"),
    maxAge: COOKIE_SECONDS,
  });
  const { tenant, url, publisherContentId, secondsLeft } = opened;
  const link = await signLink(deps, tenant.id, {
    url,
    ...(publisherContentId !== null && { publisherContentId }),
    // Publishers check links on real time, whatever the tenant's clock says.
    expiresAt: addSeconds(deps.clock.now(), Math.min(MAX_LINK_SECONDS, secondsLeft)),
  });
  return c.redirect(link, 302);
}

const onlyLooks = (c: Context<PublisherEnv>): boolean =>
  c.req.method === "HEAD" ||
  /prefetch|preview/i.test(`${c.req.header("sec-purpose") ?? ""} ${c.req.header("purpose") ?? ""}`) ||
  PREVIEWS.test(c.req.header("user-agent") ?? "");
