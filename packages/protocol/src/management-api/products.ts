import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, LATER } from "./examples.ts";
import { currency, instant, money, webAddress } from "./scalars.ts";

const INTERVALS = ["DAY", "WEEK", "MONTH", "YEAR"] as const;

export const purchaseOption = z
  .looseObject({
    id: z.string(),
    key: z.string().meta({ description: "A name that stays when new terms take the place of sold ones." }),
    sku: z.string(),
    paywallId: z.string().optional().meta({ description: "Where it is sold; everywhere without it." }),
    name: z.string(),
    description: z.string().optional(),
    price: money,
    currency,
    recurringInterval: z.enum(INTERVALS).optional().meta({ description: "None: paid once, for good." }),
    recurringTime: z.int().optional(),
    trialDays: z.int(),
    position: z.int(),
    status: z.enum(["ACTIVE", "SUPERSEDED", "ARCHIVED", "DRAFT"]),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementPurchaseOption" });

/** Publisher API §4.5 with what a vendor's back end sees beyond. */
export const product = z
  .looseObject({
    sku: z.string(),
    title: z.string(),
    name: z.string(),
    productType: z.string(),
    cover: z.string(),
    language: z.string(),
    description: z.string().optional(),
    publisherContentId: z.string().optional(),
    url: z.string().optional(),
    passUrl: z.string().optional(),
    urlPatterns: z.array(z.string()),
    section: z.string().optional(),
    tags: z.array(z.string()),
    contains: z.array(z.string()).meta({ description: "Skus that whoever has this one has as well." }),
    status: z.enum(["ACTIVE", "DRAFT", "ARCHIVED"]),
    price: money.optional(),
    currency: currency.optional(),
    purchaseOptions: z.array(
      z.looseObject({ id: z.string(), name: z.string(), price: z.number(), currency: z.string() }),
    ),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementProduct" });

const nullable = (max: number) => z.string().max(max).nullish();
const address = webAddress.max(2000).nullish();
const fields = z.object({
  title: z.string().trim().min(1).max(300),
  productType: z
    .enum([
      "article",
      "audiobook",
      "ebook",
      "bundle",
      "podcast",
      "pass",
      "publication",
      "physical_issue",
      "feature",
    ])
    .meta({ description: "The eight of entitlements, or `feature` for something in an app." }),
  description: nullable(5000),
  cover: address,
  language: nullable(20),
  publisherContentId: nullable(200),
  url: address.meta({ description: "The page it is." }),
  passUrl: address.meta({ description: "What pages name a pass by." }),
  urlPatterns: z
    .array(z.string().max(2000))
    .max(50)
    .meta({ description: "Pages that it covers; `*` is anything." }),
  section: nullable(100),
  tags: z.array(z.string().trim().min(1).max(100)).max(50),
  contains: z.array(z.string()).max(500),
  status: z.enum(["ACTIVE", "DRAFT", "ARCHIVED"]),
});

const OPTION = {
  id: idOf("po"),
  key: "monthly",
  sku: "all",
  paywallId: idOf("pw"),
  name: "Monthly",
  price: 4.9,
  currency: "EUR",
  recurringInterval: "MONTH",
  recurringTime: 1,
  trialDays: 0,
  position: 1,
  status: "ACTIVE",
  createdAt: AT,
  updatedAt: AT,
};
const PRODUCT = {
  sku: "all",
  title: "Everything",
  name: "Everything",
  productType: "pass",
  cover: "",
  language: "en",
  passUrl: "https://lantern.example/",
  urlPatterns: ["https://lantern.example/*"],
  tags: [],
  contains: [],
  status: "ACTIVE",
  price: 4.9,
  currency: "EUR",
  purchaseOptions: [
    {
      id: OPTION.id,
      name: "Monthly",
      price: 4.9,
      currency: "EUR",
      recurringInterval: "MONTH",
      recurringTime: 1,
    },
  ],
  createdAt: AT,
  updatedAt: AT,
};

const tag = "Management: products";
const read = "product:read" as const;
const write = "product:write" as const;
const ofProduct = z.object({ sku: z.string().meta({ description: "As it is, or percent-encoded." }) });
const params = { sku: "all" };

export const listProducts = management({
  id: "managementListProducts",
  method: "GET",
  path: "/management/products",
  tag,
  summary: "Products",
  description: "Without those that were archived, unless `status` asks for them.",
  scope: read,
  request: {
    query: z.object({
      search: z.string().max(200).optional().meta({ description: "Part of a sku, a title or a content id." }),
      status: z.enum(["ACTIVE", "DRAFT", "ARCHIVED"]).optional(),
    }),
  },
  paged: true,
  responses: { 200: z.array(product) },
  example: { request: { query: { search: "every" } }, response: [PRODUCT] },
});

export const createProduct = management({
  id: "managementCreateProduct",
  method: "POST",
  path: "/management/products",
  tag,
  summary: "Make a product",
  scope: write,
  request: {
    body: fields
      .partial()
      .required({ title: true })
      .extend({
        sku: z.string().trim().min(1).max(200).optional().meta({ description: "Made when it is not given." }),
      }),
  },
  responses: { 201: product },
  errors: [409],
  example: {
    request: {
      body: {
        sku: "all",
        title: "Everything",
        productType: "pass",
        language: "en",
        passUrl: "https://lantern.example/",
        urlPatterns: ["https://lantern.example/*"],
      },
    },
    response: { ...PRODUCT, purchaseOptions: [] },
  },
});

export const getProduct = management({
  id: "managementGetProduct",
  method: "GET",
  path: "/management/products/{sku}",
  tag,
  summary: "A product",
  scope: read,
  request: { params: ofProduct },
  responses: { 200: product },
  errors: [404],
  example: { request: { params }, response: PRODUCT },
});

export const updateProduct = management({
  id: "managementUpdateProduct",
  method: "PATCH",
  path: "/management/products/{sku}",
  tag,
  summary: "Change a product",
  description: "Only the given fields change; null takes a value away. A sku is for good.",
  scope: write,
  request: { params: ofProduct, body: fields.partial() },
  responses: { 200: product },
  errors: [404],
  example: { request: { params, body: { title: "Everything" } }, response: PRODUCT },
});

export const deleteProduct = management({
  id: "managementDeleteProduct",
  method: "DELETE",
  path: "/management/products/{sku}",
  tag,
  summary: "Take a product off the shelf",
  description: "It is archived: whoever has a right to it keeps that.",
  scope: write,
  request: { params: ofProduct },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

const fulfillment = z
  .looseObject({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    status: z.string(),
    contractId: z.string().optional(),
    itemId: z.string(),
    numericId: z.int(),
    tracking: z.string().optional(),
    deliveryProvider: z.string(),
    copies: z.int(),
    deliversAt: instant.optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementFulfillment" });

const FULFILLMENT = {
  id: idOf("ful"),
  sku: "issue-12",
  title: "Issue 12",
  status: "SCHEDULED",
  contractId: idOf("con"),
  itemId: "issue-12",
  numericId: 1001,
  deliveryProvider: "post",
  copies: 1,
  deliversAt: LATER,
  createdAt: AT,
  updatedAt: AT,
};

export const listFulfillments = management({
  id: "managementListFulfillments",
  method: "GET",
  path: "/management/products/{sku}/fulfillments",
  tag,
  summary: "Deliveries of a product",
  scope: "fulfillment:read",
  request: { params: ofProduct },
  paged: true,
  responses: { 200: z.array(fulfillment) },
  errors: [404],
  example: {
    request: { params: { sku: "issue-12" } },
    response: [FULFILLMENT],
  },
});

export const moveFulfillment = management({
  id: "managementMoveFulfillment",
  method: "PATCH",
  path: "/management/fulfillments/{id}",
  tag,
  summary: "Say how a delivery goes on",
  description: "409 for a step that it cannot take from where it is. Where it is already changes nothing.",
  scope: "fulfillment:write",
  request: {
    params: z.object({ id: z.string().meta({ description: "The delivery's `ful_…` id." }) }),
    body: z.object({
      status: z.enum(["PENDING", "SCHEDULED", "REQUESTED", "SHIPPED", "DELIVERED", "FAILED", "CANCELED"]),
      tracking: z.string().max(200).optional(),
    }),
  },
  responses: { 200: fulfillment },
  errors: [404, 409],
  example: {
    request: { params: { id: FULFILLMENT.id }, body: { status: "SHIPPED", tracking: "RR123456785SE" } },
    response: { ...FULFILLMENT, status: "SHIPPED", tracking: "RR123456785SE" },
  },
});

const optionFields = z.object({
  name: z.string().trim().min(1).max(200),
  description: nullable(2000),
  price: money,
  currency,
  recurringInterval: z.enum(INTERVALS).nullable().meta({ description: "Null or none: paid once, for good." }),
  recurringTime: z.int().min(1).max(36).meta({ description: "Intervals in a period." }),
  trialDays: z.int().min(0).max(365),
  position: z.int().min(0).max(10_000),
});
const optionTag = "Management: purchase options";
const ofOption = z.object({ id: z.string().meta({ description: "The option's `po_…` id." }) });
const optionParams = { id: OPTION.id };

export const listPurchaseOptions = management({
  id: "managementListPurchaseOptions",
  method: "GET",
  path: "/management/purchase-options",
  tag: optionTag,
  summary: "Purchase options",
  description: "Those that are sold now, unless `status` asks for others.",
  scope: "purchase-option:read",
  request: {
    query: z.object({
      sku: z.string().optional(),
      paywallId: z.string().optional(),
      status: z.enum(["ACTIVE", "SUPERSEDED", "ARCHIVED", "DRAFT"]).default("ACTIVE"),
    }),
  },
  paged: true,
  responses: { 200: z.array(purchaseOption) },
  example: { request: { query: { sku: "all" } }, response: [OPTION] },
});

export const createPurchaseOption = management({
  id: "managementCreatePurchaseOption",
  method: "POST",
  path: "/management/purchase-options",
  tag: optionTag,
  summary: "Sell a product on terms",
  scope: "purchase-option:write",
  request: {
    body: optionFields
      .partial()
      .required({ price: true })
      .extend({
        sku: z.string().min(1),
        paywallId: z.string().optional(),
        key: z
          .string()
          .regex(/^[\w.:-]{1,80}$/, "must be 1 to 80 of A-Z, a-z, 0-9 and _ . : -")
          .optional(),
      }),
  },
  responses: { 201: purchaseOption },
  errors: [404, 409],
  example: {
    request: {
      body: {
        sku: "all",
        paywallId: OPTION.paywallId,
        key: "monthly",
        name: "Monthly",
        price: 4.9,
        currency: "EUR",
        recurringInterval: "MONTH",
      },
    },
    response: OPTION,
  },
});

export const getPurchaseOption = management({
  id: "managementGetPurchaseOption",
  method: "GET",
  path: "/management/purchase-options/{id}",
  tag: optionTag,
  summary: "A purchase option",
  scope: "purchase-option:read",
  request: { params: ofOption },
  responses: { 200: purchaseOption },
  errors: [404],
  example: { request: { params: optionParams }, response: OPTION },
});

export const updatePurchaseOption = management({
  id: "managementUpdatePurchaseOption",
  method: "PATCH",
  path: "/management/purchase-options/{id}",
  tag: optionTag,
  summary: "Change a purchase option",
  description:
    "Once somebody has bought it its terms are kept: new terms make another option with another `id` and the same " +
    "`key`, which the answer is. Running contracts keep what was agreed.",
  scope: "purchase-option:write",
  request: { params: ofOption, body: optionFields.partial() },
  responses: { 200: purchaseOption },
  errors: [404, 409],
  example: { request: { params: optionParams, body: { price: 5.9 } }, response: { ...OPTION, price: 5.9 } },
});

export const deletePurchaseOption = management({
  id: "managementDeletePurchaseOption",
  method: "DELETE",
  path: "/management/purchase-options/{id}",
  tag: optionTag,
  summary: "Stop selling on these terms",
  scope: "purchase-option:write",
  request: { params: ofOption },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: optionParams } },
});

export const productEndpoints: readonly ManagementEndpoint[] = [
  listProducts,
  createProduct,
  getProduct,
  updateProduct,
  deleteProduct,
  listFulfillments,
  moveFulfillment,
  listPurchaseOptions,
  createPurchaseOption,
  getPurchaseOption,
  updatePurchaseOption,
  deletePurchaseOption,
];
