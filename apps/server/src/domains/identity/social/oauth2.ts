import { createHmac } from "node:crypto";
import { answerUrl } from "./oidc.ts";
import { toProfile } from "./profile.ts";
import {
  getJson,
  type ProviderAdapter,
  type ProviderCredentials,
  type ProviderProfile,
  type ProviderTools,
} from "./provider.ts";

const openId = () => import("openid-client");

type Endpoints = { authorize: string; token: string; api: string };

type Dialect = {
  /** Where the provider is; `baseUrl` stands for another installation of it. */
  endpoints(baseUrl: string | undefined): Endpoints;
  scopes: string[];
  extra?: Record<string, string>;
  profile(
    tools: ProviderTools,
    session: { accessToken: string; api: string; credentials: ProviderCredentials },
  ): Promise<ProviderProfile>;
};

/** A provider of plain OAuth 2: no ID token, so who came back is asked of its API. */
function oauth2Provider(dialect: Dialect): ProviderAdapter {
  async function open(tools: ProviderTools, { clientId, secret, options }: ProviderCredentials) {
    const library = await openId();
    const endpoints = dialect.endpoints(options.baseUrl?.replace(/\/+$/, ""));
    const config = new library.Configuration(
      {
        issuer: new URL(endpoints.authorize).origin,
        authorization_endpoint: endpoints.authorize,
        token_endpoint: endpoints.token,
      },
      clientId,
      { client_secret: secret },
      library.ClientSecretPost(secret),
    );
    config[library.customFetch] = tools.fetch;
    if (endpoints.token.startsWith("http://")) library.allowInsecureRequests(config);
    return { library, config, api: endpoints.api };
  }

  return {
    async authorizeUrl(tools, request) {
      const { library, config } = await open(tools, request.credentials);
      return library.buildAuthorizationUrl(config, {
        ...dialect.extra,
        redirect_uri: request.redirectUri,
        scope: [...new Set([...dialect.scopes, ...request.scopes])].join(" "),
        state: request.state,
        code_challenge: await library.calculatePKCECodeChallenge(request.pkceVerifier),
        code_challenge_method: "S256",
      });
    },
    async readProfile(tools, answer) {
      const { credentials } = answer;
      const { library, config, api } = await open(tools, credentials);
      const tokens = await library.authorizationCodeGrant(config, answerUrl(answer, ["code", "state"]), {
        expectedState: answer.state,
        pkceCodeVerifier: answer.pkceVerifier,
      });
      return dialect.profile(tools, { accessToken: tokens.access_token, api, credentials });
    },
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** GitHub, or a GitHub Enterprise server at `baseUrl`. */
export const github = oauth2Provider({
  endpoints: (baseUrl) => ({
    authorize: `${baseUrl ?? "https://github.com"}/login/oauth/authorize`,
    token: `${baseUrl ?? "https://github.com"}/login/oauth/access_token`,
    api: baseUrl ? `${baseUrl}/api/v3` : "https://api.github.com",
  }),
  scopes: ["read:user", "user:email"],
  extra: { prompt: "select_account" },
  async profile(tools, { accessToken, api }) {
    const [user, list] = await Promise.all([
      getJson(tools, new URL(`${api}/user`), accessToken).then(record),
      getJson(tools, new URL(`${api}/user/emails`), accessToken),
    ]);
    // The address on the public profile is whatever somebody typed there; this list knows what was confirmed.
    const primary = (Array.isArray(list) ? list.map(record) : []).find((it) => it.primary === true);
    return toProfile({
      subject: user.id,
      email: primary?.email,
      emailVerified: primary?.verified,
      name: user.name ?? user.login,
      picture: user.avatar_url,
    });
  },
});

const GRAPH = "v24.0";

export const facebook = oauth2Provider({
  endpoints: (baseUrl) => ({
    authorize: `${baseUrl ?? "https://www.facebook.com"}/${GRAPH}/dialog/oauth`,
    token: `${baseUrl ?? "https://graph.facebook.com"}/${GRAPH}/oauth/access_token`,
    api: `${baseUrl ?? "https://graph.facebook.com"}/${GRAPH}`,
  }),
  scopes: ["public_profile", "email"],
  async profile(tools, { accessToken, api, credentials }) {
    const url = new URL(`${api}/me`);
    url.searchParams.set("fields", "id,name,email,picture.type(large)");
    // Proves that the token was given to this very app, and is not one that another app collected.
    url.searchParams.set(
      "appsecret_proof",
      createHmac("sha256", credentials.secret).update(accessToken).digest("hex"),
    );
    const me = record(await getJson(tools, url, accessToken));
    return toProfile({
      subject: me.id,
      email: me.email,
      // Facebook does not say whether anybody ever proved the address.
      emailVerified: false,
      name: me.name,
      picture: record(record(me.picture).data).url,
    });
  },
});
