import { importPKCS8, SignJWT } from "jose";
import type * as OpenId from "openid-client";
import { nameOf, toProfile } from "./profile.ts";
import {
  type ProviderAdapter,
  type ProviderAnswer,
  type ProviderCredentials,
  ProviderFailure,
  type ProviderTools,
} from "./provider.ts";

// Loaded with the first sign-in: most servers start without needing it.
const openId = () => import("openid-client");

const METADATA_MS = 3_600_000;
const ISSUERS_MAX = 200;
const APPLE_SECRET_SECONDS = 300;

type Dialect = {
  issuer: string;
  scopes: string[];
  /** Sent along with every request. */
  extra: Record<string, string>;
  /** Whether the provider binds its code to a verifier of ours. Where it does not, the nonce does that work. */
  pkce: boolean;
  clientSecret(tools: ProviderTools, credentials: ProviderCredentials, issuer: string): Promise<string>;
  /** What the browser brought beside the code; nobody vouches for it. */
  name?(params: URLSearchParams): string | null;
};

type Known = { metadata: OpenId.ServerMetadata; readAtMs: number; jwks?: OpenId.ExportedJWKSCache };

/** An OpenID Connect provider: discovery, PKCE where it is offered, and an ID token whose signature is checked. */
function oidcProvider(dialect: Dialect): ProviderAdapter {
  const known = new Map<string, Known>();

  async function open(tools: ProviderTools, credentials: ProviderCredentials) {
    const library = await openId();
    const issuer = credentials.options.issuer ?? dialect.issuer;
    const insecure = issuer.startsWith("http://");
    const secret = await dialect.clientSecret(tools, credentials, issuer);
    // The library reads the ambient clock; ours may differ.
    const clockSkew = Math.round((tools.now().getTime() - Date.now()) / 1000);
    const client = { [library.clockSkew]: clockSkew, client_secret: secret };
    let entry = known.get(issuer);
    if (!entry || tools.now().getTime() - entry.readAtMs > METADATA_MS) {
      const found = await library.discovery(new URL(issuer), credentials.clientId, client, undefined, {
        [library.customFetch]: tools.fetch,
        ...(insecure && { execute: [library.allowInsecureRequests] }),
      });
      if (known.size >= ISSUERS_MAX) known.clear();
      entry = { metadata: { ...found.serverMetadata() }, readAtMs: tools.now().getTime() };
      known.set(issuer, entry);
    }
    const config = new library.Configuration(
      entry.metadata,
      credentials.clientId,
      client,
      library.ClientSecretPost(secret),
    );
    config[library.customFetch] = tools.fetch;
    if (insecure) library.allowInsecureRequests(config);
    library.enableNonRepudiationChecks(config);
    if (entry.jwks) library.setJwksCache(config, entry.jwks);
    return { library, config, entry };
  }

  return {
    async authorizeUrl(tools, request) {
      const { library, config } = await open(tools, request.credentials);
      return library.buildAuthorizationUrl(config, {
        ...dialect.extra,
        redirect_uri: request.redirectUri,
        scope: [...new Set([...dialect.scopes, ...request.scopes])].join(" "),
        state: request.state,
        nonce: request.nonce,
        ...(dialect.pkce && {
          code_challenge: await library.calculatePKCECodeChallenge(request.pkceVerifier),
          code_challenge_method: "S256",
        }),
      });
    },
    async readProfile(tools, answer) {
      const { library, config, entry } = await open(tools, answer.credentials);
      const tokens = await library.authorizationCodeGrant(
        config,
        answerUrl(answer, ["code", "state", "iss"]),
        {
          expectedState: answer.state,
          expectedNonce: answer.nonce,
          idTokenExpected: true,
          ...(dialect.pkce && { pkceCodeVerifier: answer.pkceVerifier }),
        },
      );
      const jwks = library.getJwksCache(config);
      if (jwks) entry.jwks = jwks;
      const claims = tokens.claims();
      if (!claims) throw new ProviderFailure("the provider sent no ID token");
      return toProfile({
        subject: claims.sub,
        email: claims.email,
        emailVerified: claims.email_verified,
        name: dialect.name ? dialect.name(answer.params) : claims.name,
        picture: claims.picture,
      });
    },
  };
}

/** The address that the browser came back to, with nothing in it but what the library should see. */
export function answerUrl({ redirectUri, params }: ProviderAnswer, names: string[]): URL {
  const url = new URL(redirectUri);
  for (const name of names) {
    const value = params.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  return url;
}

export const google = oidcProvider({
  issuer: "https://accounts.google.com",
  scopes: ["openid", "email", "profile"],
  // Somebody with one account would otherwise be sent back without a word, whoever opened the window.
  extra: { prompt: "select_account" },
  pkce: true,
  clientSecret: async (_, { secret }) => secret,
});

export const apple = oidcProvider({
  issuer: "https://appleid.apple.com",
  scopes: ["openid", "email", "name"],
  extra: { response_mode: "form_post" },
  pkce: false,
  async clientSecret(tools, { clientId, secret, options }, issuer) {
    const issuedAt = Math.floor(tools.now().getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: "ES256", kid: options.keyId ?? "" })
      .setIssuer(options.teamId ?? "")
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + APPLE_SECRET_SECONDS)
      .sign(await importPKCS8(secret, "ES256"));
  },
  // Only with the very first sign-in, and through the browser: good for a greeting and nothing else.
  name(params) {
    try {
      const { firstName, lastName } = JSON.parse(params.get("user") ?? "null")?.name ?? {};
      return nameOf([firstName, lastName].filter((part) => typeof part === "string").join(" "));
    } catch {
      return null;
    }
  },
});
