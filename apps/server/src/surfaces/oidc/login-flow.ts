import type { Context } from "hono";
import { html } from "hono/html";
import {
  type IssuedSession,
  LOGIN_CALLBACK_PATH,
  listConfiguredProviders,
  type SignInContext,
  setFirstPassword,
} from "../../domains/identity/index.ts";
import {
  endLoginRequest,
  findLoginRequest,
  grantedScopes,
  issueCode,
  type LoginRequest,
  rememberBrowser,
} from "../../domains/oidc/index.ts";
import {
  findOAuthClientById,
  findTenant,
  type OAuthClient,
  type Tenant,
  tenantNow,
} from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { notice } from "../hosted/form-parts.ts";
import { sendPage } from "../hosted/page.ts";
import { answer } from "./answer.ts";
import { refusePage } from "./authorize.ts";
import { browserSecret, keepSessionSecret } from "./cookies.ts";
import { LOGIN_STYLES, type StepView, stepView, titleOf } from "./login-views.ts";
import { wordsFor } from "./login-words.ts";
import { linkOrigin } from "./origin.ts";

export const OVER = "It was finished already, took too long, or was begun in another browser.";

/** A request that waits, in the browser that began it. */
export type Pending = LoginRequest & { secret: string; browser: string; tenant: Tenant; client: OAuthClient };

/** The request that this browser began, and whose it is; null when it is over or belongs to another browser. */
export async function pendingOf(deps: Deps, c: Context<AppEnv>): Promise<Pending | null> {
  const secret = c.req.query("state") ?? "";
  const browser = browserSecret(deps, c);
  if (!/^[\w-]{43}$/.test(secret) || !browser) return null;
  const found = await findLoginRequest(deps.db, deps, { secret, browser });
  const client = found && (await findOAuthClientById(deps.db, found.tenantId, found.clientId));
  const tenant = found && (await findTenant(deps.db, found.tenantId));
  return client && tenant?.status === "active" ? { ...found, secret, browser, client, tenant } : null;
}

/** Where somebody signs in. There is no paywall, so a session of the login service is the tenant's. */
export const contextOf = (deps: Deps, c: Context<AppEnv>, tenant: Tenant): SignInContext => ({
  tenant,
  paywall: null,
  now: tenantNow(deps.clock, tenant),
  clientAddress: c.get("clientAddress"),
  country: c.get("country"),
  userAgent: c.req.header("user-agent") ?? null,
});

/** The browser is signed in from here on, under a cookie that nobody knew before, and the client gets its code. */
export async function finish(
  deps: Deps,
  c: Context<AppEnv>,
  { secret, client, tenant, request }: Pending,
  { sessionId, customer }: IssuedSession,
): Promise<Response> {
  const { chosen } = request;
  const done = await deps.db.transaction(async (tx) => {
    if ((await endLoginRequest(tx, secret)) === 0) return null;
    if (chosen && chosen.email === customer.email) {
      const { passwordHash } = chosen;
      const now = tenantNow(deps.clock, tenant);
      await setFirstPassword(tx, deps, { tenantId: tenant.id, customerId: customer.id, passwordHash, now });
    }
    const cookie = await rememberBrowser(tx, deps, { tenantId: tenant.id, sessionId });
    if (request.ownPage) return { cookie, code: null };
    const scopes = grantedScopes(client, request.scope);
    return { cookie, code: await issueCode(tx, deps, { client, sessionId, scopes, request }) };
  });
  if (!done) return refusePage(deps, c, OVER);
  keepSessionSecret(deps, c, tenant.id, done.cookie);
  if (done.code === null) return c.redirect(request.redirectUri, 303);
  return answer(deps, c, client, request, { code: done.code });
}

export const languageOf = (c: Context<AppEnv>, { request }: Pick<Pending, "request">) =>
  wordsFor(request.locales, c.req.header("accept-language"));

export async function showStep(
  deps: Deps,
  c: Context<AppEnv>,
  pending: Pending,
  view: Pick<StepView, "step" | "email" | "problem">,
): Promise<Response> {
  const { lang, words } = languageOf(c, pending);
  const { tenant, secret, request } = pending;
  const state = new URLSearchParams({ state: secret });
  const providers = view.step === "email" ? await listConfiguredProviders(deps.db, tenant.id) : [];
  const body = stepView({
    ...view,
    words,
    name: tenant.name,
    target: `/u/login?${state}`,
    providers,
    providerPath: (provider) => `${LOGIN_CALLBACK_PATH}/${provider}?${state}`,
  });
  return sendPage(
    c,
    deps,
    { title: titleOf({ ...view, words }), tenant, body, lang, styles: LOGIN_STYLES },
    // Browsers check the redirect that follows the form as well.
    { formTargets: [request.redirectUri], status: view.problem ? 422 : 200 },
  );
}

/** A page that says one thing in the reader's language, for a browser that cannot go on. */
export function showNotice(
  deps: Deps,
  c: Context<AppEnv>,
  tenant: Tenant,
  text: "elsewhere" | "used",
): Promise<Response> {
  const { lang, words } = wordsFor(null, c.req.header("accept-language"));
  const [title, sentence] =
    text === "elsewhere" ? [words.elsewhereTitle, words.elsewhereText] : [words.usedTitle, words.usedText];
  const body = notice("warn", "!", title, html`<p class="lead">${sentence}</p>`);
  return sendPage(c, deps, { title, tenant, body, lang }, { status: text === "used" ? 410 : 200 });
}

/**
 * The page that a mailed link signs in on; null where it would not help: a popup's answer must come from the popup.
 */
export async function signInUrlOf(
  deps: Deps,
  c: Context<AppEnv>,
  { secret, tenant, request }: Pending,
): Promise<((linkToken: string) => string) | undefined> {
  if (request.responseMode === "web_message") return undefined;
  const origin = await linkOrigin(deps, c, tenant.id);
  return (linkToken) =>
    `${origin}/u/link?${new URLSearchParams({ state: secret, token_hash: linkToken, type: "magiclink" })}`;
}
