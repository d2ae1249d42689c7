import { PASSWORD_CHARS_MIN } from "@tollgate/protocol/paywall-api/auth";
import { type Context, Hono } from "hono";
import {
  hashPassword,
  inspectLink,
  normalizeEmail,
  replacePassword,
  sendPasswordReset,
  sendSignInCode,
  signIn,
  verifyCode,
} from "../../domains/identity/index.ts";
import { keepChosenPassword, keepTypedEmail } from "../../domains/oidc/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { refusePage } from "./authorize.ts";
import {
  contextOf,
  finish,
  languageOf,
  OVER,
  type Pending,
  pendingOf,
  showNotice,
  showStep,
  signInUrlOf,
} from "./login-flow.ts";
import { PASSWORD_CHARS_MAX, type Problem, STEPS, type Step } from "./login-views.ts";
import { fill, type LoginWords } from "./login-words.ts";

const FORM_BYTES_MAX = 16 * 1024;
const TOKEN_CHARS_MAX = 64;

/**
 * The hosted login page (publisher API §3.7). It works without JavaScript, and says the same to addresses that have an
 * account and to those that have none: a code makes the account when it comes back.
 */
export function loginPage(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/u/login", async (c) => {
      const pending = await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      const { email = "", loginHint } = pending.request;
      const asked = STEPS.find((step) => step === c.req.query("step")) ?? "email";
      // Without an address only the pages that ask for one make sense.
      const step = email !== "" || asked === "signup" ? asked : "email";
      return showStep(deps, c, pending, { step, email: email || (loginHint ?? "") });
    })
    .post("/u/login", async (c) => {
      const pending = isForeignForm(c) ? null : await pendingOf(deps, c);
      if (!pending) return refusePage(deps, c, OVER);
      const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
      return proceed(deps, c, pending, form);
    })
    .get("/u/link", (c) => followLink(deps, c));
}

/** Browsers say where a form came from; none of ours comes from elsewhere. */
export const isForeignForm = (c: Context<AppEnv>): boolean =>
  ["cross-site", "same-site"].includes(c.req.header("sec-fetch-site") ?? "");

type Turn = {
  deps: Deps;
  c: Context<AppEnv>;
  pending: Pending;
  email: string;
  code: string;
  password: string;
};

/** What a button asks for, and where somebody is told that it did not work. */
type Action = { at: Step; problemAt: Problem["field"]; run: (turn: Turn) => Promise<Response> };

const ACTIONS: Record<string, Action> = {
  password: { at: "password", problemAt: "password", run: (turn) => goTo(turn, "password") },
  signup: { at: "signup", problemAt: "password", run: (turn) => goTo(turn, "signup") },
  code: {
    at: "code",
    problemAt: "code",
    async run(turn) {
      await mailCode(turn);
      return goTo(turn, "code");
    },
  },
  /** The password waits with the request until the mailed code proves whose it is: nobody else's sign-up can slip in. */
  register: {
    at: "code",
    problemAt: "code",
    async run(turn) {
      const problem = passwordProblem(turn);
      if (problem) return show(turn, "signup", { field: "password", text: problem });
      await mailCode(turn);
      const { deps, pending, email, password } = turn;
      const passwordHash = await hashPassword(password);
      await keepChosenPassword(deps.db, pending.secret, { email, passwordHash });
      return goTo(turn, "code");
    },
  },
  forgot: {
    at: "reset",
    problemAt: "code",
    async run(turn) {
      const { deps, c, pending, email } = turn;
      await sendPasswordReset(deps, { ...contextOf(deps, c, pending.tenant), email });
      return goTo(turn, "reset");
    },
  },
  reset: {
    at: "reset",
    problemAt: "code",
    async run(turn) {
      const { deps, c, pending, email, code, password } = turn;
      const problem = passwordProblem(turn);
      if (problem) return show(turn, "reset", { field: "password", text: problem });
      const context = contextOf(deps, c, pending.tenant);
      const session = await verifyCode(deps, { ...context, email, token: code, purposes: ["recovery"] });
      const { customer, sessionId: keepSessionId } = session;
      await replacePassword(deps, { ...context, customer, keepSessionId, password });
      return finish(deps, c, pending, session);
    },
  },
};

const withCode: Action = {
  at: "code",
  problemAt: "code",
  async run({ deps, c, pending, email, code }) {
    const context = contextOf(deps, c, pending.tenant);
    const session = await verifyCode(deps, { ...context, email, token: code, purposes: ["email"] });
    return finish(deps, c, pending, session);
  },
};

const withPassword: Action = {
  at: "password",
  problemAt: "password",
  async run({ deps, c, pending, email, password }) {
    const context = contextOf(deps, c, pending.tenant);
    return finish(deps, c, pending, await signIn(deps, { ...context, email, password }));
  },
};

function actionOf(name: string | null, { code, password }: Pick<Turn, "code" | "password">): Action {
  const named = name !== null && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (named) return named;
  if (code) return withCode;
  if (password) return withPassword;
  // Nothing was typed: whoever sees the field for a code stays there, and the others get one.
  return name === "sign-in" ? { ...withCode, run: refuseEmpty } : (ACTIONS.code as Action);
}

const refuseEmpty = (turn: Turn): Promise<Response> => {
  const { words } = languageOf(turn.c, turn.pending);
  return show(turn, "code", { field: "code", text: words.wrongCode });
};

async function proceed(
  deps: Deps,
  c: Context<AppEnv>,
  pending: Pending,
  form: URLSearchParams,
): Promise<Response> {
  const { words } = languageOf(c, pending);
  const email = normalizeEmail(form.get("username") ?? "");
  const turn: Turn = {
    deps,
    c,
    pending,
    email: email.slice(0, 254),
    code: (form.get("code")?.trim() ?? "").slice(0, TOKEN_CHARS_MAX),
    password: form.get("password") ?? "",
  };
  const name = form.get("action");
  // A new account is begun with an empty form as well.
  if (name === "signup" && email === "") return goTo(turn, "signup");
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254 || email.includes("\0")) {
    const step = name === "register" ? "signup" : "email";
    return show(turn, step, { field: "username", text: words.badEmail });
  }
  const action = actionOf(name, turn);
  try {
    return await action.run(turn);
  } catch (error) {
    const text = error instanceof AppError ? sentenceFor(words, error.code) : null;
    if (text === null) throw error;
    return show(turn, action.at, { field: action.problemAt, text });
  }
}

/** To a page with an address of its own: going back, reloading and a phone that throws pages away find it again. */
async function goTo({ deps, c, pending, email }: Turn, step: Step): Promise<Response> {
  await keepTypedEmail(deps.db, pending.secret, email);
  c.header("cache-control", "no-store");
  return c.redirect(`/u/login?${new URLSearchParams({ state: pending.secret, step })}`, 303);
}

const show = ({ deps, c, pending, email }: Turn, step: Step, problem?: Problem): Promise<Response> =>
  showStep(deps, c, pending, { step, email, problem: problem ?? null });

async function mailCode({ deps, c, pending, email }: Turn): Promise<void> {
  const signInUrl = await signInUrlOf(deps, c, pending);
  await sendSignInCode(deps, { ...contextOf(deps, c, pending.tenant), email, createUser: true, signInUrl });
}

function passwordProblem({ c, pending, password }: Turn): string | null {
  const { words } = languageOf(c, pending);
  if ([...password].length < PASSWORD_CHARS_MIN) {
    return fill(words.shortPassword, { min: String(PASSWORD_CHARS_MIN) });
  }
  return password.length > PASSWORD_CHARS_MAX ? words.longPassword : null;
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

/**
 * The link of a sign-in mail, in the browser that asked for it: it signs in at once. Elsewhere nothing happens and
 * nothing is used up, because mail scanners open every link, and so might somebody who was sent another's.
 */
async function followLink(deps: Deps, c: Context<AppEnv>): Promise<Response> {
  const token = (c.req.query("token_hash") ?? "").slice(0, 512);
  const link = await inspectLink(deps, token);
  if (link?.purpose !== "email") return refusePage(deps, c, OVER);
  if (link.state !== "open") return showNotice(deps, c, link.tenant, "used");
  const pending = await pendingOf(deps, c);
  if (!pending || pending.tenant.id !== link.tenant.id || c.req.method !== "GET") {
    return showNotice(deps, c, link.tenant, "elsewhere");
  }
  const context = contextOf(deps, c, pending.tenant);
  try {
    const session = await verifyCode(deps, { ...context, email: link.email, token, purposes: ["email"] });
    return await finish(deps, c, pending, session);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_otp") {
      return showNotice(deps, c, link.tenant, "used");
    }
    throw error;
  }
}
