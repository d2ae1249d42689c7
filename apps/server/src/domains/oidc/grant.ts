import { addSeconds } from "../../platform/clock.ts";
import { safeEqual, sha256 } from "../../platform/crypto.ts";
import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type BrowserSession, findLiveSession, touchSession } from "../identity/index.ts";
import type { OAuthClient } from "../tenants/index.ts";
import { invalidCode, invalidRefreshToken } from "./errors.ts";
import type { AuthorizeRequest } from "./login-request.ts";

/** What one authorization gave to one client. */
export type Grant = {
  id: string;
  tenantId: string;
  /** The row's id, not what callers send. */
  clientId: string;
  sessionId: string;
  redirectUri: string;
  codeChallenge: string | null;
  nonce: string | null;
  scopes: string[];
  audience: string | null;
  organization: string | null;
  createdAt: Date;
  codeUsedAt: Date | null;
  revokedAt: Date | null;
};

const COLUMNS: Statement = {
  text: `g.id, g.tenant_id "tenantId", g.client_id "clientId", g.session_id "sessionId", g.redirect_uri "redirectUri",
    g.code_challenge "codeChallenge", g.nonce, g.scopes, g.audience, g.organization, g.created_at "createdAt",
    g.code_used_at "codeUsedAt", g.revoked_at "revokedAt"`,
  values: [],
  name: undefined,
};

export const CODE_SECONDS = 300;
/** Tabs that wake together refresh together with one token. */
export const LEEWAY_SECONDS = 30;

/** Answers an authorization request: makes the code that the client may exchange once, within five minutes. */
export async function issueCode(
  q: Queryable,
  deps: Pick<Deps, "clock" | "ids" | "random">,
  input: { client: OAuthClient; sessionId: string; scopes: string[]; request: AuthorizeRequest },
): Promise<string> {
  const { client, request } = input;
  const code = deps.random.bytes(32).toString("base64url");
  await q.execute(sql`
    insert into login_grants (id, tenant_id, client_id, session_id, code_hash, redirect_uri, code_challenge, nonce, scopes,
      audience, organization, created_at)
    values (${deps.ids.next("loginGrant")}, ${client.tenantId}, ${client.id}, ${input.sessionId}, ${sha256(code)},
      ${request.redirectUri}, ${request.codeChallenge}, ${request.nonce}, ${input.scopes}, ${request.audience},
      ${request.organization}, ${deps.clock.now()})`);
  return code;
}

export type Exchanged = { grant: Grant; session: BrowserSession; refreshToken: string | null };

/**
 * Exchanges a code. It is bound to the client, to the redirect address as it was sent and to the verifier; what does
 * not fit answers alike and uses nothing up. A code that comes a second time has been seen by two, so everything that
 * was given for it ends.
 *
 * @throws OAuthError `invalid_grant`
 */
export async function exchangeCode(
  deps: Pick<Deps, "clock" | "db" | "random">,
  input: { client: OAuthClient; code: string; redirectUri: string; codeVerifier: string | null },
): Promise<Exchanged> {
  const { client, code, redirectUri, codeVerifier } = input;
  const now = deps.clock.now();
  const exchanged = await deps.db.transaction(async (tx) => {
    const grant = await tx.maybeOne<Grant>(sql`
      select ${COLUMNS} from login_grants g
      where g.code_hash = ${sha256(code)} and g.client_id = ${client.id} and g.tenant_id = ${client.tenantId} for update`);
    if (!grant || grant.revokedAt || grant.redirectUri !== redirectUri) return null;
    if (!isVerifiedBy(grant.codeChallenge, codeVerifier)) return null;
    if (grant.codeUsedAt) {
      await revokeGrant(tx, grant.id, "code_replayed", now);
      return null;
    }
    const session = await findLiveSession(tx, grant.tenantId, grant.sessionId, now);
    if (!session || addSeconds(grant.createdAt, CODE_SECONDS) <= now) return null;
    await tx.execute(sql`update login_grants set code_used_at = ${now} where id = ${grant.id}`);
    const refreshToken = await firstRefreshToken(tx, deps, grant);
    return { grant, session, refreshToken };
  });
  if (!exchanged) throw invalidCode();
  return exchanged;
}

/**
 * A grant for somebody who has just signed in where the client asked them itself, without a page of ours in between. It
 * has no code that anybody could exchange.
 */
export async function grantDirectly(
  deps: Pick<Deps, "clock" | "db" | "ids" | "random">,
  input: { client: OAuthClient; sessionId: string; scopes: string[]; audience: string | null },
): Promise<Exchanged> {
  const { client, sessionId, scopes, audience } = input;
  const now = deps.clock.now();
  const id = deps.ids.next("loginGrant");
  return deps.db.transaction(async (tx) => {
    const session = await findLiveSession(tx, client.tenantId, sessionId, now);
    if (!session) throw invalidCode();
    const grant = await tx.one<Grant>(sql`
      insert into login_grants as g (id, tenant_id, client_id, session_id, code_hash, redirect_uri, scopes, audience,
        created_at, code_used_at)
      values (${id}, ${client.tenantId}, ${client.id}, ${sessionId}, ${deps.random.bytes(32)}, '', ${scopes}, ${audience},
        ${now}, ${now})
      returning ${COLUMNS}`);
    return { grant, session, refreshToken: await firstRefreshToken(tx, deps, grant) };
  });
}

function isVerifiedBy(challenge: string | null, verifier: string | null): boolean {
  if (challenge === null) return verifier === null;
  return verifier !== null && safeEqual(sha256(verifier).toString("base64url"), challenge);
}

const firstRefreshToken = async (
  tx: Tx,
  deps: Pick<Deps, "clock" | "random">,
  grant: Grant,
): Promise<string | null> =>
  grant.scopes.includes("offline_access") ? addRefreshToken(tx, deps, grant.id, 0) : null;

/** 57 characters: the published client takes one of 64 for a token of its vendor's older service. */
async function addRefreshToken(
  tx: Tx,
  deps: Pick<Deps, "clock" | "random">,
  grantId: string,
  generation: number,
): Promise<string> {
  const token = `rt_${deps.random.bytes(5).toString("hex")}.${deps.random.bytes(32).toString("base64url")}`;
  await tx.execute(sql`
    insert into login_refresh_tokens (hash, grant_id, generation, issued_at)
    values (${sha256(token)}, ${grantId}, ${generation}, ${deps.clock.now()})`);
  return token;
}

/**
 * Exchanges a refresh token for the next one. It may come again within 30 seconds of its first use; later it is taken
 * for stolen, and everything that the grant gave ends.
 *
 * @throws OAuthError `invalid_grant` for every token that is not good, whatever the reason
 */
export async function refreshGrant(
  deps: Pick<Deps, "clock" | "db" | "random">,
  input: { client: OAuthClient; refreshToken: string },
): Promise<Exchanged & { refreshToken: string }> {
  const { client } = input;
  const hash = sha256(input.refreshToken);
  const now = deps.clock.now();
  const refreshed = await deps.db.transaction(async (tx) => {
    // The grant's lock puts concurrent refreshes in a row; the token is read behind it.
    const grant = await tx.maybeOne<Grant>(sql`
      select ${COLUMNS} from login_grants g
      where g.id = (select grant_id from login_refresh_tokens where hash = ${hash})
        and g.client_id = ${client.id} and g.tenant_id = ${client.tenantId} for update`);
    if (!grant || grant.revokedAt) return null;
    const token = await tx.one<{ generation: number; usedAt: Date | null; newest: number }>(sql`
      select t.generation, t.used_at "usedAt",
        (select max(generation) from login_refresh_tokens where grant_id = t.grant_id) newest
      from login_refresh_tokens t where t.hash = ${hash}`);
    if (token.usedAt && addSeconds(token.usedAt, LEEWAY_SECONDS) < now) {
      await revokeGrant(tx, grant.id, "refresh_token_reused", now);
      return null;
    }
    const session = await findLiveSession(tx, grant.tenantId, grant.sessionId, now);
    if (!session) return null;
    await tx.execute(sql`
      update login_refresh_tokens set used_at = ${now}
      where grant_id = ${grant.id} and generation = ${token.generation} and used_at is null`);
    await touchSession(tx, grant.tenantId, grant.sessionId, now);
    const generation = token.usedAt ? token.newest : token.generation + 1;
    return { grant, session, refreshToken: await addRefreshToken(tx, deps, grant.id, generation) };
  });
  if (!refreshed) throw invalidRefreshToken();
  return refreshed;
}

async function revokeGrant(tx: Tx, grantId: string, reason: string, now: Date): Promise<void> {
  await tx.execute(sql`
    update login_grants set revoked_at = ${now}, revoke_reason = ${reason} where id = ${grantId} and revoked_at is null`);
}

/** Ends what a refresh token belongs to, if it is this client's; unknown tokens are no error (RFC 7009). */
export async function revokeByRefreshToken(
  deps: Pick<Deps, "clock" | "db">,
  input: { client: OAuthClient; token: string },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const grant = await tx.maybeOne<{ id: string }>(sql`
      select g.id from login_refresh_tokens t join login_grants g on g.id = t.grant_id
      where t.hash = ${sha256(input.token)} and g.client_id = ${input.client.id}`);
    if (grant) await revokeGrant(tx, grant.id, "revoked", deps.clock.now());
  });
}

/** Whether the grant behind an access token still stands. */
export const isGrantAlive = async (q: Queryable, id: string, sessionId: string): Promise<boolean> =>
  (await q.maybeOne(
    sql`select 1 from login_grants where id = ${id} and session_id = ${sessionId} and revoked_at is null`,
  )) !== null;
