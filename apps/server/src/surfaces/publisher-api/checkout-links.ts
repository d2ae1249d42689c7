import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { findProductsBySku } from "../../domains/catalogue/index.ts";
import { openSession, sessionUrl } from "../../domains/checkout/index.ts";
import {
  findOAuthClient,
  findTenant,
  isOwnAddress,
  ownerOfHost,
  type Tenant,
  tenantNow,
} from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { notice } from "../hosted/form-parts.ts";
import { sendPage } from "../hosted/page.ts";
import { sessionWords } from "../hosted/session-words.ts";
import { attributionOfQuery } from "./attribution.ts";
import { check } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { details, items, metadata } from "./checkout-body.ts";
import { invalid } from "./errors.ts";
import { vendorOf } from "./vendor-of.ts";

type C = Context<PublisherEnv>;

/**
 * Checkouts that a link makes (publisher API §6.2): the SDK's `GET /checkouts?items=`, and at `/checkout`, or on a host
 * called `checkout2` or `checkout3`, the links of browsers' clients. Each leads to a new checkout's page. A link is anybody's
 * word, so its price is a hint, and its address to return to must be the vendor's.
 */
export function checkoutLinkRoutes(deps: Deps): Hono<PublisherEnv> {
  const open = async (c: C, wanted: unknown, query: URLSearchParams): Promise<Response> => {
    const vendor = await vendorOfLink(deps, c, query, wanted);
    if (!vendor)
      throw invalid("Say whose this is: name a client-id, or come from a registered site.", "client-id");
    const redirectUrl = query.get("redirect-url");
    const given = check(details, detailsOfQuery(query));
    const code = query.get("discount-code") || query.get("discountCode");
    const session = await openSession(deps, {
      tenant: vendor,
      now: tenantNow(deps.clock, vendor),
      maker: "link",
      customerId: null,
      items: check(items, wanted),
      price: undefined,
      redirectUrl: redirectUrl === null || redirectUrl === "" ? null : redirectUrl,
      details: given,
      codes: code ? [code.slice(0, 100)] : [],
      attribution: attributionOfQuery(query),
      metadata: check(metadata, metadataOfQuery(query)),
    });
    const to = new URL(sessionUrl(deps.config, session.id));
    if (given.language) to.searchParams.set("lang", given.language);
    if (query.get("business") === "true") to.searchParams.set("business", "true");
    c.header("cache-control", "no-store");
    // Browsers keep the fragment, which may hold the reader's token.
    return c.redirect(to.href, 302);
  };
  /** A person who follows a bad link reads a sentence; programs get the error as always. */
  const orExplain = async (c: C, opening: () => Promise<Response>): Promise<Response> => {
    try {
      return await opening();
    } catch (error) {
      const isForPeople = c.req.header("accept")?.includes("text/html");
      if (!isForPeople || !(error instanceof AppError) || error.status >= 500) throw error;
      const { words, lang } = sessionWords(c.req.query("lang"), c.req.header("accept-language"));
      const body = notice("warn", "!", words.goneTitle, html`<p class="lead">${words.expiredText}</p>`);
      const page = { title: words.goneTitle, tenant: { name: words.title, brandColor: null }, lang, body };
      return sendPage(c, deps, page, { status: 400 });
    }
  };
  const browserLink = (c: C): Promise<Response> => {
    const query = new URL(c.req.url).searchParams;
    return orExplain(c, () => open(c, [itemOfQuery(query)], query));
  };

  return new Hono<PublisherEnv>()
    .get("/checkouts", (c) => {
      const query = new URL(c.req.url).searchParams;
      return orExplain(c, async () => open(c, itemsOfQuery(query), query));
    })
    .get("/checkout", browserLink)
    .get("/", async (c, next) => {
      if (!/^checkout[23]\./.test(new URL(c.req.url).host)) return next();
      c.set("caller", { kind: "nobody" });
      return browserLink(c);
    });
}

function itemsOfQuery(query: URLSearchParams): unknown {
  try {
    return JSON.parse(query.get("items") ?? "");
  } catch {
    throw invalid("items must be a JSON array.", "items");
  }
}

function itemOfQuery(query: URLSearchParams): Record<string, unknown> {
  const read = (...names: string[]) =>
    names.map((it) => query.get(it)).find((it) => it !== null && it !== "");
  const price = read("price");
  return {
    sku: read("sku"),
    ...(read("sku") === undefined && { url: read("url") }),
    purchaseOptionId: read("po-id", "option"),
    ...(price !== undefined && Number.isFinite(Number(price)) && { price: Math.max(0, Number(price)) }),
    currency: read("currency"),
  };
}

function detailsOfQuery(query: URLSearchParams): Record<string, unknown> {
  const read = (name: string) => query.get(name) || undefined;
  const filter = read("paymentmethods-filter")?.split(",").filter(Boolean);
  return {
    email: read("email"),
    language: read("lang"),
    currency: read("currency"),
    payerEmail: read("payer-email"),
    ...(query.get("business") === "true" && { isBusiness: true }),
    ...(query.get("gift-mode") === "true" && { giftMode: true }),
    ...(query.get("require-address") === "true" && { requireAddress: true }),
    ...(filter && {
      paymentMethodsFilter: filter.map((it) => {
        const [provider, method] = it.split("|");
        return { provider, methods: method ? [method] : [] };
      }),
    }),
  };
}

const metadataOfQuery = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query].flatMap(([name, value]) =>
      name.startsWith("metadata.") ? [[name.slice("metadata.".length), value]] : [],
    ),
  );

/** Whose link it is: what it names, else the site that it leads back to or sells, else whoever alone has the sku. */
async function vendorOfLink(
  deps: Deps,
  c: C,
  query: URLSearchParams,
  wanted: unknown,
): Promise<Tenant | null> {
  if (c.get("caller").kind !== "nobody") return vendorOf(deps, c);
  const byId = async (id: string | null | undefined): Promise<Tenant | null> => {
    const tenant = id ? await findTenant(deps.db, id) : null;
    return tenant?.status === "active" ? tenant : null;
  };
  const clientId = query.get("client-id");
  if (clientId !== null) return byId((await findOAuthClient(deps.db, clientId))?.tenantId);
  const [first] = Array.isArray(wanted) ? (wanted as { sku?: unknown; url?: unknown }[]) : [];
  for (const address of [query.get("redirect-url"), first?.url]) {
    if (typeof address !== "string" || !URL.canParse(address)) continue;
    const owner = await byId(await ownerOfHost(deps.db, new URL(address).host));
    if (owner && (await isOwnAddress(deps.db, owner.id, address))) return owner;
  }
  const found = typeof first?.sku === "string" ? await findProductsBySku(deps.db, first.sku, null) : [];
  if (found.length === 1) return byId(found[0]?.tenantId);
  return vendorOf(deps, c);
}
