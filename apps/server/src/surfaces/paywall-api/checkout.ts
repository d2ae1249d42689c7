import {
  type Acquiring,
  type CustomerPortalResponse,
  customerPortalRequest,
  type StartCheckoutResponse,
  startCheckoutRequest,
} from "@tollgate/protocol/paywall-api/index";
import { type Context, Hono } from "hono";
import { issuePortalLink, listContracts } from "../../domains/billing/index.ts";
import { type Buyer, startCheckout } from "../../domains/checkout/index.ts";
import { type Customer, findOrCreateCustomer, linkToPaywall } from "../../domains/identity/index.ts";
import { paywallOrigin } from "../../domains/paywalls/index.ts";
import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { tierOf } from "../../platform/geo/index.ts";
import { authorizationRequired, type Caller, callerOf, type PaywallEnv } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";

const VISIBLE_KEY = /^[\x21-\x7e]{1,255}$/;

/** Buying, portal: paywall API §4.4 and §4.5. */
export function checkoutRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/start-checkout", async (c) => {
      const body = readWith(startCheckoutRequest, await bodyWithoutIgnoredEmail(c));
      const idempotencyKey = c.req.header("idempotency-key");
      if (idempotencyKey !== undefined && !VISIBLE_KEY.test(idempotencyKey)) {
        throw refuse("invalid_idempotency_key");
      }
      const buyer = buyerOf(c, await callerOf(deps, c), body.email);
      const tenant = c.get("tenant");
      const country = c.get("country");
      const { email: _, trial_days: trialDays, ...wishes } = body;
      const started = await startCheckout(deps, {
        ...wishes,
        trialDays,
        tenant,
        paywall: c.get("paywall"),
        now: c.get("now"),
        buyer,
        idempotencyKey,
        clientAddress: buyer.kind === "merchant" ? null : c.get("clientAddress"),
        country: buyer.kind === "merchant" ? null : country,
        tier: buyer.kind === "merchant" || !country ? null : tierOf(country, tenant.tiers),
      });
      return c.json({
        checkoutUrl: started.checkoutUrl,
        userId: started.userId,
        acquiring: started.acquiring as Acquiring,
      } satisfies StartCheckoutResponse);
    })
    .post("/get-customer-portal", async (c) => {
      const caller = await callerOf(deps, c);
      if (caller.kind === "none") throw authorizationRequired();
      const body = readWith(customerPortalRequest, await bodyWithoutIgnoredEmail(c));
      const customer = await portalCustomer(deps, c, caller, body);
      const paywall = c.get("paywall");
      const { id: paywallId, tenantId, paymentMode: mode } = paywall;
      const contracts = await listContracts(deps.db, { tenantId, customerId: customer.id, mode, paywallId });
      if (contracts.length === 0) throw refuse("forbidden", { isTest: mode === "test" ? "1" : "0" });
      const pages = `${paywallOrigin(paywall, deps.config.baseUrl)}/paywall/${paywall.num}/customer-portal`;
      const returnUrl = body.returnUrl ?? paywall.settings.checkoutShopUrl ?? `${pages}/return`;
      const visit = { tenantId, paywallId, customerId: customer.id, returnUrl };
      const token = await deps.db.transaction((tx) => issuePortalLink(tx, deps, visit));
      return c.json({ url: `${pages}/get?token=${token}` } satisfies CustomerPortalResponse);
    });
}

/** With a Bearer the e-mail in the body counts for nothing, not even when it is malformed. */
async function bodyWithoutIgnoredEmail(c: Context<PaywallEnv>): Promise<Record<string, unknown>> {
  const body = await readJsonObject(c);
  if (c.req.header("authorization") === undefined) return body;
  const { email: _, ...rest } = body;
  return rest;
}

function buyerOf(c: Context<PaywallEnv>, caller: Caller, email: string | undefined): Buyer {
  if (caller.kind === "customer") {
    const { customer } = caller;
    // Somebody whose sign-in provider tells no address may buy: the processor asks for one.
    if (customer.anonymous) throw refuse("missing_parameters");
    return { kind: "customer", customer };
  }
  if (caller.kind === "none" && c.get("paywall").settings.checkoutMode === "preauth") {
    throw authorizationRequired();
  }
  if (!email) throw refuse("missing_parameters");
  return { kind: caller.kind === "merchant" ? "merchant" : "guest", email };
}

async function portalCustomer(
  deps: Deps,
  c: Context<PaywallEnv>,
  caller: Exclude<Caller, { kind: "none" }>,
  body: { email?: string | undefined; userMeta?: Record<string, string> | undefined },
): Promise<Customer> {
  if (caller.kind === "customer") return caller.customer;
  const { email, userMeta } = body;
  if (!email) throw refuse("email_required");
  const tenantId = c.get("tenant").id;
  const now = c.get("now");
  return deps.db.transaction(async (tx) => {
    const { customer } = await findOrCreateCustomer(tx, deps, { tenantId, email, now });
    const link = { tenantId, paywallId: c.get("paywall").id, customerId: customer.id, userMeta, now };
    await linkToPaywall(tx, link);
    return customer;
  });
}
