import { exportJWK, generateKeyPair, type JWK } from "jose";
import { addDays, addSeconds } from "../../platform/clock.ts";
import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";

const PURPOSE = "vault";
const ALGORITHM = "RS256";
/** No signed link lives longer than a day; keys that signed one are shown for as long again. */
const OVERLAP_DAYS = 2;

export type VaultKey = { id: string; publicJwk: JWK; privateSealed: string };

const context = (id: string): string => `signing-key:${id}`;

/** Private key material of a vault key, as a JWK. */
export const openVaultKey = (deps: Pick<Deps, "keys">, key: VaultKey): JWK =>
  JSON.parse(deps.keys.open(key.privateSealed, context(key.id)));

const activeKey = (q: Queryable, tenantId: string): Promise<VaultKey | null> =>
  q.maybeOne<VaultKey>(sql`
    select id, public_jwk "publicJwk", private_sealed "privateSealed" from signing_keys
    where tenant_id = ${tenantId} and purpose = ${PURPOSE} and state = 'active'`);

/** The key that signs a tenant's links, made the first time somebody needs it. */
export async function vaultKey(
  deps: Pick<Deps, "clock" | "db" | "ids" | "keys">,
  tenantId: string,
): Promise<VaultKey> {
  const known = await activeKey(deps.db, tenantId);
  if (known) return known;
  const fresh = await generateVaultKey(deps);
  return deps.db.transaction(async (tx) => {
    await lockKeys(tx, tenantId);
    const winner = await activeKey(tx, tenantId);
    if (winner) return winner;
    await insertKey(tx, deps, tenantId, fresh, "active");
    return fresh;
  });
}

/**
 * Publishes a new key that signs as soon as everybody has had time to see it (`vaultKeysJob`). Returns its id, or that of
 * the one that waits already.
 */
export async function announceVaultKey(
  deps: Pick<Deps, "clock" | "db" | "ids" | "keys">,
  tenantId: string,
): Promise<string> {
  const fresh = await generateVaultKey(deps);
  return deps.db.transaction(async (tx) => {
    await lockKeys(tx, tenantId);
    const waiting = await tx.maybeOne<{ id: string }>(sql`
      select id from signing_keys where tenant_id = ${tenantId} and purpose = ${PURPOSE} and state = 'next'`);
    if (waiting) return waiting.id;
    // Without one that signs there is nobody who could have remembered it.
    const state = (await activeKey(tx, tenantId)) ? "next" : "active";
    await insertKey(tx, deps, tenantId, fresh, state);
    return fresh.id;
  });
}

/** Whoever keeps published keys for longer than `vault-jwks.json` allows has had twice that time. */
const ANNOUNCED_MINUTES = 30;

/** Lets announced keys sign once they have been public for long enough. */
export function vaultKeysJob(deps: Pick<Deps, "clock" | "db">): Job {
  return {
    name: "vault-keys",
    everyMs: 60_000,
    run: () =>
      deps.db.transaction(async (tx) => {
        const now = deps.clock.now();
        const seenBefore = addSeconds(now, -60 * ANNOUNCED_MINUTES);
        const ripe = await tx.maybeOne<{ id: string; tenantId: string }>(sql`
          select id, tenant_id "tenantId" from signing_keys
          where purpose = ${PURPOSE} and tenant_id is not null and state = 'next' and changed_at <= ${seenBefore}
          order by changed_at limit 1 for update skip locked`);
        if (!ripe) return 0;
        await lockKeys(tx, ripe.tenantId);
        await retireActive(tx, ripe.tenantId, now);
        await tx.execute(
          sql`update signing_keys set state = 'active', changed_at = ${now} where id = ${ripe.id}`,
        );
        return 1;
      }),
  };
}

const retireActive = (tx: Tx, tenantId: string, now: Date) =>
  tx.execute(sql`
    update signing_keys set state = 'verifying', changed_at = ${now}, verify_until_at = ${addDays(now, OVERLAP_DAYS)}
    where tenant_id = ${tenantId} and purpose = ${PURPOSE} and state = 'active'`);

/**
 * Signs with a new key from now on; whoever keeps published keys refuses its links until they look again. The old one
 * stays published until every link that it signed has expired, unless `revoke` says that it has become known: then all
 * earlier keys end at once, and their links with them. Not idempotent: every call makes another key.
 */
export async function rotateVaultKey(
  deps: Pick<Deps, "clock" | "db" | "ids" | "keys">,
  tenantId: string,
  options: { revoke?: boolean } = {},
): Promise<string> {
  const fresh = await generateVaultKey(deps);
  await deps.db.transaction(async (tx) => {
    await lockKeys(tx, tenantId);
    const now = deps.clock.now();
    if (options.revoke) {
      await tx.execute(sql`
        update signing_keys set state = 'retired', changed_at = ${now}
        where tenant_id = ${tenantId} and purpose = ${PURPOSE} and state <> 'retired'`);
    } else await retireActive(tx, tenantId, now);
    await insertKey(tx, deps, tenantId, fresh, "active");
  });
  return fresh.id;
}

/** Public keys of a tenant's links: the one that signs first, then the next one, then those whose links may be about. */
export async function listVaultKeys(
  q: Queryable,
  deps: Pick<Deps, "clock">,
  tenantId: string,
): Promise<(JWK & { kid: string })[]> {
  const rows = await q.query<{ id: string; publicJwk: JWK }>(sql`
    select id, public_jwk "publicJwk" from signing_keys
    where tenant_id = ${tenantId} and purpose = ${PURPOSE} and (state in ('active', 'next')
      or state = 'verifying' and verify_until_at > ${deps.clock.now()})
    order by state, created_at desc, id desc`);
  return rows.map(({ id, publicJwk: { kty, n, e } }) => ({
    kty: kty as string,
    n: n as string,
    e: e as string,
    kid: id,
    alg: ALGORITHM,
    use: "sig",
  }));
}

/** The tenant whose links a key signs or signed. */
export async function ownerOfVaultKey(q: Queryable, kid: string): Promise<string | null> {
  const row = await q.maybeOne<{ tenantId: string | null }>(
    sql`select tenant_id "tenantId" from signing_keys where id = ${kid} and purpose = ${PURPOSE}`,
  );
  return row?.tenantId ?? null;
}

const lockKeys = (tx: Tx, tenantId: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`vault-key:${tenantId}`}, 0))`);

async function generateVaultKey(deps: Pick<Deps, "ids" | "keys">): Promise<VaultKey> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true, modulusLength: 2048 });
  const id = deps.ids.next("signingKey");
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
  return {
    id,
    publicJwk: await exportJWK(pair.publicKey),
    privateSealed: deps.keys.seal(privateJwk, context(id)),
  };
}

const insertKey = (
  tx: Tx,
  deps: Pick<Deps, "clock">,
  tenantId: string,
  key: VaultKey,
  state: "active" | "next",
) =>
  tx.execute(sql`
    insert into signing_keys (id, tenant_id, purpose, alg, public_jwk, private_sealed, state, changed_at, created_at)
    values (${key.id}, ${tenantId}, ${PURPOSE}, ${ALGORITHM}, ${json(key.publicJwk)}, ${key.privateSealed}, ${state},
      ${deps.clock.now()}, ${deps.clock.now()})`);
