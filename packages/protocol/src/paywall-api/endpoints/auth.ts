import {
  anonymousSignInRequest,
  anonymousSignInResponse,
  anonymousUpgradeRequest,
  anonymousUpgradeResponse,
  emailResendRequest,
  emailSignInRequest,
  emailSignUpRequest,
  emailSignUpResponse,
  oauthExchangeRequest,
  oauthInitRequest,
  oauthInitResponse,
  okResponse,
  otpSendRequest,
  otpVerifyRequest,
  passwordResetRequest,
  passwordUpdateRequest,
  passwordUpdateResponse,
  refreshRequest,
  refreshResponse,
  signedInResponse,
} from "../auth.ts";
import { idempotencyHeader, params } from "./billing.ts";
import type { Endpoint } from "./endpoint.ts";
import { PAYWALL, signedInExample, tokensExample, USER_ID } from "./examples.ts";

const path = (name: string) => `/api/v1/paywall/{id}/auth/${name}`;
const tag = "Sign-in";
const ok = { 200: { ok: true } };

export const authEndpoints: readonly Endpoint[] = [
  {
    id: "signIn",
    method: "POST",
    path: path("email/signin"),
    tag,
    summary: "Sign in with e-mail and password",
    description: "A `visitor_id` attaches purchases that were made as a guest on the same device.",
    auth: ["none"],
    request: { params, headers: idempotencyHeader, body: emailSignInRequest },
    responses: { 200: signedInResponse },
    errors: [
      "email_required",
      "invalid_email",
      "invalid_credentials",
      "email_not_confirmed",
      "over_request_rate_limit",
    ],
    example: {
      request: { params: PAYWALL, body: { email: "ana@example.com", password: "correct horse" } },
      responses: { 200: signedInExample },
    },
  },
  {
    id: "signUp",
    method: "POST",
    path: path("email/signup"),
    tag,
    summary: "Create an account",
    description:
      "Tokens come only with `signed_in`. With `confirmation_required` a mail was sent that holds a link and a code; " +
      "sign in again once it was used.",
    auth: ["none"],
    request: { params, headers: idempotencyHeader, body: emailSignUpRequest },
    responses: { 200: emailSignUpResponse },
    errors: [
      "email_required",
      "invalid_email",
      "weak_password",
      "custom_domain_required",
      "user_already_exists",
      "over_email_send_rate_limit",
      "over_request_rate_limit",
    ],
    example: {
      request: { params: PAYWALL, body: { email: "ana@example.com", password: "correct horse" } },
      responses: {
        200: { status: "confirmation_required", user: { id: USER_ID, email: "ana@example.com" } },
      },
    },
  },
  {
    id: "resendConfirmation",
    method: "POST",
    path: path("email/resend"),
    tag,
    summary: "Send the confirmation mail again",
    description: "Answers alike whether or not there is such an account.",
    auth: ["none"],
    request: { params, headers: idempotencyHeader, body: emailResendRequest },
    responses: { 200: okResponse },
    errors: ["email_required", "invalid_email", "custom_domain_required", "over_email_send_rate_limit"],
    example: { request: { params: PAYWALL, body: { email: "ana@example.com" } }, responses: ok },
  },
  {
    id: "sendOtp",
    method: "POST",
    path: path("otp/send"),
    tag,
    summary: "Mail a six-digit sign-in code",
    description: "With `create_user: false` an unknown address is answered the same way and gets no mail.",
    auth: ["none"],
    request: { params, body: otpSendRequest },
    responses: { 200: okResponse },
    errors: ["email_required", "invalid_email", "over_email_send_rate_limit"],
    example: {
      request: { params: PAYWALL, body: { email: "ana@example.com", create_user: true } },
      responses: ok,
    },
  },
  {
    id: "verifyOtp",
    method: "POST",
    path: path("otp/verify"),
    tag,
    summary: "Sign in with a mailed code",
    description:
      "A wrong, an expired and a never-sent code are refused alike. `recovery` is followed by a new password.",
    auth: ["none"],
    request: { params, body: otpVerifyRequest },
    responses: { 200: signedInResponse },
    errors: ["email_required", "invalid_email", "invalid_type", "invalid_otp", "over_request_rate_limit"],
    example: {
      request: { params: PAYWALL, body: { email: "ana@example.com", token: "481920", type: "email" } },
      responses: { 200: signedInExample },
    },
  },
  {
    id: "requestPasswordReset",
    method: "POST",
    path: path("password/request-reset"),
    tag,
    summary: "Mail a link and a code for a new password",
    description: "Answers alike whether or not there is such an account.",
    auth: ["none"],
    request: { params, body: passwordResetRequest },
    responses: { 200: okResponse },
    errors: ["email_required", "invalid_email", "custom_domain_required", "over_email_send_rate_limit"],
    example: { request: { params: PAYWALL, body: { email: "ana@example.com" } }, responses: ok },
  },
  {
    id: "updatePassword",
    method: "POST",
    path: path("password/update"),
    tag,
    summary: "Set a new password",
    description: "Existing sessions stay signed in.",
    auth: ["bearer"],
    request: { params, body: passwordUpdateRequest },
    responses: { 200: passwordUpdateResponse },
    errors: ["weak_password", "authorization_required", "invalid_token"],
    example: {
      request: { params: PAYWALL, body: { password: "battery staple" } },
      responses: { 200: { ok: true, user: { id: USER_ID, email: "ana@example.com" } } },
    },
  },
  {
    id: "signInAnonymously",
    method: "POST",
    path: path("anonymous/signin"),
    tag,
    summary: "Start a session without an account",
    description: "Every call makes a new person. Keep the refresh token to come back as the same one.",
    auth: ["none"],
    request: { params, body: anonymousSignInRequest },
    responses: { 200: anonymousSignInResponse },
    errors: ["anonymous_disabled", "over_request_rate_limit"],
    example: {
      request: { params: PAYWALL, body: {} },
      responses: { 200: { ...tokensExample, user: { id: USER_ID, email: null, is_anonymous: true } } },
    },
  },
  {
    id: "upgradeAnonymous",
    method: "POST",
    path: path("anonymous/upgrade"),
    tag,
    summary: "Give an anonymous session an account",
    description: "The user id, the balances and the purchases stay.",
    auth: ["bearer"],
    request: { params, headers: idempotencyHeader, body: anonymousUpgradeRequest },
    responses: { 200: anonymousUpgradeResponse },
    errors: [
      "email_required",
      "invalid_email",
      "weak_password",
      "not_anonymous",
      "authorization_required",
      "invalid_token",
      "email_exists",
      "over_email_send_rate_limit",
    ],
    example: {
      request: { params: PAYWALL, body: { email: "ana@example.com", password: "correct horse" } },
      responses: {
        200: { status: "updated", user: { id: USER_ID, email: "ana@example.com", is_anonymous: false } },
      },
    },
  },
  {
    id: "startOAuth",
    method: "POST",
    path: path("oauth/init"),
    tag,
    summary: "Start a sign-in with Google, Apple, GitHub or Facebook",
    description:
      "Open `authorize_url` in a popup named `pw-oauth-` and a random text of yours. When the person is done, the " +
      "popup posts `{type: 'pw-oauth', status, code, messageId}` to its opener, where `messageId` is that text; exchange the " +
      "code within ten minutes. With a Bearer the provider's identity is added to that user, who keeps the id; " +
      "if it belongs to somebody else, the popup posts the error code `identity_already_exists`. A Bearer that is not " +
      "valid any more counts as none.",
    auth: ["none", "bearer"],
    request: { params, body: oauthInitRequest },
    responses: { 200: oauthInitResponse },
    errors: ["custom_domain_required", "provider_not_supported", "over_request_rate_limit", "upstream"],
    example: {
      request: {
        params: PAYWALL,
        body: {
          provider: "google",
          code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
          code_challenge_method: "s256",
        },
      },
      responses: {
        200: {
          authorize_url:
            "https://accounts.google.com/o/oauth2/v2/auth?client_id=northlight&response_type=code&state=9b1f",
        },
      },
    },
  },
  {
    id: "exchangeOAuthCode",
    method: "POST",
    path: path("oauth/exchange"),
    tag,
    summary: "Finish a sign-in with a provider",
    description:
      "The code works once, for ten minutes, on the paywall where the sign-in was started, and with the verifier of " +
      "its challenge. Sending the same pair again within a minute is taken for a retry. `email` is null where the " +
      "provider has not proven one.",
    auth: ["none"],
    request: { params, body: oauthExchangeRequest },
    responses: { 200: signedInResponse },
    errors: ["exchange_failed", "identity_already_exists", "over_request_rate_limit"],
    example: {
      request: {
        params: PAYWALL,
        body: {
          auth_code: "x0Lq1mB7Zk3n8VfTt5c2Yw9sJd4eRg6hUa0pIoXyKzE",
          code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        },
      },
      responses: { 200: signedInExample },
    },
  },
  {
    id: "refresh",
    method: "POST",
    path: path("refresh"),
    tag,
    summary: "Exchange a refresh token for new tokens",
    description:
      "The old refresh token is spent; repeating it within 35 seconds is taken for a retry, later it ends the whole " +
      "session family. Only a 401 means that the session is over.",
    auth: ["none"],
    request: { params, body: refreshRequest },
    responses: { 200: refreshResponse },
    errors: ["invalid_refresh_token", "unavailable"],
    example: {
      request: { params: PAYWALL, body: { refresh_token: tokensExample.refresh_token } },
      responses: { 200: { ...tokensExample, refresh_token: "rt_8c1e5a9d3f7b4e2a6c0d8f1b3e5a7c9d" } },
    },
  },
  {
    id: "signOut",
    method: "POST",
    path: path("signout"),
    tag,
    summary: "End this session",
    auth: ["bearer"],
    request: { params },
    responses: { 200: okResponse },
    errors: ["authorization_required", "invalid_token"],
    example: { request: { params: PAYWALL }, responses: ok },
  },
  {
    id: "revokeAllSessions",
    method: "POST",
    path: path("revoke-all"),
    tag,
    summary: "End every session of this person",
    auth: ["bearer"],
    request: { params },
    responses: { 200: okResponse },
    errors: ["authorization_required", "invalid_token"],
    example: { request: { params: PAYWALL }, responses: ok },
  },
];
