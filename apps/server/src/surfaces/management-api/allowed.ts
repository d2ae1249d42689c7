import type { ManagementScope } from "@tollgate/protocol/management-api/endpoint";
import type { Context } from "hono";
import type { Tenant } from "../../domains/tenants/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import type { PublisherEnv } from "../publisher-api/caller.ts";
import { authenticationRequired } from "../publisher-api/errors.ts";

export type BackEnd = { tenant: Tenant; id: string; mode: Mode | null };

/** Names that publishers' clients may have been given elsewhere, and what they mean here (publisher API §3.5). */
const ALIASES: Record<string, readonly string[]> = {
  "profile:user:read": ["user:read"],
  "profile:vendors:read": ["vendor:read"],
  "payments:contract:admin": ["contract:read", "contract:write"],
  "vault:entitlement:manage": ["entitlement:read", "access-list:read", "access-list:write"],
};

/** Whether these scopes include one: by its name, its plural, a name that stands for it, or `management:read` for all. */
export function holdsScope(scopes: readonly string[], wanted: ManagementScope): boolean {
  const [resource, action] = wanted.split(":");
  return scopes.some(
    (it) =>
      it === wanted ||
      it === `${resource}s:${action}` ||
      it === `management:${action}` ||
      ALIASES[it]?.includes(wanted),
  );
}

/**
 * The back end that calls, if it may do this.
 *
 * @throws 401 without credentials, and for those that a browser has anyway; 403 for a reader, and for a key or a token
 *   without the scope
 */
export function allowed(c: Context<PublisherEnv>, scope: ManagementScope): BackEnd {
  const caller = c.get("caller");
  if (caller.kind === "nobody" || caller.kind === "anonymous") throw authenticationRequired();
  if (caller.kind === "reader") {
    throw new AppError("insufficient_permissions", 403, "The Management API is for the vendor's back end.");
  }
  if (caller.scopes !== null && !holdsScope(caller.scopes, scope)) {
    throw new AppError("insufficient_permissions", 403, `These credentials lack the scope ${scope}.`, {
      details: { scope },
    });
  }
  return caller;
}
