import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { USER } from "./examples.ts";
import { webAddress } from "./scalars.ts";

export const vendor = z
  .looseObject({
    id: z.string().meta({ description: "What readers' clients call `vendorId`." }),
    name: z.string(),
    logo: z.string().optional(),
    currency: z.string(),
    website: z.string().optional(),
    country: z.string().optional(),
  })
  .meta({ id: "Vendor" });

const VENDOR = {
  id: "lantern",
  name: "The Lantern",
  currency: "EUR",
  website: "https://lantern.example",
  country: "SE",
};
const tag = "Management: vendors";

export const listVendors = management({
  id: "managementListVendors",
  method: "GET",
  path: "/management/vendors",
  tag,
  summary: "The vendor of these credentials",
  description: "A list of one: keys and tokens belong to one vendor.",
  scope: "vendor:read",
  request: {},
  responses: { 200: z.array(vendor) },
  example: { request: {}, response: [VENDOR] },
});

export const createVendor = management({
  id: "managementCreateVendor",
  method: "POST",
  path: "/management/vendors",
  tag,
  summary: "Make another vendor",
  description:
    "It starts empty: it has no keys, and these credentials do not reach it. Whoever runs the server gives it keys. " +
    "409 when the id is taken.",
  scope: "vendor:write",
  request: {
    body: z.object({
      name: z.string().trim().min(1).max(120),
      id: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "must be 1 to 40 of a-z, 0-9 and inner hyphens")
        .optional()
        .meta({ description: "Made from the name when it is not given." }),
      website: webAddress.max(2000).optional(),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, "must be two capital letters")
        .optional(),
    }),
  },
  responses: { 201: vendor },
  errors: [409],
  example: {
    request: {
      body: { name: "The Lantern", id: "lantern", website: "https://lantern.example", country: "SE" },
    },
    response: VENDOR,
  },
});

export const getCustomer = management({
  id: "managementGetCustomer",
  method: "GET",
  path: "/management/customers/{customerId}",
  tag,
  summary: "A customer as XML",
  description:
    "Who they are, what they subscribe to and what they may read. As a JSON string that holds the XML, or the XML " +
    "itself for `Accept: application/xml`.",
  scope: "customer:read",
  request: { params: z.object({ customerId: z.string() }) },
  responses: { 200: z.string() },
  errors: [404],
  example: {
    request: { params: { customerId: USER } },
    response: `<?xml version="1.0" encoding="UTF-8"?>\n<customer id="${USER}"><email>reader@lantern.example</email></customer>\n`,
  },
});

export const vendorEndpoints: readonly ManagementEndpoint[] = [listVendors, createVendor, getCustomer];
