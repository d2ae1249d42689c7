import { type Context, Hono } from "hono";
import { html } from "hono/html";
import * as z from "zod";
import { findProductsBySku, listOptionsOfProducts, type Product } from "../../domains/catalogue/index.ts";
import { attachGrants, checkAccess, hasWaitingGrants } from "../../domains/entitlements/index.ts";
import type { Customer } from "../../domains/identity/index.ts";
import { findBrowserSession, mayLeadTo } from "../../domains/oidc/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { LINK_SECONDS, linkTo, signLinkToken } from "../../domains/signed-links/index.ts";
import {
  findOAuthClient,
  findTenant,
  type OAuthClient,
  type Tenant,
  tenantNow,
} from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { addSeconds } from "../../platform/clock.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { sessionSecret } from "../oidc/cookies.ts";
import { signInFirst } from "../oidc/own-sign-in.ts";
import { callerOfToken } from "../publisher-api/caller.ts";
import { consumeWordsIn } from "./consume-words.ts";
import { notice } from "./form-parts.ts";
import { sendPage } from "./page.ts";

const BODY_BYTES_MAX = 16 * 1024;

type Thing = { client: OAuthClient; tenant: Tenant; product: Product };

/**
 * Where a bought thing is read or heard (publisher API §6.3): whoever has a right to it goes on to its page with a signed
 * link, and everybody else may sign in or buy it. Episodes have no pages of their own here, so they lead to their series.
 */
export function consumePages(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post("/consume/open", async (c) => {
      c.header("cache-control", "no-store");
      // Pages of others can neither read the answer nor send JSON here; an old browser's form cannot either.
      const site = c.req.header("sec-fetch-site");
      const asked = request.safeParse(await readJson(c));
      const thing = asked.success ? await thingOf(deps, asked.data.client, asked.data.sku) : null;
      if (!asked.success || !thing || (site !== undefined && site !== "same-origin")) throw refused();
      const { token } = asked.data;
      const caller = token !== null && TOKEN.test(token) ? await callerOfToken(deps, token) : null;
      if (caller?.kind !== "reader" || caller.tenant.id !== thing.tenant.id) return c.json({}, 401);
      const opened = await openingLink(deps, thing, caller.customer);
      return opened.link === null
        ? c.json({}, opened.hasRight ? 404 : 403)
        : c.json({ location: opened.link });
    })
    .get("/consume/:lang/:client{@[\\w.-]{1,80}}/:sku", (c) => show(deps, c))
    .get("/consume/:lang/:client{@[\\w.-]{1,80}}/:sku/:episode", (c) => show(deps, c))
    .get("/spotify/sesamy-callback", (c) => showSpotify(deps, c));
}

const TOKEN = /^[\w.~+/=-]{1,8192}$/;

const request = z.object({
  client: z.string().max(80),
  sku: z.string().max(200),
  /** Of the address's fragment, which only the browser sees. */
  token: z.string().nullable(),
});

const refused = () => new AppError("invalid_request", 400, "This is not how something is opened.");

async function readJson(c: Context<AppEnv>): Promise<unknown> {
  try {
    return JSON.parse((await readBytes(c, BODY_BYTES_MAX)).toString("utf8"));
  } catch (error) {
    if (error instanceof AppError) throw error;
    return null;
  }
}

async function thingOf(deps: Pick<Deps, "db">, clientId: string, sku: string): Promise<Thing | null> {
  if (!/^[\w.-]{1,80}$/.test(clientId) || sku === "" || sku.length > 200 || sku.includes("\0")) return null;
  const client = await findOAuthClient(deps.db, clientId);
  const tenant = client && (await findTenant(deps.db, client.tenantId));
  if (client?.kind !== "browser" || tenant?.status !== "active") return null;
  const [product] = await findProductsBySku(deps.db, sku, tenant.id);
  return product ? { client, tenant, product } : null;
}

/** The page of the thing with a proof of the reader's right. A feature of an app has no page that a link could open. */
async function openingLink(
  deps: Deps,
  { tenant, product }: Thing,
  customer: Customer,
): Promise<{ hasRight: boolean; link: string | null }> {
  const now = tenantNow(deps.clock, tenant);
  const mode = await publisherMode(deps.db, tenant.id);
  const own = { tenantId: tenant.id, mode, customerId: customer.id };
  // What lists give waits until somebody has proven their address, which may have been a moment ago.
  if (await hasWaitingGrants(deps.db, own)) {
    await deps.db.transaction((tx) => attachGrants(tx, deps, { ...own, at: now }));
  }
  const decision = await checkAccess(deps.db, { ...own, now, productId: product.id });
  const url =
    product.type === "article" ? (product.url ?? product.passUrl) : (product.passUrl ?? product.url);
  if (!decision.granted || url === null) return { hasRight: decision.granted, link: null };
  const left = decision.validToAt ? (decision.validToAt.getTime() - now.getTime()) / 1000 : LINK_SECONDS;
  const proof = await signLinkToken(deps, tenant.id, {
    url,
    sku: product.sku,
    ...(product.publisherContentId !== null && { publisherContentId: product.publisherContentId }),
    person: {
      id: customer.uuid,
      ...(customer.email !== null && { email: customer.email }),
      ...(customer.name !== null && { name: customer.name }),
    },
    // Publishers check links on real time, whatever the tenant's clock says.
    expiresAt: addSeconds(deps.clock.now(), Math.min(LINK_SECONDS, left)),
  });
  return { hasRight: true, link: linkTo(url, proof) };
}

async function show(deps: Deps, c: Context<AppEnv>): Promise<Response> {
  const { lang: language = "", client: name = "", sku = "" } = c.req.param() as Record<string, string>;
  const { lang, words } = consumeWordsIn(language);
  const thing = await thingOf(deps, name.slice(1), sku);
  if (!thing) return nothingHere(deps, c);
  const { client, tenant, product } = thing;
  const secret = sessionSecret(deps, c, tenant.id);
  const session = secret ? await findBrowserSession(deps.db, deps, tenant.id, secret) : null;
  c.header("referrer-policy", "no-referrer");
  if (session) {
    const { link } = await openingLink(deps, thing, session.customer);
    if (link !== null) {
      c.header("cache-control", "no-store");
      // A redirect hands a fragment on, which may hold a token, unless the new address has one of its own.
      return c.redirect(link.includes("#") ? link : `${link}#`, 303);
    }
  }
  const query = new URL(c.req.url).searchParams;
  const asked = query.get("sesamy-redirect-url");
  const redirect = asked !== null && mayLeadTo(client, asked) ? asked : null;
  const here = new URLSearchParams(redirect === null ? {} : { "sesamy-redirect-url": redirect });
  if (query.has("sign-in") && !session) {
    return signInFirst(deps, c, client, `${c.req.path}${here.size > 0 ? `?${here}` : ""}`, lang);
  }
  const sold = (await listOptionsOfProducts(deps.db, [product.id])).length > 0;
  const home = `${client.origins[0]}/`;
  const back = [redirect, product.url, home].find((it) => it !== null && mayLeadTo(client, it)) ?? home;
  const buy = new URLSearchParams({
    lang,
    sku: product.sku,
    "client-id": client.clientId,
    "redirect-url": back,
  });
  const fill = (text: string) =>
    text.replace("{title}", () => product.title).replace("{name}", () => tenant.name);
  const lead = session ? words.notYours : sold ? words.lead : words.leadNotSold;
  return sendPage(c, deps, {
    title: product.title,
    tenant,
    lang,
    body: html`<section class="card stack" id="thing" data-asked="${JSON.stringify({ client: client.clientId, sku: product.sku })}">
<h1>${product.title}</h1>
<p class="lead" id="lead" aria-live="polite" data-opening="${fill(words.opening)}">${lead}</p>
<div class="stack" id="ways">
${session ? "" : html`<a class="button block" href="?${new URLSearchParams({ ...Object.fromEntries(here), "sign-in": "1" })}">${words.signIn}</a>`}
${sold ? html`<a class="button block secondary" href="/checkout?${buy}">${words.buy}</a>` : ""}
</div>
<p class="small"><a href="${back}">${fill(words.back)}</a></p>
</section>`,
    script: SCRIPT,
  });
}

/** Takes the token out of the address before anything else happens. Without one the page is as it was sent. */
const SCRIPT = `(async () => {
  const token = new URLSearchParams(location.hash.slice(1)).get("access_token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  const [lead, ways] = [document.getElementById("lead"), document.getElementById("ways")];
  const before = lead.textContent;
  lead.textContent = lead.dataset.opening;
  ways.hidden = true;
  try {
    const answer = await fetch("/consume/open", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...JSON.parse(document.getElementById("thing").dataset.asked), token }),
    });
    if (answer.ok) return location.replace((await answer.json()).location);
  } catch {}
  lead.textContent = before;
  ways.hidden = false;
})();`;

/** Where the published client sends readers who want to link Spotify. There is no such partner here, so it says so. */
async function showSpotify(deps: Deps, c: Context<AppEnv>): Promise<Response> {
  const token = c.req.query("access_token") ?? "";
  const caller = TOKEN.test(token) ? await callerOfToken(deps, token) : null;
  if (caller?.kind !== "reader") return nothingHere(deps, c);
  const { tenant } = caller;
  const { lang, words } = consumeWordsIn((c.req.header("accept-language") ?? "").slice(0, 2).toLowerCase());
  const text = words.spotifyText.replace("{name}", () => tenant.name);
  const body = notice("warn", "!", words.spotifyTitle, html`<p class="lead">${text}</p>`);
  // The token is in the address; nothing on this page may carry it on.
  return sendPage(c, deps, { title: words.spotifyTitle, tenant, lang, body, script: FORGET_QUERY });
}

const FORGET_QUERY = `history.replaceState(null, "", location.pathname);`;

const nothingHere = (deps: Deps, c: Context<AppEnv>): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title: "There is nothing here",
      tenant: { name: "Reading", brandColor: null },
      body: notice(
        "warn",
        "!",
        "There is nothing here",
        html`<p class="lead">The address is not complete.</p>`,
      ),
    },
    { status: 404 },
  );
