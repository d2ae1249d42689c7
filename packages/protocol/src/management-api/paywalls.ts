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

const params = z.object({ paywallId: z.string().meta({ description: "The paywall's `pw_…` id." }) });

export const getPaywall = management({
  id: "managementGetPaywall",
  method: "GET",
  path: "/management/paywalls/{paywallId}",
  tag: "Management: paywalls",
  summary: "A paywall with everything that its pages show",
  description: "May be kept for an hour; a changed `Cache-Timestamp` reads it anew.",
  scope: "paywall:read",
  request: { params },
  responses: { 200: managementPaywall },
  errors: [404],
  example: { request: { params: { paywallId: PAYWALL_EXAMPLE.id } }, response: PAYWALL_EXAMPLE },
});

export const paywallEndpoints: readonly ManagementEndpoint[] = [getPaywall];
