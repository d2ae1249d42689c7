import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import type { Customer } from "./customer.ts";
import { linkToPaywall } from "./link-to-paywall.ts";
import { newSignInMail } from "./mails.ts";
import { type IssuedSession, issueSession, type SignInMethod } from "./sessions.ts";
import { isAddressTrusted, trustAddress } from "./trusted-addresses.ts";

/** Where somebody signs in, and what their device said besides the proof. */
export type SignInContext = {
  tenant: Tenant;
  /** Null at the login service, which has none. */
  paywall: Paywall | null;
  /** The tenant's time. */
  now: Date;
  clientAddress: string;
  /** Where that address is, if it can be told. */
  country?: string | null;
  /** What the browser calls itself. */
  userAgent?: string | null;
  visitorId?: string | undefined;
  userMeta?: Record<string, string> | undefined;
  /** What other areas do when a customer signs in, in the same transaction. */
  onSignedIn?: (tx: Tx, customer: Customer) => Promise<void>;
};

export type SignInDeps = Pick<Deps, "clock" | "config" | "ids" | "jobs" | "keys" | "random">;

/**
 * What follows every proof: the link to the paywall, the device, the trusted address, the session. An
 * address is trusted only for a proven e-mail, because trust shows the state of that e-mail.
 */
export async function completeSignIn(
  tx: Tx,
  deps: SignInDeps,
  context: SignInContext,
  signedIn: Customer,
  method: SignInMethod,
): Promise<IssuedSession> {
  const customer = await placeCustomer(tx, signedIn, context.country ?? null);
  const { tenant, paywall, now, visitorId } = context;
  const ids = { tenantId: tenant.id, customerId: customer.id };
  if (paywall) await linkToPaywall(tx, { ...ids, paywallId: paywall.id, userMeta: context.userMeta, now });
  const deviceIsNew = await rememberDevice(tx, deps, { ...ids, visitorId, now });
  if (customer.email && customer.emailVerifiedAt) {
    const place = { ...ids, address: context.clientAddress, now };
    if (method === "pwd" && deviceIsNew && (await isUnusualPlace(tx, deps, place))) {
      await queueMail(
        tx,
        deps,
        newSignInMail({ tenant, paywall, baseUrl: deps.config.baseUrl }, customer.email),
      );
    }
    await trustAddress(tx, deps, place);
  }
  await context.onSignedIn?.(tx, customer);
  const seen = { userAgent: context.userAgent ?? null, country: context.country ?? null };
  return issueSession(tx, deps, { customer, paywallId: paywall?.id ?? null, visitorId, method, seen });
}

/** Keeps the country of the first sign-in that could tell it. */
async function placeCustomer(tx: Tx, customer: Customer, country: string | null): Promise<Customer> {
  if (!country || customer.country) return customer;
  await tx.execute(sql`
    update customers set country = ${country} where tenant_id = ${customer.tenantId} and id = ${customer.id} and country is null`);
  return { ...customer, country };
}

/** Notes the device, and whether it is the first time that this customer signs in on it. */
async function rememberDevice(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; customerId: string; visitorId: string | undefined; now: Date },
): Promise<boolean> {
  if (!input.visitorId) return true;
  const { tenantId, customerId, now } = input;
  const visitorId = input.visitorId.toWellFormed();
  const known = await tx.maybeOne(sql`
    select 1 from devices where tenant_id = ${tenantId} and visitor_id = ${visitorId} and customer_id = ${customerId}`);
  await tx.execute(sql`
    insert into devices as d (id, tenant_id, visitor_id, customer_id, first_seen_at, last_seen_at)
    values (${deps.ids.next("device")}, ${tenantId}, ${visitorId}, ${customerId}, ${now}, ${now})
    on conflict (tenant_id, visitor_id) do update set customer_id = excluded.customer_id, last_seen_at = excluded.last_seen_at`);
  return known === null;
}

/** True when the customer has proven themselves elsewhere and never from here. */
async function isUnusualPlace(
  tx: Tx,
  deps: Pick<Deps, "keys">,
  place: { tenantId: string; customerId: string; address: string; now: Date },
): Promise<boolean> {
  if (await isAddressTrusted(tx, deps, place)) return false;
  const elsewhere = await tx.query(sql`
    select 1 from trusted_addresses where tenant_id = ${place.tenantId} and customer_id = ${place.customerId} limit 1`);
  return elsewhere.length > 0;
}
