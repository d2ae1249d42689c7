import { addDays, addSeconds } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";

/** Paywall API §5.1. Sessions live on real time: a merchant who moves the test clock stays signed in. */
export const ACCESS_TOKEN_SECONDS = 3600;
export const SESSION_IDLE_DAYS = 30;
const USER_AGENT_CHARS_MAX = 300;
/** Long enough for a mirror's replay of a refresh (5 s + 30 s), and for two tabs that refresh at once. */
export const REUSE_WINDOW_SECONDS = 35;

/**
 * How somebody proved who they are, as the `amr` values of RFC 8176 go. It has none for another provider's
 * word (`fed`), nor for nothing at all (`anon`).
 */
export type SignInMethod = "pwd" | "otp" | "fed" | "anon";

export type IssuedSession = {
  customer: Customer;
  sessionId: string;
  accessToken: string;
  refreshToken: string;
  accessExpiresAt: Date;
};

/** A refresh token is shown to one client and kept here as a hash. */
const newRefreshToken = (deps: Pick<Deps, "random">): string =>
  `rt_${deps.random.bytes(32).toString("base64url")}`;
export const refreshTokenHash = (token: string): Buffer => sha256(token);

export const isIdle = (lastUsedAt: Date, now: Date): boolean => addDays(lastUsedAt, SESSION_IDLE_DAYS) <= now;

/** Adds a refresh token to a session and signs an access token beside it. */
export async function issueTokens(
  tx: Tx,
  deps: Pick<Deps, "clock" | "config" | "keys" | "random">,
  input: { customer: Customer; sessionId: string; generation: number },
): Promise<IssuedSession> {
  const { customer, sessionId, generation } = input;
  const now = deps.clock.now();
  const refreshToken = newRefreshToken(deps);
  await tx.execute(sql`
    insert into refresh_tokens (hash, tenant_id, session_id, generation, issued_at)
    values (${refreshTokenHash(refreshToken)}, ${customer.tenantId}, ${sessionId}, ${generation}, ${now})`);
  const issuedAt = Math.floor(now.getTime() / 1000);
  const accessToken = await deps.keys.signToken({
    iss: deps.config.baseUrl,
    aud: customer.tenantId,
    sub: customer.uuid,
    email: customer.email,
    is_anonymous: customer.anonymous,
    session_id: sessionId,
    // Two tokens of one second differ: a client replays a refused call only with a token that is another.
    jti: deps.random.bytes(9).toString("base64url"),
    iat: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
  });
  return {
    customer,
    sessionId,
    accessToken,
    refreshToken,
    accessExpiresAt: addSeconds(new Date(issuedAt * 1000), ACCESS_TOKEN_SECONDS),
  };
}

/**
 * Opens a session for a customer who has just proven who they are; every call opens another. Proof is the
 * caller's business.
 */
export async function issueSession(
  tx: Tx,
  deps: Pick<Deps, "clock" | "config" | "ids" | "keys" | "random">,
  input: {
    customer: Customer;
    paywallId: string | null;
    visitorId?: string | undefined;
    method: SignInMethod;
    /** What its owner will be shown of it. */
    seen?: { userAgent: string | null; country: string | null };
  },
): Promise<IssuedSession> {
  const { customer, paywallId, seen } = input;
  const userAgent = seen?.userAgent?.toWellFormed().slice(0, USER_AGENT_CHARS_MAX) ?? null;
  const sessionId = deps.ids.next("session");
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into sessions (id, tenant_id, customer_id, paywall_id, visitor_id, amr, user_agent, country, created_at,
      last_used_at)
    values (${sessionId}, ${customer.tenantId}, ${customer.id}, ${paywallId}, ${input.visitorId ?? null},
            ${[input.method]}, ${userAgent}, ${seen?.country ?? null}, ${now}, ${now})`);
  return issueTokens(tx, deps, { customer, sessionId, generation: 0 });
}

/** Ends one session. Ending it again changes nothing. */
export async function revokeSession(
  tx: Tx,
  tenantId: string,
  sessionId: string,
  reason: string,
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    update sessions set revoked_at = ${now}, revoke_reason = ${reason}
    where tenant_id = ${tenantId} and id = ${sessionId} and revoked_at is null`);
}

/** Ends the sessions of a customer: access tokens stop at once, refresh tokens for good. Returns how many ended. */
export function revokeAllSessions(
  tx: Tx,
  tenantId: string,
  customerId: string,
  reason: string,
  now: Date,
  { except = null }: { except?: string | null } = {},
): Promise<number> {
  return tx.execute(sql`
    update sessions set revoked_at = ${now}, revoke_reason = ${reason}
    where tenant_id = ${tenantId} and customer_id = ${customerId} and revoked_at is null
      and id is distinct from ${except}`);
}
