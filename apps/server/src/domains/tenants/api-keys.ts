import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

export type ApiKey = {
  id: string;
  tenantId: string;
  name: string;
  kind: "secret" | "publishable" | "ingest";
  mode: "test" | "live";
  /** What it may do in the Management API, as `paywall:read`; empty for everything. */
  scopes: string[];
  /** `sk_test_…1234`: enough to recognise it, useless to anyone else. */
  hint: string;
  active: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** A new key with its secret, which is shown this once and stored only as a hash. */
export type ApiKeySecret = ApiKey & { secret: string };

const LETTER = { secret: "sk", publishable: "pk", ingest: "ik" } as const;

/** Makes an API key. Not idempotent: every call makes another key. */
export async function createApiKey(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "random">,
  input: {
    tenantId: string;
    name: string;
    kind: ApiKey["kind"];
    mode: ApiKey["mode"];
    /** Default: everything. */
    scopes?: string[];
    secret?: string;
  },
): Promise<ApiKeySecret> {
  const prefix = `${LETTER[input.kind]}_${input.mode}_`;
  const secret = input.secret ?? prefix + deps.random.bytes(24).toString("base64url");
  const id = deps.ids.next("apiKey");
  const createdAt = deps.clock.now();
  const last4 = secret.slice(-4);
  await tx.execute(sql`
    insert into api_keys (id, tenant_id, name, kind, mode, scopes, hash, prefix, last4, created_at)
    values (${id}, ${input.tenantId}, ${input.name}, ${input.kind}, ${input.mode}, ${input.scopes ?? []}, ${sha256(secret)},
      ${prefix}, ${last4}, ${createdAt})`);
  const { tenantId, name, kind, mode, scopes = [] } = input;
  const hint = `${prefix}…${last4}`;
  return {
    id,
    tenantId,
    name,
    kind,
    mode,
    scopes,
    hint,
    active: true,
    createdAt,
    lastUsedAt: null,
    revokedAt: null,
    secret,
  };
}

const USE_RECORDED_EVERY_MS = 60_000;

/** The key behind a secret, whoever owns it, or null. The caller compares tenants: a foreign key is 403, not 401. */
export async function resolveApiKey(
  q: Queryable,
  secret: string,
  now: Date,
): Promise<{
  id: string;
  tenantId: string;
  kind: ApiKey["kind"];
  mode: ApiKey["mode"];
  scopes: string[];
  active: boolean;
} | null> {
  const hash = sha256(secret);
  const key = await q.maybeOne<
    Pick<ApiKey, "id" | "tenantId" | "kind" | "mode" | "scopes" | "active" | "lastUsedAt">
  >(sql`
    select id, tenant_id "tenantId", kind, mode, scopes, last_used_at "lastUsedAt",
      active and revoked_at is null and (expires_at is null or expires_at > ${now}) active
    from api_keys where hash = ${hash}`);
  // Once a minute is precise enough, and keeps a busy key from being one hot row.
  if (key && now.getTime() - (key.lastUsedAt?.getTime() ?? 0) > USE_RECORDED_EVERY_MS) {
    await q.execute(sql`update api_keys set last_used_at = ${now} where hash = ${hash}`);
  }
  return key;
}

/** A tenant's keys, newest first, revoked ones included. */
export const listApiKeys = (q: Queryable, tenantId: string): Promise<ApiKey[]> =>
  q.query<ApiKey>(sql`
    select id, tenant_id "tenantId", name, kind, mode, scopes, prefix || '…' || last4 hint,
      active and revoked_at is null active, created_at "createdAt", last_used_at "lastUsedAt", revoked_at "revokedAt"
    from api_keys where tenant_id = ${tenantId} order by created_at desc, id desc`);

/** Ends a key at once. Revoking it again changes nothing. Returns whether the tenant has such a key. */
export async function revokeApiKey(tx: Tx, tenantId: string, keyId: string, now: Date): Promise<boolean> {
  return (
    (await tx.execute(sql`
      update api_keys set active = false, revoked_at = coalesce(revoked_at, ${now})
      where tenant_id = ${tenantId} and id = ${keyId}`)) === 1
  );
}
