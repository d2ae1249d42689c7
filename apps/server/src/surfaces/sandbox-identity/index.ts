import { type Context, Hono } from "hono";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { sha256 } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { findSandboxApp, isAppsSecret, isPlayed, type Played, type SandboxApp } from "./apps.ts";
import {
  type AuthorizeRequest,
  createGrant,
  findToken,
  type Grant,
  noteConsent,
  takeCode,
} from "./grants.ts";
import { sendChooser, sendFormPost, sendRefusal } from "./pages.ts";
import { personOf } from "./people.ts";
import { sandboxJwks, signIdToken } from "./signing-key.ts";

export { moveSandboxApps, type Played, registerSandboxApp } from "./apps.ts";

const FORM_BYTES_MAX = 16 * 1024;
const ID_TOKEN_SECONDS = 600;
const ROOT = "/sandbox/identity/:played";

/** Where the company that plays a provider is. */
export const sandboxIssuer = (origin: string, played: Played): string =>
  `${origin}/sandbox/identity/${played}`;

/**
 * An outside company that plays Google, Apple, GitHub and Facebook (docs/decisions/0005): registered apps, accounts and
 * pages of its own, reached over HTTP like the real ones. Mounted in the demonstration and in tests.
 */
export function sandboxIdentityRoutes(deps: Deps, options: { origin?: () => string } = {}): Hono<AppEnv> {
  const origin = options.origin ?? (() => new URL(deps.config.baseUrl).origin);
  const issuerOf = (played: Played) => sandboxIssuer(origin(), played);
  const playedOf = (c: Context<AppEnv>): Played => {
    const played = c.req.param("played") ?? "";
    if (!isPlayed(played)) throw new AppError("not_found", 404, "There is nothing at this address.");
    return played;
  };
  const app = new Hono<AppEnv>();

  app.get(`${ROOT}/.well-known/openid-configuration`, (c) => {
    const issuer = issuerOf(playedOf(c));
    return c.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      response_modes_supported: ["query", "form_post"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
  });
  app.get(`${ROOT}/jwks`, async (c) => c.json(await sandboxJwks(deps)));

  for (const path of ["authorize", "login/oauth/authorize", ":version/dialog/oauth"]) {
    app.get(`${ROOT}/${path}`, async (c) => {
      const asked = await readRequest(c, playedOf(c));
      return asked instanceof Response ? asked : chooser(c, asked, false);
    });
    app.post(`${ROOT}/${path}`, async (c) => {
      const asked = await readRequest(c, playedOf(c));
      return asked instanceof Response ? asked : decide(c, asked);
    });
  }
  for (const path of ["token", "login/oauth/access_token", ":version/oauth/access_token"]) {
    app.post(`${ROOT}/${path}`, (c) => exchange(c, playedOf(c)));
  }

  app.get(`${ROOT}/userinfo`, (c) => answerAbout(c, (grant) => claimsOf(grant)));
  app.get(`${ROOT}/api/v3/user`, (c) =>
    answerAbout(c, ({ person }) => ({
      id: Number(person.subject),
      login: person.name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
      name: person.name,
      avatar_url: null,
      // The public profile says whatever somebody typed there.
      email: person.email,
    })),
  );
  app.get(`${ROOT}/api/v3/user/emails`, (c) =>
    answerAbout(c, ({ person }) =>
      person.email ? [{ email: person.email, primary: true, verified: person.emailVerified }] : [],
    ),
  );
  app.get(`${ROOT}/:version/me`, (c) =>
    answerAbout(c, ({ person }) => ({
      id: person.subject,
      name: person.name,
      ...(person.email && { email: person.email }),
    })),
  );

  type Asked = { played: Played; app: SandboxApp; request: AuthorizeRequest; formPost: boolean };

  /** What an app asks for, or the page that says why it gets nothing. Only a registered address gets the browser back. */
  async function readRequest(c: Context<AppEnv>, played: Played): Promise<Asked | Response> {
    const query = new URL(c.req.url).searchParams;
    const app = await findSandboxApp(deps.db, played, query.get("client_id") ?? "");
    if (!app) return sendRefusal(c, deps, played, "No such app is registered here.");
    if (query.get("redirect_uri") !== app.redirectUri)
      return sendRefusal(
        c,
        deps,
        played,
        "The app did not register the address that it wants you to return to.",
      );
    const scopes = (query.get("scope") ?? "").split(/[ ,]+/).filter(Boolean);
    const formPost = query.get("response_mode") === "form_post";
    const problem =
      query.get("response_type") !== "code"
        ? "The app asked for something other than a code."
        : query.has("code_challenge") && query.get("code_challenge_method") !== "S256"
          ? "The app's challenge is of an unknown kind."
          : played === "apple" && scopes.length > 1 && !formPost
            ? "Apple posts names and addresses; the app asked for them in the address bar."
            : null;
    if (problem) return sendRefusal(c, deps, played, problem);
    const request = {
      redirectUri: app.redirectUri,
      state: query.get("state") ?? "",
      scopes,
      nonce: query.get("nonce"),
      codeChallenge: query.get("code_challenge"),
    };
    return { played, app, request, formPost };
  }

  const chooser = (c: Context<AppEnv>, asked: Asked, missingName: boolean): Promise<Response> => {
    const { pathname, search } = new URL(c.req.url);
    const { played, app, request } = asked;
    return sendChooser(c, deps, {
      played,
      clientId: app.clientId,
      scopes: request.scopes,
      action: pathname + search,
      missingName,
    });
  };

  async function decide(c: Context<AppEnv>, asked: Asked): Promise<Response> {
    const { played, app, request } = asked;
    const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
    const answer: Record<string, string> = { state: request.state };
    if (isOidc(played)) answer.iss = issuerOf(played);
    if (form.has("deny")) {
      answer.error = played === "apple" ? "user_cancelled_authorize" : "access_denied";
      answer.error_description = "The person said no";
    } else {
      const person = personOf(played, form);
      if (!person) return chooser(c, asked, true);
      const grant: Grant = { provider: played, clientId: app.clientId, request, person };
      answer.code = await createGrant(deps.db, deps, "code", grant);
      const isNew = await noteConsent(deps.db, played, app.clientId, person.subject);
      if (played === "apple" && isNew) {
        const [firstName = "", ...rest] = person.name.split(" ");
        answer.user = JSON.stringify({ name: { firstName, lastName: rest.join(" ") }, email: person.email });
      }
    }
    if (asked.formPost) return sendFormPost(c, deps, played, { target: app.redirectUri, fields: answer });
    const target = new URL(app.redirectUri);
    for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
    return c.redirect(target.href, 303);
  }

  async function exchange(c: Context<AppEnv>, played: Played): Promise<Response> {
    const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
    // GitHub answers every refusal with 200.
    const refuse = (error: string) => c.json({ error }, played === "github" ? 200 : 400);
    const app = await findSandboxApp(deps.db, played, form.get("client_id") ?? "");
    const now = deps.clock.now();
    const expected = { audience: issuerOf(played), now };
    if (!app || !(await isAppsSecret(app, form.get("client_secret") ?? "", expected)))
      return refuse(played === "github" ? "incorrect_client_credentials" : "invalid_client");
    const grant = await takeCode(deps.db, deps, played, form.get("code") ?? "");
    const { request } = grant ?? {};
    const challenge = sha256(form.get("code_verifier") ?? "").toString("base64url");
    const fits =
      grant?.clientId === app.clientId &&
      request?.redirectUri === form.get("redirect_uri") &&
      (request?.codeChallenge == null || request.codeChallenge === challenge);
    if (!grant || !fits) return refuse(played === "github" ? "bad_verification_code" : "invalid_grant");
    const accessToken = await createGrant(deps.db, deps, "token", grant);
    const seconds = Math.floor(now.getTime() / 1000);
    return c.json({
      access_token: accessToken,
      token_type: "bearer",
      expires_in: 3600,
      scope: grant.request.scopes.join(" "),
      ...(isOidc(played) && {
        id_token: await signIdToken(deps, {
          iss: issuerOf(played),
          aud: app.clientId,
          iat: seconds,
          exp: seconds + ID_TOKEN_SECONDS,
          ...(grant.request.nonce && { nonce: grant.request.nonce }),
          ...claimsOf(grant),
        }),
      }),
    });
  }

  /** What an access token's holder may read. Facebook also wants proof that the app's own server is asking. */
  async function answerAbout(c: Context<AppEnv>, tell: (grant: Grant) => unknown): Promise<Response> {
    const played = playedOf(c);
    const token = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    const grant = await findToken(deps.db, deps, played, token);
    if (!grant) return c.json({ message: "Bad credentials" }, 401);
    if (played === "facebook" && !/^[0-9a-f]{64}$/.test(c.req.query("appsecret_proof") ?? ""))
      return c.json(
        { error: { message: "API calls from the server require an appsecret_proof argument" } },
        400,
      );
    return c.json(tell(grant) as object);
  }
  return app;
}

const isOidc = (played: Played): boolean => played === "google" || played === "apple";

/** Apple writes booleans as text, and never a name. */
const claimsOf = ({ provider, person }: Grant) => ({
  sub: person.subject,
  ...(person.email && {
    email: person.email,
    email_verified: provider === "apple" ? String(person.emailVerified) : person.emailVerified,
  }),
  ...(provider !== "apple" && { name: person.name }),
});
