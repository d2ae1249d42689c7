import * as z from "zod";
import { acquiring, tier } from "../paywall-api/scalars.ts";
import { webhookType } from "../paywall-api/webhooks.ts";
import { applyApiProvider } from "./api-provider.ts";
import { applyAuthProvider } from "./auth-provider.ts";
import { applyClient } from "./client.ts";
import { applyContentSource, applyGifts } from "./content.ts";
import { applyDiscountCode } from "./discount-code.ts";
import { key } from "./layout.ts";
import { applyPaywall, country, currency, language, url } from "./paywall.ts";
import { applyAccessList, applyMeter } from "./publisher.ts";

export const PRODUCT_TYPES = [
  "article",
  "audiobook",
  "ebook",
  "bundle",
  "podcast",
  "pass",
  "publication",
  "physical_issue",
  "feature",
  "licence",
  "credit_pack",
  "donation",
] as const;

/** Who may be told about a person whose e-mail address arrives without proof (docs: hybrid trust). */
export const HYBRID_TRUSTS = ["none", "recent", "signed", "legacy"] as const;

export const applyProduct = z
  .strictObject({
    sku: z.string().trim().min(1).max(200),
    title: z.string().trim().min(1).max(300),
    description: z.string().max(5000).optional(),
    type: z.enum(PRODUCT_TYPES).default("pass"),
    accessRule: z
      .enum(["while_contract_active", "fixed_duration", "forever"])
      .default("while_contract_active"),
    accessDays: z.number().int().min(1).max(36_500).optional(),
    cover: url.optional().meta({ description: "The address of a picture." }),
    language: language.optional(),
    url: url.optional().meta({ description: "The page it is." }),
    urlPatterns: z
      .array(
        z
          .string()
          .max(2048)
          .regex(
            /^https?:\/\/[^/?#*@\s]+(\/[^#\s]*)?$/i,
            "must be an address such as https://news.example.com/politics/*, with stars behind the host only",
          ),
      )
      .default([])
      .meta({ description: "Pages that it covers." }),
    passUrl: url.optional().meta({ description: "What pages name a pass by." }),
    publisherContentId: z.string().trim().min(1).max(200).optional(),
    section: z.string().trim().min(1).max(200).optional(),
    tags: z.array(z.string().trim().min(1).max(100)).default([]),
    publishedAt: z.iso
      .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
      .transform((instant) => new Date(instant).toISOString())
      .optional(),
    fulfillment: z
      .strictObject({
        provider: z
          .string()
          .trim()
          .min(1)
          .max(80)
          .meta({ description: "Who delivers it, as you call them." }),
        each: z
          .enum(["bill", "request"])
          .default("bill")
          .meta({ description: "One delivery for every paid bill, or when a reader who has it asks." }),
        copies: z.number().int().min(1).max(1000).default(1),
        deliversAfterDays: z
          .number()
          .int()
          .min(0)
          .max(365)
          .optional()
          .meta({ description: "From the bill to the delivery." }),
      })
      .optional()
      .meta({ description: "Goods that are delivered." }),
    contains: z
      .array(z.string().min(1).max(200))
      .default([])
      .meta({ description: "Skus that whoever has this has as well: a bundle's or a pass's." }),
  })
  .refine((it) => (it.accessRule === "fixed_duration") === (it.accessDays !== undefined), {
    path: ["accessDays"],
    message: "belongs to accessRule: fixed_duration, which needs it",
  });
export type ApplyProduct = z.output<typeof applyProduct>;

/** A connection to a payment processor. The sandbox plays any of the five; it only ever takes test money. */
export const applyProcessor = z.strictObject({
  key,
  kind: z.literal("sandbox"),
  label: z.string().trim().min(1).max(80).optional(),
  mode: z.literal("test").default("test"),
  acquiring: acquiring.default("stripe").meta({ description: "What the 3.x wire calls this processor." }),
  state: z.enum(["active", "disabled"]).default("active"),
});
export type ApplyProcessor = z.output<typeof applyProcessor>;

export const applyWebhook = z.strictObject({
  key,
  url,
  types: z.array(webhookType).default([]).meta({ description: "Empty means every type." }),
  mode: z.enum(["test", "live"]).default("test"),
  secret: z.string().min(16, "must have at least 16 characters").max(256).optional(),
  state: z.enum(["active", "paused"]).default("active"),
});
export type ApplyWebhook = z.output<typeof applyWebhook>;

const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?$/,
    "must be a host name such as pay.example.com",
  );

export const applyDomain = z.strictObject({
  host,
  verified: z
    .boolean()
    .default(false)
    .meta({ description: "true vouches for the domain: the operator has seen that it points here." }),
});
export type ApplyDomain = z.output<typeof applyDomain>;

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export const applyTenant = z.strictObject({
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "must be lower-case letters, digits or -, at most 40 characters"),
  name: z.string().trim().min(1).max(120),
  currency: currency.default("USD"),
  locale: language.default("en"),
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin").default("UTC"),
  brandColor: z
    .string()
    .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, "must be a colour such as #0a7cff")
    .optional(),
  supportEmail: z.string().trim().check(z.email("must be an email address")).optional(),
  descriptor: z.string().trim().min(1).max(22).optional().meta({ description: "What card statements say." }),
  graceDays: z.number().int().min(0).max(60).default(7),
  refundPolicy: z.enum(["revoke", "keep_until_period_end"]).default("revoke"),
  hybridTrust: z.enum(HYBRID_TRUSTS).default("recent"),
  hybridSecret: z
    .string()
    .min(32, "must have at least 32 characters")
    .max(256)
    .optional()
    .meta({ description: "What your back end signs e-mails with; made by the server when absent." }),
  tiers: z
    .record(country, tier)
    .default({})
    .meta({ description: "Countries whose tier differs from the built-in table." }),
  products: z.array(applyProduct).default([]),
  processors: z.array(applyProcessor).default([]),
  authProviders: z
    .array(applyAuthProvider)
    .default([])
    .meta({ description: "Sign-in with Google, Apple, GitHub or Facebook; paywalls say which they show." }),
  clients: z
    .array(applyClient)
    .default([])
    .meta({ description: "Who may ask the login service for tokens: pages and back ends." }),
  apiProviders: z
    .array(applyApiProvider)
    .default([])
    .meta({ description: "APIs that customers call through the gateway, for credits." }),
  webhooks: z.array(applyWebhook).max(10, "a tenant can have at most 10 webhooks").default([]),
  domains: z.array(applyDomain).default([]),
  meters: z.array(applyMeter).default([]),
  paywalls: z.array(applyPaywall).default([]),
  discountCodes: z.array(applyDiscountCode).default([]),
  accessLists: z.array(applyAccessList).default([]),
  contentSources: z.array(applyContentSource).default([]),
  gifts: applyGifts,
});
export type ApplyTenant = z.output<typeof applyTenant>;
