import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type BrowserSession, findLiveSession } from "../identity/index.ts";

/** Ties a new session to a browser, which keeps the returned secret as a cookie. Never adopts one that was there before. */
export async function rememberBrowser(
  tx: Tx,
  deps: Pick<Deps, "clock" | "random">,
  input: { tenantId: string; sessionId: string },
): Promise<string> {
  const secret = deps.random.bytes(32).toString("base64url");
  await tx.execute(sql`
    insert into login_browsers (hash, tenant_id, session_id, created_at)
    values (${sha256(secret)}, ${input.tenantId}, ${input.sessionId}, ${deps.clock.now()})`);
  return secret;
}

/** Who is signed in on the browser with this cookie, at this tenant; null when nobody is (any more). */
export async function findBrowserSession(
  q: Queryable,
  deps: Pick<Deps, "clock">,
  tenantId: string,
  secret: string,
): Promise<BrowserSession | null> {
  const row = await q.maybeOne<{ sessionId: string }>(sql`
    select session_id "sessionId" from login_browsers where hash = ${sha256(secret)} and tenant_id = ${tenantId}`);
  return row && findLiveSession(q, tenantId, row.sessionId, deps.clock.now());
}
