import { type Context, Hono } from "hono";
import { verifyCode } from "../../domains/identity/index.ts";
import {
  exchangeCode,
  grantDirectly,
  grantedScopes,
  issueMachineToken,
  issueReaderTokens,
  MACHINE_TOKEN_SECONDS,
  OAuthError,
  READER_TOKEN_SECONDS,
  refreshGrant,
  revokeByRefreshToken,
} from "../../domains/oidc/index.ts";
import {
  authenticateOAuthClient,
  findOAuthClient,
  findTenant,
  type OAuthClient,
  type Tenant,
} from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { audienceOf } from "./audience.ts";
import { contextOf } from "./login-flow.ts";
import { issuerOf } from "./origin.ts";

const BODY_BYTES_MAX = 64 * 1024;
const EMAIL_CHARS_MAX = 254;

type Fields = (name: string) => string | null;
type Caller = { c: Context<AppEnv>; client: OAuthClient; tenant: Tenant; issuer: string; fields: Fields };

/** `POST /oauth/token` and `POST /oauth/revoke`: publisher API §3.3 and §3.6. */
export function tokenRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post("/oauth/token", async (c) => {
      const fields = await readFields(c);
      const grant = GRANTS[fields("grant_type") ?? ""];
      if (!fields("grant_type")) throw new OAuthError("invalid_request", "grant_type is required");
      if (!grant) throw new OAuthError("unsupported_grant_type", "This grant_type is not supported");
      const caller = { c, ...(await callerOf(deps, c, fields)), issuer: issuerOf(deps, c), fields };
      return c.json(await grant(deps, caller), 200, { "cache-control": "no-store", pragma: "no-cache" });
    })
    .post("/oauth/revoke", async (c) => {
      const fields = await readFields(c);
      const { client } = await callerOf(deps, c, fields);
      await revokeByRefreshToken(deps, { client, token: required(fields, "token") });
      return c.json({}, 200, { "cache-control": "no-store" });
    });
}

const GRANTS: Record<string, ((deps: Deps, caller: Caller) => Promise<object>) | undefined> = {
  async authorization_code(deps, { client, tenant, issuer, fields }) {
    const { grant, session, refreshToken } = await exchangeCode(deps, {
      client,
      code: required(fields, "code"),
      redirectUri: required(fields, "redirect_uri"),
      codeVerifier: fields("code_verifier"),
    });
    const { scopes, nonce } = grant;
    const tokens = await issueReaderTokens(deps, { issuer, tenant, client, grant, session, scopes, nonce });
    return toWire(tokens, scopes, refreshToken);
  },

  async refresh_token(deps, { client, tenant, issuer, fields }) {
    const refreshToken = fields("refresh_token");
    if (!refreshToken) throw new OAuthError("invalid_request", "refresh_token is required");
    const { grant, session, ...next } = await refreshGrant(deps, { client, refreshToken });
    const asked = fields("scope")?.split(" ").filter(Boolean);
    const scopes = asked ? grant.scopes.filter((it) => it === "openid" || asked.includes(it)) : grant.scopes;
    const input = { issuer, tenant, client, grant, session, scopes, nonce: null };
    return toWire(await issueReaderTokens(deps, input), scopes, next.refreshToken);
  },

  /** A code that was mailed to somebody, typed into an application of the publisher's own. */
  async "http://auth0.com/oauth/grant-type/passwordless/otp"(deps, { c, client, tenant, issuer, fields }) {
    if (client.kind !== "browser") {
      throw new OAuthError("unauthorized_client", "This client does not sign people in");
    }
    // A browser says whose page asks; a page elsewhere has no business with people's codes.
    const origin = c.req.header("origin");
    if (origin !== undefined && !client.origins.includes(origin)) {
      throw new OAuthError("access_denied", "This page does not belong to the client");
    }
    if ((fields("realm") ?? "email") !== "email")
      throw new OAuthError("invalid_request", "realm must be email");
    const [email, token] = [required(fields, "username"), required(fields, "otp")];
    const context = contextOf(deps, c, tenant);
    const signedIn = await verifyCode(deps, {
      ...context,
      email: email.slice(0, EMAIL_CHARS_MAX),
      token: token.slice(0, EMAIL_CHARS_MAX),
      purposes: ["email"],
    }).catch((error: unknown) => {
      throw error instanceof AppError && error.code === "invalid_otp"
        ? new OAuthError("invalid_grant", "Wrong email or verification code")
        : error;
    });
    const scopes = grantedScopes(client, fields("scope") ?? undefined);
    const audience = audienceOf(fields("audience"), issuer);
    const { sessionId } = signedIn;
    const { grant, session, refreshToken } = await grantDirectly(deps, {
      client,
      sessionId,
      scopes,
      audience,
    });
    const input = { issuer, tenant, client, grant, session, scopes, nonce: null };
    return toWire(await issueReaderTokens(deps, input), scopes, refreshToken);
  },

  async client_credentials(deps, { client, tenant, issuer, fields }) {
    if (client.kind !== "machine") {
      throw new OAuthError("unauthorized_client", "This client has no credentials of its own");
    }
    const scopes = grantedScopes(client, fields("scope") ?? undefined);
    const audience = audienceOf(fields("audience"), issuer);
    return {
      access_token: await issueMachineToken(deps, { issuer, tenant, client, scopes, audience }),
      token_type: "Bearer",
      expires_in: MACHINE_TOKEN_SECONDS,
      scope: scopes.join(" "),
    };
  },
};

const toWire = (
  tokens: { accessToken: string; idToken: string },
  scopes: string[],
  refreshToken: string | null,
) => ({
  access_token: tokens.accessToken,
  token_type: "Bearer",
  expires_in: READER_TOKEN_SECONDS,
  scope: scopes.join(" "),
  id_token: tokens.idToken,
  ...(refreshToken !== null && { refresh_token: refreshToken }),
});

function required(fields: Fields, name: string): string {
  const value = fields(name);
  if (!value) throw new OAuthError("invalid_request", `${name} is required`);
  return value;
}

/** A form, or JSON whatever it is called. @throws OAuthError for a field that comes twice or is no text */
async function readFields(c: Context<AppEnv>): Promise<Fields> {
  const text = (await readBytes(c, BODY_BYTES_MAX)).toString("utf8");
  const invalid = (what: string) => new OAuthError("invalid_request", what);
  const values = new Map<string, string>();
  const add = (name: string, value: unknown) => {
    if (typeof value !== "string" || value.includes("\0")) throw invalid(`${name} cannot be used`);
    if (values.has(name)) throw invalid(`${name} is given more than once`);
    values.set(name, value);
  };
  if (text.trimStart().startsWith("{")) {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw invalid("The body is not valid JSON");
    }
    for (const [name, value] of Object.entries(body as object)) if (value !== null) add(name, value);
  } else {
    for (const [name, value] of new URLSearchParams(text)) add(name, value);
  }
  return (name) => values.get(name) ?? null;
}

/** Who asks: a page by its name alone, a back end by its secret. @throws OAuthError `invalid_client` */
async function callerOf(
  deps: Deps,
  c: Context<AppEnv>,
  fields: Fields,
): Promise<{ client: OAuthClient; tenant: Tenant }> {
  const basic = basicCredentials(c.req.header("authorization"));
  const named = fields("client_id");
  // Whoever signs as one client and speaks of another is neither.
  if (basic && named !== null && named !== basic.clientId) {
    throw new OAuthError("invalid_client", "Client authentication failed");
  }
  const { clientId, secret } = basic ?? { clientId: named ?? "", secret: fields("client_secret") };
  const usable = /^[\w.-]{1,80}$/.test(clientId);
  const known = usable ? await findOAuthClient(deps.db, clientId) : null;
  const client =
    known?.kind === "machine" ? await authenticateOAuthClient(deps.db, clientId, secret ?? "") : known;
  const tenant = client && (await findTenant(deps.db, client.tenantId));
  if (!client || tenant?.status !== "active")
    throw new OAuthError("invalid_client", "Client authentication failed");
  return { client, tenant };
}

function basicCredentials(header: string | undefined): { clientId: string; secret: string } | null {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? "")?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return null;
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll("+", " "));
    } catch {
      return part;
    }
  };
  return { clientId: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}
