import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  type AuthorizeRequest,
  findBrowserSession,
  grantedScopes,
  issueCode,
  keepLoginRequest,
  mayLeadTo,
  OAuthError,
} from "../../domains/oidc/index.ts";
import { findOAuthClient, findTenant, type OAuthClient } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { sendPage } from "../hosted/page.ts";
import { answer, type Destination } from "./answer.ts";
import { audienceOf } from "./audience.ts";
import { ensureBrowserSecret, sessionSecret } from "./cookies.ts";
import { issuerOf } from "./origin.ts";

const MODES = ["query", "fragment", "form_post", "web_message"] as const;
const VALUE_CHARS_MAX = 4096;
const FORM_BYTES_MAX = 64 * 1024;

/** `/authorize`, with its parameters in the address or, as the standard wants it too, in a form: publisher API §3.2. */
export function authorizeRoutes(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>().on(["GET", "POST"], "/authorize", async (c) => {
    const query =
      c.req.method === "POST"
        ? new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"))
        : new URL(c.req.url).searchParams;
    const clientId = query.get("client_id") ?? "";
    const client = /^[\w.-]{1,80}$/.test(clientId) ? await findOAuthClient(deps.db, clientId) : null;
    const tenant = client && (await findTenant(deps.db, client.tenantId));
    // Nobody is told anything at an address that is not known to be theirs.
    if (!client || tenant?.status !== "active")
      return refusePage(deps, c, "This application is not registered here.");
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.getAll("redirect_uri").length !== 1 || !mayLeadTo(client, redirectUri)) {
      return refusePage(deps, c, "The page to return to does not belong to this application.");
    }
    const to: Destination = {
      redirectUri,
      responseMode: MODES.find((mode) => mode === query.get("response_mode")) ?? "query",
      state: usable(query.get("state")) ? query.get("state") : null,
    };
    try {
      return await authorize(deps, c, client, readRequest(client, query, to, issuerOf(deps, c)), query);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      return answer(deps, c, client, to, { error: error.error, error_description: error.description });
    }
  });
}

async function authorize(
  deps: Deps,
  c: Context<AppEnv>,
  client: OAuthClient,
  request: AuthorizeRequest,
  query: URLSearchParams,
): Promise<Response> {
  const prompts = (query.get("prompt") ?? "").split(" ");
  const secret = sessionSecret(deps, c, client.tenantId);
  const session = secret ? await findBrowserSession(deps.db, deps, client.tenantId, secret) : null;
  const asksAgain = prompts.includes("login") || prompts.includes("select_account");
  if (session && !asksAgain) {
    const scopes = grantedScopes(client, request.scope);
    const code = await issueCode(deps.db, deps, { client, sessionId: session.sessionId, scopes, request });
    return answer(deps, c, client, request, { code });
  }
  if (prompts.includes("none")) throw new OAuthError("login_required", "Login required");
  const browser = ensureBrowserSecret(deps, c);
  const { id: clientId, tenantId } = client;
  const state = await keepLoginRequest(deps.db, deps, { tenantId, clientId, request, browser });
  c.header("cache-control", "no-store");
  return c.redirect(`/u/login?${new URLSearchParams({ state })}`, 302);
}

/** PostgreSQL holds no NUL, and nothing honest is this long. */
const usable = (value: string | null): boolean =>
  value !== null && value.length <= VALUE_CHARS_MAX && !value.includes("\0") && value.isWellFormed();

/** @throws OAuthError for a request that is not in order */
function readRequest(
  client: OAuthClient,
  query: URLSearchParams,
  to: Destination,
  issuer: string,
): AuthorizeRequest {
  const invalid = (description: string) => new OAuthError("invalid_request", description);
  const one = (name: string): string | null => {
    const values = query.getAll(name);
    if (values.length > 1) throw invalid(`${name} is given more than once`);
    const value = values[0] ?? null;
    if (value !== null && !usable(value)) throw invalid(`${name} cannot be used`);
    return value;
  };
  const mode = one("response_mode");
  if (mode !== null && mode !== to.responseMode) throw invalid("This response_mode is not supported");
  const type = one("response_type");
  if (type !== "code") {
    throw new OAuthError("unsupported_response_type", "Only the response_type code is supported");
  }
  if (one("request") !== null || one("request_uri") !== null)
    throw invalid("Request objects are not supported");
  const challenge = one("code_challenge");
  if (challenge === null && client.kind === "browser") throw invalid("code_challenge is required");
  if (challenge !== null && (one("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(challenge))) {
    throw invalid("code_challenge must be an S256 challenge");
  }
  const prompts = (one("prompt") ?? "").split(" ").filter(Boolean);
  if (prompts.includes("none") && prompts.length > 1) throw invalid("prompt none stands alone");
  const organization = one("organization") || null;
  if (organization !== null && !/^[\w.-]{1,100}$/.test(organization))
    throw invalid("organization cannot be used");
  return {
    redirectUri: to.redirectUri,
    responseMode: to.responseMode,
    state: one("state"),
    scope: one("scope") ?? "",
    nonce: one("nonce"),
    codeChallenge: challenge,
    audience: audienceOf(one("audience"), issuer),
    organization,
    loginHint: one("login_hint")?.slice(0, 254) ?? null,
    locales: one("ui_locales")?.slice(0, 100) ?? null,
  };
}

/** For a person, where there is no address that may be told. */
export const refusePage = (deps: Pick<Deps, "random">, c: Context<AppEnv>, text: string): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title: "This sign-in cannot continue",
      tenant: { name: "Sign-in", brandColor: null },
      body: html`<section class="card stack center"><div class="symbol warn" aria-hidden="true">!</div>
<h1>This sign-in cannot continue</h1><p class="lead">${text}</p>
<p class="muted small">Go back to the page you came from and try again.</p></section>`,
    },
    { status: 400 },
  );
