import * as z from "zod";
import {
  acquiring,
  email,
  httpUrl,
  iso,
  optional,
  purchaseStatus,
  ref,
  userMeta,
  visitorId,
} from "./scalars.ts";

/**
 * `email` is optional here because a Bearer supplies it: whoever has no Bearer and no e-mail is refused
 * with `missing_parameters` by the operation. What a 3.x client may send as `null` counts as absent.
 */
export const startCheckoutRequest = z
  .object({
    email: optional(email).meta({ description: "Required without a Bearer token, ignored with one." }),
    priceId: z
      .union([z.number().int().nonnegative(), z.string().trim().min(1).max(64)], {
        error: (issue) =>
          issue.input === undefined || issue.input === null ? "missing_parameters" : "invalid_payload",
      })
      .transform(String),
    offerId: optional(z.string().max(64)).meta({
      description: "The offer that was shown. Ignored when it does not apply.",
    }),
    successUrl: optional(httpUrl("invalid_success_url")).meta({
      description: "Where to go after paying; the result is appended to its fragment.",
    }),
    errorUrl: optional(httpUrl("invalid_error_url")).meta({
      description: "Where to go when paying failed or was given up.",
    }),
    shopUrl: optional(httpUrl("invalid_shop_url")).meta({
      description: "The shop that the payment page links back to.",
    }),
    productName: optional(z.string().max(300)).meta({
      description: "What the payment page calls the purchase.",
    }),
    trial_days: optional(z.number().int().min(0).max(365)).meta({
      description:
        "Instead of the price's own trial: any with an API key, else only a shorter one or none. Nobody gets a second one.",
    }),
    ignoreActivePurchase: optional(z.boolean()).meta({
      description: "Sell although there is an active purchase, which ends once this one is paid.",
    }),
    userMeta: optional(userMeta).meta({
      description: "Stored with the user and echoed in webhooks, such as `userId` for your own id.",
    }),
    localCurrency: optional(z.string().trim().toUpperCase().max(16)).meta({
      description: "The currency that was shown; without a local price the base currency is charged.",
    }),
    visitorId: visitorId.meta({
      description: "The device, so that a guest's purchase is found again after sign-in.",
    }),
    experimentId: optional(z.string().max(64)).meta({
      description: "The running experiment, together with `variantKey`.",
    }),
    variantKey: optional(z.string().max(64)),
  })
  .meta({ id: "StartCheckoutRequest" });
/** As our code reads it. What a client sends is {@link StartCheckoutInput}. */
export type StartCheckoutRequest = z.output<typeof startCheckoutRequest>;
export type StartCheckoutInput = z.input<typeof startCheckoutRequest>;

export const startCheckoutResponse = z
  .object({ checkoutUrl: z.url(), userId: z.uuid(), acquiring })
  .meta({ id: "StartCheckoutResponse" });
export type StartCheckoutResponse = z.infer<typeof startCheckoutResponse>;

export const activePurchaseError = z
  .looseObject({
    error: z.literal("active_purchase"),
    code: z.literal("active_purchase"),
    message: z.string(),
    hasActivePurchase: z.literal(true),
  })
  .meta({ id: "ActivePurchaseError" });
export type ActivePurchaseError = z.infer<typeof activePurchaseError>;

export const customerPortalRequest = z
  .object({
    email: optional(email).meta({ description: "Only with an API key." }),
    userMeta: optional(userMeta),
    returnUrl: optional(httpUrl("invalid_return_url")),
  })
  .meta({ id: "CustomerPortalRequest" });
export type CustomerPortalRequest = z.output<typeof customerPortalRequest>;

export const customerPortalResponse = z.object({ url: z.url() }).meta({ id: "CustomerPortalResponse" });
export type CustomerPortalResponse = z.infer<typeof customerPortalResponse>;

/** Customary reasons; any other text is stored as it came. */
export const CANCELLATION_REASONS = [
  "too_expensive",
  "not_using",
  "missing_features",
  "found_alternative",
  "temporary_pause",
  "other",
] as const;

export const cancelSubscriptionRequest = z
  .object({
    subscriptionId: z.string().trim().min(1).max(200),
    cancellationReason: z.string().trim().min(1, "must say why").max(2000),
    paywallId: optional(ref),
    email: optional(email),
    userId: optional(z.string().trim().min(1).max(200)),
  })
  .meta({ id: "CancelSubscriptionRequest" });
export type CancelSubscriptionRequest = z.output<typeof cancelSubscriptionRequest>;

export const cancelSubscriptionResponse = z
  .object({
    success: z.literal(true),
    message: z.string(),
    subscription: z.object({
      id: z.string(),
      status: purchaseStatus,
      cancel_at_period_end: z.boolean(),
      cancel_at: iso.nullable(),
      canceled_at: iso.nullable(),
    }),
  })
  .meta({ id: "CancelSubscriptionResponse" });
export type CancelSubscriptionResponse = z.infer<typeof cancelSubscriptionResponse>;

/** Result markers that the server appends to return addresses, in the fragment (§6.4). */
export const RETURN_MARKERS = {
  status: "paywall_status",
  priceId: "paywall_price_id",
  sessionId: "paywall_session_id",
} as const;
export const returnStatus = z.enum(["paid", "failed", "cancelled"]);
export type ReturnStatus = z.infer<typeof returnStatus>;
