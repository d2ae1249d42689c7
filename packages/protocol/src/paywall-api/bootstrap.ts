import * as z from "zod";
import { countryCode, currencyCode, interval, iso, oauthProvider, tier } from "./scalars.ts";
import { paywallUser } from "./user.ts";

/** Clients send `Number(priceId)` at checkout, so an id that is not digits could never be bought. */
export const priceId = z.string().regex(/^[0-9]+$/);

export const price = z
  .object({
    id: priceId,
    currency: currencyCode,
    amount: z
      .number()
      .nonnegative()
      .meta({ description: "Major units (9.99) for the whole billing period." }),
    interval: interval.nullable().meta({ description: "null behaves as lifetime." }),
    interval_count: z.number().int().nullable(),
    trial_days: z.number().int().min(0).max(365).nullable(),
    label: z.string().nullable().optional(),
    description: z.string().nullable().optional(),
    local: z
      .object({ currency: currencyCode, amount: z.number().nonnegative() })
      .nullable()
      .optional()
      .meta({ description: "The price in the caller's country, chosen by IP only." }),
    credits: z
      .array(z.object({ type: z.string(), count: z.number().int() }))
      .optional()
      .meta({ description: "What it gives, a month's worth or once, where that is its own." }),
  })
  .meta({ id: "Price" });
export type Price = z.infer<typeof price>;

export const offer = z
  .object({
    id: z.string(),
    discount_percent: z.number().nullable(),
    expires_at: iso.nullable(),
    duration_minutes: z.number().int().min(1).max(10_080).nullable().optional(),
    price_id: priceId.nullable().meta({ description: "null applies to every price." }),
    label: z.string().nullable().optional(),
  })
  .meta({ id: "Offer" });
export type Offer = z.infer<typeof offer>;

export const headingBlock = z.object({
  type: z.literal("heading"),
  text: z.string(),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
});
export const textBlock = z.object({ type: z.literal("text"), text: z.string() });
export const priceGridBlock = z.object({
  type: z.literal("price_grid"),
  priceIds: z.array(priceId).optional(),
  view: z.enum(["vertical", "compact", "horizontal"]).optional(),
  popular_price_id: priceId.optional(),
  popular_label: z.string().optional(),
});
export const ctaButtonBlock = z.object({
  type: z.literal("cta_button"),
  action: z.enum(["checkout", "close"]),
  label: z.string().optional(),
  priceId: priceId.optional(),
});
export const currentSessionBlock = z.object({ type: z.literal("current_session") });
export const authPanelBlock = z.object({
  type: z.literal("auth_panel"),
  providers: z.array(oauthProvider).optional(),
  allow_signup: z.boolean().optional(),
  allow_password_reset: z.boolean().optional(),
  allow_email_code: z.boolean().optional(),
  hide_when_authenticated: z.boolean().optional(),
  heading: z.string().optional(),
  subheading: z.string().optional(),
  submit_label: z.string().optional(),
});
export const featuresListBlock = z.object({
  type: z.literal("features_list"),
  items: z.array(z.object({ id: z.string(), name: z.string(), desc: z.string().optional() })).max(5),
});
export const tokenizationGateBlock = z.object({
  type: z.literal("tokenization_gate"),
  queries: z.array(z.object({ id: z.string(), name: z.string(), desc: z.string(), count: z.number() })),
});
export const guaranteeBadgeBlock = z.object({
  type: z.literal("guarantee_badge"),
  title: z.string().optional(),
  subtitle: z.string().optional(),
  icon: z.enum(["dollar_shield", "none"]).optional(),
});
export const offerBannerBlock = z.object({
  type: z.literal("offer_banner"),
  offer_id: z.string().optional(),
  title: z.string().optional(),
  force: z.boolean().optional(),
});

/** The ten block types of 3.x. A client skips a type it does not know, so the server may add more by capability. */
export const block = z
  .discriminatedUnion("type", [
    headingBlock,
    textBlock,
    priceGridBlock,
    ctaButtonBlock,
    currentSessionBlock,
    authPanelBlock,
    featuresListBlock,
    tokenizationGateBlock,
    guaranteeBadgeBlock,
    offerBannerBlock,
  ])
  .meta({ id: "Block" });
export type Block = z.infer<typeof block>;
export type BlockType = Block["type"];

export const layout = z.object({ type: z.literal("modal"), blocks: z.array(block) }).meta({ id: "Layout" });
export type Layout = z.infer<typeof layout>;

export const localeOverride = z
  .object({
    layout: layout.optional().meta({ description: "Replaces the whole base layout." }),
    prices: z
      .record(
        priceId,
        z.object({ label: z.string().nullable().optional(), description: z.string().nullable().optional() }),
      )
      .optional()
      .meta({ description: "A present key overwrites, null clears." }),
  })
  .meta({ id: "LocaleOverride" });
export type LocaleOverride = z.infer<typeof localeOverride>;

export const trialConfig = z
  .object({
    mode: z.enum(["time", "opens"]),
    payload: z.number().nonnegative().meta({ description: "Hours for time, silent opens for opens." }),
    storage: z.enum(["client", "server"]),
  })
  .meta({ id: "TrialConfig" });
export type TrialConfig = z.infer<typeof trialConfig>;

export const VISIBILITY_REASONS = ["country_not_match", "device_not_match", "disabled"] as const;
export const visibility = z
  .object({
    visible: z.boolean(),
    reason: z.enum(VISIBILITY_REASONS).nullable().meta({ description: "null exactly when visible." }),
    country: countryCode.nullable(),
    tier: tier.nullable(),
  })
  .refine((it) => it.visible === (it.reason === null), "reason is null exactly when visible")
  .meta({ id: "Visibility" });
export type Visibility = z.infer<typeof visibility>;

export const RUNTIME_MODES = ["client", "hybrid", "server", "client-native", "hybrid-native"] as const;

export const settings = z
  .object({
    id: z.string(),
    name: z.string(),
    brand_color: z.string().nullable().optional(),
    custom_css: z.string().nullable().optional(),
    locale_default: z.string().nullable().optional(),
    custom_domain: z.string().nullable().optional(),
    runtime_mode: z.enum(RUNTIME_MODES).optional(),
    is_test_mode: z.boolean().optional(),
    checkout_mode: z.enum(["guest", "preauth"]).optional(),
    auth_providers: z.array(oauthProvider).optional(),
    allow_anonymous: z.boolean().optional(),
    allow_close: z.boolean().optional(),
    title_auto_fit: z.boolean().optional(),
    success_redirect_url: z.string().nullable().optional(),
    checkout_shop_url: z.string().nullable().optional(),
    checkout_product_name: z.string().nullable().optional(),
    trial: trialConfig.nullable().optional(),
    visibility: visibility.optional(),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof settings>;

/** A price that one variant shows; `replaces` names the control price it stands for. */
export const variantPrice = price.extend({ replaces: priceId.nullable() }).meta({ id: "VariantPrice" });
export type VariantPrice = z.infer<typeof variantPrice>;

export const experiment = z
  .object({
    id: z.string(),
    kind: z.string(),
    variants: z.array(
      z.object({
        key: z.string(),
        weight: z.number().int(),
        prices: z.array(variantPrice).optional(),
      }),
    ),
  })
  .meta({ id: "Experiment" });
export type Experiment = z.infer<typeof experiment>;

export const bootstrap = z
  .object({
    version: z.string().max(128).optional(),
    settings,
    prices: z.array(price),
    offers: z.array(offer),
    layout: layout.optional(),
    locales: z.record(z.string(), localeOverride).optional(),
    experiment: experiment.nullable().optional(),
    user: paywallUser.nullable().optional(),
  })
  .meta({ id: "Bootstrap" });
export type Bootstrap = z.infer<typeof bootstrap>;

export const bootstrapUnchanged = z
  .object({ unchanged: z.literal(true), version: z.string().max(128), user: paywallUser.optional() })
  .meta({ id: "BootstrapUnchanged" });
export type BootstrapUnchanged = z.infer<typeof bootstrapUnchanged>;

export const bootstrapResponse = z.union([bootstrap, bootstrapUnchanged]);
export type BootstrapResponse = z.infer<typeof bootstrapResponse>;

/** A malformed `if_version` is treated as absent (conformance 61), so this never refuses. */
export const bootstrapQuery = z.object({ if_version: z.string().max(128).optional().catch(undefined) });
export type BootstrapQuery = z.infer<typeof bootstrapQuery>;

/** What a client shows when `layout` is absent (§3.7). */
export const defaultLayout = (name: string): Layout => ({
  type: "modal",
  blocks: [
    { type: "heading", text: name || "Upgrade", level: 1 },
    { type: "price_grid" },
    { type: "cta_button", action: "checkout" },
    { type: "guarantee_badge" },
    { type: "current_session" },
  ],
});
