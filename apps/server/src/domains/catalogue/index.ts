/**
 * The catalogue: products, which grant access, and purchase options, the terms on which they are sold.
 *
 * Invariants: amounts are minor units; the terms of an option never change once a contract refers to it
 * (a successor takes its place); within a tenant a key names one living option. Paywalls, growth and
 * checkout read from here.
 */
export { contentIdOfPage, coversPage, passNamedBy } from "./covers-page.ts";
export {
  findProductOfSku,
  listMembers,
  listOptionsOf,
  listProductsOf,
  type OptionOfProduct,
} from "./manage-catalogue.ts";
export { isPassAddress, matchPage } from "./match-page.ts";
export { barePage, pageKey, pagePattern } from "./page-address.ts";
export type { Product } from "./product.ts";
export {
  changesTerms,
  type Interval,
  type LocalPrice,
  localPriceFor,
  type PurchaseOption,
  SUCCESSOR_HOURS,
} from "./purchase-option.ts";
export {
  findOptionInAnyState,
  findProductsBySku,
  findProductsOfPage,
  findPurchaseOption,
  getProduct,
  listAllPurchaseOptions,
  listOptionsOfProducts,
  listProducts,
  listPurchaseOptions,
  searchProducts,
} from "./queries.ts";
export {
  archivePurchaseOption,
  createPurchaseOption,
  type OptionDraft,
  revisePurchaseOption,
} from "./revise-purchase-option.ts";
export { createProduct, type ProductDraft, setMembers, updateProduct } from "./save-product.ts";
