import { timingSafeEqual } from "node:crypto";
import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** A registered caller of a vendor: its pages (`browser`, no secret) or its back end (`machine`). */
export type OAuthClient = {
  id: string;
  tenantId: string;
  clientId: string;
  name: string;
  kind: "browser" | "machine";
  /** Where a login or a logout may lead back to, as `https://host[:port]`. */
  origins: string[];
  scopes: string[];
  state: "active" | "disabled";
};

const COLUMNS: Statement = {
  text: `id, tenant_id "tenantId", client_id "clientId", name, kind, origins, scopes, state`,
  values: [],
  name: undefined,
};

/** The client behind a `client_id`, whoever owns it; null when it is unknown or switched off. */
export const findOAuthClient = (q: Queryable, clientId: string): Promise<OAuthClient | null> =>
  q.maybeOne<OAuthClient>(
    sql`select ${COLUMNS} from oauth_clients where client_id = ${clientId} and state = 'active'`,
  );

/** A tenant's client by its row; null when it is unknown or switched off. */
export const findOAuthClientById = (
  q: Queryable,
  tenantId: string,
  id: string,
): Promise<OAuthClient | null> =>
  q.maybeOne<OAuthClient>(
    sql`select ${COLUMNS} from oauth_clients where tenant_id = ${tenantId} and id = ${id} and state = 'active'`,
  );

/** The client of a tenant's pages that was registered first; null when it has none. */
export const findBrowserClient = (q: Queryable, tenantId: string): Promise<OAuthClient | null> =>
  q.maybeOne<OAuthClient>(sql`
    select ${COLUMNS} from oauth_clients where tenant_id = ${tenantId} and kind = 'browser' and state = 'active'
    order by created_at, id limit 1`);

/** A machine client that knows its secret, or null. */
export async function authenticateOAuthClient(
  q: Queryable,
  clientId: string,
  secret: string,
): Promise<OAuthClient | null> {
  const row = await q.maybeOne<OAuthClient & { hash: Buffer | null }>(sql`
    select ${COLUMNS}, secret_hash hash from oauth_clients where client_id = ${clientId} and state = 'active'`);
  if (!row?.hash || !timingSafeEqual(row.hash, sha256(secret))) return null;
  const { hash: _, ...client } = row;
  return client;
}

/**
 * Registers a client, or gives the one with this `clientId` new values; a tenant cannot take another's `clientId`.
 * Idempotent. A machine client needs a secret, of which only a hash is kept.
 */
export async function saveOAuthClient(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  input: Omit<OAuthClient, "id" | "state"> & {
    state?: OAuthClient["state"] | undefined;
    secret?: string;
    /** Instead of the secret. */
    secretHash?: Buffer | undefined;
  },
): Promise<boolean> {
  const hash = input.secret === undefined ? (input.secretHash ?? null) : sha256(input.secret);
  const state = input.state ?? "active";
  return (
    (await tx.execute(sql`
      insert into oauth_clients as c (id, tenant_id, client_id, name, kind, secret_hash, origins, scopes, state, created_at)
      values (${deps.ids.next("oauthClient")}, ${input.tenantId}, ${input.clientId}, ${input.name}, ${input.kind}, ${hash},
        ${input.origins}, ${input.scopes}, ${state}, ${deps.clock.now()})
      on conflict (client_id) do update set name = excluded.name, origins = excluded.origins, scopes = excluded.scopes, state = excluded.state,
        secret_hash = coalesce(excluded.secret_hash, c.secret_hash)
      where c.tenant_id = excluded.tenant_id and c.kind = excluded.kind`)) === 1
  );
}
