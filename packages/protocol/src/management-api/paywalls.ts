import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { currency } from "./scalars.ts";

const subscription = z
  .looseObject({
    id: z.string(),
    poId: z.string().meta({ description: "The purchase option." }),
    sku: z.string(),
    title: z.string(),
    description: z.string(),
    price: z.number(),
    discountCode: z.string().meta({ description: "Empty when there is none." }),
    periodText: z.string(),
    tag: z.string(),
    selected: z.boolean(),
  })
  .meta({ id: "ManagementPaywallOption" });

/** Publisher API §8.1 and §5.4. */
export const managementPaywall = z
  .looseObject({
    id: z.string(),
    vendorId: z.string(),
    name: z.string(),
    status: z.enum(["ACTIVE", "CANCELED", "DELETED"]),
    version: z.int().meta({ description: "Grows with every change." }),
    currency,
    headline: z.string(),
    logoUrl: z.string(),
    mainColor: z.string().regex(/^#[0-9a-f]{6}$/i),
    features: z.array(z.string()),
    showLoginButton: z.boolean(),
    footerPaymentMethods: z.array(z.string()),
    settings: z.looseObject({
      template: z.enum(["LOGIN", "BOXES", "ARTICLE"]),
      useDefaultLogo: z.boolean(),
      useDefaultCurrency: z.boolean(),
      useDefaultColor: z.boolean(),
    }),
    subscriptions: z.array(subscription),
    singlePurchase: z.object({
      enabled: z.boolean(),
      title: z.string(),
      description: z.string(),
      discountCode: z.string(),
    }),
    subscriptionsUrl: z.string().optional(),
  })
  .meta({ id: "ManagementPaywall" });

export const PAYWALL_EXAMPLE = {
  id: "pw_01K9ZJ3V6Q8R2T4W6Y8A0C2E4G",
  vendorId: "lantern",
  name: "News",
  status: "ACTIVE",
  version: 4,
  currency: "EUR",
  headline: "Read on",
  logoUrl: "https://lantern.example/logo.svg",
  mainColor: "#bb3322",
  features: ["Everything"],
  showLoginButton: true,
  footerPaymentMethods: ["visa"],
  settings: {
    template: "BOXES",
    useDefaultLogo: false,
    useDefaultCurrency: true,
    useDefaultColor: true,
    styling: { dropShadow: true, backgroundColor: "#ffffff", showBackground: true },
    displayOptions: {},
    leaky: { enabled: true, limit: 3, period: "MONTH", anonymous: true },
  },
  subscriptions: [
    {
      id: "po_01K9ZJ3V6Q8R2T4W6Y8A0C2E4H",
      poId: "po_01K9ZJ3V6Q8R2T4W6Y8A0C2E4H",
      sku: "all",
      title: "Monthly",
      description: "",
      price: 4.9,
      discountCode: "",
      periodText: "per month",
      tag: "",
      selected: true,
    },
  ],
  singlePurchase: { enabled: false, title: "", description: "", discountCode: "" },
};

const shownOption = z.object({
  poId: z.string().meta({ description: "A purchase option of this paywall." }),
  title: z.string().max(300).optional(),
  description: z.string().max(2000).optional(),
  periodText: z.string().max(300).optional(),
  comparePeriodText: z.string().max(300).optional(),
  tag: z.string().max(60).optional(),
  discountCode: z.string().max(60).optional(),
  selected: z.boolean().optional(),
  features: z.array(z.string()).max(10).optional(),
  buttonText: z.string().max(300).optional(),
  readMoreText: z.string().max(300).optional(),
  readMoreLink: z.string().optional(),
  preferBusiness: z.boolean().optional(),
  url: z.string().optional(),
});

const fields = z.object({
  name: z.string().max(120),
  sku: z.string().min(1).max(200).meta({ description: "The product that it lets readers into." }),
  status: z.enum(["ACTIVE", "CANCELED"]).meta({ description: "Pages see only what is active." }),
  currency,
  headline: z.string().max(300),
  logoUrl: z.string().max(2000).nullable(),
  mainColor: z
    .string()
    .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, "must be a colour such as #0a7cff")
    .nullable(),
  features: z.array(z.string()).max(20),
  showLoginButton: z.boolean(),
  footerPaymentMethods: z.array(z.string()).max(8),
  meterId: z.string().nullable().meta({ description: "The meter of free articles; null for none." }),
  settings: z
    .object({
      template: z.enum(["LOGIN", "BOXES", "ARTICLE"]),
      useDefaultLogo: z.boolean(),
      useDefaultCurrency: z.boolean(),
      useDefaultColor: z.boolean(),
      styling: z
        .object({ dropShadow: z.boolean(), backgroundColor: z.string(), showBackground: z.boolean() })
        .partial(),
      loginFields: z.object({ name: z.boolean(), phone: z.boolean() }).partial(),
      displayOptions: z
        .object({ enableGift: z.boolean(), enableCompany: z.boolean(), enableLoginButton: z.boolean() })
        .partial(),
    })
    .partial()
    .meta({ description: "What is not named stays." }),
  singlePurchase: z
    .object({ enabled: z.boolean(), title: z.string(), description: z.string(), discountCode: z.string() })
    .partial(),
  subscriptionsUrl: z.string().max(2000).nullable(),
  subscriptions: z.array(shownOption).max(50).meta({
    description: "How its purchase options are shown. Those that are not named keep their own texts.",
  }),
});

const tag = "Management: paywalls";
const ofPaywall = z.object({ paywallId: z.string().meta({ description: "The paywall's `pw_…` id." }) });
const params = { paywallId: PAYWALL_EXAMPLE.id };

export const listPaywalls = management({
  id: "managementListPaywalls",
  method: "GET",
  path: "/management/paywalls",
  tag,
  summary: "Paywalls",
  scope: "paywall:read",
  request: {},
  paged: true,
  responses: { 200: z.array(managementPaywall) },
  example: { request: {}, response: [PAYWALL_EXAMPLE] },
});

export const createPaywall = management({
  id: "managementCreatePaywall",
  method: "POST",
  path: "/management/paywalls",
  tag,
  summary: "Make a paywall",
  description:
    "Its settings address is public at once. Then give it purchase options, with its id as `paywallId`.",
  scope: "paywall:write",
  request: {
    body: fields
      .omit({ subscriptions: true })
      .partial()
      .required({ sku: true })
      .extend({
        key: z
          .string()
          .regex(/^[\w.:-]{1,80}$/, "must be 1 to 80 of A-Z, a-z, 0-9 and _ . : -")
          .optional()
          .meta({ description: "Your own name for it." }),
      }),
  },
  responses: { 201: managementPaywall },
  errors: [404, 409],
  example: {
    request: {
      body: { name: "News", sku: "all", currency: "EUR", headline: "Read on", features: ["Everything"] },
    },
    response: { ...PAYWALL_EXAMPLE, version: 2, subscriptions: [] },
  },
});

export const getPaywall = management({
  id: "managementGetPaywall",
  method: "GET",
  path: "/management/paywalls/{paywallId}",
  tag,
  summary: "A paywall with everything that its pages show",
  description: "May be kept for an hour; a changed `Cache-Timestamp` reads it anew.",
  scope: "paywall:read",
  request: { params: ofPaywall },
  responses: { 200: managementPaywall },
  errors: [404],
  example: { request: { params }, response: PAYWALL_EXAMPLE },
});

export const updatePaywall = management({
  id: "managementUpdatePaywall",
  method: "PATCH",
  path: "/management/paywalls/{paywallId}",
  tag,
  summary: "Change a paywall",
  description: "Only the given fields change. Its `version` grows, and pages show the new one at once.",
  scope: "paywall:write",
  request: { params: ofPaywall, body: fields.partial() },
  responses: { 200: managementPaywall },
  errors: [404],
  example: { request: { params, body: { headline: "Read on" } }, response: PAYWALL_EXAMPLE },
});

export const deletePaywall = management({
  id: "managementDeletePaywall",
  method: "DELETE",
  path: "/management/paywalls/{paywallId}",
  tag,
  summary: "Delete a paywall",
  description: "Pages do not see it any more. What was sold on it goes on.",
  scope: "paywall:write",
  request: { params: ofPaywall },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

export const paywallEndpoints: readonly ManagementEndpoint[] = [
  listPaywalls,
  createPaywall,
  getPaywall,
  updatePaywall,
  deletePaywall,
];
