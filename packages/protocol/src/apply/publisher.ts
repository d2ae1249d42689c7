import * as z from "zod";
import { key } from "./layout.ts";
import { url } from "./url.ts";

export const FOOTER_PAYMENT_METHODS = [
  "visa",
  "mastercard",
  "amex",
  "apple-pay",
  "google-pay",
  "klarna",
  "vipps",
  "swish",
] as const;

const line = z.string().trim().min(1).max(300);
const text = z.string().max(2000);

/** What a publisher's paywall shows of one purchase option, beside its price. */
const shownOption = z.strictObject({
  title: line.optional(),
  description: text.optional().meta({ description: "May hold HTML; pages show it as such." }),
  periodText: line.optional(),
  comparePeriodText: line.optional(),
  tag: z.string().max(60).optional(),
  discountCode: z.string().max(60).optional(),
  selected: z.boolean().optional().meta({ description: "The one that is chosen at first." }),
  features: z.array(line).max(10).optional(),
  buttonText: line.optional(),
  readMoreText: line.optional(),
  readMoreLink: url.optional(),
  preferBusiness: z.boolean().optional(),
  url: url.optional(),
});

/** The part of a paywall that only publishers' pages show (publisher API §5.4). */
export const applyPublisherPaywall = z.strictObject({
  template: z
    .enum(["LOGIN", "BOXES", "ARTICLE"])
    .default("BOXES")
    .meta({ description: "LOGIN: whoever is signed in may read." }),
  headline: z.string().max(300).default(""),
  logoUrl: url.optional(),
  features: z.array(line).max(20).default([]),
  showLoginButton: z.boolean().default(true),
  footerPaymentMethods: z.array(z.enum(FOOTER_PAYMENT_METHODS)).default([]),
  useDefaultLogo: z.boolean().optional(),
  useDefaultCurrency: z.boolean().optional(),
  useDefaultColor: z.boolean().optional(),
  styling: z
    .strictObject({
      dropShadow: z.boolean().default(true),
      backgroundColor: z
        .string()
        .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, "must be a colour such as #0a7cff")
        .default("#ffffff"),
      showBackground: z.boolean().default(true),
    })
    .prefault({}),
  loginFields: z.strictObject({ name: z.boolean().optional(), phone: z.boolean().optional() }).optional(),
  displayOptions: z
    .strictObject({
      enableGift: z.boolean().optional(),
      enableCompany: z.boolean().optional(),
      enableLoginButton: z.boolean().optional(),
    })
    .default({}),
  singlePurchase: z
    .strictObject({
      enabled: z.boolean().default(false),
      title: z.string().max(300).default(""),
      description: text.default(""),
      discountCode: z.string().max(60).default(""),
    })
    .prefault({}),
  subscriptionsUrl: url.optional(),
  options: z
    .record(key, shownOption)
    .default({})
    .meta({ description: "Texts by the key of the purchase option." }),
});
export type ApplyPublisherPaywall = z.output<typeof applyPublisherPaywall>;

/** The leaky paywall: so many different articles per window. */
export const applyMeter = z.strictObject({
  key,
  limit: z.number().int().min(0).max(1000),
  period: z.enum(["day", "week", "month"]).default("month"),
  anonymous: z
    .boolean()
    .default(true)
    .meta({ description: "Whether readers who have not signed in get free reads." }),
  registeredBonus: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .meta({ description: "Further reads for those who have." }),
  state: z.enum(["active", "disabled"]).default("active"),
});
export type ApplyMeter = z.output<typeof applyMeter>;

const instant = z.iso
  .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
  .transform((it) => new Date(it).toISOString());

const applyGrant = z.strictObject({
  email: z.string().trim().toLowerCase().check(z.email("must be an email address")),
  product: z.string().min(1).max(200).meta({ description: "A sku." }),
  option: key.optional(),
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  notes: z.string().max(2000).optional(),
  status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"),
});

export const ACCESS_LIST_TYPES = [
  "CSV_FILE_OLD",
  "CSV_FILE",
  "CSV_TRANSACTIONS",
  "CLAIMED",
  "MANUAL",
  "HOOK",
  "BASIC_API",
] as const;

/** Rights that come from elsewhere than a sale. What was put on a list by other means is left alone. */
export const applyAccessList = z.strictObject({
  key,
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000).optional(),
  type: z.enum(ACCESS_LIST_TYPES).default("MANUAL"),
  status: z.enum(["DRAFT", "ACTIVE"]).default("ACTIVE"),
  mode: z.enum(["test", "live"]).default("test").meta({ description: "As on the paywalls that it opens." }),
  excludeFromStats: z.boolean().default(false),
  grants: z.array(applyGrant).max(10_000, "is for a few people; upload many as a file").default([]),
});
export type ApplyAccessList = z.output<typeof applyAccessList>;
