import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { importJWK, jwtVerify } from "jose";
import { safeEqual, sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

export const PLAYED = ["google", "apple", "github", "facebook"] as const;
/** Whom the sandbox plays. */
export type Played = (typeof PLAYED)[number];
export const isPlayed = (text: string): text is Played => (PLAYED as readonly string[]).includes(text);

export type SandboxApp = {
  provider: Played;
  clientId: string;
  redirectUri: string;
  secretHash: Buffer | null;
  teamId: string | null;
  keyId: string | null;
  publicJwk: JsonWebKey | null;
};

const TEAM_ID = "SANDBOX001";

export type Registration = { secret: string; teamId?: string; keyId?: string };

/**
 * Registers an app, as a developer does on a provider's own site, and hands out its credentials: a secret, or
 * for Apple a team key as PEM. Registering it again makes new ones.
 */
export async function registerSandboxApp(
  q: Queryable,
  deps: Pick<Deps, "random">,
  app: { provider: Played; clientId: string; redirectUri: string },
): Promise<Registration> {
  const { provider, clientId, redirectUri } = app;
  let secret = deps.random.bytes(24).toString("base64url");
  let [secretHash, teamId, keyId, publicJwk]: [
    Buffer | null,
    string | null,
    string | null,
    JsonWebKey | null,
  ] = [sha256(secret), null, null, null];
  if (provider === "apple") {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    secret = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    [secretHash, teamId] = [null, TEAM_ID];
    keyId = deps.random.bytes(5).toString("hex").toUpperCase();
    publicJwk = pair.publicKey.export({ format: "jwk" });
  }
  await q.execute(sql`
    insert into sandbox_identity_apps (provider, client_id, redirect_uri, secret_hash, team_id, key_id, public_jwk)
    values (${provider}, ${clientId}, ${redirectUri}, ${secretHash}, ${teamId}, ${keyId}, ${publicJwk && json(publicJwk)})
    on conflict (provider, client_id) do update set redirect_uri = excluded.redirect_uri,
      secret_hash = excluded.secret_hash, team_id = excluded.team_id, key_id = excluded.key_id, public_jwk = excluded.public_jwk`);
  return { secret, ...(teamId && { teamId }), ...(keyId && { keyId }) };
}

/** Moves registered redirect addresses to another origin, for a demonstration that now has another port. */
export async function moveSandboxApps(q: Queryable, origin: string): Promise<void> {
  await q.execute(sql`
    update sandbox_identity_apps set redirect_uri = regexp_replace(redirect_uri, '^https?://[^/]+', ${origin})`);
}

export const findSandboxApp = (
  q: Queryable,
  provider: Played,
  clientId: string,
): Promise<SandboxApp | null> =>
  q.maybeOne<SandboxApp>(sql`
    select provider, client_id "clientId", redirect_uri "redirectUri", secret_hash "secretHash", team_id "teamId",
      key_id "keyId", public_jwk "publicJwk"
    from sandbox_identity_apps where provider = ${provider} and client_id = ${clientId}`);

/** Whether somebody who shows this secret is the app. Apple's is a token that the team's key has signed. */
export async function isAppsSecret(
  app: SandboxApp,
  secret: string,
  expected: { audience: string; now: Date },
): Promise<boolean> {
  if (app.secretHash) return safeEqual(app.secretHash, sha256(secret));
  if (!app.publicJwk) return false;
  try {
    const { protectedHeader } = await jwtVerify(secret, await importJWK(app.publicJwk, "ES256"), {
      algorithms: ["ES256"],
      issuer: app.teamId ?? "",
      subject: app.clientId,
      audience: expected.audience,
      currentDate: expected.now,
      maxTokenAge: "180d",
    });
    return protectedHeader.kid === app.keyId;
  } catch {
    return false;
  }
}
