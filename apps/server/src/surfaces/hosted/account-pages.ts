import { CANCELLATION_REASONS } from "@tollgate/protocol/paywall-api/checkout";
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import {
  cancelContract,
  findBill,
  findContract,
  listAccountContracts,
  listBills,
  redeemPortalLink,
  runIntentNow,
  uncancelContract,
} from "../../domains/billing/index.ts";
import {
  type Customer,
  findCustomerById,
  listDevices,
  signOutDevice,
  signOutEverywhere,
} from "../../domains/identity/index.ts";
import { findPaywall, type Paywall } from "../../domains/paywalls/index.ts";
import { findConnection, processorOf } from "../../domains/processors/index.ts";

import { type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { safeEqual } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { originOf } from "../oidc/origin.ts";
import {
  ACCOUNT_STYLES,
  backLink,
  cancelConfirmView,
  cancelReasonView,
  closedView,
  methodView,
  overviewView,
  PRINT_SCRIPT,
  receiptView,
  returnView,
} from "./account-views.ts";
import { DEVICE_STYLES, deviceListView } from "./device-views.ts";
import { deviceWordsIn } from "./device-words.ts";
import { type Markup, type PageContent, sendPage } from "./page.ts";

const COOKIE = "tollgate_account";
const SESSION_SECONDS = 3600;
const FORM_BYTES_MAX = 16 * 1024;
const REASON_CHARS_MAX = 2000;
const BASE = "/paywall/:id/customer-portal";

/** What the cookie says, sealed: who looks at which paywall's account, and until when (real time). */
type Session = {
  tenantId: string;
  paywallId: string;
  customerId: string;
  returnUrl: string;
  expiresAtMs: number;
  /** Whether everything of the vendor's is shown, or only what belongs to the paywall. */
  wholeVendor?: boolean;
};

export type Visit = {
  paywall: Paywall;
  tenant: Tenant;
  customer: Customer;
  /** The tenant's time. */
  now: Date;
  /** Path of the account page; every link on it begins so. */
  base: string;
  returnUrl: string;
  csrf: string;
  wholeVendor: boolean;
};

/**
 * The customer's account: what they have, its end and its receipts (paywall API §6.5, product spec §4). A
 * one-time link opens it and becomes a cookie of these pages alone; every form carries a token that only
 * these pages know. No 3.x endpoint reads the cookie.
 */
export function accountPages(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get(`${BASE}/get`, async (c) => {
      const token = c.req.query("token");
      // A preview that asks for the headers alone must not use the link up.
      if (token !== undefined && c.req.method !== "HEAD") return enter(deps, c, token);
      const visit = await visitOf(deps, c);
      if (!visit) return closed(deps, c);
      const { paywall, customer } = visit;
      const scope = { tenantId: paywall.tenantId, customerId: customer.id, mode: paywall.paymentMode };
      const [contracts, bills] = await Promise.all([
        listAccountContracts(deps.db, {
          ...scope,
          paywallId: visit.wholeVendor ? null : paywall.id,
          realNow: deps.clock.now(),
        }),
        listBills(deps.db, scope),
      ]);
      const done = c.req.query("done");
      const tab = c.req.query("tab") === "support" ? ("support" as const) : ("overview" as const);
      return send(deps, c, visit, "Your account", overviewView(visit, { contracts, bills, done, tab }), {
        wide: true,
      });
    })
    .get(`${BASE}/cancel`, async (c) => {
      const visit = await visitOf(deps, c);
      if (!visit) return closed(deps, c);
      const contract = await cancellable(deps, visit, c.req.query("contract"));
      if (!contract) return c.redirect(`${visit.base}/get`, 303);
      const reason = (c.req.query("reason") ?? "").slice(0, REASON_CHARS_MAX);
      const comment = (c.req.query("comment") ?? "").slice(0, REASON_CHARS_MAX);
      if (!(CANCELLATION_REASONS as readonly string[]).includes(reason)) {
        const problem = c.req.query("step") === "confirm";
        return send(
          deps,
          c,
          visit,
          "Cancel",
          cancelReasonView(visit, contract, problem),
          {},
          problem ? 422 : 200,
        );
      }
      return send(deps, c, visit, "Cancel", cancelConfirmView(visit, contract, { reason, comment }));
    })
    .post(`${BASE}/cancel`, async (c) => {
      const visit = await visitOf(deps, c);
      const form = await readForm(c);
      if (!visit || !isOurs(visit, form)) return closed(deps, c);
      const comment = (form.get("comment") ?? "").trim();
      const reason = [form.get("reason") ?? "other", comment].filter(Boolean).join(": ");
      const result = await deps.db.transaction((tx) =>
        cancelContract(tx, deps, {
          tenantId: visit.tenant.id,
          contractId: form.get("contract") ?? "",
          customerId: visit.customer.id,
          atPeriodEnd: true,
          reason: reason.slice(0, REASON_CHARS_MAX).toWellFormed().replaceAll("\u0000", ""),
        }),
      );
      if (result.outcome === "requested") await runIntentNow(deps, result.intentId);
      return c.redirect(
        `${visit.base}/get?done=${result.outcome === "not_found" ? "nothing" : "cancelled"}`,
        303,
      );
    })
    .post(`${BASE}/undo`, async (c) => {
      const visit = await visitOf(deps, c);
      const form = await readForm(c);
      if (!visit || !isOurs(visit, form)) return closed(deps, c);
      const undone = await deps.db.transaction((tx) =>
        uncancelContract(tx, deps, {
          tenantId: visit.tenant.id,
          contractId: form.get("contract") ?? "",
          customerId: visit.customer.id,
        }),
      );
      if (undone) await runIntentNow(deps, undone.intentId);
      return c.redirect(`${visit.base}/get?done=${undone ? "kept" : "nothing"}`, 303);
    })
    .get(`${BASE}/payment-method`, async (c) => {
      const visit = await visitOf(deps, c);
      if (!visit) return closed(deps, c);
      const contract = await payable(deps, visit, c.req.query("contract"));
      if (!contract) return c.redirect(`${visit.base}/get`, 303);
      return send(deps, c, visit, "Change how you pay", methodView(visit, contract));
    })
    .post(`${BASE}/payment-method`, async (c) => {
      const visit = await visitOf(deps, c);
      const form = await readForm(c);
      if (!visit || !isOurs(visit, form)) return closed(deps, c);
      const contract = await payable(deps, visit, form.get("contract") ?? undefined);
      const connection = contract && (await findConnection(deps.db, contract.connectionId));
      if (!contract || !connection) return c.redirect(`${visit.base}/get?done=nothing`, 303);
      const { name, brandColor } = brandOf(visit.paywall, visit.tenant);
      const page = await processorOf(deps, connection.kind).createMethodPage(connection, contract, {
        merchant: { name, brandColor },
        returnUrl: `${originOf(deps, c)}${visit.base}/get?done=method`,
      });
      return c.redirect(page.url, 303);
    })
    .post(`${BASE}/leave`, async (c) => {
      const visit = await visitOf(deps, c);
      const form = await readForm(c);
      if (!visit || !isOurs(visit, form)) return closed(deps, c);
      deleteCookie(c, COOKIE, { path: visit.base });
      return c.redirect(`${visit.base}/return`, 303);
    })
    .get(`${BASE}/devices`, async (c) => {
      const visit = await visitOf(deps, c);
      if (!visit) return closed(deps, c);
      const { tenant, customer } = visit;
      const words = deviceWordsIn("en");
      const mine = { tenantId: tenant.id, customerId: customer.id, now: deps.clock.now() };
      const body = deviceListView({
        devices: await listDevices(deps.db, mine),
        // These pages have a cookie of their own; it is no session of the account.
        currentSessionId: null,
        email: customer.email,
        name: tenant.name,
        timeZone: tenant.timeZone,
        lang: "en",
        words,
        target: `${visit.base}/devices`,
        csrf: visit.csrf,
        done: c.req.query("done") === "one" ? "one" : null,
      });
      return send(deps, c, visit, words.title, html`${body}${backLink(visit)}`, {
        styles: ACCOUNT_STYLES + DEVICE_STYLES,
      });
    })
    .post(`${BASE}/devices`, async (c) => {
      const visit = await visitOf(deps, c);
      const form = await readForm(c);
      if (!visit || !isOurs(visit, form)) return closed(deps, c);
      const mine = { tenantId: visit.tenant.id, customerId: visit.customer.id };
      const sessionId = form.get("session") ?? "";
      if (form.get("action") === "all") await signOutEverywhere(deps, mine);
      else if (!sessionId.includes("\0")) await signOutDevice(deps, { ...mine, sessionId });
      return c.redirect(`${visit.base}/devices${form.get("action") === "all" ? "" : "?done=one"}`, 303);
    })
    .get(`${BASE}/receipts/:billId`, async (c) => {
      const visit = await visitOf(deps, c);
      if (!visit) return closed(deps, c);
      const owner = { tenantId: visit.tenant.id, customerId: visit.customer.id };
      const bill = await findBill(deps.db, { ...owner, billId: c.req.param("billId") });
      if (!bill || bill.mode !== visit.paywall.paymentMode) return closed(deps, c, 404);
      return send(deps, c, visit, `Receipt ${bill.number}`, receiptView(visit, bill, `${visit.base}/get`), {
        script: PRINT_SCRIPT,
      });
    })
    .get(`${BASE}/return`, async (c) => {
      const found = await findPaywall(deps.db, c.req.param("id"));
      if (!found) return closed(deps, c, 404);
      const { paywall, tenant } = found;
      return sendPage(c, deps, {
        title: "All done",
        tenant: brandOf(paywall, tenant),
        test: paywall.paymentMode === "test",
        styles: ACCOUNT_STYLES,
        body: returnView(paywall, tenant),
      });
    });
}

/** Uses a one-time link up and sends its bearer to the same page without the secret in its address. */
async function enter(deps: Deps, c: Context<AppEnv>, token: string): Promise<Response> {
  const found = await findPaywall(deps.db, c.req.param("id") ?? "");
  const visit = found && (await redeemPortalLink(deps.db, deps, { token, paywallId: found.paywall.id }));
  if (!visit) return closed(deps, c);
  const base = basePath(c);
  keepSession(deps, c, base, visit);
  const tab = c.req.query("tab") === "support" ? "?tab=support" : "";
  return c.redirect(`${base}/get${tab}`, 303);
}

function keepSession(
  deps: Deps,
  c: Context<AppEnv>,
  base: string,
  visit: Omit<Session, "expiresAtMs">,
): void {
  const session: Session = { ...visit, expiresAtMs: deps.clock.now().getTime() + SESSION_SECONDS * 1000 };
  setCookie(c, COOKIE, deps.keys.seal(JSON.stringify(session), "account-session"), {
    path: base,
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:" || deps.config.baseUrl.startsWith("https:"),
    maxAge: SESSION_SECONDS,
  });
}

/**
 * Opens the account of somebody who has proved otherwise who they are, with everything that they have at the vendor.
 * Returns the path that its pages begin with; the answer carries the cookie for it.
 */
export function openAccount(
  deps: Deps,
  c: Context<AppEnv>,
  { paywall, customerId, returnUrl }: { paywall: Paywall; customerId: string; returnUrl: string },
): string {
  const base = `/paywall/${paywall.num}/customer-portal`;
  const { tenantId, id: paywallId } = paywall;
  keepSession(deps, c, base, { tenantId, paywallId, customerId, returnUrl, wholeVendor: true });
  return base;
}

const basePath = (c: Context<AppEnv>): string =>
  `/paywall/${encodeURIComponent(c.req.param("id") ?? "")}/customer-portal`;

async function visitOf(deps: Deps, c: Context<AppEnv>): Promise<Visit | null> {
  const cookie = getCookie(c, COOKIE);
  const session = cookie ? openSession(deps, cookie) : null;
  if (!session || session.expiresAtMs <= deps.clock.now().getTime()) return null;
  const found = await findPaywall(deps.db, c.req.param("id") ?? "");
  if (!found || found.paywall.id !== session.paywallId || found.tenant.id !== session.tenantId) return null;
  const customer = await findCustomerById(deps.db, session.tenantId, session.customerId);
  if (!customer) return null;
  return {
    ...found,
    customer,
    now: tenantNow(deps.clock, found.tenant),
    base: basePath(c),
    returnUrl: session.returnUrl,
    wholeVendor: session.wholeVendor === true,
    csrf: deps.keys.pseudonym(`account-csrf:${cookie}`).toString("base64url"),
  };
}

function openSession(deps: Deps, cookie: string): Session | null {
  try {
    return JSON.parse(deps.keys.open(cookie, "account-session")) as Session;
  } catch {
    return null;
  }
}

const isOurs = (visit: Visit, form: URLSearchParams): boolean =>
  safeEqual(form.get("csrf") ?? "", visit.csrf);

const readForm = async (c: Context<AppEnv>): Promise<URLSearchParams> =>
  new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));

/** A subscription of this customer that still runs and is not scheduled to end. */
async function cancellable(deps: Deps, visit: Visit, contractId: string | undefined) {
  const contract = contractId ? await findContract(deps.db, visit.tenant.id, contractId) : null;
  if (!contract || contract.customerId !== visit.customer.id || contract.duration !== "RECURRING")
    return null;
  return contract.endedAt || contract.cancelAtPeriodEnd ? null : contract;
}

/** A subscription of this customer that will be charged again, on a connection that lets its payment method change. */
async function payable(deps: Deps, visit: Visit, contractId: string | undefined) {
  const contract = contractId ? await findContract(deps.db, visit.tenant.id, contractId) : null;
  if (contract?.customerId !== visit.customer.id || contract.duration !== "RECURRING") return null;
  return contract.endedAt ? null : contract;
}

const brandOf = (paywall: Paywall, tenant: Tenant): PageContent["tenant"] => ({
  name: tenant.name,
  brandColor: paywall.settings.brandColor ?? tenant.brandColor,
});

const send = (
  deps: Deps,
  c: Context<AppEnv>,
  visit: Visit,
  title: string,
  body: Markup,
  extra: Partial<PageContent> = {},
  status: 200 | 422 = 200,
): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title,
      tenant: brandOf(visit.paywall, visit.tenant),
      test: visit.paywall.paymentMode === "test",
      styles: ACCOUNT_STYLES,
      body,
      ...extra,
    },
    { status },
  );

/** Nobody is let in, and nothing is said about why: the link was used, is old, or never was. */
async function closed(deps: Deps, c: Context<AppEnv>, status: 401 | 404 = 401): Promise<Response> {
  const found = await findPaywall(deps.db, c.req.param("id") ?? "");
  const tenant = found ? brandOf(found.paywall, found.tenant) : { name: "Account", brandColor: null };
  const body = closedView(found?.tenant.supportEmail ?? null, status);
  return sendPage(c, deps, { title: "Account", tenant, styles: ACCOUNT_STYLES, body }, { status });
}
