import type { PaywallUser } from "@tollgate/protocol/paywall-api/user";
import type { Context } from "hono";
import { Hono } from "hono";
import { readUserState } from "../../domains/entitlements/index.ts";
import { type Customer, resolveHybridIdentity } from "../../domains/identity/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { deviceClass } from "../../platform/geo/index.ts";
import type { BootstrapCache } from "./bootstrap-cache.ts";
import { bearerOf, type PaywallEnv } from "./context.ts";

/** Payloads depend on the caller's country, device and identity: no shared cache may keep one. */
export const BOOTSTRAP_CACHE_CONTROL = "private, no-cache";

const MAX_VERSION_LENGTH = 128;

/** The version a client has; anything that cannot be one counts as none (conformance 61). */
export const versionOf = (given: string | null | undefined): string | null =>
  given && given.length <= MAX_VERSION_LENGTH ? given : null;

/** The paywall's content: paywall API §3. Guests whose rendering is warm are answered by the fast path. */
export function bootstrapRoutes(deps: Deps, cache: BootstrapCache): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().get("/bootstrap", async (c) => {
    const identity = await identityOf(deps, c);
    const paywall = c.get("paywall");
    const ready = await cache.get(
      { paywall, tenant: c.get("tenant") },
      {
        country: c.get("country"),
        device: deviceClass(c.req.header("user-agent"), c.req.header("sec-ch-ua-platform")),
        email: identity.email,
        now: c.get("now"),
      },
    );
    const unchanged = versionOf(c.req.query("if_version")) === ready.version;
    const { customer } = identity;
    const user = customer && (await stateOf(deps, c, customer));
    // The mere presence of credentials makes an answer personal, also when it shows nobody.
    const personal =
      c.req.header("authorization") !== undefined || c.req.header("x-user-email") !== undefined;
    const bytes = user
      ? unchanged
        ? ready.unchangedFor(user)
        : ready.fullFor(user)
      : unchanged
        ? ready.unchanged.bytes
        : ready.full.bytes;
    return c.body(new Uint8Array(bytes), 200, {
      "content-type": "application/json",
      "cache-control": personal ? "no-store" : BOOTSTRAP_CACHE_CONTROL,
    });
  });
}

type Identity = {
  /** Whose state is shown; null for a guest. */
  customer: Customer | null;
  /** Whose offers are shown. */
  email: string | null;
};

/**
 * Bearer if it resolves, otherwise `X-User-Email` as far as the tenant trusts it, otherwise a guest. Under
 * `recent` and `legacy` a plain e-mail is enough for the offers addressed to it: they are part of what a host
 * app shows to its own user, and say nothing about purchases.
 */
async function identityOf(deps: Deps, c: Context<PaywallEnv>): Promise<Identity> {
  const signedIn = await bearerOf(deps, c).catch((error: unknown) => {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  });
  if (signedIn) return { customer: signedIn.customer, email: signedIn.customer.email };
  const headerValue = c.req.header("x-user-email");
  if (headerValue === undefined) return { customer: null, email: null };
  const tenant = c.get("tenant");
  const clientAddress = c.get("clientAddress");
  const customer = await resolveHybridIdentity(deps.db, deps, {
    tenant,
    headerValue,
    clientAddress,
    now: c.get("now"),
  });
  const plainCounts = tenant.hybridTrust === "recent" || tenant.hybridTrust === "legacy";
  return { customer, email: customer?.email ?? (plainCounts ? headerValue.trim().toLowerCase() : null) };
}

async function stateOf(deps: Deps, c: Context<PaywallEnv>, customer: Customer): Promise<PaywallUser> {
  const { tenantId, defaultProductId: productId, paymentMode: mode, id: paywallId } = c.get("paywall");
  return readUserState(deps.db, {
    tenantId,
    paywallId,
    productId,
    mode,
    customerId: customer.id,
    now: c.get("now"),
  });
}
