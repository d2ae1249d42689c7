import { sha256 } from "../../platform/crypto.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Tier } from "../../platform/geo/index.ts";
import { once } from "../../platform/idempotency.ts";
import { findPurchaseOption, getProduct, type PurchaseOption } from "../catalogue/index.ts";
import { checkAccess } from "../entitlements/index.ts";
import { findCheckoutOffer } from "../growth/index.ts";
import {
  type Customer,
  findOrCreateCustomer,
  isAddressTrusted,
  linkToPaywall,
  normalizeEmail,
} from "../identity/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import {
  listRoutableConnections,
  pickByWeight,
  processorOf,
  type RoutedConnection,
  type SessionRequest,
} from "../processors/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { checkoutErrors, upstreamFailed } from "./errors.ts";
import {
  closeCheckout,
  findLastConnectionId,
  findRepeatableCheckout,
  hadCardTrial,
  insertCheckout,
  isRepeatable,
  listReplaceable,
  saveSession,
} from "./queries.ts";
import { type RequestedUrls, resolveReturnUrls } from "./return-urls.ts";
import { agreeTerms, type Terms } from "./terms.ts";

export type CheckoutDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys" | "random">;

/** Who buys: a signed-in customer, a merchant's back end for somebody, or a guest who typed an address. */
export type Buyer =
  | { kind: "customer"; customer: Customer }
  | { kind: "merchant"; email: string }
  | { kind: "guest"; email: string };

export type StartCheckoutInput = RequestedUrls & {
  tenant: Tenant;
  paywall: Paywall;
  /** The tenant's time. */
  now: Date;
  buyer: Buyer;
  priceId: string;
  offerId?: string | undefined;
  productName?: string | undefined;
  trialDays?: number | undefined;
  ignoreActivePurchase?: boolean | undefined;
  userMeta?: Record<string, string> | undefined;
  localCurrency?: string | undefined;
  visitorId?: string | undefined;
  experimentId?: string | undefined;
  variantKey?: string | undefined;
  idempotencyKey?: string | undefined;
  /** Of the person; null when a merchant's back end calls, whose address says nothing about the buyer. */
  clientAddress: string | null;
  country: string | null;
  tier: Tier | null;
};

export type StartedCheckout = { checkoutUrl: string; userId: string; acquiring: string };

const IDEMPOTENCY_SECONDS = 24 * 3600;
const REPEAT_MS = 30 * 60_000;
const EXPIRES_MS = 24 * 3_600_000;

/**
 * Begins a purchase and gives the address where it is paid. One processor session per idempotency key, on
 * every host and node; without a key, a second click on the same terms within 30 minutes gets the first
 * one's checkout. A refusal writes nothing.
 *
 * Somebody who merely typed an address is not told whether its owner subscribes: they may buy again.
 *
 * @throws `active_purchase` (409), `price_not_found` (404), `no_processor` (503), `upstream` (502),
 *   `idempotency_key_reused` (422)
 */
export async function startCheckout(deps: CheckoutDeps, input: StartCheckoutInput): Promise<StartedCheckout> {
  const { tenant, paywall, buyer, idempotencyKey } = input;
  if (!idempotencyKey) return start(deps, input);
  const who =
    buyer.kind === "customer" ? (buyer.customer.email ?? buyer.customer.id) : normalizeEmail(buyer.email);
  return once(
    deps,
    {
      tenantId: tenant.id,
      scope: `start-checkout:${paywall.id}:${who}`,
      key: idempotencyKey,
      fingerprint: [input.priceId, who, input.offerId ?? null],
      ttlSeconds: IDEMPOTENCY_SECONDS,
    },
    () => start(deps, input),
  );
}

type Prepared =
  | { kind: "repeat"; answer: StartedCheckout }
  | {
      kind: "new";
      checkoutId: string;
      customer: Customer;
      connection: RoutedConnection;
      request: SessionRequest;
    };

async function start(deps: CheckoutDeps, input: StartCheckoutInput): Promise<StartedCheckout> {
  const prepared = await deps.db.transaction((tx) => prepare(tx, deps, input));
  if (prepared.kind === "repeat") return prepared.answer;
  const { checkoutId, customer, connection, request } = prepared;
  try {
    const session = await processorOf(deps, connection.kind).createSession(connection, request);
    await saveSession(deps.db, checkoutId, session);
    return { checkoutUrl: session.url, userId: customer.uuid, acquiring: connection.acquiring };
  } catch (cause) {
    await closeCheckout(deps.db, checkoutId, "processor_failed");
    throw upstreamFailed(cause);
  }
}

/** Everything that is decided before a processor is asked, in the order of paywall API §4.4. */
async function prepare(tx: Tx, deps: CheckoutDeps, input: StartCheckoutInput): Promise<Prepared> {
  const { tenant, paywall, now } = input;
  const { customer, isKnown } = await identifyBuyer(tx, deps, input);
  const option = await findPurchaseOption(tx, tenant.id, input.priceId, now);
  const productId = option?.productId ?? paywall.defaultProductId;
  const replaces = isKnown ? await checkActivePurchase(tx, input, customer, productId) : [];
  if (!option || !isSoldOn(option, paywall)) throw checkoutErrors.price_not_found();

  const offer = await findCheckoutOffer(tx, {
    paywall,
    optionId: option.id,
    offerId: input.offerId ?? null,
    country: input.country,
    tier: input.tier,
    email: customer.email,
    now,
  });
  const mode = paywall.paymentMode;
  const terms = agreeTerms(option, {
    displayedCurrency: input.localCurrency,
    country: input.country,
    isMerchant: input.buyer.kind === "merchant",
    percentBp: offer?.percentBp ?? null,
    trialDays: input.trialDays,
    // For a stranger it is the payment that finds out: the page would tell them who had a trial here.
    hadTrial:
      isKnown && (await hadCardTrial(tx, { tenantId: tenant.id, customerId: customer.id, productId, mode })),
  });
  const connection = await chooseConnection(tx, deps, input, customer, isKnown);
  const urls = resolveReturnUrls(paywall, input, String(option.num), deps.config.baseUrl);
  const termsHash = hashTerms(input, option, terms, offer?.offerId ?? null, urls, replaces);
  const earlier = await findRepeatableCheckout(tx, {
    tenantId: tenant.id,
    paywallId: paywall.id,
    customerId: customer.id,
    termsHash,
    since: new Date(now.getTime() - REPEAT_MS),
    now,
  });
  if (earlier) {
    const { checkoutUrl, acquiring } = earlier;
    return { kind: "repeat", answer: { checkoutUrl, userId: customer.uuid, acquiring } };
  }

  const id = deps.ids.next("checkout");
  const expiresAt = new Date(now.getTime() + EXPIRES_MS);
  const product = await getProduct(tx, tenant.id, option.productId);
  const productName = input.productName?.trim() || paywall.settings.checkoutProductName || product.title;
  await insertCheckout(tx, {
    id,
    tenantId: tenant.id,
    mode,
    paywallId: paywall.id,
    customerId: customer.id,
    buyer: input.buyer.kind,
    productId: option.productId,
    optionId: option.id,
    ...terms,
    offerId: offer?.offerId ?? null,
    percentBp: offer?.percentBp ?? null,
    connectionId: connection.id,
    successUrl: urls.successUrl,
    errorUrl: urls.errorUrl,
    shopUrl: urls.cancelUrl,
    productName,
    visitorId: input.visitorId ?? null,
    experimentId: input.experimentId ?? null,
    variantKey: input.variantKey ?? null,
    userMeta: input.userMeta ?? {},
    addressSealed: input.clientAddress && deps.keys.seal(input.clientAddress, `checkout-address:${id}`),
    country: input.country,
    termsHash,
    replacesContractIds: replaces,
    createdAt: now,
    expiresAt,
  });
  const { interval } = option;
  const recurring =
    option.kind === "recurring" && interval && interval !== "lifetime"
      ? { interval, intervalCount: option.intervalCount }
      : null;
  return {
    kind: "new",
    checkoutId: id,
    customer,
    connection,
    request: {
      checkoutId: id,
      customer: { id: customer.id, email: customer.email },
      merchant: { name: tenant.name, brandColor: paywall.settings.brandColor ?? tenant.brandColor },
      productName,
      optionLabel: option.label,
      ...terms,
      discountPeriods: null,
      recurring,
      timeZone: tenant.timeZone,
      ...urls,
      expiresAt,
      metadata: sessionMetadata(input, offer?.offerId ?? null),
    },
  };
}

async function identifyBuyer(
  tx: Tx,
  deps: CheckoutDeps,
  input: StartCheckoutInput,
): Promise<{ customer: Customer; isKnown: boolean }> {
  const { tenant, paywall, buyer, now } = input;
  const customer =
    buyer.kind === "customer"
      ? buyer.customer
      : (await findOrCreateCustomer(tx, deps, { tenantId: tenant.id, email: buyer.email, now })).customer;
  const isKnown = await isBuyerKnown(tx, deps, input, customer);
  // A stranger's word about a customer waits for their payment, or they could claim any id of the merchant's.
  const userMeta = isKnown ? input.userMeta : undefined;
  await linkToPaywall(tx, {
    tenantId: tenant.id,
    paywallId: paywall.id,
    customerId: customer.id,
    userMeta,
    now,
  });
  return { customer, isKnown };
}

/**
 * Whether the caller may learn what the buyer has here: it is them, the merchant speaks, or a guest calls from
 * where this buyer paid or signed in before. Anybody else gets the same answers for every address.
 */
async function isBuyerKnown(
  tx: Tx,
  deps: CheckoutDeps,
  input: StartCheckoutInput,
  customer: Customer,
): Promise<boolean> {
  const { tenant, buyer, now, clientAddress } = input;
  if (buyer.kind !== "guest" || tenant.hybridTrust === "legacy") return true;
  if (clientAddress === null) return false;
  const place = { tenantId: tenant.id, customerId: customer.id, address: clientAddress, now };
  return isAddressTrusted(tx, deps, place);
}

/**
 * Refuses a known buyer's second purchase, unless it is meant to replace the first: then the subscriptions
 * that it replaces.
 */
async function checkActivePurchase(
  tx: Tx,
  input: StartCheckoutInput,
  customer: Customer,
  productId: string,
): Promise<string[]> {
  const mode = input.paywall.paymentMode;
  const scope = { tenantId: input.tenant.id, customerId: customer.id, productId, mode };
  // Whoever has credits may want more of them, and keeps what they have.
  if (await isRepeatable(tx, productId)) return [];
  if (input.ignoreActivePurchase) return listReplaceable(tx, scope);
  if ((await checkAccess(tx, { ...scope, now: input.now })).granted) {
    throw checkoutErrors.active_purchase({ hasActivePurchase: true });
  }
  return [];
}

const SOLD_HERE = new Set<PurchaseOption["kind"]>(["recurring", "one_time", "free"]);

const isSoldOn = (option: PurchaseOption, paywall: Paywall): boolean =>
  option.state === "active" &&
  (option.paywallId === paywall.id || option.paywallId === null) &&
  SOLD_HERE.has(option.kind);

/**
 * By traffic share, always the same for one customer; one who has been to another of the processors goes there
 * again, if they are known: it would tell a stranger that they have been here.
 */
export async function chooseConnection(
  tx: Tx,
  deps: CheckoutDeps,
  input: Pick<StartCheckoutInput, "paywall" | "tenant">,
  customer: Customer,
  isKnown: boolean,
  among?: RoutedConnection[],
): Promise<RoutedConnection> {
  const { paywall, tenant } = input;
  const mode = paywall.paymentMode;
  const connections = among ?? (await listRoutableConnections(tx, paywall, mode));
  const last =
    isKnown &&
    (await findLastConnectionId(tx, {
      tenantId: tenant.id,
      paywallId: paywall.id,
      customerId: customer.id,
      mode,
    }));
  const sticky = connections.find((it) => it.id === last);
  if (sticky) return sticky;
  const total = connections.reduce((sum, it) => sum + it.weight, 0);
  const ticket =
    deps.keys.pseudonym(`route:${paywall.id}:${customer.id}`).readUInt32BE() % Math.max(1, total);
  const chosen = pickByWeight(connections, ticket);
  if (!chosen) throw checkoutErrors.no_processor();
  return chosen;
}

function sessionMetadata(input: StartCheckoutInput, offerId: string | null): Record<string, string> {
  const metadata: Record<string, string> = { ...input.userMeta, paywallId: String(input.paywall.num) };
  if (input.visitorId) metadata.visitorId = input.visitorId;
  if (input.experimentId) metadata.experimentId = input.experimentId;
  if (input.variantKey) metadata.variantKey = input.variantKey;
  if (offerId) metadata.offerId = offerId;
  return metadata;
}

const hashTerms = (
  input: StartCheckoutInput,
  option: PurchaseOption,
  terms: Terms,
  offerId: string | null,
  urls: Record<string, string>,
  replaces: string[],
): Buffer =>
  sha256(
    JSON.stringify([
      input.buyer.kind,
      input.clientAddress,
      option.id,
      terms,
      offerId,
      urls,
      replaces,
      input.productName,
      input.visitorId,
      input.experimentId,
      input.variantKey,
      Object.entries(input.userMeta ?? {}).sort(),
    ]),
  );
