import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { AuthorizeRequest } from "../../domains/oidc/index.ts";
import { withAnswer } from "../../domains/oidc/index.ts";
import type { OAuthClient } from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";

/** Where an answer goes, and how. */
export type Destination = Pick<AuthorizeRequest, "redirectUri" | "responseMode" | "state">;

type Answer = { code: string } | { error: string; error_description: string };

/** Tells the client how its request ended, in the way that it asked for (publisher API §3.2). */
export async function answer(
  deps: Pick<Deps, "random">,
  c: Context<AppEnv>,
  client: Pick<OAuthClient, "origins">,
  to: Destination,
  what: Answer,
): Promise<Response> {
  const parameters = { ...what, ...(to.state !== null && { state: to.state }) };
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "no-referrer");
  switch (to.responseMode) {
    case "query":
      return c.redirect(withAnswer(to.redirectUri, parameters), 302);
    case "fragment":
      return c.redirect(`${to.redirectUri.split("#")[0]}#${new URLSearchParams(parameters)}`, 302);
    case "form_post":
      return sendScript(deps, c, formPost(to.redirectUri, parameters), {
        formAction: new URL(to.redirectUri).origin,
      });
    case "web_message":
      return sendScript(deps, c, webMessage(new URL(to.redirectUri).origin, parameters), {
        frameAncestors: client.origins.join(" "),
      });
  }
}

type Markup = ReturnType<typeof html>;

/** JavaScript text for a value; nothing in it can end the script element. */
const literal = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

/** To the window that opened this one, or that frames it; browsers deliver it to that origin alone. */
const webMessage =
  (origin: string, response: Record<string, string>) =>
  (nonce: string): Markup => {
    const message = { type: "authorization_response", response };
    return html`<p>You can close this window.</p>
<script nonce="${nonce}">${raw(`(window.opener || window.parent).postMessage(${literal(message)}, ${literal(origin)});`)}</script>`;
  };

const formPost =
  (action: string, parameters: Record<string, string>) =>
  (nonce: string): Markup =>
    html`<form method="post" action="${action}" id="answer">
${Object.entries(parameters).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<noscript><button type="submit">Continue</button></noscript></form>
<script nonce="${nonce}">document.getElementById("answer").submit();</script>`;

async function sendScript(
  deps: Pick<Deps, "random">,
  c: Context<AppEnv>,
  body: (nonce: string) => Markup,
  policy: { frameAncestors?: string; formAction?: string },
): Promise<Response> {
  const nonce = deps.random.bytes(16).toString("base64");
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Signing in</title><link rel="icon" href="data:,"></head>
<body>${await body(nonce)}</body></html>`;
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "img-src data:",
    `form-action ${policy.formAction ?? "'none'"}`,
    "base-uri 'none'",
    `frame-ancestors ${policy.frameAncestors || "'none'"}`,
  ];
  return c.body(String(await document), 200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": csp.join("; "),
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  });
}
