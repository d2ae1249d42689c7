import * as z from "zod";
import { balance } from "./balances.ts";
import { countryCode, currencyCode, iso, purchaseStatus, tier } from "./scalars.ts";

export const purchase = z
  .object({
    id: z.string(),
    status: purchaseStatus.nullable(),
    current_period_end: iso.nullable(),
    cancel_at_period_end: z.boolean().nullable(),
  })
  .meta({ id: "Purchase" });
export type Purchase = z.infer<typeof purchase>;

/** What a paywall needs to know about a person. Key order is part of the contract: clients compare JSON text. */
export const paywallUser = z
  .object({
    has_active_subscription: z.boolean(),
    purchases: z.array(purchase),
    trial: z
      .object({ started_at: iso.nullable(), expires_at: iso.nullable() })
      .nullable()
      .meta({ description: "The card trial in progress." }),
    had_previous_trial: z
      .boolean()
      .meta({ description: "Ever had any trial here, expired or cancelled ones included." }),
  })
  .meta({ id: "PaywallUser" });
export type PaywallUser = z.infer<typeof paywallUser>;

/** What everybody gets whom we do not, or must not, know. A fresh object each time, so nobody can change it for others. */
export const emptyUser = (): PaywallUser => ({
  has_active_subscription: false,
  purchases: [],
  trial: null,
  had_previous_trial: false,
});

export const purchaseDetailed = z
  .object({
    id: z.string(),
    status: purchaseStatus.nullable(),
    created: iso,
    current_period_start: iso.nullable(),
    current_period_end: iso.nullable(),
    cancel_at: iso.nullable(),
    cancel_at_period_end: z.boolean(),
    canceled_at: iso.nullable(),
    ended_at: iso.nullable(),
    unit_amount: z
      .number()
      .int()
      .meta({ description: "Major units × 100, also for currencies without cents." }),
    currency: currencyCode,
    interval: z.string().nullable(),
    discount: z.number().optional().meta({ description: "Percent; absent without an offer." }),
  })
  .meta({ id: "PurchaseDetailed" });
export type PurchaseDetailed = z.infer<typeof purchaseDetailed>;

export const userProfile = z
  .object({
    id: z.uuid(),
    email: z.string().nullable(),
    name: z.string().nullable().optional(),
    avatar: z.string().nullable().optional(),
    created_at: iso,
  })
  .meta({ id: "UserProfile" });
export type UserProfile = z.infer<typeof userProfile>;

/** `GET user`. Its trial is camelCase, unlike `PaywallUser`'s: both spellings are what shipped clients read. */
export const userResponse = z
  .object({
    user: userProfile.optional().meta({ description: "Only when the caller showed a Bearer token." }),
    tier: tier.nullable(),
    country: countryCode.nullable(),
    countryMatch: z.boolean(),
    balances: z.array(balance),
    purchases: z.array(purchaseDetailed).meta({ description: "Newest first." }),
    paid: z.boolean(),
    trial: z.object({ startedAt: iso, expiresAt: iso }).nullable(),
    meta: z.record(z.string(), z.string()).nullable().optional(),
  })
  .meta({ id: "UserResponse" });
export type UserResponse = z.infer<typeof userResponse>;

/** Identity on the key path; `email` wins when both are given (§4.3). */
export const userQuery = z.object({
  email: z.string().trim().toLowerCase().max(254).optional(),
  user_id: z.string().trim().max(200).optional(),
});
export type UserQuery = z.infer<typeof userQuery>;
