import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  findProductsBySku,
  listOptionsOfProducts,
  type Product,
  type PurchaseOption,
  searchProducts,
} from "../../domains/catalogue/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { toMajor } from "../../platform/money.ts";
import { check, param, slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";
import { vendorOf } from "./vendor-of.ts";

const PUBLISHER_TYPES = new Set([
  "article",
  "audiobook",
  "ebook",
  "bundle",
  "podcast",
  "pass",
  "publication",
  "physical_issue",
]);

/** The publisher wire has eight types; whatever else is sold opens things as a pass does. */
export const publisherType = (type: string): string => (PUBLISHER_TYPES.has(type) ? type : "pass");

/**
 * Publisher API §4.5. No credentials are needed: the vendor is then who `vendorOf` says, or whoever alone has the sku.
 */
export function productRoutes(deps: Deps): Hono<PublisherEnv> {
  const withOptions = async (products: Product[]) => {
    const options = await listOptionsOfProducts(
      deps.db,
      products.map(({ id }) => id),
    );
    return products.map((product) =>
      productToWire(
        product,
        options.filter((it) => it.productId === product.id),
      ),
    );
  };
  return new Hono<PublisherEnv>()
    .get("/products", async (c) => {
      const vendor = await vendorOf(deps, c);
      if (!vendor) throw invalid("Say whose products you mean: send a client id, or ?vendor=.", "vendor");
      const search = check(z.string().max(200).default(""), c.req.query("search") ?? "");
      isPublic(c);
      return slice(c, await withOptions(await searchProducts(deps.db, vendor.id, search)));
    })
    .get("/products/:sku", async (c) => {
      const vendor = await vendorOf(deps, c);
      if (!vendor && c.req.query("vendor") !== undefined) throw noSuchResource();
      const found = await findProductsBySku(deps.db, param(c, "sku"), vendor?.id ?? null);
      const [product] = await withOptions(found);
      if (!product || found.length > 1) throw noSuchResource();
      isPublic(c);
      return c.json(product);
    });
}

/** Everybody sees the same, except that credentials choose the vendor. */
function isPublic(c: Context<PublisherEnv>): void {
  c.header(
    "cache-control",
    c.get("caller").kind === "nobody" ? "public, max-age=300" : "private, max-age=300",
  );
  c.header("vary", "Authorization, Cache-Timestamp");
}

/** Publisher API §4.5. */
export function productToWire(product: Product, options: PurchaseOption[]) {
  const purchaseOptions = options.map((option) => ({
    id: option.id,
    name: option.label ?? option.key,
    price: toMajor(option.amountMinor, option.currency),
    currency: option.currency,
    ...(option.kind === "recurring" && {
      recurringInterval: option.interval?.toUpperCase(),
      recurringTime: option.intervalCount,
    }),
  }));
  const [first] = purchaseOptions;
  return {
    sku: product.sku,
    title: product.title,
    name: product.title,
    productType: publisherType(product.type),
    cover: product.cover ?? "",
    language: product.language ?? "",
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
    ...(product.description !== null && { description: product.description }),
    ...(product.publisherContentId !== null && { publisherContentId: product.publisherContentId }),
    ...(product.url !== null && { url: product.url }),
    ...(first && { price: first.price, currency: first.currency }),
    purchaseOptions,
  };
}
