import { addSeconds } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Played } from "./apps.ts";
import type { Person } from "./people.ts";

/** What an app asked for when it sent somebody here. */
export type AuthorizeRequest = {
  redirectUri: string;
  state: string;
  scopes: string[];
  nonce: string | null;
  codeChallenge: string | null;
};

export type Grant = { provider: Played; clientId: string; request: AuthorizeRequest; person: Person };

const SECONDS = { code: 600, token: 3600 } as const;

/** Writes a code or an access token down, and forgets those whose time is long over. */
export async function createGrant(
  q: Queryable,
  deps: Pick<Deps, "clock" | "random">,
  kind: "code" | "token",
  grant: Grant,
): Promise<string> {
  const secret = deps.random.bytes(24).toString("base64url");
  const now = deps.clock.now();
  await q.execute(sql`delete from sandbox_identity_grants where expires_at < ${addSeconds(now, -86_400)}`);
  await q.execute(sql`
    insert into sandbox_identity_grants (hash, kind, provider, client_id, request, person, expires_at)
    values (${sha256(secret)}, ${kind}, ${grant.provider}, ${grant.clientId}, ${json(grant.request)},
      ${json(grant.person)}, ${addSeconds(now, SECONDS[kind])})`);
  return secret;
}

/** Uses a code up. */
export const takeCode = (
  q: Queryable,
  deps: Pick<Deps, "clock">,
  provider: Played,
  code: string,
): Promise<Grant | null> =>
  q.maybeOne<Grant>(sql`
    update sandbox_identity_grants set used_at = ${deps.clock.now()}
    where hash = ${sha256(code)} and kind = 'code' and provider = ${provider} and used_at is null
      and expires_at > ${deps.clock.now()}
    returning provider, client_id "clientId", request, person`);

export const findToken = (
  q: Queryable,
  deps: Pick<Deps, "clock">,
  provider: Played,
  token: string,
): Promise<Grant | null> =>
  q.maybeOne<Grant>(sql`
    select provider, client_id "clientId", request, person from sandbox_identity_grants
    where hash = ${sha256(token)} and kind = 'token' and provider = ${provider} and expires_at > ${deps.clock.now()}`);

/** Notes that a person agreed to an app; true the first time. */
export async function noteConsent(q: Queryable, provider: Played, clientId: string, subject: string) {
  const added = await q.execute(sql`
    insert into sandbox_identity_consents (provider, client_id, subject) values (${provider}, ${clientId}, ${subject})
    on conflict do nothing`);
  return added === 1;
}
