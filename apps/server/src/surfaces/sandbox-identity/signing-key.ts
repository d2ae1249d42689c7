import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import { json, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

type Row = { id: string; publicJwk: JWK; sealed: string };

const context = (id: string): string => `sandbox-identity-key:${id}`;

/** The key of the sandbox company, made when it is first needed. */
async function currentKey(deps: Pick<Deps, "clock" | "db" | "keys" | "random">): Promise<Row> {
  const find = () =>
    deps.db.maybeOne<Row>(sql`
      select id, public_jwk "publicJwk", private_sealed sealed from sandbox_identity_keys order by created_at, id limit 1`);
  const known = await find();
  if (known) return known;
  const pair = await generateKeyPair("ES256", { extractable: true });
  const id = `sandbox-${deps.random.bytes(6).toString("hex")}`;
  const sealed = deps.keys.seal(JSON.stringify(await exportJWK(pair.privateKey)), context(id));
  await deps.db.execute(sql`
    insert into sandbox_identity_keys (id, public_jwk, private_sealed, created_at)
    values (${id}, ${json(await exportJWK(pair.publicKey))}, ${sealed}, ${deps.clock.now()})`);
  // Of two that were made at once, both processes use the one that sorts first.
  const first = await find();
  if (!first) throw new Error("the sandbox's key vanished while it was being made");
  return first;
}

export async function sandboxJwks(
  deps: Pick<Deps, "clock" | "db" | "keys" | "random">,
): Promise<{ keys: JWK[] }> {
  const { id, publicJwk } = await currentKey(deps);
  return { keys: [{ ...publicJwk, kid: id, alg: "ES256", use: "sig" }] };
}

export async function signIdToken(
  deps: Pick<Deps, "clock" | "db" | "keys" | "random">,
  payload: JWTPayload,
): Promise<string> {
  const { id, sealed } = await currentKey(deps);
  const key = await importJWK(JSON.parse(deps.keys.open(sealed, context(id))), "ES256");
  return new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid: id }).sign(key);
}
