import type { Bootstrap } from "../bootstrap.ts";
import { errorBody } from "../errors.ts";
import { emptyUser, type PaywallUser, type UserResponse } from "../user.ts";
import type { WebhookEvent, WebhookSubscription, WebhookType } from "../webhooks.ts";

// One small story runs through every example: Ana buys Northlight Pro, monthly, on paywall 3.

export const USER_ID = "5f3c1a52-9a70-4a0e-8a55-2f6a1c0c7d11";
export const PAYWALL = { id: "3" };
export const IDEMPOTENCY = { "Idempotency-Key": "9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f" };

export const tokensExample = {
  access_token: "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI1ZjNjMWE1MiJ9.c2lnbmF0dXJl",
  refresh_token: "rt_4f6d0b7a2c9e4d1f8a3b5c7d9e0f1a2b",
  expires_in: 3600,
  expires_at: 1_795_870_800,
  token_type: "bearer",
} as const;

export const signedInExample = {
  ...tokensExample,
  user: {
    id: USER_ID,
    email: "ana@example.com",
    country: "DE",
    name: "Ana",
    avatar: null,
    is_anonymous: false,
  },
} as const;

export const subscriberExample: PaywallUser = {
  has_active_subscription: true,
  purchases: [
    {
      id: "con_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
      status: "active",
      current_period_end: "2026-12-22T09:30:00.000Z",
      cancel_at_period_end: false,
    },
  ],
  trial: null,
  had_previous_trial: false,
};

export const userExample: UserResponse = {
  user: {
    id: USER_ID,
    email: "ana@example.com",
    name: "Ana",
    avatar: null,
    created_at: "2026-11-20T08:00:00.000Z",
  },
  tier: 2,
  country: "DE",
  countryMatch: true,
  balances: [],
  purchases: [
    {
      id: "con_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
      status: "active",
      created: "2026-11-22T09:30:00.000Z",
      current_period_start: "2026-11-22T09:30:00.000Z",
      current_period_end: "2026-12-22T09:30:00.000Z",
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      ended_at: null,
      unit_amount: 899,
      currency: "EUR",
      interval: "month",
      discount: 10,
    },
  ],
  paid: true,
  trial: null,
  meta: { userId: "ana-7" },
};

export const bootstrapExample: Bootstrap = {
  version: "sha256:6b1f0c5d2a",
  settings: {
    id: "3",
    name: "Northlight Pro",
    brand_color: "#0a7cff",
    locale_default: "de",
    custom_domain: "https://pay.northlight.example",
    is_test_mode: true,
    checkout_mode: "guest",
    auth_providers: [],
    allow_anonymous: false,
    allow_close: true,
    success_redirect_url: null,
    trial: null,
    visibility: { visible: true, reason: null, country: "DE", tier: 2 },
  },
  prices: [
    {
      id: "101",
      currency: "USD",
      amount: 9.99,
      interval: "month",
      interval_count: 1,
      trial_days: 7,
      label: "Monthly",
      description: null,
      local: { currency: "EUR", amount: 8.99 },
    },
    {
      id: "102",
      currency: "USD",
      amount: 199,
      interval: "lifetime",
      interval_count: 1,
      trial_days: 0,
      label: "For ever",
      description: "Pay once",
      local: null,
    },
  ],
  offers: [
    {
      id: "ofr_01K9ZQ3V7M4T8X2B6N5P0R1S2V",
      discount_percent: 10,
      expires_at: null,
      duration_minutes: 60,
      price_id: "101",
      label: "Welcome",
    },
  ],
  layout: {
    type: "modal",
    blocks: [
      { type: "heading", text: "Go further with Northlight Pro", level: 1 },
      { type: "features_list", items: [{ id: "exports", name: "Unlimited exports" }] },
      { type: "price_grid", priceIds: ["101", "102"], view: "vertical", popular_price_id: "102" },
      { type: "cta_button", action: "checkout" },
      { type: "current_session" },
    ],
  },
  locales: { de: { prices: { "101": { label: "Monatlich" } } } },
  experiment: null,
  user: emptyUser(),
};

export const activePurchaseExample = errorBody("active_purchase", undefined, { hasActivePurchase: true });

const webhookData = {
  price: { id: "101", unit_amount: 899, interval: "month", currency: "EUR" },
  customer: { id: "cus_01K9ZQ3V7M4T8X2B6N5P0R1S2W", email: "ana@example.com" },
  user: { id: USER_ID, email: "ana@example.com", metadata: { userId: "ana-7" } },
  paywall: { id: "3" },
  acquiring: { id: "ppc_01K9ZQ3V7M4T8X2B6N5P0R1S2X", provider: "stripe" },
} as const;

const subscription: WebhookSubscription = {
  id: "con_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
  status: "active",
  current_period_start: "2026-11-22T09:30:00.000Z",
  current_period_end: "2026-12-22T09:30:00.000Z",
  cancel_at_period_end: false,
};

const envelope = (id: string, created_at: string) => ({ id, created_at, occurred_at: created_at });

/** One message of every type, as a merchant's endpoint receives it. */
export const WEBHOOK_EXAMPLES: { [T in WebhookType]: Extract<WebhookEvent, { type: T }> } = {
  "payment.completed": {
    ...envelope("evt_1795339800000_k3v9q1x7m", "2026-11-22T09:30:00.000Z"),
    type: "payment.completed",
    data: {
      ...webhookData,
      price: { id: "102", unit_amount: 19_900, interval: "lifetime", currency: "USD" },
      payment: { id: "txn_01K9ZQ3V7M4T8X2B6N5P0R1S2Y", status: "succeeded" },
    },
  },
  "subscription.created": {
    ...envelope("evt_1795339800000_p8d2w6c4r", "2026-11-22T09:30:00.000Z"),
    type: "subscription.created",
    data: { ...webhookData, subscription },
  },
  "subscription.updated": {
    ...envelope("evt_1795599000000_t5b1n7z3h", "2026-11-25T09:30:00.000Z"),
    type: "subscription.updated",
    data: {
      ...webhookData,
      subscription: {
        ...subscription,
        cancel_at_period_end: true,
        cancel_at: "2026-12-22T09:30:00.000Z",
        canceled_at: "2026-11-25T09:30:00.000Z",
      },
    },
  },
  "subscription.cancelled": {
    ...envelope("evt_1797931800000_g6y4s2f8j", "2026-12-22T09:30:00.000Z"),
    type: "subscription.cancelled",
    data: {
      ...webhookData,
      subscription: {
        ...subscription,
        status: "canceled",
        canceled_at: "2026-11-25T09:30:00.000Z",
        ended_at: "2026-12-22T09:30:00.000Z",
      },
    },
  },
  "refund.created": {
    ...envelope("evt_1795599000000_m1a7u9e5l", "2026-11-25T09:30:00.000Z"),
    type: "refund.created",
    data: {
      ...webhookData,
      payment: { id: "txn_01K9ZQ3V7M4T8X2B6N5P0R1S2Y" },
      refund: { id: "txn_01K9ZQ3V7M4T8X2B6N5P0R1S2Z", reason: "requested_by_customer", amount: 899 },
    },
  },
};
