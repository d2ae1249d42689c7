import { sha256 } from "../../platform/crypto.ts";
import { sql, type Tx } from "../../platform/database/index.ts";
import { redeemDiscountCode } from "../growth/index.ts";
import { type Customer, findCustomerById, findOrCreateCustomer, linkToPaywall } from "../identity/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import {
  findConnection,
  processorOf,
  type RoutedConnection,
  type SessionRequest,
} from "../processors/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { knownBuyerId, paywallOfSession, refuseClosed } from "./change-session.ts";
import { upstreamFailed } from "./errors.ts";
import { sessionUrl } from "./open-session.ts";
import { offeredMethods } from "./payment-methods.ts";
import { linesOf, type PricedSession, priceSession, sumOf } from "./price-session.ts";
import { closeCheckout, insertCheckout, saveSession } from "./queries.ts";
import { type CheckoutSession, isSoldThere, type MissingField, missingFields, peopleOf } from "./session.ts";
import { sessionErrors } from "./session-errors.ts";
import { lockSession } from "./session-queries.ts";
import { type CheckoutDeps, chooseConnection } from "./start-checkout.ts";

export type PaySessionInput = {
  sessionId: string;
  tenant: Tenant;
  /** The tenant's time. */
  now: Date;
  /** Of the person who pays. */
  clientAddress: string;
  country: string | null;
};

export type PaySessionResult =
  | { outcome: "pay"; url: string }
  /** The page must ask for these first. */
  | { outcome: "missing"; fields: MissingField[] };

type Prepared =
  | Exclude<PaySessionResult, { outcome: "pay" }>
  | { outcome: "repeat"; url: string }
  | {
      outcome: "new";
      checkoutId: string;
      connection: RoutedConnection;
      request: SessionRequest;
      replaced: Replaced[];
    };

/** An attempt on other terms, whose page must not be paid as well. */
type Replaced = { externalId: string; connectionId: string };

type Buyer = {
  customer: Customer;
  payer: Customer | null;
  kind: "customer" | "merchant" | "guest";
  recipientEmail: string | null;
};

/**
 * Takes a checkout to a payment processor: everything is decided and written in one transaction (who buys, what it costs
 * now, the code's reservation), then the processor is asked with the attempt's id as its key. The same terms again lead
 * to the same page; other terms close the earlier attempt.
 *
 * @throws 409 paid, expired, owned, no longer sold, or a code that ran out; 403 not sold there; 502 `upstream`
 */
export async function paySession(deps: CheckoutDeps, input: PaySessionInput): Promise<PaySessionResult> {
  const prepared = await deps.db.transaction((tx) => prepare(tx, deps, input));
  if (prepared.outcome === "missing") return prepared;
  if (prepared.outcome === "repeat") return { outcome: "pay", url: prepared.url };
  const { checkoutId, connection, request } = prepared;
  for (const earlier of prepared.replaced) {
    if (await isUnpayable(deps, earlier)) continue;
    await closeCheckout(deps.db, checkoutId, "replaced");
    throw sessionErrors.payment_under_way();
  }
  try {
    const made = await processorOf(deps, connection.kind).createSession(connection, request);
    await saveSession(deps.db, checkoutId, made);
    return { outcome: "pay", url: made.url };
  } catch (cause) {
    await closeCheckout(deps.db, checkoutId, "processor_failed");
    throw upstreamFailed(cause);
  }
}

/** A processor that does not answer is no reason not to sell: its session ends by itself. */
async function isUnpayable(deps: CheckoutDeps, { externalId, connectionId }: Replaced): Promise<boolean> {
  const connection = await findConnection(deps.db, connectionId);
  if (!connection) return true;
  try {
    return await processorOf(deps, connection.kind).closeSession(connection, { externalId });
  } catch {
    return true;
  }
}

async function prepare(tx: Tx, deps: CheckoutDeps, input: PaySessionInput): Promise<Prepared> {
  const { tenant, now, country } = input;
  const session = await lockSession(tx, input.sessionId);
  if (!session) throw new Error("a checkout vanished while it was being paid");
  refuseClosed(session, now);
  if (session.status === "WAITING_PAYMENT_CONFIRMATION") throw sessionErrors.payment_under_way();
  const fields = missingFields(session.details, session.customerId !== null);
  if (fields.length > 0) return { outcome: "missing", fields };
  if (!isSoldThere(session.items, { country, claimed: session.details.country })) {
    throw sessionErrors.not_sold_there();
  }
  const { paywall } = await paywallOfSession(tx, session);
  const customerId = await knownBuyerId(tx, session);
  const priced = await priceSession(tx, { session, tenant, paywall, now, country, customerId });
  if (priced.lines.some((it) => !it.isForSale)) throw sessionErrors.not_for_sale();
  if (priced.owned.length > 0) throw sessionErrors.already_owned();

  const buyer = await findBuyer(tx, deps, session, input);
  const connection = await connectionOf(tx, deps, {
    session,
    tenant,
    paywall,
    buyer,
    isKnown: customerId !== null,
  });
  const termsHash = hashTerms(session, priced, buyer, connection);
  const earlier = await tx.maybeOne<{ id: string; url: string | null }>(sql`
    select id, checkout_url url from checkouts
    where session_id = ${session.id} and state = 'open' and terms_hash = ${termsHash} and expires_at > ${now}
    order by created_at desc limit 1`);
  if (earlier?.url) return { outcome: "repeat", url: earlier.url };
  const terms = { session, tenant, paywall, priced, buyer };
  if (earlier) {
    // The processor is being asked at this moment. With the same key it gives the same page to both of us.
    const request = sessionRequest(deps, { ...terms, checkoutId: earlier.id });
    return { outcome: "new", checkoutId: earlier.id, connection, request, replaced: [] };
  }
  // Its reservation of a code is free again.
  const canceled = await tx.query<{ externalId: string | null; connectionId: string }>(sql`
    update checkouts set state = 'canceled', close_reason = 'replaced' where session_id = ${session.id} and state = 'open'
    returning external_id "externalId", connection_id "connectionId"`);
  const replaced = canceled.filter((it): it is Replaced => it.externalId !== null);
  await linkToPaywall(tx, {
    tenantId: tenant.id,
    paywallId: paywall.id,
    customerId: buyer.customer.id,
    userMeta: undefined,
    now,
  });
  const checkoutId = deps.ids.next("checkout");
  const request = sessionRequest(deps, { ...terms, checkoutId });
  await insertAttempt(tx, deps, {
    checkoutId,
    session,
    paywall,
    priced,
    buyer,
    connection,
    request,
    termsHash,
    input,
  });
  await reserveCode(tx, { checkoutId, tenant, priced, buyer, now });
  return { outcome: "new", checkoutId, connection, request, replaced };
}

/** Who buys, made if there is no such customer yet. */
async function findBuyer(
  tx: Tx,
  deps: CheckoutDeps,
  session: CheckoutSession,
  { tenant, now }: PaySessionInput,
): Promise<Buyer> {
  const signedIn = session.customerId ? await findCustomerById(tx, tenant.id, session.customerId) : null;
  const people = peopleOf(session.details, signedIn ? signedIn.email : undefined);
  const byEmail = async (email: string) =>
    (await findOrCreateCustomer(tx, deps, { tenantId: tenant.id, email, now })).customer;
  const customer =
    people.isSignedInBuyer && signedIn
      ? signedIn
      : await byEmail(people.customerEmail ?? signedIn?.email ?? "");
  const payer = people.payerEmail === null ? null : await byEmail(people.payerEmail);
  return {
    customer,
    payer: payer && payer.id !== customer.id ? payer : null,
    kind: customer === signedIn ? "customer" : session.maker === "machine" ? "merchant" : "guest",
    recipientEmail: people.recipientEmail,
  };
}

/** The processor that the buyer chose a method of, else by traffic share. */
async function connectionOf(
  tx: Tx,
  deps: CheckoutDeps,
  input: { session: CheckoutSession; tenant: Tenant; paywall: Paywall; buyer: Buyer; isKnown: boolean },
): Promise<RoutedConnection> {
  const { session, paywall, tenant, buyer } = input;
  const offered = await offeredMethods(tx, paywall, session.details);
  const chosen = session.details.paymentData?.provider.toUpperCase();
  const fitting = offered.filter(({ provider }) => provider === chosen);
  const usable = (fitting.length > 0 ? fitting : offered).map(({ connection }) => connection);
  if (usable.length === 0) throw sessionErrors.payment_method_unavailable();
  return chooseConnection(tx, deps, { paywall, tenant }, buyer.customer, input.isKnown, usable);
}

const isFor = (session: CheckoutSession) => session.details.giftMode === true;

function sessionRequest(
  deps: CheckoutDeps,
  input: {
    checkoutId: string;
    session: CheckoutSession;
    tenant: Tenant;
    paywall: Paywall;
    priced: PricedSession;
    buyer: Buyer;
  },
): SessionRequest {
  const { session, tenant, paywall, priced, buyer } = input;
  const [{ option, product }, ...more] = priced.lines;
  const here = sessionUrl(deps.config, session.id);
  const { interval } = option;
  const payer = buyer.payer ?? buyer.customer;
  const merchantName = tenant.name;
  return {
    checkoutId: input.checkoutId,
    customer: { id: payer.id, email: payer.email },
    merchant: { name: merchantName, brandColor: paywall.settings.brandColor ?? tenant.brandColor },
    productName: more.length === 0 ? product.title : `${product.title} and ${more.length} more`,
    optionLabel: more.length === 0 ? option.label : null,
    currency: priced.currency,
    subtotalMinor: priced.subtotalMinor,
    discountMinor: priced.discountMinor,
    totalMinor: priced.totalMinor,
    discountPeriods: priced.discountPeriods,
    // A gift is paid once and never renews.
    recurring:
      option.kind === "recurring" && interval && interval !== "lifetime" && !isFor(session)
        ? { interval, intervalCount: option.intervalCount }
        : null,
    trialDays: priced.trialDays,
    timeZone: tenant.timeZone,
    // Whoever paid for a gift gets its link on our page first.
    successUrl: isFor(session) ? here : session.redirectUrl,
    errorUrl: `${here}?payment=failed`,
    cancelUrl: `${here}?payment=cancelled`,
    expiresAt: session.expiresAt,
    metadata: { ...session.metadata, checkoutSession: session.id },
  };
}

async function insertAttempt(
  tx: Tx,
  deps: CheckoutDeps,
  a: {
    checkoutId: string;
    session: CheckoutSession;
    paywall: Paywall;
    priced: PricedSession;
    buyer: Buyer;
    connection: RoutedConnection;
    request: SessionRequest;
    termsHash: Buffer;
    input: PaySessionInput;
  },
): Promise<void> {
  const { checkoutId: id, session, priced, buyer, request, input } = a;
  const [first, ...more] = priced.lines;
  const code = priced.codes.find((it) => it.status === "APPLIED")?.of;
  await insertCheckout(tx, {
    id,
    tenantId: session.tenantId,
    mode: a.paywall.paymentMode,
    paywallId: a.paywall.id,
    customerId: buyer.customer.id,
    buyer: buyer.kind,
    productId: first.product.id,
    optionId: first.option.id,
    currency: priced.currency,
    subtotalMinor: priced.subtotalMinor,
    discountMinor: priced.discountMinor,
    totalMinor: priced.totalMinor,
    trialDays: priced.trialDays,
    offerId: null,
    // A percentage of every period is what the contract itself says of its price.
    percentBp: code?.duration === "forever" && more.length === 0 ? code.percentBp : null,
    connectionId: a.connection.id,
    successUrl: request.successUrl,
    errorUrl: request.errorUrl,
    shopUrl: request.cancelUrl,
    productName: first.product.title,
    visitorId: null,
    experimentId: null,
    variantKey: null,
    userMeta: {},
    // A payment vouches for the place of whoever pays, who may be somebody else than the customer.
    addressSealed: buyer.payer ? null : deps.keys.seal(input.clientAddress, `checkout-address:${id}`),
    country: input.country,
    termsHash: a.termsHash,
    replacesContractIds: [],
    createdAt: input.now,
    expiresAt: request.expiresAt,
    session: {
      id: session.id,
      payerId: buyer.payer?.id ?? null,
      isGift: isFor(session),
      recipientEmail: buyer.recipientEmail,
      moreItems: more.map(({ product, option, priceMinor }) => ({
        productId: product.id,
        optionId: option.id,
        priceMinor,
      })),
      attribution: session.attribution,
      metadata: session.metadata,
    },
  });
}

async function reserveCode(
  tx: Tx,
  input: { checkoutId: string; tenant: Tenant; priced: PricedSession; buyer: Buyer; now: Date },
): Promise<void> {
  const { priced, now, tenant } = input;
  const code = priced.codes.find((it) => it.status === "APPLIED")?.of;
  if (!code) return;
  const lines = linesOf(code, priced.lines, priced.currency, now);
  const [line] = lines;
  if (!line) throw sessionErrors.code_inapplicable();
  const target = { productId: line.product.id, optionKey: line.option.key, currency: priced.currency, now };
  const use = { ...target, tenantId: tenant.id, codeId: code.id, customerId: input.buyer.customer.id };
  const reserved = await redeemDiscountCode(
    tx,
    { ...use, priceMinor: sumOf(lines) },
    { checkoutId: input.checkoutId },
  );
  // Somebody took the last one since the price was shown, or the merchant changed it: nobody pays another price unseen.
  if (reserved.outcome !== "applied" || reserved.savedMinor !== priced.discountMinor) {
    throw sessionErrors.code_inapplicable();
  }
}

const hashTerms = (
  session: CheckoutSession,
  priced: PricedSession,
  buyer: Buyer,
  connection: RoutedConnection,
): Buffer =>
  sha256(
    JSON.stringify([
      session.id,
      session.redirectUrl,
      isFor(session),
      session.attribution,
      session.metadata,
      priced.lines.map(({ option, priceMinor }) => [option.id, priceMinor]),
      [priced.currency, priced.discountMinor, priced.discountPeriods, priced.trialDays],
      [buyer.customer.id, buyer.payer?.id, buyer.kind, buyer.recipientEmail],
      connection.id,
    ]),
  );
