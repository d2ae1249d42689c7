import { sha256 } from "../../platform/crypto.ts";
import { type Db, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

const LINK_MINUTES = 10;

export type PortalVisit = { tenantId: string; paywallId: string; customerId: string; returnUrl: string };

/** A secret that opens a customer's account page once, within ten minutes of real time. */
export async function issuePortalLink(
  tx: Tx,
  deps: Pick<Deps, "clock" | "random">,
  visit: PortalVisit,
): Promise<string> {
  const token = `pl_${deps.random.bytes(32).toString("base64url")}`;
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into portal_links (hash, tenant_id, paywall_id, customer_id, return_url, created_at, expires_at)
    values (${sha256(token)}, ${visit.tenantId}, ${visit.paywallId}, ${visit.customerId}, ${visit.returnUrl}, ${now},
            ${new Date(now.getTime() + LINK_MINUTES * 60_000)})`);
  return token;
}

/** Uses a link up. Null when it is unknown, used, expired or another paywall's. */
export const redeemPortalLink = (
  db: Db,
  deps: Pick<Deps, "clock">,
  input: { token: string; paywallId: string },
): Promise<PortalVisit | null> =>
  db.maybeOne<PortalVisit>(sql`
    update portal_links set used_at = ${deps.clock.now()}
    where hash = ${sha256(input.token)} and paywall_id = ${input.paywallId} and used_at is null
      and expires_at > ${deps.clock.now()}
    returning tenant_id "tenantId", paywall_id "paywallId", customer_id "customerId", return_url "returnUrl"`);

/** Deletes links that no longer open anything. */
export const forgetPortalLinks = (db: Db, now: Date): Promise<number> =>
  db.execute(sql`
    delete from portal_links where hash = any (array(
      select hash from portal_links where expires_at <= ${now}::timestamptz - interval '1 day' limit 1000))`);
