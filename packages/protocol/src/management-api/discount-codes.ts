import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, LATER } from "./examples.ts";
import { currency, instant, money } from "./scalars.ts";

const fields = {
  code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, "must be 1 to 60 of A-Z, a-z, 0-9 and . _ -"),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000).nullish(),
  percentOff: z.number().min(0.01).max(100).nullish().meta({ description: "This, or `amountOff`." }),
  amountOff: money.nullish().meta({ description: "In `currency`, which it then needs." }),
  currency: currency.nullish(),
  duration: z
    .enum(["once", "repeating", "forever"])
    .meta({ description: "How many paid periods it makes cheaper." }),
  cycles: z.int().min(1).max(1000).nullish().meta({ description: "Paid periods of a `repeating` code." }),
  validFrom: instant.nullish(),
  validTo: instant.nullish(),
  maxRedemptions: z.int().min(1).max(100_000_000).nullish(),
  maxPerCustomer: z.int().min(1).max(1000).nullish(),
  skus: z.array(z.string()).max(500).meta({ description: "Empty is every product." }),
  optionKeys: z
    .array(z.string())
    .max(500)
    .meta({ description: "Keys of purchase options; empty is every one." }),
  status: z.enum(["ACTIVE", "DISABLED"]),
};
const body = z.object(fields);

const discountCode = z
  .looseObject({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    description: z.string().optional(),
    percentOff: z.number().optional(),
    amountOff: money.optional(),
    currency: currency.optional(),
    duration: fields.duration,
    cycles: z.int().optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    maxRedemptions: z.int().optional(),
    maxPerCustomer: z.int().optional(),
    skus: fields.skus,
    optionKeys: fields.optionKeys,
    status: fields.status,
    redemptions: z.int().meta({ description: "Sales that it was used for." }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementDiscountCode" });

const CODE = {
  id: idOf("dsc"),
  code: "SPRING",
  name: "A quarter off in spring",
  percentOff: 25,
  duration: "repeating",
  cycles: 3,
  validTo: LATER,
  maxPerCustomer: 1,
  skus: ["all"],
  optionKeys: [],
  status: "ACTIVE",
  redemptions: 12,
  createdAt: AT,
  updatedAt: AT,
};
const tag = "Management: discount codes";
const ofCode = z.object({ id: z.string().meta({ description: "The code's `dsc_…` id." }) });
const params = { id: CODE.id };

export const listDiscountCodes = management({
  id: "managementListDiscountCodes",
  method: "GET",
  path: "/management/discount-codes",
  tag,
  summary: "Discount codes",
  scope: "discount-code:read",
  request: { query: z.object({ status: z.enum(["ACTIVE", "DISABLED"]).optional() }) },
  paged: true,
  responses: { 200: z.array(discountCode) },
  example: { request: {}, response: [CODE] },
});

export const createDiscountCode = management({
  id: "managementCreateDiscountCode",
  method: "POST",
  path: "/management/discount-codes",
  tag,
  summary: "Make a discount code",
  description:
    "Either `percentOff`, or `amountOff` with its `currency`. However a buyer spells it, a code is one code.",
  scope: "discount-code:write",
  request: { body: body.partial().required({ code: true }) },
  responses: { 201: discountCode },
  errors: [409],
  example: {
    request: { body: { code: "SPRING", name: CODE.name, percentOff: 25, duration: "repeating", cycles: 3 } },
    response: CODE,
  },
});

export const getDiscountCode = management({
  id: "managementGetDiscountCode",
  method: "GET",
  path: "/management/discount-codes/{id}",
  tag,
  summary: "A discount code",
  scope: "discount-code:read",
  request: { params: ofCode },
  responses: { 200: discountCode },
  errors: [404],
  example: { request: { params }, response: CODE },
});

export const updateDiscountCode = management({
  id: "managementUpdateDiscountCode",
  method: "PATCH",
  path: "/management/discount-codes/{id}",
  tag,
  summary: "Change a discount code",
  description: "What was sold with it stays as it was agreed. Null takes a limit away.",
  scope: "discount-code:write",
  request: { params: ofCode, body: body.partial() },
  responses: { 200: discountCode },
  errors: [404, 409],
  example: { request: { params, body: { maxPerCustomer: 1 } }, response: CODE },
});

export const deleteDiscountCode = management({
  id: "managementDeleteDiscountCode",
  method: "DELETE",
  path: "/management/discount-codes/{id}",
  tag,
  summary: "Stop a discount code",
  description: "It is switched off, because what was sold with it refers to it.",
  scope: "discount-code:write",
  request: { params: ofCode },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

export const discountCodeEndpoints: readonly ManagementEndpoint[] = [
  listDiscountCodes,
  createDiscountCode,
  getDiscountCode,
  updateDiscountCode,
  deleteDiscountCode,
];
