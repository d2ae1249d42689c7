import { PASSWORD_CHARS_MIN } from "@tollgate/protocol/paywall-api/auth";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  type ConfirmOutcome,
  confirmLink,
  inspectLink,
  type MailedLink,
  resetPasswordByLink,
} from "../../domains/identity/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { field, hiddenUsername, notice } from "./form-parts.ts";
import { type PageContent, sendPage } from "./page.ts";

const CONFIRM = "/paywall/v3/auth/confirm";
const RESET = "/paywall/v3/auth/reset";
const TOKEN_CHARS_MAX = 512;
const FORM_BYTES_MAX = 16 * 1024;
const PASSWORD_CHARS_MAX = 1024;

const tokenOf = (value: string | undefined | null): string =>
  value && value.length <= TOKEN_CHARS_MAX ? value : "";

/**
 * The pages that mailed links lead to (paywall API §6.2 and §6.3). Opening a link changes nothing, because
 * mail scanners open every link: the page posts a form, by itself where scripts run and by a button
 * elsewhere. Neither page signs anybody in.
 */
export function authPages(deps: Deps): Hono<AppEnv> {
  const forward = (to: string) => (c: Context<AppEnv>) => c.redirect(to + new URL(c.req.url).search, 302);
  return new Hono<AppEnv>()
    .get("/paywall/auth/confirm", forward(CONFIRM))
    .get("/paywall/auth/reset", forward(RESET))
    .get(CONFIRM, async (c) => {
      const token = tokenOf(c.req.query("token_hash"));
      const link = await inspectLink(deps, token);
      if (link?.purpose === "recovery")
        return c.redirect(`${RESET}?${new URLSearchParams({ token_hash: token })}`, 302);
      if (link?.state !== "open") return showConfirmed(deps, c, link, link?.state ?? "expired");
      return sendPage(c, deps, confirmQuestion(link, token));
    })
    .post(CONFIRM, async (c) => {
      const form = await readForm(c);
      const token = tokenOf(form.get("token_hash"));
      const link = await inspectLink(deps, token);
      return showConfirmed(deps, c, link, await confirmLink(deps, token));
    })
    .get(RESET, async (c) => {
      const token = tokenOf(c.req.query("token_hash"));
      const link = await inspectLink(deps, token);
      if (link?.purpose !== "recovery" || link.state !== "open") return showResetClosed(deps, c, link);
      return sendPage(c, deps, resetForm(link, token));
    })
    .post(RESET, async (c) => {
      const form = await readForm(c);
      const token = tokenOf(form.get("token_hash"));
      const password = form.get("password") ?? "";
      const link = await inspectLink(deps, token);
      if (link?.purpose !== "recovery" || link.state !== "open") return showResetClosed(deps, c, link);
      const problem = passwordProblem(password, form.get("repeat") ?? "");
      if (problem) return sendPage(c, deps, resetForm(link, token, problem), { status: 422 });
      const outcome = await resetPasswordByLink(deps, { linkToken: token, password });
      if (outcome !== "changed") return showResetClosed(deps, c, { ...link, state: outcome });
      return sendPage(c, deps, resetDone(link));
    });
}

async function readForm(c: Context<AppEnv>): Promise<URLSearchParams> {
  return new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
}

const tenantOf = (link: MailedLink | null): PageContent["tenant"] =>
  link?.tenant ?? { name: "Sign-in", brandColor: null };

function confirmQuestion(link: MailedLink, token: string): PageContent {
  return {
    title: "Confirm your email address",
    tenant: link.tenant,
    body: html`<section class="card stack">
<h1>Confirm your email address</h1>
<p class="lead">${link.email} will be confirmed for ${link.tenant.name}.</p>
<form method="post" action="${CONFIRM}" id="confirm">
<input type="hidden" name="token_hash" value="${token}">
<button class="button block" type="submit">Confirm this address</button>
</form>
</section>`,
    // A scanner that runs scripts is seldom visible; a person's tab is, sooner or later.
    script: `(() => {
  const send = () => document.getElementById("confirm").submit();
  if (document.visibilityState === "visible") send();
  else document.addEventListener("visibilitychange", send, { once: true });
})();`,
  };
}

const CLOSE_SCRIPT = `setTimeout(() => window.close(), 1200);`;

function showConfirmed(
  deps: Deps,
  c: Context<AppEnv>,
  link: MailedLink | null,
  outcome: ConfirmOutcome,
): Promise<Response> {
  const tenant = tenantOf(link);
  switch (outcome) {
    case "confirmed": {
      const next =
        link?.purpose === "email"
          ? "To sign in, type the code from the same mail where you asked for it."
          : "Go back to the page where you signed up. It signs you in by itself.";
      const body = notice(
        "ok",
        "✓",
        "Address confirmed",
        html`<p class="lead">${next}</p><p class="muted small">You can close this tab.</p>`,
      );
      return sendPage(c, deps, { title: "Address confirmed", tenant, body, script: CLOSE_SCRIPT });
    }
    case "used": {
      const text = html`<p class="lead">This link has already been used, so there is nothing left to do. You can close this tab and sign in.</p>`;
      return sendPage(c, deps, {
        title: "Already confirmed",
        tenant,
        body: notice("ok", "✓", "Already used", text),
      });
    }
    case "taken": {
      const text = html`<p class="lead">This address belongs to another account by now. Go back and sign in to that account instead.</p>`;
      return sendPage(
        c,
        deps,
        { title: "Address taken", tenant, body: notice("warn", "!", "Address taken", text) },
        { status: 409 },
      );
    }
    case "expired": {
      const text = html`<p class="lead">Links work for one hour. Go back to where you signed up and ask for a new mail.</p>`;
      const body = notice("warn", "!", "This link no longer works", text);
      return sendPage(c, deps, { title: "This link no longer works", tenant, body }, { status: 410 });
    }
  }
}

function passwordProblem(
  password: string,
  repeat: string,
): { field: "password" | "repeat"; text: string } | null {
  if ([...password].length < PASSWORD_CHARS_MIN) {
    return { field: "password", text: `Choose a password of at least ${PASSWORD_CHARS_MIN} characters.` };
  }
  if (password.length > PASSWORD_CHARS_MAX) return { field: "password", text: "This password is too long." };
  if (password !== repeat) return { field: "repeat", text: "The two passwords are not the same." };
  return null;
}

function resetForm(
  link: MailedLink,
  token: string,
  problem?: { field: "password" | "repeat"; text: string },
): PageContent {
  const input = (name: "password" | "repeat", label: string, hint: string | null) => {
    const error = problem?.field === name ? problem.text : null;
    const more = html`required minlength="${PASSWORD_CHARS_MIN}" maxlength="${PASSWORD_CHARS_MAX}"${error ? html` autofocus` : ""}`;
    return field({
      name,
      label,
      type: "password",
      autocomplete: "new-password",
      hint,
      problem: error,
      more,
    });
  };
  return {
    title: problem ? "Please check your new password" : "Choose a new password",
    tenant: link.tenant,
    body: html`<section class="card stack">
<h1>Choose a new password</h1>
<p class="lead">For ${link.email} at ${link.tenant.name}. You will be signed out on every device.</p>
<form method="post" action="${RESET}" class="stack">
<input type="hidden" name="token_hash" value="${token}">
${hiddenUsername(link.email)}
${input("password", "New password", `At least ${PASSWORD_CHARS_MIN} characters. Longer is better.`)}
${input("repeat", "New password again", null)}
<button class="button block" type="submit">Save the new password</button>
</form>
</section>`,
  };
}

const resetDone = (link: MailedLink): PageContent => ({
  title: "Password changed",
  tenant: link.tenant,
  body: notice(
    "ok",
    "✓",
    "Password changed",
    html`<p class="lead">Go back to where you wanted to sign in and use your new password. You can close this tab.</p>`,
  ),
});

function showResetClosed(deps: Deps, c: Context<AppEnv>, link: MailedLink | null): Promise<Response> {
  const used = link?.purpose === "recovery" && link.state === "used";
  const title = used ? "This link has already been used" : "This link no longer works";
  const text = used
    ? "Your password was changed with it. If you need to change it again, ask for a new mail."
    : "Links work for one hour. Go back to where you sign in and ask for a new mail.";
  const body = notice("warn", "!", title, html`<p class="lead">${text}</p>`);
  return sendPage(c, deps, { title, tenant: tenantOf(link), body }, { status: 410 });
}
