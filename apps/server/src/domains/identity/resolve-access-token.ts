import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";

export type SignedIn = { customer: Customer; sessionId: string };

/**
 * Who a Bearer token speaks for, or null when it is forged, expired, another tenant's or its session was
 * revoked. The session is looked up on every call: revocation is immediate (paywall API §4.3).
 */
export async function resolveAccessToken(
  deps: Pick<Deps, "clock" | "config" | "db" | "keys">,
  tenantId: string,
  token: string,
): Promise<SignedIn | null> {
  const payload = await deps.keys.verifyToken(token, { issuer: deps.config.baseUrl, now: deps.clock.now() });
  const sessionId = payload?.session_id;
  if (!payload || payload.aud !== tenantId || typeof sessionId !== "string") return null;
  const customer = await deps.db.maybeOne<Customer>(sql`
    select ${CUSTOMER_COLUMNS} from sessions s join customers c on c.id = s.customer_id
    where s.id = ${sessionId} and s.tenant_id = ${tenantId} and s.revoked_at is null and c.merged_into_id is null`);
  return customer && { customer, sessionId };
}
