import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type Customer, resolveAccessToken } from "../../domains/identity/index.ts";
import { findPaywall, type Paywall } from "../../domains/paywalls/index.ts";
import { resolveApiKey, type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import type { AppEnv, RequestVariables } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";

export type PaywallEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: RequestVariables & {
    paywall: Paywall;
    tenant: Tenant;
    /** The tenant's time. */
    now: Date;
  };
};

/** Resolves `{id}`, which selects paywall and tenant for everything that follows; unknown → 404. */
export function withPaywall(deps: Deps) {
  return createMiddleware<PaywallEnv>(async (c, next) => {
    await setPaywall(deps, c, c.req.param("id") ?? "");
    c.header("cache-control", "no-store");
    await next();
  });
}

/** The same for routes that name the paywall in their body. */
export async function setPaywall(deps: Deps, c: Context<PaywallEnv>, ref: string | number): Promise<void> {
  const found = await findPaywall(deps.db, ref);
  if (!found) throw new AppError("not_found", 404, "There is no such paywall.");
  c.set("paywall", found.paywall);
  c.set("tenant", found.tenant);
  c.set("now", tenantNow(deps.clock, found.tenant));
}

export const BEARER = /^Bearer\s+(\S+)$/i;

/**
 * Who calls, in the words of paywall API §1.6. An identity in body, query or `X-User-Email` plays no part
 * once a Bearer or a key is there.
 */
export type Caller =
  | { kind: "none" }
  | { kind: "customer"; customer: Customer; sessionId: string }
  | { kind: "merchant"; keyId: string };

export const invalidToken = () =>
  new AppError("invalid_token", 401, "The session is not valid any more. Please sign in again.");
export const authorizationRequired = () => new AppError("authorization_required", 401, "Please sign in.");

/** The signed-in customer of a Bearer, or null when none was sent. @throws `invalid_token` when it does not resolve. */
export async function bearerOf(
  deps: Deps,
  c: Context<PaywallEnv>,
): Promise<{ kind: "customer"; customer: Customer; sessionId: string } | null> {
  const header = c.req.header("authorization");
  if (header === undefined) return null;
  const token = BEARER.exec(header)?.[1];
  const signedIn = token ? await resolveAccessToken(deps, c.get("tenant").id, token) : null;
  if (!signedIn) throw invalidToken();
  return { kind: "customer", ...signedIn };
}

/** The merchant's key, or null when none was sent. @throws as `merchantKey` does */
export async function apiKeyOf(
  deps: Deps,
  c: Context<PaywallEnv>,
): Promise<{ kind: "merchant"; keyId: string } | null> {
  const secret = c.req.header("x-api-key");
  return secret === undefined ? null : merchantKey(deps, secret, c.get("tenant").id);
}

/** Whom a secret key speaks for. @throws 401 unknown, 403 inactive, another account's or made for something else. */
export async function merchantKey(
  deps: Pick<Deps, "clock" | "db">,
  secret: string,
  tenantId: string,
): Promise<{ kind: "merchant"; keyId: string }> {
  const key = await resolveApiKey(deps.db, secret, deps.clock.now());
  if (key?.kind !== "secret") throw new AppError("invalid_api_key", 401, "Invalid API key");
  if (!key.active) throw new AppError("api_key_inactive", 403, "API key is inactive");
  if (key.tenantId !== tenantId) {
    throw new AppError(
      "api_key_owner_mismatch",
      403,
      "Access denied: API key owner does not match paywall owner",
    );
  }
  if (key.scopes.length > 0) throw scopedKey();
  return { kind: "merchant", keyId: key.id };
}

/** A key that was made for parts of the Management API acts for nobody's customers. */
export const scopedKey = (): AppError => new AppError("api_key_scope", 403, "This API key may not do that");

/** Bearer first, then key, then nobody: the order for reads and cancellation. */
export async function callerOf(deps: Deps, c: Context<PaywallEnv>): Promise<Caller> {
  return (await bearerOf(deps, c)) ?? (await apiKeyOf(deps, c)) ?? { kind: "none" };
}
