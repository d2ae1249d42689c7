import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, LATER, USER } from "./examples.ts";
import { instant } from "./scalars.ts";

const entitlement = z
  .looseObject({
    id: z.string(),
    userId: z.string(),
    sku: z.string(),
    title: z.string(),
    type: z.string(),
    hasAccess: z.boolean(),
    purchaseOption: z.string().optional(),
    url: z.string().optional(),
    publisherContentId: z.string().optional(),
    cover: z.string().optional(),
    origin: z
      .union([
        z.object({ type: z.literal("EXTERNAL"), id: z.string(), listId: z.string(), name: z.string() }),
        z.object({ type: z.literal("PAYMENTS"), contractId: z.string() }),
      ])
      .optional(),
    expiresAt: instant.optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementEntitlement" });

const ENTITLEMENT = {
  id: idOf("ent"),
  userId: USER,
  sku: "all",
  title: "Everything",
  type: "pass",
  hasAccess: true,
  purchaseOption: idOf("po"),
  purchaseOptionsId: idOf("po"),
  url: "https://lantern.example/",
  origin: { type: "PAYMENTS", contractId: idOf("con") },
  expiresAt: LATER,
  createdAt: AT,
  updatedAt: AT,
};

export const listEntitlements = management({
  id: "managementListEntitlements",
  method: "GET",
  path: "/management/entitlements",
  tag: "Management: access",
  summary: "Who may read what",
  description:
    "Rights that give access now. With `include=inactive` also those that do not any more, or not yet. Rights from " +
    "elsewhere are given and taken on access lists.",
  scope: "entitlement:read",
  request: {
    query: z.object({
      userId: z.string().optional(),
      type: z.string().optional(),
      sku: z.string().optional(),
      include: z.enum(["inactive"]).optional(),
    }),
  },
  paged: true,
  responses: { 200: z.array(entitlement) },
  example: { request: { query: { userId: USER } }, response: [ENTITLEMENT] },
});

export const getEntitlement = management({
  id: "managementGetEntitlement",
  method: "GET",
  path: "/management/entitlements/{id}",
  tag: "Management: access",
  summary: "A right",
  scope: "entitlement:read",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: entitlement },
  errors: [404],
  example: { request: { params: { id: ENTITLEMENT.id } }, response: ENTITLEMENT },
});

export const entitlementEndpoints: readonly ManagementEndpoint[] = [listEntitlements, getEntitlement];
