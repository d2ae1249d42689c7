import * as z from "zod";
import {
  adjustBalanceRequest,
  adjustBalanceResponse,
  balancesResponse,
  withdrawTokensRequest,
  withdrawTokensResponse,
} from "../balances.ts";
import { bootstrapQuery, bootstrapResponse } from "../bootstrap.ts";
import {
  activePurchaseError,
  cancelSubscriptionRequest,
  cancelSubscriptionResponse,
  customerPortalRequest,
  customerPortalResponse,
  startCheckoutRequest,
  startCheckoutResponse,
} from "../checkout.ts";
import { eventsRequest } from "../events.ts";
import { supportTicketRequest, supportTicketResponse } from "../support.ts";
import { recordTrialRequest, trialState } from "../trial-state.ts";
import { usageQuery, usageResponse } from "../usage.ts";
import { paywallUser, userQuery, userResponse } from "../user.ts";
import type { Endpoint } from "./endpoint.ts";
import {
  activePurchaseExample,
  bootstrapExample,
  IDEMPOTENCY,
  PAYWALL,
  subscriberExample,
  USER_ID,
  userExample,
} from "./examples.ts";

export const params = z.object({
  id: z.string().meta({ description: "The paywall: decimal digits, or its `pw_…` id." }),
});

export const idempotencyHeader = z.object({
  "Idempotency-Key": z
    .string()
    .max(255)
    .optional()
    .meta({ description: "A UUID that you keep for retries." }),
});

const userEmailHeader = z.object({
  "X-User-Email": z.string().optional().meta({
    description: "A user you vouch for by e-mail. What it reveals depends on the tenant's hybrid trust.",
  }),
});

const VISITOR = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

const visitorHeader = z.object({
  "X-Visitor-Id": z.string().optional().meta({
    description: "The device, by the id that its client keeps (at least 16 characters).",
  }),
});

const KEY_ERRORS = [
  "invalid_api_key",
  "api_key_inactive",
  "api_key_owner_mismatch",
  "api_key_scope",
] as const;

export const paywallEndpoints: readonly Endpoint[] = [
  {
    id: "bootstrap",
    method: "GET",
    path: "/api/v1/paywall/{id}/bootstrap",
    tag: "Paywall",
    summary: "Everything a client needs to show a paywall",
    description:
      "Settings, prices with the caller's local amounts, offers, layout, translations and the running experiment. " +
      "Send the last `version` as `if_version`: when nothing has changed the answer is the short form. " +
      "A token that does not resolve is answered with guest data, not refused.",
    auth: ["none", "bearer"],
    request: { params, query: bootstrapQuery, headers: userEmailHeader },
    responses: { 200: bootstrapResponse },
    errors: [],
    example: { request: { params: PAYWALL }, responses: { 200: bootstrapExample } },
  },
  {
    id: "trialState",
    method: "GET",
    path: "/api/v1/paywall/{id}/trial-state",
    tag: "Paywall",
    summary: "How much of the free period is used up",
    description:
      "For paywalls whose trial is kept on the server; others answer 404, and their clients count on the device. " +
      "Name the person by a token, the device by `X-Visitor-Id`, or both: the larger use of the two counts.",
    auth: ["none", "bearer"],
    request: { params, headers: visitorHeader },
    responses: { 200: trialState },
    errors: ["identity_required", "invalid_token"],
    example: {
      request: { params: PAYWALL, headers: { "X-Visitor-Id": VISITOR } },
      responses: { 200: { mode: "opens", blocked: true, used: 1, total: 3 } },
    },
  },
  {
    id: "recordTrialBlock",
    method: "POST",
    path: "/api/v1/paywall/{id}/trial-state",
    tag: "Paywall",
    summary: "Record that the paywall was held back once",
    description:
      "Uses up one open, or starts the clock the first time. Counted once per `id`, so that a retry is free. " +
      "What the device says of its own count can only make the use larger.",
    auth: ["none", "bearer"],
    request: { params, headers: visitorHeader, body: recordTrialRequest },
    responses: { 200: trialState },
    errors: ["identity_required", "invalid_token"],
    example: {
      request: {
        params: PAYWALL,
        headers: { "X-Visitor-Id": VISITOR },
        body: { id: "0b8f1f0e-6c1d-4a55-9d0e-1a2b3c4d5e6f" },
      },
      responses: { 200: { mode: "opens", blocked: true, used: 2, total: 3 } },
    },
  },
  {
    id: "userState",
    method: "GET",
    path: "/api/v1/paywall/{id}/user-state",
    tag: "Paywall",
    summary: "Whether this person has access now",
    description:
      "Made for polling while a payment is under way: a purchase shows within two seconds of the processor's word. " +
      "An unknown person gets the empty state, never a 404.",
    auth: ["none", "bearer"],
    request: { params, headers: userEmailHeader },
    responses: { 200: paywallUser },
    errors: ["invalid_token"],
    example: {
      request: { params: PAYWALL, headers: { "X-User-Email": "ana@example.com" } },
      responses: { 200: subscriberExample },
    },
  },
  {
    id: "purchaseSignal",
    method: "GET",
    path: "/api/v1/paywall/{id}/purchase-signal",
    tag: "Paywall",
    summary: "Hear at once that a purchase has arrived",
    description:
      "For whoever waits for a payment: a stream of server-sent events that says `changed` when what this person has " +
      "may have changed, and nothing else. Read `user-state` then. It is said only to those whom `user-state` would " +
      "answer at that moment; for others the stream stays silent. Comments keep it alive; it ends after ten minutes. " +
      "It is an accelerator: keep polling, and do without it when it is refused (`rate_limited`: too many are open).",
    auth: ["none", "bearer"],
    request: { params, headers: userEmailHeader },
    responses: { 200: null },
    eventStream: "retry: 3000\n\ndata: changed\n\n:\n\n",
    errors: ["authorization_required", "invalid_token"],
    example: {
      request: { params: PAYWALL, headers: { "X-User-Email": "ana@example.com" } },
      responses: {},
    },
  },
  {
    id: "sendEvents",
    method: "POST",
    path: "/api/v1/paywall/{id}/events",
    tag: "Paywall",
    summary: "Report what people do on the paywall",
    description:
      "At most 100 events. Names outside the list are dropped without a word, except your own, which begin with " +
      "`host:`. The body is read as JSON whatever its content type, so that beacons work; a beacon names its " +
      "visitor, user and version in the body because it cannot set headers.",
    auth: ["none"],
    request: {
      params,
      headers: z.object({ "X-Visitor-Id": z.string().optional(), "X-User-Id": z.string().optional() }),
      body: eventsRequest,
    },
    responses: { 204: null },
    errors: ["too_many_events"],
    example: {
      request: {
        params: PAYWALL,
        body: {
          events: [
            { type: "paywall_viewed", ts: 1_795_339_700_000, props: { prices_count: 2, offers_count: 1 } },
            { type: "host:export_blocked", ts: 1_795_339_701_500 },
          ],
        },
      },
      responses: {},
    },
  },
  {
    id: "createTicket",
    method: "POST",
    path: "/api/v1/paywall/{id}/support/ticket",
    tag: "Paywall",
    summary: "Ask the merchant for help",
    description:
      "As JSON, or as multipart/form-data with up to five images of at most 5 MiB each. Guests give an address; a " +
      "signed-in sender's own address is used instead of what the body says. Two requests per day and person.",
    auth: ["none", "bearer"],
    request: { params, body: supportTicketRequest, multipart: true },
    responses: { 200: supportTicketResponse },
    errors: [
      "subject_length",
      "content_length",
      "email_required",
      "invalid_email",
      "too_many_files",
      "invalid_file",
      "invalid_token",
      "rate_limit_exceeded",
    ],
    example: {
      request: {
        params: PAYWALL,
        body: {
          subject: "Receipt",
          content: "Where can I find my receipt?",
          customer_email: "ana@example.com",
        },
      },
      responses: { 200: { ticket: { id: 17, status: "open" } } },
    },
  },
];

export const billingEndpoints: readonly Endpoint[] = [
  {
    id: "startCheckout",
    method: "POST",
    path: "/api/v1/paywall/{id}/start-checkout",
    tag: "Checkout and billing",
    summary: "Begin a purchase",
    description:
      "Answers with the address of a payment page to send the person to. With a Bearer token the person is the " +
      "token's; with an API key, or as a guest, give `email`. The same Idempotency-Key answers the same address " +
      "for a day. An offer that does not apply is ignored; the price is always the server's.",
    auth: ["none", "bearer", "key"],
    request: { params, headers: idempotencyHeader, body: startCheckoutRequest },
    responses: { 200: startCheckoutResponse, 409: activePurchaseError },
    errors: [
      "missing_parameters",
      "invalid_email",
      "invalid_success_url",
      "invalid_error_url",
      "invalid_shop_url",
      "invalid_idempotency_key",
      "authorization_required",
      "invalid_token",
      ...KEY_ERRORS,
      "price_not_found",
      "active_purchase",
      "idempotency_in_progress",
      "idempotency_key_reused",
      "upstream",
      "no_processor",
    ],
    example: {
      request: {
        params: PAYWALL,
        headers: IDEMPOTENCY,
        body: {
          email: "ana@example.com",
          priceId: 101,
          successUrl: "https://app.example.com/welcome",
          userMeta: { userId: "ana-7" },
        },
      },
      responses: {
        200: {
          checkoutUrl: "https://pay.northlight.example/sandbox/checkout/sbs_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
          userId: USER_ID,
          acquiring: "stripe",
        },
        409: activePurchaseExample,
      },
    },
  },
  {
    id: "getUser",
    method: "GET",
    path: "/api/v1/paywall/{id}/user",
    tag: "Checkout and billing",
    summary: "A person's purchases, balances and country",
    description:
      "Forward a user's Bearer token to learn who it belongs to: the answer is never cached and knows about " +
      "revocation at once. With an API key name the user by `email` or `user_id`, and pass the user's address as " +
      "`X-Client-Ip` to get the country right.",
    auth: ["bearer", "key"],
    request: {
      params,
      query: userQuery,
      headers: z.object({
        "X-Client-Ip": z
          .string()
          .optional()
          .meta({ description: "The end user's address; only for this answer's geography." }),
      }),
    },
    responses: { 200: userResponse },
    errors: [
      "identity_required",
      "authorization_required",
      "invalid_token",
      ...KEY_ERRORS,
      "identity_not_found",
      "identity_not_on_paywall",
    ],
    example: {
      request: { params: PAYWALL },
      responses: { 200: userExample },
    },
  },
  {
    id: "getCustomerPortal",
    method: "POST",
    path: "/api/v1/paywall/{id}/get-customer-portal",
    tag: "Checkout and billing",
    summary: "An address where a person manages their purchases",
    description: "The address works once and soon expires. With an API key, name the person by `email`.",
    auth: ["bearer", "key"],
    request: { params, body: customerPortalRequest },
    responses: { 200: customerPortalResponse },
    errors: [
      "email_required",
      "invalid_email",
      "invalid_return_url",
      "authorization_required",
      "invalid_token",
      ...KEY_ERRORS,
      "forbidden",
    ],
    example: {
      request: { params: PAYWALL, body: { returnUrl: "https://app.example.com/account" } },
      responses: { 200: { url: "https://pay.northlight.example/account?ticket=9b1deb4d3b7d" } },
    },
  },
  {
    id: "cancelSubscription",
    method: "POST",
    path: "/api/paywall/cancel-subscription",
    tag: "Checkout and billing",
    summary: "Stop a subscription from renewing",
    description:
      "Access lasts until the end of the paid period. With an API key, name the paywall and the person. Note the " +
      "path: this one is not under /api/v1.",
    auth: ["bearer", "key"],
    request: { body: cancelSubscriptionRequest },
    responses: { 200: cancelSubscriptionResponse },
    errors: [
      "identity_required",
      "already_cancelled",
      "invalid_token",
      ...KEY_ERRORS,
      "Unauthorized",
      "identity_not_found",
      "identity_not_on_paywall",
      "subscription_not_found",
    ],
    example: {
      request: {
        body: {
          subscriptionId: "con_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
          paywallId: "3",
          cancellationReason: "not_using",
        },
      },
      responses: {
        200: {
          success: true,
          message: "Your subscription ends on 22 December 2026",
          subscription: {
            id: "con_01K9ZQ3V7M4T8X2B6N5P0R1S2T",
            status: "active",
            cancel_at_period_end: true,
            cancel_at: "2026-12-22T09:30:00.000Z",
            canceled_at: "2026-11-25T09:30:00.000Z",
          },
        },
      },
    },
  },
  {
    id: "getBalances",
    method: "GET",
    path: "/api/v1/paywall/{id}/balances",
    tag: "Checkout and billing",
    summary: "What a person has left to spend",
    description: "One entry per balance type of the paywall; `tokenization` is false where there are none.",
    auth: ["bearer"],
    request: { params },
    responses: { 200: balancesResponse },
    errors: ["authorization_required", "invalid_token"],
    example: { request: { params: PAYWALL }, responses: { 200: { balances: [], tokenization: false } } },
  },
  {
    id: "getUsage",
    method: "GET",
    path: "/api/v1/paywall/{id}/usage",
    tag: "Checkout and billing",
    summary: "A person's own calls through the AI gateway",
    description: "Newest first, ninety days of them. Bodies are not kept, so there are none here.",
    auth: ["bearer"],
    request: { params, query: usageQuery },
    responses: { 200: usageResponse },
    errors: ["authorization_required", "invalid_token"],
    example: {
      request: { params: PAYWALL },
      responses: {
        200: {
          items: [
            {
              id: "req_01M82SYH95ACR5X9QPACYC2RJK",
              created: "2027-01-31T10:00:00.000Z",
              provider: "prv_01M82SYH95ACR5X9QPACYC2RJK",
              path: "chat/completions",
              model: "gpt-4o-mini",
              status: 200,
              type: "standard",
              charged: 1,
              units_in: 120,
              units_out: 340,
              aborted: false,
            },
          ],
          next: null,
        },
      },
    },
  },
  {
    id: "adjustBalance",
    method: "POST",
    path: "/api/v1/paywall/{id}/balances",
    tag: "Checkout and billing",
    summary: "Give or take credits",
    description:
      "For your server: a person's own token is refused. All or nothing, and never below zero, however many ask at once. Without an `Idempotency-Key` every call applies.",
    auth: ["key"],
    request: { params, headers: idempotencyHeader, body: adjustBalanceRequest },
    responses: { 200: adjustBalanceResponse },
    errors: [
      "api_key_required",
      ...KEY_ERRORS,
      "apikey_required",
      "invalid_idempotency_key",
      "type_required",
      "invalid_amount",
      "invalid_op",
      "identity_required",
      "unknown_type",
      "identity_not_found",
      "insufficient",
      "idempotency_key_reused",
    ],
    example: {
      request: {
        params: PAYWALL,
        headers: IDEMPOTENCY,
        body: { user_id: USER_ID, type: "standard", amount: 1, op: "debit" },
      },
      responses: {
        200: {
          success: true,
          user_id: USER_ID,
          type: "standard",
          count: 99,
          balances: [{ type: "standard", count: 99 }],
        },
      },
    },
  },
  {
    id: "withdrawTokens",
    method: "POST",
    path: "/api/v1/withdraw-tokens",
    tag: "Checkout and billing",
    summary: "Take credits, as version 2 did",
    description: "For servers that still call it. New ones use `POST balances`.",
    auth: ["key"],
    request: { headers: idempotencyHeader, body: withdrawTokensRequest },
    responses: { 200: withdrawTokensResponse },
    errors: [
      "api_key_required",
      ...KEY_ERRORS,
      "invalid_idempotency_key",
      "identity_required",
      "invalid_amount",
      "not_found",
      "identity_not_found",
      "unknown_type",
      "insufficient",
      "idempotency_key_reused",
    ],
    example: {
      request: { headers: IDEMPOTENCY, body: { paywall_id: 42, user_id: USER_ID, tokens: 1 } },
      responses: { 200: { success: true, remaining: 99 } },
    },
  },
];
