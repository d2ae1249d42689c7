import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { findContract, findReceipt } from "../../domains/billing/index.ts";
import { findBrowserSession, mayLeadTo } from "../../domains/oidc/index.ts";
import { findPaywall, listUsablePaywalls, publisherMode } from "../../domains/paywalls/index.ts";
import {
  findBrowserClient,
  findOAuthClient,
  findTenant,
  findTenantBySlug,
  type OAuthClient,
  type Tenant,
} from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { sessionSecret } from "../oidc/cookies.ts";
import { signInFirst } from "../oidc/own-sign-in.ts";
import { callerOfToken } from "../publisher-api/caller.ts";
import { opensReceipt } from "./account-links.ts";
import { openAccount } from "./account-pages.ts";
import { ACCOUNT_STYLES, PRINT_SCRIPT, receiptView } from "./account-views.ts";
import { sendPage } from "./page.ts";

const BODY_BYTES_MAX = 16 * 1024;

const request = z.object({
  /** Of the address's fragment, which only the browser sees. */
  token: z.string().max(8192).nullable(),
  client: z.string().max(100),
  contract: z.string().max(100).nullable(),
  action: z.enum(["change-payment-method", "edit-plan"]).nullable(),
  returnTo: z.string().max(4096).nullable(),
});

/**
 * The account addresses that publishers' clients make (publisher API §6.3), and receipts by their own address.
 *
 * The page behind an account address takes the access token out of the fragment at once, posts it, and goes on to the
 * account with a cookie. The token is in no address that a server or a history sees, and in no log.
 */
export function accountEntry(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/account/receipts/:billId", async (c) => {
      const billId = c.req.param("billId");
      const found = opensReceipt(deps, billId, c.req.query("key") ?? "")
        ? await findReceipt(deps.db, billId)
        : null;
      const tenant = found && (await findTenant(deps.db, found.bill.tenantId));
      if (!found || !tenant) return nothingHere(deps, c);
      const { bill, customer } = found;
      return sendPage(c, deps, {
        title: `Receipt ${bill.number}`,
        tenant,
        test: bill.mode === "test",
        styles: ACCOUNT_STYLES,
        body: receiptView({ tenant, customer }, bill, null),
        script: PRINT_SCRIPT,
      });
    })
    .post("/account/enter", async (c) => {
      c.header("cache-control", "no-store");
      // Pages of others can neither read the answer nor send JSON here; an old browser's form cannot either.
      const site = c.req.header("sec-fetch-site");
      if (site !== undefined && site !== "same-origin") throw refused();
      const asked = request.safeParse(await readBody(c));
      const vendor = asked.success ? await vendorOf(deps, asked.data.client) : null;
      if (!asked.success || !vendor) throw refused();
      const { token, contract, action, returnTo } = asked.data;
      const customerId = await whoEnters(deps, c, vendor.tenant, token);
      const returnUrl = returnUrlFor(deps, vendor.client, returnTo);
      if (!customerId) return c.json({ returnUrl }, 401);
      const place = await accountOf(deps, vendor.tenant, customerId, contract);
      if (!place) return c.json({ returnUrl }, 404);
      const { paywall, contractId } = place;
      const base = openAccount(deps, c, { paywall, customerId, returnUrl });
      const page =
        contractId && action === "change-payment-method"
          ? `payment-method?contract=${contractId}`
          : `get${contractId ? `#${contractId}` : ""}`;
      return c.json({ location: `${base}/${page}` });
    })
    .get("/account/subscriptions/:clientId", (c) => entryPage(deps, c))
    .get("/account/:lang/subscriptions/:clientId", (c) => entryPage(deps, c))
    .get("/account/:lang/subscriptions/:clientId/:contractId", (c) => entryPage(deps, c))
    .get("/account/:lang/subscriptions/:clientId/:contractId/:action", (c) => entryPage(deps, c));
}

const refused = () => new AppError("invalid_request", 400, "This is not how an account is opened.");

async function readBody(c: Context<AppEnv>): Promise<unknown> {
  try {
    return JSON.parse((await readBytes(c, BODY_BYTES_MAX)).toString("utf8"));
  } catch (error) {
    if (error instanceof AppError) throw error;
    return null;
  }
}

type Vendor = { tenant: Tenant; client: OAuthClient | null };

/** Whose account pages: by the id of one of the vendor's clients, or by the vendor's own name. */
async function vendorOf(deps: Pick<Deps, "db">, name: string): Promise<Vendor | null> {
  if (!/^[\w.-]{1,80}$/.test(name)) return null;
  const client = await findOAuthClient(deps.db, name);
  const tenant = client ? await findTenant(deps.db, client.tenantId) : await findTenantBySlug(deps.db, name);
  if (tenant?.status !== "active") return null;
  return { tenant, client: client ?? (await findBrowserClient(deps.db, tenant.id)) };
}

/** By the token that was handed over, else by being signed in at the login service in this browser. */
async function whoEnters(
  deps: Deps,
  c: Context<AppEnv>,
  tenant: Tenant,
  token: string | null,
): Promise<string | null> {
  if (token !== null) {
    const caller = /^[\w.~+/=-]+$/.test(token) ? await callerOfToken(deps, token) : null;
    return caller?.kind === "reader" && caller.tenant.id === tenant.id ? caller.customer.id : null;
  }
  const secret = sessionSecret(deps, c, tenant.id);
  const session = secret ? await findBrowserSession(deps.db, deps, tenant.id, secret) : null;
  return session?.customer.id ?? null;
}

/** Which of a vendor's paywalls shows the account: the contract's own, if it is this customer's, else the publisher's. */
async function accountOf(deps: Deps, tenant: Tenant, customerId: string, contractId: string | null) {
  const mode = await publisherMode(deps.db, tenant.id);
  const contract = contractId ? await findContract(deps.db, tenant.id, contractId) : null;
  if (contract && contract.customerId === customerId && contract.mode === mode) {
    const found = await findPaywall(deps.db, contract.paywallId);
    if (found?.paywall.paymentMode === mode) return { paywall: found.paywall, contractId: contract.id };
  }
  const all = await listUsablePaywalls(deps.db, tenant.id);
  const fitting = all.filter(({ paymentMode }) => paymentMode === mode);
  const paywall = fitting.find(({ surface }) => surface === "publisher") ?? fitting[0];
  return paywall ? { paywall, contractId: null } : null;
}

/**
 * Where "back" leads: to the asked address, if it is one of the vendor's registered sites, else to the first of these.
 * What only looks like one of them is none (`mayLeadTo`).
 */
function returnUrlFor(deps: Pick<Deps, "config">, client: OAuthClient | null, asked: string | null): string {
  const home = client?.origins[0];
  if (!client || !home) return deps.config.baseUrl;
  // The published client's default is "/", and what it means is the site's own.
  const wanted = asked !== null && /^\/(?![/\\])/.test(asked) ? home + asked : asked;
  return wanted !== null && mayLeadTo(client, wanted) ? wanted : `${home}/`;
}

async function entryPage(deps: Deps, c: Context<AppEnv>): Promise<Response> {
  const params = c.req.param() as Record<string, string>;
  const { lang = null, clientId = "", contractId = null, action = null } = params;
  const vendor = await vendorOf(deps, clientId);
  const known = action === null || action === "change-payment-method" || action === "edit-plan";
  if (!vendor || !known) return nothingHere(deps, c);
  const asked = {
    client: clientId,
    contract: contractId,
    action,
    returnTo: c.req.query("sesamy-redirect-url")?.slice(0, 4096) ?? null,
  };
  const { client } = vendor;
  const here = new URLSearchParams(asked.returnTo === null ? {} : { "sesamy-redirect-url": asked.returnTo });
  const signsIn = client?.kind === "browser";
  if (signsIn && c.req.query("sign-in") !== undefined) {
    return signInFirst(deps, c, client, `${c.req.path}${here.size > 0 ? `?${here}` : ""}`, lang);
  }
  here.set("sign-in", "1");
  const back = returnUrlFor(deps, client, asked.returnTo);
  return sendPage(c, deps, {
    title: "Your account",
    tenant: vendor.tenant,
    styles: ACCOUNT_STYLES,
    body: html`<section class="card stack center notice" id="entry" data-asked="${JSON.stringify(asked)}" aria-live="polite">
<h1 id="title">Opening your account</h1>
<p class="lead" id="text">One moment, please.</p>
<noscript><p>This page needs JavaScript to know who you are.</p></noscript>
${signsIn ? html`<p id="sign-in" hidden><a class="button" href="?${here}">Sign in</a></p>` : ""}
<a class="button secondary" id="back" href="${back}">Back to ${vendor.tenant.name}</a>
</section>`,
    script: SCRIPT,
  });
}

/** Takes the token out of the address before anything else happens. */
const SCRIPT = `(async () => {
  const token = new URLSearchParams(location.hash.slice(1)).get("access_token");
  history.replaceState(null, "", location.pathname + location.search);
  const say = (id, text) => { document.getElementById(id).textContent = text; };
  try {
    const answer = await fetch("/account/enter", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...JSON.parse(document.getElementById("entry").dataset.asked), token }),
    });
    const body = await answer.json();
    if (answer.ok) return location.replace(body.location);
    say("title", answer.status === 404 ? "There is nothing here yet" : "Please sign in first");
    const signIn = answer.status === 401 && document.getElementById("sign-in");
    if (signIn) signIn.hidden = false;
    say("text", answer.status === 404 ? "You have not bought anything here." : signIn ? "Then your account opens." : "Open your account again from the site where you are signed in.");
  } catch {
    say("title", "That did not work");
    say("text", "Please try again in a moment.");
  }
})();`;

const nothingHere = (deps: Deps, c: Context<AppEnv>): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title: "Account",
      tenant: { name: "Account", brandColor: null },
      styles: ACCOUNT_STYLES,
      body: html`<section class="card stack center notice"><div class="symbol warn" aria-hidden="true">!</div>
<h1>There is nothing here</h1><p class="lead">The address is not complete.</p></section>`,
    },
    { status: 404 },
  );
