import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { pageKey } from "../../domains/catalogue/index.ts";
import {
  contentFetch,
  createExtractor,
  createPageCache,
  fetchPage,
  userAgentOf,
} from "../../domains/content/index.ts";
import { attachGrants, checkAccess, hasWaitingGrants } from "../../domains/entitlements/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import {
  getLinkUses,
  LINK_SECONDS,
  type LinkClaims,
  linkOpens,
  linkTo,
  resolveLinkToken,
  signLinkToken,
  takeLinkUse,
  type VerifiedLink,
} from "../../domains/signed-links/index.ts";
import { findTenant, ownerOfHost, type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { addSeconds } from "../../platform/clock.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { check, readJson } from "./body.ts";
import { identifyCaller, known, type PublisherEnv } from "./caller.ts";
import { authenticationRequired, invalid } from "./errors.ts";

/** A link's token as credentials, which only this route takes. */
type ProxyEnv = {
  Bindings: PublisherEnv["Bindings"];
  Variables: PublisherEnv["Variables"] & { link?: { tenant: Tenant; token: string; link: VerifiedLink } };
};
type C = Context<ProxyEnv>;

const asked = z.object({
  url: z.string().min(1).max(4096),
  selector: z.string().max(500).optional(),
  cache: z.string().max(40).optional(),
});

const notCovered = () =>
  new AppError("insufficient_permissions", 403, "These credentials do not open that page.");
const notTheirs = () =>
  new AppError("insufficient_permissions", 403, "The page is not on one of the vendor's sites.");

/** Who asks for a page: the bearer of a link's token, else whoever the other routes know. */
export function identifyProxyCaller(deps: Deps) {
  return createMiddleware<ProxyEnv>(async (c, next) => {
    const token = /^bearer\s+(\S+)$/i.exec(c.req.header("authorization")?.trim() ?? "")?.[1];
    const proved = token === undefined ? null : await resolveLinkToken(deps, token);
    const tenant = proved && (await findTenant(deps.db, proved.tenantId));
    if (token !== undefined && proved && tenant?.status === "active") {
      c.set("link", { tenant, token, link: proved.link });
      c.set("caller", { kind: "nobody" });
    } else {
      c.set("caller", await identifyCaller(deps, c as unknown as Context<PublisherEnv>));
    }
    await next();
  });
}

/**
 * Publisher API §5.3: a page of a publisher, for whoever proves that they may read it. The proof goes along to the
 * publisher, whose server decides what the page then holds.
 */
export function proxyRoutes(deps: Deps): Hono<PublisherEnv> {
  const fetch = contentFetch(deps);
  const [extractor, cache] = [createExtractor(), createPageCache()];

  const answer = async (c: C, sent: () => unknown): Promise<Response> => {
    c.header("cache-control", "no-store");
    // No credentials, no word about the page, nor about what is wrong with the request.
    const who = c.get("link") ?? known(c as unknown as Context<PublisherEnv>);
    if ("kind" in who && who.kind === "anonymous") throw authenticationRequired();
    const request = check(asked, await sent());
    const page = pageAsked(request.url);
    if ((await ownerOfHost(deps.db, page.host)) !== who.tenant.id) throw notTheirs();
    const right = "link" in who ? await rightOfLink(deps, who, page) : await rightOfReader(deps, c, page);
    const shared = request.cache === "default";
    const key = `${who.tenant.id} ${pageKey(page.href)}`;
    const html = (shared ? cache.get(key) : null) ?? (await read(c, who.tenant, page, right, shared, key));
    const selector = request.selector?.trim() || null;
    const found = await extractor.extract(html, selector);
    if (found.outcome !== "found") throw notExtracted(found.outcome);
    // Taken last: what was not shown has not been used. Of many at once, only so many get through.
    if (right.countedId !== null && !(await takeLinkUse(deps.db, who.tenant.id, right.countedId))) {
      throw usedUp();
    }
    c.header("vary", "Authorization, Accept, Content-Type, X-Sesamy-Client");
    if (wantsJson(c)) return c.json(found.html);
    // Somebody else's HTML must never be a page of ours.
    c.header("content-security-policy", "sandbox; default-src 'none'");
    c.header("x-content-type-options", "nosniff");
    return c.body(found.html, 200, { "content-type": "text/html; charset=utf-8" });
  };

  async function read(
    c: C,
    tenant: Tenant,
    page: URL,
    right: Right,
    shared: boolean,
    key: string,
  ): Promise<string> {
    // What several readers may see is asked for with a proof that names nobody.
    const proof = shared || right.proof === null ? await prove(deps, tenant, right, shared) : right.proof;
    const fetched = await fetchPage(fetch, {
      link: linkTo(page.href, proof),
      userAgent: userAgentOf(deps),
      isTheirs: async (url) => (await ownerOfHost(deps.db, url.host)) === tenant.id,
      signal: c.req.raw.signal,
    });
    if (fetched.outcome !== "fetched") throw notFetched(fetched);
    if (shared && fetched.mayBeShared && right.countedId === null) cache.put(key, fetched.html);
    return fetched.html;
  }

  return new Hono<PublisherEnv>()
    .get("/proxy", (c) => answer(c as unknown as C, () => c.req.query()))
    .post("/proxy", (c) => answer(c as unknown as C, () => readJson(c)));
}

/** What opens the page, and what proves it to the publisher. */
type Right = {
  claims: LinkClaims;
  /** As it was sent; null where it has to be made. */
  proof: { token: string; expiresAt: Date } | null;
  countedId: string | null;
};

function notExtracted(outcome: "bad_selector" | "too_complex" | "not_found"): AppError {
  if (outcome === "bad_selector") return invalid("selector is no CSS selector.", "selector");
  return outcome === "not_found"
    ? new AppError("resource_not_found", 404, "Nothing on the page matches the selector.")
    : new AppError("selector_too_complex", 400, "The page cannot be searched for that selector.");
}

/** What we will not do is 403; what the publisher's server did not do is 502, which clients repeat. */
const notFetched = ({ outcome, reason }: { outcome: "refused" | "failed"; reason: string }): AppError =>
  outcome === "refused"
    ? new AppError("insufficient_permissions", 403, `The page cannot be fetched. ${reason}`)
    : new AppError("upstream_failed", 502, reason);

const usedUp = () =>
  new AppError("insufficient_permissions", 403, "This link has been used as often as it may be.", {
    details: { reason: "link_used_up" },
  });

/** @throws 403 for a link to something else, or one that is used up */
async function rightOfLink(
  deps: Deps,
  { tenant, token, link }: { tenant: Tenant; token: string; link: VerifiedLink },
  page: URL,
): Promise<Right> {
  if (!(await linkOpens(deps.db, tenant.id, link, page.href))) throw notCovered();
  const { countedId } = link;
  if (countedId !== null) {
    const counted = await getLinkUses(deps.db, tenant.id, countedId);
    if (!counted || counted.uses >= counted.maxUses) throw usedUp();
  }
  const { sku, optionId, publisherContentId, expiresAt } = link;
  return {
    claims: { url: link.url, sku, optionId, publisherContentId, expiresAt },
    proof: { token, expiresAt },
    countedId,
  };
}

/** @throws 403 for a back end, and for a reader without a right to the page */
async function rightOfReader(deps: Deps, c: C, page: URL): Promise<Right> {
  const caller = c.get("caller");
  if (caller.kind !== "reader") {
    throw new AppError("insufficient_permissions", 403, "This is about a reader; a back end has none.");
  }
  const { tenant, customer } = caller;
  const own = { tenantId: tenant.id, customerId: customer.id };
  const now = tenantNow(deps.clock, tenant);
  if (await hasWaitingGrants(deps.db, own)) {
    await deps.db.transaction((tx) => attachGrants(tx, deps, { ...own, at: now }));
  }
  const mode = await publisherMode(deps.db, tenant.id);
  const access = await checkAccess(deps.db, { ...own, mode, now, url: page.href });
  if (!access.granted) throw notCovered();
  const { uuid, email, name } = customer;
  const left = access.validToAt ? (access.validToAt.getTime() - now.getTime()) / 1000 : LINK_SECONDS;
  const person = { id: uuid, ...(email !== null && { email }), ...(name !== null && { name }) };
  const expiresAt = addSeconds(deps.clock.now(), Math.min(LINK_SECONDS, left));
  return { claims: { url: page.href, person, expiresAt }, proof: null, countedId: null };
}

function prove(deps: Deps, tenant: Tenant, { claims }: Right, shared: boolean) {
  const { person, ...nobody } = claims;
  return signLinkToken(deps, tenant.id, shared || !person ? nobody : claims);
}

/** @throws 400 for what is no address of a page */
function pageAsked(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw invalid("url must be an absolute http(s) address.", "url");
  }
  url.hash = "";
  return url;
}

/** The SDK parses its answer as JSON, the browser client takes it as HTML; each says who it is in its own way. */
const wantsJson = (c: C): boolean =>
  c.req.header("x-sesamy-client") !== undefined ||
  /\bapplication\/json\b/i.test(`${c.req.header("content-type") ?? ""},${c.req.header("accept") ?? ""}`);
