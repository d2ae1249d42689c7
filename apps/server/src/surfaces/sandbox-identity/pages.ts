import type { Context } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Markup, type PageContent, sendPage } from "../hosted/page.ts";
import type { Played } from "./apps.ts";
import { PEOPLE } from "./people.ts";

const NAMES: Record<Played, string> = {
  google: "Google",
  apple: "Apple",
  github: "GitHub",
  facebook: "Facebook",
};

// A colour of the company's own, so that nobody takes its pages for the shop's.
const COLORS: Record<Played, string> = {
  google: "#1a5fd0",
  apple: "#333336",
  github: "#24292f",
  facebook: "#1064d8",
};

async function send(
  c: Context<AppEnv>,
  deps: Deps,
  played: Played,
  content: Pick<PageContent, "title" | "body" | "script">,
  status: 200 | 400 | 422 = 200,
): Promise<Response> {
  const tenant = { name: `Sandbox account, in the role of ${NAMES[played]}`, brandColor: COLORS[played] };
  const response = await sendPage(c, deps, { ...content, tenant, styles: STYLES }, { status });
  // Browsers check a form's redirects, too, and an identity provider cannot know where an app leads people on.
  const policy = response.headers.get("content-security-policy") ?? "";
  response.headers.set("content-security-policy", policy.replace(/form-action [^;]*; /, ""));
  return response;
}

/** Choose who you are, or do not. Works by keyboard and without scripts. */
export function sendChooser(
  c: Context<AppEnv>,
  deps: Deps,
  input: { played: Played; clientId: string; scopes: string[]; action: string; missingName: boolean },
): Promise<Response> {
  const { played, clientId, action, missingName } = input;
  return send(
    c,
    deps,
    played,
    {
      title: "Choose an account",
      body: html`<section class="card stack">
<div class="stack tight">
<p class="badge">Sandbox</p>
<h1>Continue as</h1>
<p class="muted"><strong>${clientId}</strong> wants to know your name and email address.</p>
</div>
<form method="post" action="${action}" class="people">
${PEOPLE.map(
  ({ key, name, about }) => html`<button class="person" type="submit" name="person" value="${key}">
<span class="face" aria-hidden="true">${name[0]}</span>
<span class="who"><strong>${name}</strong><span class="muted small">${about}</span></span></button>`,
)}
</form>
<details${missingName ? html` open` : ""}>
<summary>Somebody else</summary>
<form method="post" action="${action}" class="stack else" novalidate>
${missingName ? html`<p class="alert bad" role="alert">Type a name or an email address.</p>` : ""}
<div class="field"><label for="name">Name</label><input id="name" name="name" autocomplete="off" maxlength="200"></div>
<div class="field"><label for="email">Email address</label><input id="email" name="email" type="email" autocomplete="off" maxlength="200"></div>
<label class="choice"><input type="checkbox" name="verified" value="1" checked> The address is confirmed</label>
<button class="button block" type="submit">Continue</button>
</form>
</details>
<form method="post" action="${action}"><button class="button secondary block" type="submit" name="deny" value="1">Cancel</button></form>
<p class="muted small center">This page plays ${NAMES[played]}, so that you can try the sign-in without an account. Nothing leaves this server.</p>
</section>`,
    },
    missingName ? 422 : 200,
  );
}

/** An app that is not registered, or asks wrongly, must not get the browser back. */
export const sendRefusal = (
  c: Context<AppEnv>,
  deps: Deps,
  played: Played,
  reason: string,
): Promise<Response> =>
  send(
    c,
    deps,
    played,
    {
      title: "This request cannot be answered",
      body: html`<section class="card stack center notice"><div class="symbol warn" aria-hidden="true">!</div>
<h1>This request cannot be answered</h1><p class="lead">${reason}</p></section>`,
    },
    400,
  );

/** Apple's way back: a form that posts itself. */
export function sendFormPost(
  c: Context<AppEnv>,
  deps: Deps,
  played: Played,
  input: { target: string; fields: Record<string, string> },
): Promise<Response> {
  const fields: Markup[] = Object.entries(input.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return send(c, deps, played, {
    title: "Going back",
    body: html`<section class="card stack center"><h1>Going back</h1>
<form method="post" action="${input.target}" id="back">${fields}
<button class="button block" type="submit">Continue</button></form></section>`,
    script: `document.getElementById("back").submit();`,
  });
}

const STYLES = `.people{display:grid;gap:8px}
.person{display:flex;gap:12px;align-items:center;min-height:60px;padding:10px 14px;border:1px solid var(--line);border-radius:12px;
background:var(--card);color:var(--text);font:inherit;text-align:left;cursor:pointer;min-width:0}
.person:hover{border-color:var(--field-line)}
.face{display:grid;place-items:center;flex:none;width:36px;height:36px;border-radius:50%;background:var(--accent);color:var(--on-accent);font-weight:700}
summary{gap:12px;padding:0 14px;list-style:none}summary::-webkit-details-marker{display:none}
summary::before{content:"+";display:grid;place-items:center;width:36px;font-size:1.25rem;color:var(--muted)}
details[open]>summary::before{content:"−"}
.who{display:grid;min-width:0}.else{padding-top:8px}.stack>.badge{justify-self:start}.notice{justify-items:center}`;
