import type { Deps } from "../../platform/deps.ts";
import { type BrowserSession, type Customer, findLiveSession } from "../identity/index.ts";
import { findOAuthClient, findTenant, type OAuthClient, type Tenant } from "../tenants/index.ts";
import { type Grant, isGrantAlive } from "./grant.ts";
import { signJwt, verifyJwt } from "./signing-keys.ts";

export const READER_TOKEN_SECONDS = 3600;
export const MACHINE_TOKEN_SECONDS = 86_400;

type TokenDeps = Pick<Deps, "clock" | "db" | "ids" | "keys" | "random">;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** What every access token says. `audience` null is this installation itself. */
function accessClaims(
  deps: Pick<Deps, "clock" | "random">,
  input: { issuer: string; tenant: Tenant; client: OAuthClient; scopes: string[]; audience: string | null },
  lifetime: number,
) {
  const issuedAt = seconds(deps.clock.now());
  return {
    iss: input.issuer,
    aud: input.audience ?? input.issuer,
    azp: input.client.clientId,
    scope: input.scopes.join(" "),
    permissions: input.scopes.filter((it) => it.includes(":")),
    vendor_id: input.tenant.slug,
    jti: deps.random.bytes(9).toString("base64url"),
    iat: issuedAt,
    exp: issuedAt + lifetime,
  };
}

/** A person's claims, as far as the scopes show them. */
export function personClaims(person: BrowserSession["customer"], scopes: string[]): Record<string, unknown> {
  const { email, name, picture } = person;
  const [given, ...family] = name?.trim().split(/\s+/) ?? [];
  return {
    ...(scopes.includes("email") && email && { email, email_verified: person.emailVerifiedAt !== null }),
    ...(scopes.includes("profile") && {
      ...(name && { name }),
      ...(given && { given_name: given }),
      ...(family.length > 0 && { family_name: family.join(" ") }),
      ...(picture && { picture }),
      ...(email && { nickname: email.split("@")[0] }),
      updated_at: person.updatedAt.toISOString(),
    }),
  };
}

/** The access token and the ID token of a grant, both valid for an hour. `issuer` is the login service as the caller sees it. */
export async function issueReaderTokens(
  deps: TokenDeps,
  input: {
    issuer: string;
    tenant: Tenant;
    client: OAuthClient;
    grant: Grant;
    session: BrowserSession;
    /** Fewer than the grant's, if the client asked for that. */
    scopes: string[];
    nonce: string | null;
  },
): Promise<{ accessToken: string; idToken: string }> {
  const { issuer, client, grant, session, scopes } = input;
  const { customer } = session;
  const claims = accessClaims(deps, { ...input, audience: grant.audience }, READER_TOKEN_SECONDS);
  const accessToken = await signJwt(deps, "at+jwt", {
    ...claims,
    sub: customer.uuid,
    sid: grant.sessionId,
    grant_id: grant.id,
    ...personClaims(
      customer,
      scopes.filter((it) => it === "email"),
    ),
  });
  const idToken = await signJwt(deps, "JWT", {
    iss: issuer,
    sub: customer.uuid,
    aud: client.clientId,
    iat: claims.iat,
    exp: claims.exp,
    auth_time: seconds(session.createdAt),
    sid: grant.sessionId,
    ...(input.nonce !== null && { nonce: input.nonce }),
    ...personClaims(customer, grant.scopes),
    ...organizationClaim(grant.organization),
  });
  return { accessToken, idToken };
}

/** What the client asked to be told again: which of its readers' organisations the login was for. It grants nothing. */
const organizationClaim = (organization: string | null): Record<string, string> =>
  organization === null
    ? {}
    : organization.startsWith("org_")
      ? { org_id: organization }
      : { org_name: organization.toLowerCase() };

/** The token of a vendor's back end, valid for a day. */
export const issueMachineToken = (
  deps: TokenDeps,
  input: { issuer: string; tenant: Tenant; client: OAuthClient; scopes: string[]; audience: string | null },
): Promise<string> =>
  signJwt(deps, "at+jwt", {
    ...accessClaims(deps, input, MACHINE_TOKEN_SECONDS),
    sub: `${input.client.clientId}@clients`,
    gty: "client-credentials",
  });

/** Who an access token of the login service speaks for. */
export type LoginToken =
  | {
      kind: "reader";
      tenant: Tenant;
      customer: Customer & { updatedAt: Date };
      sessionId: string;
      scopes: string[];
    }
  | { kind: "machine"; tenant: Tenant; client: OAuthClient; scopes: string[] };

/**
 * Who a Bearer token speaks for, or null when it is none of ours, has expired, or what it rests on is over: the session,
 * the grant, the client. All of these are looked up on every call, so that an end is immediate.
 */
export async function resolveLoginToken(
  deps: Pick<Deps, "clock" | "db" | "ids" | "keys">,
  token: string,
): Promise<LoginToken | null> {
  const payload = await verifyJwt(deps, "at+jwt", token);
  const { azp, sid, grant_id: grantId, scope } = payload ?? {};
  if (!payload || typeof azp !== "string" || typeof scope !== "string") return null;
  const client = await findOAuthClient(deps.db, azp);
  const tenant = client && (await findTenant(deps.db, client.tenantId));
  if (!client || tenant?.status !== "active" || tenant.slug !== payload.vendor_id) return null;
  const scopes = scope.split(" ").filter(Boolean);
  if (payload.gty === "client-credentials") {
    return client.kind === "machine" ? { kind: "machine", tenant, client, scopes } : null;
  }
  if (typeof sid !== "string" || typeof grantId !== "string") return null;
  const session = await findLiveSession(deps.db, tenant.id, sid, deps.clock.now());
  if (!session || session.customer.uuid !== payload.sub) return null;
  if (!(await isGrantAlive(deps.db, grantId, sid))) return null;
  return { kind: "reader", tenant, customer: session.customer, sessionId: sid, scopes };
}
