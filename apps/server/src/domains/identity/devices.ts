import { addDays } from "../../platform/clock.ts";
import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { revokeAllSessions, revokeSession, SESSION_IDLE_DAYS, type SignInMethod } from "./sessions.ts";

/** A place where somebody is signed in. */
export type SignedInDevice = {
  sessionId: string;
  /** What the browser called itself; null for sessions from before that was kept. */
  userAgent: string | null;
  country: string | null;
  method: SignInMethod | null;
  createdAt: Date;
  lastUsedAt: Date;
};

const SHOWN_MAX = 100;

/** Where a customer is signed in, the last used first. */
export const listDevices = (
  q: Queryable,
  input: { tenantId: string; customerId: string; now: Date },
): Promise<SignedInDevice[]> =>
  q.query<SignedInDevice>(sql`
    select id "sessionId", user_agent "userAgent", country, amr[1] "method", created_at "createdAt",
      last_used_at "lastUsedAt"
    from sessions
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and revoked_at is null
      and last_used_at > ${addDays(input.now, -SESSION_IDLE_DAYS)}
    order by last_used_at desc, id desc limit ${SHOWN_MAX}`);

/** Signs one of the customer's own devices out; another's session is left alone without a word. */
export async function signOutDevice(
  deps: Pick<Deps, "clock" | "db">,
  input: { tenantId: string; customerId: string; sessionId: string },
): Promise<void> {
  const { tenantId, customerId, sessionId } = input;
  await deps.db.transaction(async (tx) => {
    const own = await tx.maybeOne(sql`
      select 1 from sessions where id = ${sessionId} and tenant_id = ${tenantId} and customer_id = ${customerId}`);
    if (own) await revokeSession(tx, tenantId, sessionId, "signed_out", deps.clock.now());
  });
}

/** Signs every device but one out. Returns how many that were. */
export const signOutOthers = (
  deps: Pick<Deps, "clock" | "db">,
  input: { tenantId: string; customerId: string; keepSessionId: string },
): Promise<number> =>
  deps.db.transaction((tx) =>
    revokeAllSessions(tx, input.tenantId, input.customerId, "signed_out_everywhere", deps.clock.now(), {
      except: input.keepSessionId,
    }),
  );
