import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { currencyExponent, type Money } from "../../platform/money.ts";
import {
  findProductsBySku,
  findProductsOfPage,
  findPurchaseOption,
  getProduct,
  listOptionsOfProducts,
  type Product,
  type PurchaseOption,
} from "../catalogue/index.ts";
import { findPaywall, findPaywallForSale, type Paywall } from "../paywalls/index.ts";
import { isOwnAddress, type Tenant } from "../tenants/index.ts";
import type {
  CheckoutSession,
  GeoRestrictions,
  SessionDetails,
  SessionItem,
  SessionMaker,
} from "./session.ts";
import { sessionErrors } from "./session-errors.ts";
import { insertSession } from "./session-queries.ts";

/** An item as it was asked for: by sku, by the page's address, or both. */
export type WantedItem = {
  sku?: string | undefined;
  url?: string | undefined;
  purchaseOptionId?: string | undefined;
  /** Major units, as on a price tag. */
  price?: number | undefined;
  currency?: string | undefined;
  geoRestrictions?: GeoRestrictions | undefined;
};

export type OpenSessionInput = {
  tenant: Tenant;
  /** The tenant's time. */
  now: Date;
  maker: SessionMaker;
  customerId: string | null;
  items: WantedItem[];
  /** For one item: what it shall cost, if whoever asks may say so. */
  price?: number | undefined;
  /** Null leads to our own page, which thanks. */
  redirectUrl: string | null;
  details: SessionDetails;
  codes: string[];
  attribution: Record<string, string>;
  metadata: Record<string, string>;
};

type SessionDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "random">;

const EXPIRES_MS = 24 * 3_600_000;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The time of an ordinary id, and chance that no neighbour of it tells: who knows the id may pay and read the checkout. */
function unguessableId(deps: Pick<Deps, "ids" | "random">): string {
  const id = deps.ids.next("checkout");
  const chance = [...deps.random.bytes(16)].map((byte) => CROCKFORD[byte & 31]).join("");
  return `${id.slice(0, -16)}${chance}`;
}

/** Where a session is paid. */
export const sessionUrl = (config: Pick<Deps["config"], "baseUrl">, id: string): string =>
  `${config.baseUrl}/checkout/${id}`;

/**
 * Makes a checkout of what a publisher's page asks for. Everything is found in the catalogue first, so that what is stored
 * can be sold; prices are the catalogue's (`priceSession`).
 *
 * @throws `validation_error` (400) that names the field: unknown items, items that cannot be bought together, an address
 *   to return to that is not on the vendor's site
 */
export async function openSession(deps: SessionDeps, input: OpenSessionInput): Promise<CheckoutSession> {
  const { tenant, now } = input;
  const id = unguessableId(deps);
  const redirectUrl = input.redirectUrl ?? sessionUrl(deps.config, id);
  if (input.redirectUrl !== null) await checkRedirect(deps.db, tenant.id, input.redirectUrl);
  const { items, paywall } = await resolveItems(deps.db, input);
  const session = {
    id,
    tenantId: tenant.id,
    paywallId: paywall.id,
    maker: input.maker,
    customerId: input.customerId,
    items,
    redirectUrl,
    details: input.details,
    codes: input.codes,
    attribution: input.attribution,
    metadata: input.metadata,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + EXPIRES_MS),
  };
  await deps.db.transaction((tx) => insertSession(tx, session));
  return { ...session, status: "PENDING" };
}

/** @throws 400 for an address that is not on the vendor's own site */
export async function checkRedirect(q: Queryable, tenantId: string, address: string): Promise<void> {
  if (!(await isOwnAddress(q, tenantId, address))) {
    throw sessionErrors.invalid(
      "redirectUrl",
      "redirectUrl must be an address on a registered site of the vendor.",
    );
  }
}

type Resolving = Pick<OpenSessionInput, "tenant" | "now" | "maker" | "items" | "price" | "details">;

/** Finds what was asked for, with the terms on which it is sold. @throws 400 that names the item */
export async function resolveItems(
  q: Queryable,
  input: Resolving,
): Promise<{ items: SessionItem[]; paywall: Paywall }> {
  const found: { item: SessionItem; option: PurchaseOption }[] = [];
  for (const [index, wanted] of input.items.entries()) {
    found.push(await resolveItem(q, input, wanted, `items.${index}`));
  }
  const [first] = found;
  if (!first) throw sessionErrors.invalid("items", "items must name at least one thing to buy.");
  if (found.length > 1) {
    if (found.some(({ option }) => option.kind === "recurring" || option.kind === "renewable")) {
      throw sessionErrors.invalid("items", "What renews is bought alone.");
    }
    if (new Set(found.map(({ item, option }) => item.setPrice?.currency ?? option.currency)).size > 1) {
      throw sessionErrors.invalid("items", "Items in different currencies cannot be bought together.");
    }
    if (new Set(found.map(({ item }) => item.productId)).size < found.length) {
      throw sessionErrors.invalid("items", "Each item can be bought once.");
    }
  }
  const paywalls = [];
  for (const { option } of found) {
    const sold = option.paywallId
      ? await findPaywall(q, option.paywallId)
      : await findPaywallForSale(q, input.tenant.id);
    if (sold?.paywall.tenantId !== input.tenant.id)
      throw sessionErrors.invalid("items", "This is not for sale.");
    paywalls.push(sold.paywall);
  }
  const [paywall, ...others] = paywalls;
  if (!paywall || others.some((it) => it.paymentMode !== paywall.paymentMode)) {
    throw sessionErrors.invalid("items", "These cannot be bought together.");
  }
  return { items: found.map(({ item }) => item), paywall };
}

async function resolveItem(
  q: Queryable,
  input: Resolving,
  wanted: WantedItem,
  at: string,
): Promise<{ item: SessionItem; option: PurchaseOption }> {
  const { tenant } = input;
  const candidates = await productsOf(q, tenant.id, wanted, at);
  const option = await optionOf(q, input, wanted, candidates, at);
  const product =
    candidates.find(({ id }) => id === option.productId) ??
    (await getProduct(q, tenant.id, option.productId));
  return {
    option,
    item: {
      sku: product.sku,
      url: wanted.url ?? null,
      productId: product.id,
      optionId: option.id,
      setPrice: setPriceOf(input, wanted, option, at),
      geoRestrictions: wanted.geoRestrictions ?? null,
    },
  };
}

async function productsOf(
  q: Queryable,
  tenantId: string,
  wanted: WantedItem,
  at: string,
): Promise<Product[]> {
  if (wanted.sku !== undefined) {
    const found = await findProductsBySku(q, wanted.sku, tenantId);
    if (found.length === 0) throw sessionErrors.invalid(`${at}.sku`, `There is no product ${wanted.sku}.`);
    return found;
  }
  const found = wanted.url === undefined ? [] : await findProductsOfPage(q, tenantId, wanted.url);
  if (found.length === 0) throw sessionErrors.invalid(`${at}.url`, "This page is not for sale.");
  return found;
}

async function optionOf(
  q: Queryable,
  input: Resolving,
  wanted: WantedItem,
  products: Product[],
  at: string,
): Promise<PurchaseOption> {
  const isTheirs = (option: PurchaseOption) => products.some(({ id }) => id === option.productId);
  if (wanted.purchaseOptionId !== undefined) {
    const option = await findPurchaseOption(q, input.tenant.id, wanted.purchaseOptionId, input.now);
    if (option?.state !== "active" || !isTheirs(option)) {
      throw sessionErrors.invalid(`${at}.purchaseOptionId`, "There is no such purchase option of this item.");
    }
    return option;
  }
  const options = await listOptionsOfProducts(
    q,
    products.map(({ id }) => id),
  );
  // The page's own product goes before what else bears its address.
  const option = products.flatMap(({ id }) => options.find((it) => it.productId === id) ?? [])[0];
  if (!option)
    throw sessionErrors.invalid(
      wanted.sku === undefined ? `${at}.url` : `${at}.sku`,
      "This is not for sale.",
    );
  return option;
}

/**
 * The price that counts instead of the option's, or null. Anybody's page may send one, so it is a hint and no more, unless
 * the vendor's back end sent it, or the option leaves the amount to the buyer, who may give more and never less.
 */
function setPriceOf(input: Resolving, wanted: WantedItem, option: PurchaseOption, at: string): Money | null {
  const price = (input.items.length === 1 ? input.price : undefined) ?? wanted.price;
  if (price === undefined) return null;
  const currency = (input.price === undefined ? wanted.currency : input.details.currency) ?? option.currency;
  if (input.maker === "machine")
    return { amountMinor: toMinor(price, currency.toUpperCase(), at), currency: currency.toUpperCase() };
  if (option.kind !== "custom_amount") return null;
  const amountMinor = Math.max(option.amountMinor, toMinor(price, option.currency, at));
  return { amountMinor, currency: option.currency };
}

const MAX_MINOR = 1_000_000_000;

function toMinor(price: number, currency: string, at: string): number {
  const minor = Math.round(price * 10 ** currencyExponent(currency));
  const isWhole = Math.abs(minor - price * 10 ** currencyExponent(currency)) < 1e-6;
  if (!isWhole || minor < 0 || minor > MAX_MINOR) {
    throw sessionErrors.invalid(`${at}.price`, `${price} is not an amount of ${currency}.`);
  }
  return minor;
}
