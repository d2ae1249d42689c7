import * as wire from "@tollgate/protocol/management-api/products";
import type { z } from "zod";
import {
  createProduct,
  findProductOfSku,
  listMembers,
  listOptionsOfProducts,
  listProductsOf,
  type Product,
  type ProductDraft,
  pageKey,
  pagePattern,
  setMembers,
  updateProduct,
} from "../../domains/catalogue/index.ts";
import {
  type Fulfillment,
  type FulfillmentState,
  listProductFulfillments,
  moveFulfillment,
} from "../../domains/fulfillments/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { mapPage, type Queryable, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { invalid, noSuchResource } from "../publisher-api/errors.ts";
import { fulfillmentToWire } from "../publisher-api/fulfillments.ts";
import { productToWire } from "../publisher-api/products.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { pageOf } from "./paging.ts";

type Changes = Partial<z.output<(typeof wire.updateProduct)["request"]["body"]>>;

const EMPTY: ProductDraft = {
  title: "",
  description: null,
  type: "article",
  accessRule: "while_contract_active",
  accessDays: null,
  state: "active",
  cover: null,
  language: null,
  url: null,
  urlPatterns: [],
  passUrl: null,
  publisherContentId: null,
  section: null,
  tags: [],
  publishedAt: null,
};

/** The product of a path. @throws 404; a sku means something within one vendor alone */
export async function productNamed(q: Queryable, tenant: Tenant, sku: string): Promise<Product> {
  const found = await findProductOfSku(q, tenant.id, sku);
  if (!found) throw noSuchResource();
  return found;
}

/** Publisher API §8.2: what is sold. */
export function productOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  const shown = async (products: Product[]) => {
    const ids = products.map(({ id }) => id);
    const [options, members] = await Promise.all([listOptionsOfProducts(db, ids), listMembers(db, ids)]);
    return products.map((product) => {
      const own = options.filter((it) => it.productId === product.id);
      return toWire(product, productToWire(product, own), members.get(product.id) ?? []);
    });
  };
  const shownOne = async (tenant: Tenant, sku: string) =>
    (await shown([await productNamed(db, tenant, sku)]))[0];
  const contain = async (tx: Tx, tenant: Tenant, productId: string, { contains }: Changes) => {
    if (contains) await setMembers(tx, { tenantId: tenant.id, productId, skus: contains });
  };

  operations
    .on(wire.listProducts, async ({ tenant, query, page }) => {
      const state = query.status ? STATES[query.status] : null;
      const filter = { tenantId: tenant.id, search: query.search ?? "", state };
      const found = await listProductsOf(db, filter, page);
      return { ...found, items: await shown(found.items) };
    })
    .on(wire.createProduct, async ({ tenant, now, body }) => {
      const draft = changed(EMPTY, body);
      const sku = body.sku ?? `sid:${deps.ids.next("product").slice(4).toLowerCase()}`;
      await db.transaction(async (tx) => {
        const productId = await createProduct(tx, deps, { tenantId: tenant.id, sku, draft, now });
        await contain(tx, tenant, productId, body);
      });
      return shownOne(tenant, sku);
    })
    .on(wire.getProduct, async ({ tenant, params }) => shownOne(tenant, params.sku))
    .on(wire.updateProduct, async ({ tenant, now, params, body }) => {
      await db.transaction(async (tx) => {
        const product = await productNamed(tx, tenant, params.sku);
        const draft = changed(product, body);
        await updateProduct(tx, { tenantId: tenant.id, productId: product.id, draft, now });
        await contain(tx, tenant, product.id, body);
      });
      return shownOne(tenant, params.sku);
    })
    .on(wire.deleteProduct, async ({ tenant, now, params }) => {
      await db.transaction(async (tx) => {
        const product = await productNamed(tx, tenant, params.sku);
        const draft: ProductDraft = { ...product, state: "archived" };
        await updateProduct(tx, { tenantId: tenant.id, productId: product.id, draft, now });
      });
      return null;
    });
}

/** Deliveries, as whoever sends them sees them. */
export function fulfillmentOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  operations
    .on(wire.listFulfillments, async ({ tenant, mode, params, page }) => {
      const { id: productId } = await productNamed(db, tenant, params.sku);
      const all = await listProductFulfillments(db, { tenantId: tenant.id, mode, productId });
      return mapPage(pageOf(all, page), deliveryToWire);
    })
    .on(wire.moveFulfillment, async ({ tenant, now, params, body }) => {
      const to = body.status.toLowerCase() as FulfillmentState;
      const { tracking = null } = body;
      const { id } = params;
      const moved = await db.transaction((tx) =>
        moveFulfillment(tx, deps, { tenantId: tenant.id, id, to, tracking, now }),
      );
      if (!moved) throw await missing(db, tenant, "fulfillment", id);
      return deliveryToWire(moved);
    });
}

const deliveryToWire = (it: Fulfillment) => ({
  ...fulfillmentToWire(it),
  ...(it.contractId !== null && { contractId: it.contractId }),
  ...(it.tracking !== null && { tracking: it.tracking }),
});

const STATES = { ACTIVE: "active", DRAFT: "draft", ARCHIVED: "archived" } as const;

/** The product with what was sent; null and the empty text take a value away. @throws 400 */
function changed(before: ProductDraft, body: Changes): ProductDraft {
  const or = <T>(sent: T | null | undefined, was: T | null): T | null =>
    sent === undefined ? was : sent || null;
  for (const name of ["url", "passUrl"] as const) {
    const address = body[name];
    if (address && pageKey(address) === null) throw invalid(`${name} must be a page's address.`, name);
  }
  const strange = body.urlPatterns?.find((it) => pagePattern(it) === null);
  if (strange !== undefined) throw invalid(`urlPatterns: ${strange} is no pattern of pages.`, "urlPatterns");
  return {
    ...before,
    title: body.title ?? before.title,
    type: body.productType ?? before.type,
    state: body.status ? STATES[body.status] : before.state,
    description: or(body.description, before.description),
    cover: or(body.cover, before.cover),
    language: or(body.language, before.language),
    publisherContentId: or(body.publisherContentId, before.publisherContentId),
    url: or(body.url, before.url),
    passUrl: or(body.passUrl, before.passUrl),
    urlPatterns: body.urlPatterns ?? before.urlPatterns,
    section: or(body.section, before.section),
    tags: body.tags ?? before.tags,
  };
}

function toWire(product: Product, publicly: ReturnType<typeof productToWire>, contains: string[]) {
  return {
    ...publicly,
    ...(product.passUrl !== null && { passUrl: product.passUrl }),
    ...(product.section !== null && { section: product.section }),
    urlPatterns: product.urlPatterns,
    tags: product.tags,
    contains,
    status: product.state.toUpperCase(),
  };
}
