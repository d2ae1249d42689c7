import { createMiddleware } from "hono/factory";
import { readStateByEmail } from "../../domains/entitlements/index.ts";
import { addressHash, normalizeEmail } from "../../domains/identity/index.ts";
import { findPaywall } from "../../domains/paywalls/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { PaywallEnv } from "./context.ts";

const MAX_KNOWN = 10_000;
// No signed form looks like this: those hold a `;` or no `@`.
const PLAIN_EMAIL = /^[^\s@;]{1,64}@[^\s@;]{1,190}$/;

/**
 * The short way to `user-state`: a plain e-mail, no Bearer, a paywall named by its number. Anything else,
 * and whatever the statement cannot decide, goes the long way through `users.ts`.
 */
export function userStateByEmail(deps: Deps) {
  // Which tenant a paywall belongs to never changes, so this needs no invalidation.
  const tenantOf = new Map<number, string>();
  async function findTenantId(num: number): Promise<string | null> {
    const known = tenantOf.get(num);
    if (known) return known;
    const found = await findPaywall(deps.db, num);
    if (!found) return null;
    if (tenantOf.size >= MAX_KNOWN) tenantOf.clear();
    tenantOf.set(num, found.tenant.id);
    return found.tenant.id;
  }

  return createMiddleware<PaywallEnv>(async (c, next) => {
    const header = c.req.header("x-user-email")?.trim() ?? "";
    const id = c.req.param("id") ?? "";
    if (
      c.req.header("authorization") !== undefined ||
      !PLAIN_EMAIL.test(header) ||
      !/^[1-9]\d{0,14}$/.test(id)
    ) {
      return next();
    }
    const paywallNum = Number(id);
    const tenantId = await findTenantId(paywallNum);
    const state =
      tenantId &&
      (await readStateByEmail(deps.db, {
        paywallNum,
        email: normalizeEmail(header),
        addressHash: addressHash(deps, tenantId, c.get("clientAddress")),
        realNow: deps.clock.now(),
      }));
    if (!state) return next();
    return c.json(state, 200, { "cache-control": "no-store" });
  });
}
