import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from "node:crypto";
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type Db, json, sql } from "./database/index.ts";
import type { Ids } from "./ids.ts";
import type { Random } from "./random.ts";
import { StartError } from "./start-error.ts";

export const sha256 = (text: string | Uint8Array): Buffer => createHash("sha256").update(text).digest();
export const hmacSha256 = (secret: string | Uint8Array, body: string | Uint8Array): Buffer =>
  createHmac("sha256", secret).update(body).digest();

/** Compares two secrets without telling by its duration where they differ. */
export function safeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Encrypts what must be read again (credentials, webhook secrets) and signs access tokens. */
export interface Keys {
  /** Encrypts a text; the result names its key, so keys can rotate. `context` must match when opening. */
  seal(text: string, context: string): string;
  /** The text again. Throws when the bytes or the context are not those that were sealed. */
  open(sealed: string, context: string): string;
  /** Signs a JWT (EdDSA) of the given type; times in the payload are Unix seconds. */
  signToken(payload: JWTPayload): Promise<string>;
  /** The payload, or null for anything that this installation did not sign or that expired at `now`. */
  verifyToken(token: string, expected: { issuer: string; now: Date }): Promise<JWTPayload | null>;
  /** A keyed hash for values that must be compared but never read (client addresses, for example). */
  pseudonym(value: string): Buffer;
}

const MAX_VERIFIED = 2000;

function encrypt(key: Uint8Array, random: Random, text: string, context: string): string {
  const iv = random.bytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
}

function decrypt(key: Uint8Array, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}

/**
 * Opens the key ring that lives in the database, wrapped by the operator's secret. The first start makes
 * the first data key and the first signing key.
 * @throws StartError when the secret is not the one the ring was made with.
 */
export async function openKeys(db: Db, ids: Ids, random: Random, secret: string): Promise<Keys> {
  const wrapping = Buffer.from(hkdfSync("sha256", secret, "tollgate", "key-wrapping", 32));
  const { ring, signing } = await db.transaction(async (tx) => {
    // Two first starts at once must agree on one key.
    await tx.execute(sql`lock table encryption_keys in exclusive mode`);
    let rows = await tx.query<{ id: string; wrapped: string }>(
      sql`select id, wrapped from encryption_keys order by created_at, id`,
    );
    if (rows.length === 0) {
      const id = ids.next("signingKey");
      rows = [{ id, wrapped: encrypt(wrapping, random, random.bytes(32).toString("base64url"), id) }];
      await tx.execute(sql`insert into encryption_keys (id, wrapped) values (${id}, ${rows[0]!.wrapped})`);
    }
    const ring = new Map(rows.map((row) => [row.id, unwrap(wrapping, row)]));
    const [newest, dataKey] = [...ring].at(-1)!;
    const signing = await tx.query<{ id: string; public_jwk: JWK; private_sealed: string }>(
      sql`select id, public_jwk, private_sealed from signing_keys
          where purpose = 'access-token' and state in ('active', 'verifying') order by state, created_at desc`,
    );
    if (signing.length === 0) {
      const pair = await generateKeyPair("EdDSA", { extractable: true });
      const id = ids.next("signingKey");
      const publicJwk = await exportJWK(pair.publicKey);
      const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
      const sealed = `${newest}.${encrypt(dataKey, random, privateJwk, `signing-key:${id}`)}`;
      await tx.execute(sql`insert into signing_keys (id, purpose, alg, public_jwk, private_sealed)
        values (${id}, 'access-token', 'EdDSA', ${json(publicJwk)}, ${sealed})`);
      signing.push({ id, public_jwk: publicJwk, private_sealed: sealed });
    }
    return { ring, signing };
  });

  const [currentId, currentKey] = [...ring].at(-1)!;
  const pseudonymKey = Buffer.from(hkdfSync("sha256", secret, "tollgate", "pseudonym", 32));
  const open = (sealed: string, context: string): string => {
    const dot = sealed.indexOf(".");
    const key = ring.get(sealed.slice(0, dot));
    if (!key) throw new Error("sealed with a key that is not in the ring");
    return decrypt(key, sealed.slice(dot + 1), context);
  };
  const active = signing[0]!;
  const privateKey = await importJWK(
    JSON.parse(open(active.private_sealed, `signing-key:${active.id}`)),
    "EdDSA",
  );
  const publicKeys = new Map(
    await Promise.all(
      signing.map(async (key) => [key.id, await importJWK(key.public_jwk, "EdDSA")] as const),
    ),
  );

  // Checking a signature costs more than all else that a signed-in poll does. Only the signature is remembered:
  // issuer and times are compared on every call.
  let verified = new Map<string, JWTPayload>();
  const remembered = (token: string, issuer: string, now: Date): JWTPayload | null => {
    const payload = verified.get(token);
    const seconds = Math.floor(now.getTime() / 1000);
    const holds =
      payload !== undefined &&
      payload.iss === issuer &&
      (payload.exp ?? 0) > seconds &&
      (payload.nbf ?? 0) <= seconds;
    return holds ? { ...payload } : null;
  };

  return {
    seal: (text, context) => `${currentId}.${encrypt(currentKey, random, text, context)}`,
    open,
    signToken: (payload) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: active.id })
        .sign(privateKey),
    async verifyToken(token, { issuer, now }) {
      const known = remembered(token, issuer, now);
      if (known) return known;
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = kid === undefined ? undefined : publicKeys.get(kid);
            if (!key) throw new Error("unknown key");
            return key;
          },
          { issuer, algorithms: ["EdDSA"], typ: "at+jwt", currentDate: now },
        );
        if (verified.size >= MAX_VERIFIED) verified = new Map();
        verified.set(token, payload);
        return { ...payload };
      } catch {
        return null;
      }
    },
    pseudonym: (value) => hmacSha256(pseudonymKey, value),
  };
}

function unwrap(wrapping: Uint8Array, row: { id: string; wrapped: string }): Uint8Array {
  try {
    return Buffer.from(decrypt(wrapping, row.wrapped, row.id), "base64url");
  } catch {
    throw new StartError(
      "TOLLGATE_SECRET is not the secret this database was set up with; start with the original one.",
    );
  }
}
