import type { AuthUser, SignedInResponse, Tokens } from "@tollgate/protocol/paywall-api/auth";
import { ERRORS, type ErrorCode } from "@tollgate/protocol/paywall-api/errors";
import { parseRequest } from "@tollgate/protocol/paywall-api/parse";
import type { Context } from "hono";
import type { z } from "zod";
import { claimGuestPurchases } from "../../../domains/billing/index.ts";
import {
  ACCESS_TOKEN_SECONDS,
  type Customer,
  type IssuedSession,
  type SignInContext,
} from "../../../domains/identity/index.ts";
import type { Paywall } from "../../../domains/paywalls/index.ts";
import { readJsonObject } from "../../../http/body.ts";
import type { Deps } from "../../../platform/deps.ts";
import { AppError } from "../../../platform/errors.ts";
import { once } from "../../../platform/idempotency.ts";
import { authorizationRequired, bearerOf, type PaywallEnv } from "../context.ts";

export const refuse = (code: ErrorCode, message?: string): AppError =>
  new AppError(code, ERRORS[code].status, message ?? ERRORS[code].message);

const META_VALUE_CHARS_MAX = 100;

/** The body as the schema reads it; the first complaint is thrown under its own code. */
export async function readBody<S extends z.ZodType>(c: Context<PaywallEnv>, schema: S): Promise<z.output<S>> {
  const parsed = parseRequest(schema, await readJsonObject(c));
  if (!parsed.ok) throw new AppError(parsed.code, ERRORS[parsed.code].status, parsed.message);
  return parsed.data;
}

/** Where the caller signs in and what their device says of itself. */
export function signInContext(
  deps: Deps,
  c: Context<PaywallEnv>,
  body: { visitor_id?: string | undefined; user_meta?: Record<string, string> | undefined },
): SignInContext & { paywall: Paywall } {
  const tooLong = Object.entries(body.user_meta ?? {}).find(
    ([, value]) => value.length > META_VALUE_CHARS_MAX,
  );
  if (tooLong)
    throw refuse(
      "invalid_payload",
      `user_meta.${tooLong[0]}: may have at most ${META_VALUE_CHARS_MAX} characters`,
    );
  const [tenant, now, visitorId] = [c.get("tenant"), c.get("now"), body.visitor_id];
  return {
    tenant,
    paywall: c.get("paywall"),
    now,
    clientAddress: c.get("clientAddress"),
    country: c.get("country"),
    userAgent: c.req.header("user-agent") ?? null,
    visitorId,
    userMeta: body.user_meta,
    async onSignedIn(tx, customer) {
      // What was bought here as a guest now has an owner. An anonymous customer is none: the purchase would be
      // lost to the address it was paid with.
      if (!visitorId || customer.anonymous) return;
      await claimGuestPurchases(tx, deps, { tenantId: tenant.id, visitorId, customerId: customer.id, now });
    },
  };
}

/** The signed-in customer. @throws 401 `authorization_required` or `invalid_token` */
export async function requireBearer(
  deps: Deps,
  c: Context<PaywallEnv>,
): Promise<{ customer: Customer; sessionId: string }> {
  const bearer = await bearerOf(deps, c);
  if (!bearer) throw authorizationRequired();
  return bearer;
}

/** Mails with links need a page of the paywall's own to lead to. */
export function requireCustomDomain(c: Context<PaywallEnv>): void {
  if (!c.get("paywall").host) throw refuse("custom_domain_required");
}

const VISIBLE_KEY = /^[\x21-\x7e]{1,255}$/;
const KEY_TTL_SECONDS = 600;

/**
 * Answers a repeat under the same `Idempotency-Key` with the first result for ten minutes; without a key
 * it just runs. What is compared is kept as a keyed hash: the body has a password in it.
 */
export async function withIdempotencyKey<T>(
  deps: Deps,
  c: Context<PaywallEnv>,
  route: string,
  body: unknown,
  work: () => Promise<T>,
): Promise<T> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return work();
  if (!VISIBLE_KEY.test(key)) throw refuse("invalid_idempotency_key");
  return replayable(deps, c, { scope: route, key, fingerprint: body, ttlSeconds: KEY_TTL_SECONDS }, work);
}

/** Remembers a success under a key that is itself a secret, or is made of secrets: only its keyed hash is stored. */
export function replayable<T>(
  deps: Deps,
  c: Context<PaywallEnv>,
  request: { scope: string; key: string; fingerprint: unknown; ttlSeconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const keyed = (value: unknown) =>
    deps.keys.pseudonym(`auth-replay:${JSON.stringify(value)}`).toString("base64url");
  return once(
    deps,
    {
      tenantId: c.get("tenant").id,
      scope: `auth/${request.scope}:${c.get("paywall").id}`,
      key: keyed(request.key),
      fingerprint: keyed(request.fingerprint),
      ttlSeconds: request.ttlSeconds,
    },
    work,
  );
}

export const toTokens = (session: IssuedSession): Tokens => ({
  access_token: session.accessToken,
  refresh_token: session.refreshToken,
  expires_in: ACCESS_TOKEN_SECONDS,
  expires_at: Math.floor(session.accessExpiresAt.getTime() / 1000),
  token_type: "bearer",
});

export const toAuthUser = (customer: Customer): AuthUser => ({
  id: customer.uuid,
  email: customer.email,
  country: customer.country,
  name: customer.name,
  avatar: customer.picture,
  is_anonymous: customer.anonymous,
});

export const toSignedIn = (session: IssuedSession): SignedInResponse => ({
  ...toTokens(session),
  user: toAuthUser(session.customer),
});
