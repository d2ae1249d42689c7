import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  type IssuedSession,
  normalizeEmail,
  sendSignInCode,
  signIn,
  verifyCode,
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
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { type Markup, sendPage } from "../hosted/page.ts";
import { answer } from "./answer.ts";
import { refusePage } from "./authorize.ts";
import { browserSecret, keepSessionSecret } from "./cookies.ts";
import { fill, type LoginWords, wordsFor } from "./login-words.ts";

const FORM_BYTES_MAX = 16 * 1024;
const OVER = "It was finished already, took too long, or was begun in another browser.";

type Pending = LoginRequest & { secret: string; tenant: Tenant; client: OAuthClient };
type Step = "email" | "code" | "password";

/**
 * The hosted login page (publisher API §3.7). It works without JavaScript, and says the same to addresses that have an
 * account and to those that have none: a code makes the account when it comes back.
 */
export function loginPage(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/u/login", async (c) => {
      const pending = await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      return show(deps, c, pending, { step: "email", email: pending.request.loginHint ?? "" });
    })
    .post("/u/login", async (c) => {
      // Browsers say where a form came from; none of ours comes from elsewhere.
      const site = c.req.header("sec-fetch-site");
      const pending = site === "cross-site" || site === "same-site" ? null : await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
      return proceed(deps, c, pending, form);
    });
}

/** The request that this browser began, and whose it is; null when it is over or belongs to another browser. */
async function pendingOf(deps: Deps, c: Context<AppEnv>): Promise<Pending | null> {
  const secret = c.req.query("state") ?? "";
  const browser = browserSecret(deps, c);
  if (!/^[\w-]{43}$/.test(secret) || !browser) return null;
  const found = await findLoginRequest(deps.db, deps, { secret, browser });
  const client = found && (await findOAuthClientById(deps.db, found.tenantId, found.clientId));
  const tenant = found && (await findTenant(deps.db, found.tenantId));
  return client && tenant?.status === "active" ? { ...found, secret, client, tenant } : null;
}

async function proceed(
  deps: Deps,
  c: Context<AppEnv>,
  pending: Pending,
  form: URLSearchParams,
): Promise<Response> {
  const { words } = languageOf(c, pending);
  const email = normalizeEmail(form.get("username") ?? "");
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254 || email.includes("\0")) {
    return show(deps, c, pending, { step: "email", email: email.slice(0, 254), problem: words.badEmail });
  }
  const { tenant } = pending;
  const context = {
    tenant,
    paywall: null,
    now: tenantNow(deps.clock, tenant),
    clientAddress: c.get("clientAddress"),
    country: c.get("country"),
    email,
  };
  const [code, password] = [form.get("code")?.trim() ?? "", form.get("password") ?? ""];
  const action = form.get("action");
  const step: Step = action !== "code" && password ? "password" : "code";
  try {
    if (action === "password") return show(deps, c, pending, { step: "password", email });
    if (action !== "code" && (code || password)) {
      const session = code
        ? await verifyCode(deps, { ...context, token: code.slice(0, 64), purposes: ["email"] })
        : await signIn(deps, { ...context, password: password.slice(0, 1024) });
      return finish(deps, c, pending, session);
    }
    await sendSignInCode(deps, { ...context, createUser: true });
    return show(deps, c, pending, { step: "code", email });
  } catch (error) {
    const problem = error instanceof AppError ? sentenceFor(words, error.code) : null;
    if (problem === null) throw error;
    return show(deps, c, pending, { step, email, problem });
  }
}

function sentenceFor(words: LoginWords, code: string): string | null {
  switch (code) {
    case "invalid_otp":
      return words.wrongCode;
    case "invalid_credentials":
      return words.wrongPassword;
    case "email_not_confirmed":
      return words.unconfirmed;
    case "over_request_rate_limit":
      return words.tooOften;
    case "over_email_send_rate_limit":
      return words.mailedJustNow;
    default:
      return null;
  }
}

/** The browser is signed in from here on, under a cookie that nobody knew before, and the client gets its code. */
async function finish(
  deps: Deps,
  c: Context<AppEnv>,
  { secret, client, tenant, request }: Pending,
  { sessionId }: IssuedSession,
): Promise<Response> {
  const done = await deps.db.transaction(async (tx) => {
    if ((await endLoginRequest(tx, secret)) === 0) return null;
    const cookie = await rememberBrowser(tx, deps, { tenantId: tenant.id, sessionId });
    const scopes = grantedScopes(client, request.scope);
    return { cookie, code: await issueCode(tx, deps, { client, sessionId, scopes, request }) };
  });
  if (!done) return refusePage(deps, c, OVER);
  keepSessionSecret(deps, c, tenant.id, done.cookie);
  return answer(deps, c, client, request, { code: done.code });
}

const languageOf = (c: Context<AppEnv>, { request }: Pending) =>
  wordsFor(request.locales, c.req.header("accept-language"));

function show(
  deps: Deps,
  c: Context<AppEnv>,
  pending: Pending,
  view: { step: Step; email: string; problem?: string },
): Promise<Response> {
  const { lang, words } = languageOf(c, pending);
  const { tenant, secret, request } = pending;
  const target = `/u/login?${new URLSearchParams({ state: secret })}`;
  const values = { name: tenant.name, email: view.email };
  const problem = view.problem ?? null;
  const body = { email: emailStep, code: codeStep, password: passwordStep }[view.step]({
    ...view,
    words,
    values,
    target,
    problem,
  });
  const titles = { email: words.title, code: words.codeTitle, password: words.passwordTitle };
  return sendPage(
    c,
    deps,
    { title: titles[view.step], tenant, body, lang },
    // Browsers check the redirect that follows the form as well.
    { formTargets: [request.redirectUri], status: problem ? 422 : 200 },
  );
}

type View = {
  email: string;
  problem: string | null;
  words: LoginWords;
  values: Record<string, string>;
  target: string;
};

const field = (input: Markup, label: string, name: string, problem: string | null): Markup =>
  html`<div class="field"><label for="${name}">${label}</label>
${input}
${problem ? html`<p class="error" id="${name}-error" role="alert">${problem}</p>` : ""}</div>`;

const marks = (name: string, problem: string | null): Markup =>
  problem ? html` aria-invalid="true" aria-describedby="${name}-error"` : html``;

const emailStep = ({
  email,
  problem,
  words,
  values,
  target,
}: View): Markup => html`<section class="card stack">
<h1>${words.title}</h1>
<p class="lead">${fill(words.lead, values)}</p>
<form method="post" action="${target}" class="stack" novalidate>
${field(html`<input id="username" name="username" type="email" autocomplete="username" required autofocus value="${email}"${marks("username", problem)}>`, words.email, "username", problem)}
<button class="button block" type="submit" name="action" value="code">${words.sendCode}</button>
<button class="button block secondary" type="submit" name="action" value="password">${words.usePassword}</button>
</form>
</section>`;

const codeStep = ({
  email,
  problem,
  words,
  values,
  target,
}: View): Markup => html`<section class="card stack">
<h1>${words.codeTitle}</h1>
<p class="lead">${fill(words.codeLead, values)}</p>
<form method="post" action="${target}" class="stack" novalidate>
<input type="hidden" name="username" value="${email}">
${field(html`<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" autofocus${marks("code", problem)}>`, words.code, "code", problem)}
<button class="button block" type="submit" name="action" value="sign-in">${words.signIn}</button>
<button class="button block secondary" type="submit" name="action" value="code">${words.again}</button>
<button class="button block secondary" type="submit" name="action" value="password">${words.usePassword}</button>
</form>
<p class="small"><a href="${target}">${words.otherEmail}</a></p>
</section>`;

const passwordStep = ({
  email,
  problem,
  words,
  values,
  target,
}: View): Markup => html`<section class="card stack">
<h1>${words.passwordTitle}</h1>
<p class="lead">${fill(words.passwordLead, values)}</p>
<form method="post" action="${target}" class="stack" novalidate>
<input class="visually-hidden" type="email" name="username" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${field(html`<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" autofocus${marks("password", problem)}>`, words.password, "password", problem)}
<button class="button block" type="submit" name="action" value="sign-in">${words.signIn}</button>
<button class="button block secondary" type="submit" name="action" value="code">${words.useCode}</button>
</form>
<p class="small"><a href="${target}">${words.otherEmail}</a></p>
</section>`;
