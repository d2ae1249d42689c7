import { addSeconds } from "../../platform/clock.ts";
import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { refusal } from "./errors.ts";
import { findCustomerById } from "./queries.ts";
import {
  type IssuedSession,
  isIdle,
  issueTokens,
  REUSE_WINDOW_SECONDS,
  refreshTokenHash,
  revokeSession,
} from "./sessions.ts";

type Session = {
  id: string;
  customerId: string;
  visitorId: string | null;
  revokedAt: Date | null;
  lastUsedAt: Date;
};

/**
 * Exchanges a refresh token for new tokens. A token may come again within 35 seconds of its first use (a
 * replay by a mirror, a second tab) and gets further tokens of the same generation; later, it is taken for
 * stolen and the whole session ends. Concurrent calls with one token all succeed.
 *
 * One thing excuses a late repeat: the device that signed in, which its visitor id shows, sends the last token
 * before the newest. Then the answer to its first use was lost, to a cut network or a closed tab, and nobody has
 * used what was in it. Those tokens are void from then on: should somebody hold one after all, using it ends the
 * session, whenever and from whatever device. A visitor id is no secret; this is what finds a thief who has it.
 *
 * @throws `invalid_refresh_token`: unknown, revoked, 30 days idle, or reused too late. Faults of ours are
 *   never answered so, because that answer signs people out.
 */
export async function refreshSession(
  deps: Pick<Deps, "clock" | "config" | "db" | "keys" | "random">,
  input: { tenantId: string; refreshToken: string; visitorId?: string | undefined },
): Promise<IssuedSession> {
  const { tenantId } = input;
  const hash = refreshTokenHash(input.refreshToken);
  const now = deps.clock.now();
  const issued = await deps.db.transaction(async (tx) => {
    // The session's lock puts concurrent refreshes in a row; the token is read behind it.
    const session = await tx.maybeOne<Session>(sql`
      select id, customer_id "customerId", visitor_id "visitorId", revoked_at "revokedAt", last_used_at "lastUsedAt" from sessions
      where tenant_id = ${tenantId} and id = (select session_id from refresh_tokens where hash = ${hash} and tenant_id = ${tenantId})
      for update`);
    if (!session || session.revokedAt) return null;
    if (isIdle(session.lastUsedAt, now)) {
      await revokeSession(tx, tenantId, session.id, "idle", now);
      return null;
    }
    const token = await tx.one<{
      generation: number;
      usedAt: Date | null;
      voidedAt: Date | null;
      newest: number;
    }>(sql`
      select t.generation, t.used_at "usedAt", t.voided_at "voidedAt",
        (select max(generation) from refresh_tokens where session_id = t.session_id) newest
      from refresh_tokens t where t.hash = ${hash}`);
    if (token.voidedAt || (token.usedAt && addSeconds(token.usedAt, REUSE_WINDOW_SECONDS) < now)) {
      const sameDevice = session.visitorId !== null && session.visitorId === input.visitorId;
      if (token.voidedAt || !sameDevice || token.generation + 1 !== token.newest) {
        await revokeSession(tx, tenantId, session.id, "refresh_token_reused", now);
        return null;
      }
      await tx.execute(sql`
        update refresh_tokens set used_at = ${now}, voided_at = ${now}
        where session_id = ${session.id} and generation = ${token.newest} and used_at is null
          and issued_at < ${addSeconds(now, -REUSE_WINDOW_SECONDS)}`);
    }
    const customer = await findCustomerById(tx, tenantId, session.customerId);
    if (!customer) return null;
    if (!token.usedAt) {
      await tx.execute(sql`
        update refresh_tokens set used_at = ${now}
        where session_id = ${session.id} and generation = ${token.generation} and used_at is null`);
    }
    await tx.execute(sql`update sessions set last_used_at = ${now} where id = ${session.id}`);
    const generation = token.usedAt ? token.newest : token.generation + 1;
    return issueTokens(tx, deps, { customer, sessionId: session.id, generation });
  });
  if (!issued) throw refusal("invalid_refresh_token");
  return issued;
}
