import * as z from "zod";
import { email, oauthProvider, optional, userMeta, visitorId } from "./scalars.ts";

export const PASSWORD_CHARS_MIN = 6;

/** A password that is being chosen. The upper bound keeps hashing affordable. */
const newPassword = z.string("weak_password").min(PASSWORD_CHARS_MIN, "weak_password").max(1024);

/** A password that is being shown to us: any wrong one is simply wrong, never "weak". */
const shownPassword = z.string().min(1).max(1024);

const attribution = { visitor_id: visitorId, user_meta: optional(userMeta) };

export const tokens = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    expires_in: z.number().int().meta({ description: "Seconds from now." }),
    expires_at: z.number().int().nullable().meta({ description: "Unix seconds." }),
    token_type: z.literal("bearer"),
  })
  .meta({ id: "Tokens" });
export type Tokens = z.infer<typeof tokens>;

export const authUser = z
  .object({
    id: z.uuid(),
    email: z.string().nullable(),
    country: z.string().nullable().optional(),
    name: z.string().nullable().optional(),
    avatar: z.string().nullable().optional(),
    is_anonymous: z.boolean().optional(),
  })
  .meta({ id: "AuthUser" });
export type AuthUser = z.infer<typeof authUser>;

export const signedInResponse = tokens.extend({ user: authUser }).meta({ id: "SignedInResponse" });
export type SignedInResponse = z.infer<typeof signedInResponse>;

export const okResponse = z.object({ ok: z.literal(true) }).meta({ id: "OkResponse" });
export type OkResponse = z.infer<typeof okResponse>;

export const emailSignInRequest = z
  .object({ email, password: shownPassword, ...attribution })
  .meta({ id: "EmailSignInRequest" });
export type EmailSignInRequest = z.output<typeof emailSignInRequest>;

export const emailSignUpRequest = z
  .object({ email, password: newPassword, ...attribution })
  .meta({ id: "EmailSignUpRequest" });
export type EmailSignUpRequest = z.output<typeof emailSignUpRequest>;

/** Tokens appear in exactly one of the three: nobody is signed in before the address is confirmed. */
export const emailSignUpResponse = z
  .discriminatedUnion("status", [
    signedInResponse.extend({ status: z.literal("signed_in") }),
    z.object({
      status: z.literal("confirmation_required"),
      user: z.object({ id: z.uuid(), email: z.string() }),
    }),
    z.object({ status: z.literal("already_registered"), email: z.string() }),
  ])
  .meta({ id: "EmailSignUpResponse" });
export type EmailSignUpResponse = z.infer<typeof emailSignUpResponse>;

export const emailResendRequest = z.object({ email }).meta({ id: "EmailResendRequest" });
export type EmailResendRequest = z.output<typeof emailResendRequest>;

export const otpSendRequest = z
  .object({
    email,
    create_user: z
      .boolean()
      .nullish()
      .transform((value) => value ?? true)
      .meta({ description: "true by default; false sends nothing to unknown addresses." }),
    user_meta: attribution.user_meta,
  })
  .meta({ id: "OtpSendRequest" });
export type OtpSendRequest = z.output<typeof otpSendRequest>;

export const OTP_TYPES = ["email", "recovery", "signup", "magiclink", "invite"] as const;
export const otpType = z.enum(OTP_TYPES, "invalid_type");
export type OtpType = z.infer<typeof otpType>;

/** `token` is not checked for six digits: a malformed code must be indistinguishable from a wrong one. */
export const otpVerifyRequest = z
  .object({
    email,
    token: z.string().trim().min(1).max(512),
    type: otpType.nullish().transform((value) => value ?? ("email" as const)),
    ...attribution,
  })
  .meta({ id: "OtpVerifyRequest" });
export type OtpVerifyRequest = z.output<typeof otpVerifyRequest>;

export const passwordResetRequest = z.object({ email }).meta({ id: "PasswordResetRequest" });
export type PasswordResetRequest = z.output<typeof passwordResetRequest>;

export const passwordUpdateRequest = z
  .object({ password: newPassword })
  .meta({ id: "PasswordUpdateRequest" });
export type PasswordUpdateRequest = z.output<typeof passwordUpdateRequest>;

export const passwordUpdateResponse = z
  .object({ ok: z.literal(true), user: z.object({ id: z.uuid(), email: z.string().nullable() }) })
  .meta({ id: "PasswordUpdateResponse" });
export type PasswordUpdateResponse = z.infer<typeof passwordUpdateResponse>;

/** Works with an empty body; `captcha_token` is read for the sake of older hosts and not required. */
export const anonymousSignInRequest = z
  .object({ captcha_token: optional(z.string().max(4096)), ...attribution })
  .meta({ id: "AnonymousSignInRequest" });
export type AnonymousSignInRequest = z.output<typeof anonymousSignInRequest>;

export const anonymousSignInResponse = tokens
  .extend({ user: z.object({ id: z.uuid(), email: z.null(), is_anonymous: z.literal(true) }) })
  .meta({ id: "AnonymousSignInResponse" });
export type AnonymousSignInResponse = z.infer<typeof anonymousSignInResponse>;

export const anonymousUpgradeRequest = z
  .object({ email, password: newPassword, user_meta: attribution.user_meta })
  .meta({ id: "AnonymousUpgradeRequest" });
export type AnonymousUpgradeRequest = z.output<typeof anonymousUpgradeRequest>;

export const anonymousUpgradeResponse = z
  .discriminatedUnion("status", [
    z.object({
      status: z.literal("updated"),
      user: z.object({ id: z.uuid(), email: z.string(), is_anonymous: z.literal(false) }),
    }),
    z.object({ status: z.literal("confirmation_required"), email: z.string() }),
  ])
  .meta({ id: "AnonymousUpgradeResponse" });
export type AnonymousUpgradeResponse = z.infer<typeof anonymousUpgradeResponse>;

/** A token of the wrong shape is an unknown token: 401, which is the only answer that signs a client out. */
export const refreshRequest = z
  .object({
    refresh_token: z
      .string("invalid_refresh_token")
      .min(1, "invalid_refresh_token")
      .max(512, "invalid_refresh_token"),
    visitor_id: visitorId.catch(undefined).meta({
      description: "The device that signed in, so that it may repeat a refresh whose answer was lost.",
    }),
  })
  .meta({ id: "RefreshRequest" });
export type RefreshRequest = z.output<typeof refreshRequest>;

/** `user` is our addition: a resumed anonymous session would otherwise not know whose it is (§5.9). */
export const refreshResponse = tokens.extend({ user: authUser.optional() }).meta({ id: "RefreshResponse" });
export type RefreshResponse = z.infer<typeof refreshResponse>;

/** What RFC 6749 allows in the name of a scope. */
const scopeNames = z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/)).max(50);

export const oauthInitRequest = z
  .object({
    provider: oauthProvider
      .or(z.string().max(64))
      .meta({ description: "google, apple, github or facebook, as far as the tenant has set it up." }),
    code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be an unpadded base64url SHA-256"),
    code_challenge_method: z.enum(["s256", "S256"]),
    scopes: optional(
      z.preprocess(
        (value) => (typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value),
        scopeNames,
      ),
    ).meta({
      description: "Asked of the provider beyond what signing in needs; a list, or one text with spaces.",
    }),
  })
  .meta({ id: "OAuthInitRequest" });
export type OAuthInitRequest = z.output<typeof oauthInitRequest>;

export const oauthInitResponse = z.object({ authorize_url: z.url() }).meta({ id: "OAuthInitResponse" });
export type OAuthInitResponse = z.infer<typeof oauthInitResponse>;

export const oauthExchangeRequest = z
  .object({
    auth_code: z.string().min(1).max(512),
    code_verifier: z.string().min(1).max(128),
    ...attribution,
  })
  .meta({ id: "OAuthExchangeRequest" });
export type OAuthExchangeRequest = z.output<typeof oauthExchangeRequest>;
