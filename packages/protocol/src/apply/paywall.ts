import * as z from "zod";
import { RUNTIME_MODES, trialConfig } from "../paywall-api/bootstrap.ts";
import { INTERVALS, oauthProvider } from "../paywall-api/scalars.ts";
import { applyLayout, key } from "./layout.ts";
import { applyPublisherPaywall } from "./publisher.ts";
import { url } from "./url.ts";

export { url };

export const currency = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/, "must be a currency code such as EUR");
export const country = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, "must be a country code such as DE");

/** A country, or one of the three tiers that the tenant's table sorts countries into. */
const place = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^([A-Z]{2}|TIER[123])$/, "must be a country code such as DE, or TIER1, TIER2 or TIER3");

export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a language tag such as de or pt-BR");

/** Major units as printed on a price tag, `9.99` or `"9.99"`. Stays text, so that no float touches money. */
export const amount = z
  .union([z.number().nonnegative(), z.string().trim()], "must be an amount such as 9.99")
  .transform(String)
  .refine((text) => /^[0-9]{1,12}(\.[0-9]{1,4})?$/.test(text), "must be an amount such as 9.99");

const text = z.string().trim().min(1).max(300);
const localPrices = z.array(
  z.strictObject({ currency, amount, countries: z.array(country).min(1).optional() }),
);
const intervalCount = z.number().int().min(1).max(36);
const trialDays = z.number().int().min(0).max(365);

const credits = z
  .array(
    z.strictObject({
      type: z.string().trim().min(1).max(40),
      count: z.number().int().min(0).max(1_000_000_000),
      expiresDays: z.number().int().min(1).max(3660).optional(),
    }),
  )
  .max(5);

export const applyPurchaseOption = z.strictObject({
  key,
  product: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "A sku; the paywall's product when absent." }),
  interval: z.enum(INTERVALS).meta({ description: "lifetime is paid once." }),
  intervalCount: intervalCount.default(1),
  amount,
  currency: currency.optional().meta({ description: "The paywall's currency when absent." }),
  local: localPrices.default([]),
  trialDays: trialDays.default(0),
  label: text.optional(),
  description: z.string().max(1000).optional(),
  credits: credits.default([]).meta({
    description:
      "What it gives of each type: every month, every period that is shorter, or once where it is paid once. What a month is worth by `tokenization` when empty.",
  }),
});
export type ApplyPurchaseOption = z.output<typeof applyPurchaseOption>;

export const applyOffer = z
  .strictObject({
    key,
    label: text.optional(),
    discountPercent: z.number().min(0.01).max(100),
    option: key.optional().meta({ description: "Only this purchase option; every one when absent." }),
    durationMinutes: z
      .number()
      .int()
      .min(1)
      .max(10_080)
      .optional()
      .meta({ description: "Counted from the first view." }),
    endsAt: z.iso
      .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
      .transform((instant) => new Date(instant).toISOString())
      .optional(),
    countries: z.array(place).default([]),
    emails: z.array(z.string().trim().toLowerCase().check(z.email("must be an email address"))).default([]),
    priority: z.number().int().min(-1000).max(1000).default(0),
    state: z.enum(["draft", "active", "paused", "ended"]).default("active"),
  })
  .refine((offer) => !(offer.durationMinutes && offer.endsAt), {
    path: ["endsAt"],
    message: "use either durationMinutes or endsAt, not both",
  });
export type ApplyOffer = z.output<typeof applyOffer>;

/** A price that only one variant shows. What is left out is taken from the option that it replaces. */
const variantOption = z.strictObject({
  key,
  replaces: key,
  amount,
  local: localPrices.default([]),
  trialDays: trialDays.optional(),
  label: text.optional(),
  description: z.string().max(1000).optional(),
});

export const applyExperiment = z.strictObject({
  key,
  kind: z.literal("prices").default("prices"),
  state: z.enum(["draft", "running", "paused", "stopped"]).default("draft"),
  variants: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(20),
        weight: z.number().int().min(0).max(1_000_000),
        options: z.array(variantOption).default([]),
      }),
    )
    .min(2),
});
export type ApplyExperiment = z.output<typeof applyExperiment>;

/** What the paywall counts (paywall API §4.12). */
const tokenization = z.strictObject({
  enabled: z.boolean().default(true),
  queries: z
    .array(
      z.strictObject({
        type: z.string().trim().min(1).max(40).meta({ description: "`free` is never charged." }),
        name: text.optional(),
        desc: z.string().max(500).optional(),
        monthly: z
          .number()
          .int()
          .min(0)
          .max(1_000_000_000)
          .default(0)
          .meta({ description: "What a month of a plan is worth that does not say so itself." }),
        trial: z
          .strictObject({
            count: z.number().int().min(1).max(1_000_000),
            daily: z.boolean().default(true).meta({ description: "Topped up again every day." }),
          })
          .optional(),
        rollover: z
          .union([
            z.enum(["none", "full"]),
            z.strictObject({ max: z.number().int().min(1).max(1_000_000_000) }),
          ])
          .default("none")
          .meta({ description: "What becomes of what a month leaves over." }),
        lowAt: z
          .number()
          .int()
          .min(0)
          .max(1_000_000_000)
          .default(0)
          .meta({ description: "The balance at which `balance.low` is told." }),
      }),
    )
    .max(5),
});

const applyLocale = z.strictObject({
  layout: applyLayout.optional(),
  options: z
    .record(
      key,
      z.strictObject({ label: text.nullable().optional(), description: z.string().nullable().optional() }),
    )
    .optional()
    .meta({ description: "Texts per purchase option; null clears one." }),
});

export const applyPaywall = z.strictObject({
  key,
  name: z.string().trim().max(120).default(""),
  product: z.string().min(1).max(200).meta({ description: "The sku whose access this paywall sells." }),
  surface: z.enum(["app", "publisher"]).default("app"),
  status: z.enum(["draft", "published", "archived"]).default("published"),
  visible: z.boolean().default(true),
  paymentMode: z.enum(["test", "live"]).default("test"),
  currency: currency.optional().meta({ description: "The tenant's currency when absent." }),
  domain: z.string().optional().meta({ description: "A host listed under the tenant's domains." }),
  processors: z
    .record(key, z.number().int().min(0).max(100))
    .optional()
    .meta({ description: "Share of checkouts per processor; all of them alike when absent." }),

  brandColor: z
    .string()
    .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, "must be a colour such as #0a7cff")
    .optional(),
  customCss: z.string().max(5120).optional(),
  runtimeMode: z.enum(RUNTIME_MODES).optional(),
  checkoutMode: z.enum(["guest", "preauth"]).default("guest"),
  authProviders: z.array(oauthProvider).optional(),
  allowAnonymous: z.boolean().default(false),
  confirmEmail: z
    .boolean()
    .default(true)
    .meta({ description: "Whether sign-up waits for the mailed link or code." }),
  allowClose: z.boolean().default(true),
  titleAutoFit: z.boolean().default(false),
  successRedirectUrl: url.optional(),
  errorRedirectUrl: url.optional(),
  checkoutShopUrl: url.optional(),
  checkoutProductName: text.optional(),
  trial: trialConfig.partial({ storage: true }).strict().optional(),
  targeting: z
    .strictObject({ countries: z.array(place).default([]), macosOnly: z.boolean().default(false) })
    .optional()
    .meta({ description: "Who sees the paywall; everybody when absent." }),
  tokenization: tokenization.optional().meta({ description: "Which credits it counts; none when absent." }),
  publisher: applyPublisherPaywall.optional().meta({ description: "What publishers' pages show of it." }),
  meter: key.optional().meta({ description: "The meter that lets readers in for nothing." }),

  purchaseOptions: z.array(applyPurchaseOption).min(1),
  layout: applyLayout.optional(),
  locales: z.record(language, applyLocale).default({}),
  offers: z.array(applyOffer).default([]),
  experiments: z.array(applyExperiment).default([]),
});
export type ApplyPaywall = z.output<typeof applyPaywall>;
