import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { addDays } from "../../platform/clock.ts";
import { type Db, json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

type State = "next" | "active" | "verifying";
type Row = { id: string; jwk: JWK; sealed: string; state: State; changedAt: Date };
type Key = { id: string; state: State; publicJwk: JWK; publicKey: CryptoKey; privateKey: CryptoKey };

/** What a token is for, in its header: one kind never passes for the other. */
export type TokenType = "at+jwt" | "JWT";

/** How long a key signs. */
export const SIGNING_DAYS = 90;
/** How long it is published afterwards: longer than any token that it signed lives. */
export const VERIFYING_DAYS = 3;
/** Other processes learn of a rotation within this time; the key after the current one is always published already. */
const REMEMBER_MS = 60_000;

type KeyDeps = Pick<Deps, "clock" | "db" | "ids" | "keys">;

const ALG = "RS256";
const sealContext = (id: string): string => `signing-key:${id}`;
const remembered = new WeakMap<Db, { keys: Key[]; until: number }>();

/** The published keys, the signing one first. The first call of an installation makes them. */
async function currentKeys(deps: KeyDeps): Promise<Key[]> {
  const now = deps.clock.now().getTime();
  const known = remembered.get(deps.db);
  if (known && now < known.until) return known.keys;
  let rows = await readRows(deps.db);
  if (!rows.some(({ state }) => state === "active")) {
    await deps.db.transaction(async (tx) => {
      const there = await lockedRows(tx);
      for (const state of ["active", "next"] as const) {
        if (!there.some((row) => row.state === state)) await createKey(tx, deps, state);
      }
    });
    rows = await readRows(deps.db);
  }
  const keys = await Promise.all(rows.map((row) => openKey(deps, row)));
  remembered.set(deps.db, { keys, until: now + REMEMBER_MS });
  return keys;
}

const readRows = (q: Db | Tx): Promise<Row[]> =>
  q.query<Row>(sql`
    select id, public_jwk jwk, private_sealed sealed, state, changed_at "changedAt" from signing_keys
    where purpose = 'oidc' and state <> 'retired' order by state = 'active' desc, created_at, id`);

async function lockedRows(tx: Tx): Promise<Row[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('tollgate:oidc-keys'))`);
  return readRows(tx);
}

async function createKey(tx: Tx, deps: KeyDeps, state: State): Promise<void> {
  const pair = await generateKeyPair(ALG, { modulusLength: 2048, extractable: true });
  const id = deps.ids.next("signingKey");
  const now = deps.clock.now();
  const sealed = deps.keys.seal(JSON.stringify(await exportJWK(pair.privateKey)), sealContext(id));
  await tx.execute(sql`
    insert into signing_keys (id, purpose, alg, public_jwk, private_sealed, state, created_at, changed_at)
    values (${id}, 'oidc', ${ALG}, ${json(await exportJWK(pair.publicKey))}, ${sealed}, ${state}, ${now}, ${now})`);
}

async function openKey(deps: KeyDeps, row: Row): Promise<Key> {
  const privateJwk = JSON.parse(deps.keys.open(row.sealed, sealContext(row.id))) as JWK;
  const [publicKey, privateKey] = await Promise.all([importJWK(row.jwk, ALG), importJWK(privateJwk, ALG)]);
  const { kty, n, e } = row.jwk;
  const publicJwk = { kty, n, e, kid: row.id, use: "sig", alg: ALG };
  return {
    id: row.id,
    state: row.state,
    publicJwk,
    publicKey: publicKey as CryptoKey,
    privateKey: privateKey as CryptoKey,
  };
}

/** What `jwks.json` lists: the signing key, the one that follows, and those whose tokens may still be around. */
export const publishedKeys = async (deps: KeyDeps): Promise<JWK[]> =>
  (await currentKeys(deps)).map(({ publicJwk }) => publicJwk);

export async function signJwt(deps: KeyDeps, type: TokenType, payload: JWTPayload): Promise<string> {
  const [active] = await currentKeys(deps);
  if (active?.state !== "active") throw new Error("there is no signing key");
  return new SignJWT(payload)
    .setProtectedHeader({ alg: ALG, typ: type, kid: active.id })
    .sign(active.privateKey);
}

/** The payload of a token of ours, or null: forged, expired, another algorithm's or another kind's. */
export async function verifyJwt(deps: KeyDeps, type: TokenType, token: string): Promise<JWTPayload | null> {
  const keys = await currentKeys(deps);
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = keys.find((it) => it.id === kid);
        if (!key) throw new Error("unknown key");
        return key.publicKey;
      },
      { algorithms: [ALG], typ: type, currentDate: deps.clock.now(), requiredClaims: ["exp", "iat", "sub"] },
    );
    return payload;
  } catch {
    return null;
  }
}

/**
 * Lets the announced key sign, announces another, and keeps the old one published until its last token is over. So
 * nobody who read the keys within the last 90 days meets a token they cannot check.
 */
export async function rotateSigningKeys(deps: KeyDeps): Promise<void> {
  await currentKeys(deps);
  await deps.db.transaction(async (tx) => {
    const rows = await lockedRows(tx);
    await promote(tx, deps, rows);
  });
  remembered.delete(deps.db);
}

async function promote(tx: Tx, deps: KeyDeps, rows: Row[]): Promise<void> {
  const now = deps.clock.now();
  const move = (from: State, to: State) =>
    tx.execute(
      sql`update signing_keys set state = ${to}, changed_at = ${now} where purpose = 'oidc' and state = ${from}`,
    );
  await move("active", "verifying");
  if (!rows.some(({ state }) => state === "next")) await createKey(tx, deps, "next");
  await move("next", "active");
  await createKey(tx, deps, "next");
}

/** What is due: a rotation after 90 days, and the end of keys that signed nothing which still lives. */
export async function keepSigningKeys(deps: KeyDeps): Promise<number> {
  const now = deps.clock.now();
  const changed = await deps.db.transaction(async (tx) => {
    const rows = await lockedRows(tx);
    const active = rows.find(({ state }) => state === "active");
    const due = active && active.changedAt <= addDays(now, -SIGNING_DAYS);
    if (due) await promote(tx, deps, rows);
    const retired = await tx.execute(sql`
      update signing_keys set state = 'retired', changed_at = ${now}
      where purpose = 'oidc' and state = 'verifying' and changed_at <= ${addDays(now, -VERIFYING_DAYS)}`);
    return retired + (due ? 1 : 0);
  });
  if (changed > 0) remembered.delete(deps.db);
  return changed;
}
