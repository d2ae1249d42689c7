import type { Context } from "hono";
import { decodeJwt } from "jose";
import { type Customer, resolveAccessToken } from "../../domains/identity/index.ts";
import { resolveLoginToken } from "../../domains/oidc/index.ts";
import { type Reader, readerOf } from "../../domains/readers/index.ts";
import {
  authenticateOAuthClient,
  findOAuthClient,
  findTenant,
  resolveApiKey,
  type Tenant,
  tenantNow,
} from "../../domains/tenants/index.ts";
import type { AppEnv, RequestVariables } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { authenticationRequired } from "./errors.ts";

export type PublisherEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: RequestVariables & { caller: Caller };
};

/** Who calls (publisher API §2.3). The vendor follows from the credentials, never from a header. */
export type Caller =
  | { kind: "nobody" }
  /** `anonymousId` is null where the browser has none that lasts. */
  | { kind: "anonymous"; tenant: Tenant; anonymousId: string | null }
  | { kind: "reader"; tenant: Tenant; customer: Customer; sessionId: string }
  /**
   * `scopes` is null for a key that was made without any, which may do everything its tenant may. `mode` is that of the
   * key, and null for a client, which works in the world that the tenant's readers live in.
   */
  | { kind: "machine"; tenant: Tenant; id: string; scopes: string[] | null; mode: Mode | null };

const NOBODY: Caller = { kind: "nobody" };

/** Reads the credentials once per request. @throws `authentication_required` (401) for credentials that do not hold. */
export async function identifyCaller(deps: Deps, c: Context<PublisherEnv>): Promise<Caller> {
  const header = c.req.header("authorization");
  if (header === undefined) return NOBODY;
  const [, scheme = "", value = ""] = /^(\S+)\s+(\S+)$/.exec(header.trim()) ?? [];
  const caller =
    scheme.toLowerCase() === "bearer"
      ? await bearer(deps, value)
      : scheme.toLowerCase() === "basic"
        ? await basic(deps, value)
        : null;
  if (!caller) throw authenticationRequired();
  return caller;
}

/** An account that was closed or suspended has no API, as it has no paywall. */
async function activeTenant(deps: Deps, id: string): Promise<Tenant | null> {
  const tenant = await findTenant(deps.db, id);
  return tenant?.status === "active" ? tenant : null;
}

async function bearer(deps: Deps, token: string): Promise<Caller | null> {
  if (token.startsWith("sk_")) {
    const key = await resolveApiKey(deps.db, token, deps.clock.now());
    if (key?.kind !== "secret" || !key.active) return null;
    const tenant = await activeTenant(deps, key.tenantId);
    const scopes = key.scopes.length > 0 ? key.scopes : null;
    return tenant && { kind: "machine", tenant, id: key.id, scopes, mode: key.mode };
  }
  const tenantId = audienceOf(token);
  const tenant = tenantId ? await activeTenant(deps, tenantId) : null;
  if (!tenant) return loginToken(deps, token);
  const signedIn = await resolveAccessToken(deps, tenant.id, token);
  return signedIn && { kind: "reader", tenant, ...signedIn };
}

/** Who an access token or a key speaks for, wherever it was handed over; null when it does not hold. */
export const callerOfToken = bearer;

/** A token of the login service, a reader's or a back end's (publisher API §3.5). */
async function loginToken(deps: Deps, token: string): Promise<Caller | null> {
  const who = await resolveLoginToken(deps, token);
  if (!who) return null;
  const { tenant } = who;
  return who.kind === "reader"
    ? { kind: "reader", tenant, customer: who.customer, sessionId: who.sessionId }
    : { kind: "machine", tenant, id: who.client.id, scopes: who.scopes, mode: null };
}

/** Says only where to look; nothing is believed before the signature is. */
function audienceOf(token: string): string | null {
  try {
    const { aud } = decodeJwt(token);
    return typeof aud === "string" ? aud : null;
  } catch {
    return null;
  }
}

/** `{clientId}|{anonymous id}:` for a browser, `{client_id}:{client_secret}` for a back end. */
async function basic(deps: Deps, value: string): Promise<Caller | null> {
  const text = Buffer.from(value, "base64").toString("utf8");
  const bar = text.indexOf("|");
  if (bar === -1) {
    const colon = text.indexOf(":");
    const client = await authenticateOAuthClient(deps.db, text.slice(0, colon), text.slice(colon + 1));
    const tenant = client && (await activeTenant(deps, client.tenantId));
    return tenant && { kind: "machine", tenant, id: client.id, scopes: client.scopes, mode: null };
  }
  const client = await findOAuthClient(deps.db, text.slice(0, bar));
  const tenant = client && (await activeTenant(deps, client.tenantId));
  if (!tenant) return null;
  return { kind: "anonymous", tenant, anonymousId: anonymousIdIn(text.slice(bar + 1).replace(/:$/, "")) };
}

/** The published library keeps the id as JSON, so it usually comes with its quotes. */
function anonymousIdIn(text: string): string | null {
  const id = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return id === "" || id === "null" || id.length > 200 ? null : id;
}

type Known = Exclude<Caller, { kind: "nobody" }>;

/** Whoever has credentials. @throws `authentication_required` (401) */
export function known(c: Context<PublisherEnv>): Known {
  const caller = c.get("caller");
  if (caller.kind === "nobody") throw authenticationRequired();
  return caller;
}

/** A signed-in reader. @throws `authentication_required` (401) */
export function signedIn(c: Context<PublisherEnv>): Extract<Caller, { kind: "reader" }> {
  const caller = c.get("caller");
  if (caller.kind !== "reader") throw authenticationRequired();
  return caller;
}

export type ReaderScope = { tenantId: string; reader: Reader | null; now: Date };

/**
 * Whose things a reader's route is about, at the tenant's time. `reader` is null for a browser without an id that
 * lasts: it may ask, and nothing of it is kept.
 *
 * @throws 401 without credentials, 403 for a back end, which is no reader
 */
export function readerScope(deps: Deps, c: Context<PublisherEnv>): ReaderScope {
  const caller = known(c);
  if (caller.kind === "machine") {
    throw new AppError("insufficient_permissions", 403, "This is about a reader; a back end has none.");
  }
  const { tenant } = caller;
  const reader =
    caller.kind === "reader"
      ? readerOf({ customerId: caller.customer.id })
      : caller.anonymousId === null
        ? null
        : readerOf({ anonymousId: caller.anonymousId });
  return { tenantId: tenant.id, reader, now: tenantNow(deps.clock, tenant) };
}
