import { PASSWORD_CHARS_MIN } from "@tollgate/protocol/paywall-api/auth";
import { html } from "hono/html";
import type { SocialProvider } from "../../domains/identity/index.ts";
import { field, hiddenUsername } from "../hosted/form-parts.ts";
import type { Markup } from "../hosted/page.ts";
import { fill, type LoginWords } from "./login-words.ts";

export const STEPS = ["email", "code", "password", "signup", "reset"] as const;
export type Step = (typeof STEPS)[number];
export type Problem = { field: "username" | "code" | "password" | null; text: string };

export type StepView = {
  step: Step;
  email: string;
  problem?: Problem | null;
  words: LoginWords;
  /** Who asks. */
  name: string;
  /** Where the form goes, with the request's secret. */
  target: string;
  providers: SocialProvider[];
  /** Where a provider's sign-in begins. */
  providerPath: (provider: SocialProvider) => string;
};

export const PASSWORD_CHARS_MAX = 1024;

const PROVIDER_NAMES: Record<SocialProvider, string> = {
  google: "Google",
  apple: "Apple",
  github: "GitHub",
  facebook: "Facebook",
};

export const LOGIN_STYLES = `.or{display:flex;align-items:center;gap:12px;color:var(--muted);font-size:.875rem}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.others{display:grid;gap:12px}
.quiet{background:none;border:0;padding:10px 0;min-height:44px;font:inherit;font-size:.875rem;color:inherit;text-decoration:underline;text-underline-offset:3px;cursor:pointer;justify-self:start;text-align:start}`;

/** One page of the sign-in: a title, a sentence, a form whose first button is what Enter does. */
type Layout = {
  title: string;
  lead: string;
  fields: Markup[];
  /** What the buttons ask for, the main one first. */
  buttons: [action: string, label: string][];
  /** A further action that looks like a link. */
  quiet?: [action: string, label: string];
  below?: Markup;
};

export const titleOf = ({ step, words }: Pick<StepView, "step" | "words">): string =>
  ({
    email: words.title,
    code: words.codeTitle,
    password: words.passwordTitle,
    signup: words.signUpTitle,
    reset: words.resetTitle,
  })[step];

export function stepView(view: StepView): Markup {
  const { title, lead, fields, buttons, quiet, below } = layoutOf(view);
  const general = view.problem?.field === null ? view.problem.text : null;
  return html`<section class="card stack">
<h1>${title}</h1>
<p class="lead">${fill(lead, { name: view.name, email: view.email })}</p>
${general ? html`<div class="alert warn" role="alert">${general}</div>` : ""}
<form method="post" action="${view.target}" class="stack" novalidate>
${fields}
${buttons.map(([action, label], at) => html`<button class="button block${at === 0 ? "" : " secondary"}" type="submit" name="action" value="${action}">${label}</button>`)}
${quiet ? html`<button class="quiet" type="submit" name="action" value="${quiet[0]}">${quiet[1]}</button>` : ""}
</form>
${below ?? ""}
${view.step === "email" ? "" : html`<p class="small"><a href="${view.target}">${view.step === "signup" ? view.words.signIn : view.words.otherEmail}</a></p>`}
</section>`;
}

function layoutOf(view: StepView): Layout {
  const { words, email } = view;
  const title = titleOf(view);
  const problemOf = (name: Problem["field"]) => (view.problem?.field === name ? view.problem.text : null);
  const address = field({
    name: "username",
    label: words.email,
    type: "email",
    value: email,
    autocomplete: "username",
    problem: problemOf("username"),
    more: html`required${email && view.step === "signup" ? "" : html` autofocus`}`,
  });
  const code = field({
    name: "code",
    label: words.code,
    autocomplete: "one-time-code",
    problem: problemOf("code"),
    more: html`inputmode="numeric" maxlength="12" autofocus`,
  });
  const password = field({
    name: "password",
    label: words.password,
    type: "password",
    autocomplete: "current-password",
    problem: problemOf("password"),
    more: html`maxlength="${PASSWORD_CHARS_MAX}" autofocus`,
  });
  const newPassword = field({
    name: "password",
    label: words.newPassword,
    type: "password",
    autocomplete: "new-password",
    hint: fill(words.passwordHint, { min: String(PASSWORD_CHARS_MIN) }),
    problem: problemOf("password"),
    more: html`maxlength="${PASSWORD_CHARS_MAX}"${email && view.step === "signup" ? html` autofocus` : ""}`,
  });
  const whose = html`<input type="hidden" name="username" value="${email}">`;
  switch (view.step) {
    case "email":
      return {
        title,
        lead: words.lead,
        fields: [address],
        buttons: [
          ["code", words.sendCode],
          ["password", words.usePassword],
        ],
        quiet: ["signup", words.createWithPassword],
        below: view.providers.length > 0 ? providerLinks(view) : html``,
      };
    case "code":
      return {
        title,
        lead: words.codeLead,
        fields: [whose, code],
        buttons: [
          ["sign-in", words.signIn],
          ["code", words.again],
          ["password", words.usePassword],
        ],
      };
    case "password":
      return {
        title,
        lead: words.passwordLead,
        fields: [hiddenUsername(email), password],
        buttons: [
          ["sign-in", words.signIn],
          ["code", words.useCode],
        ],
        quiet: ["forgot", words.forgot],
      };
    case "signup":
      return {
        title,
        lead: words.signUpLead,
        fields: [address, newPassword],
        buttons: [["register", words.create]],
      };
    case "reset":
      return {
        title,
        lead: words.resetLead,
        fields: [hiddenUsername(email), code, newPassword],
        buttons: [
          ["reset", words.resetAction],
          ["forgot", words.again],
        ],
      };
  }
}

const providerLinks = ({ words, providers, providerPath }: StepView): Markup =>
  html`<p class="or">${words.or}</p><div class="others">${providers.map(
    (it) =>
      html`<a class="button block secondary" href="${providerPath(it)}">${fill(words.continueWith, { provider: PROVIDER_NAMES[it] })}</a>`,
  )}</div>`;
