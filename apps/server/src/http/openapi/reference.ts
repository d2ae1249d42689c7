import { createHash } from "node:crypto";
import { MANAGEMENT_ERRORS } from "@tollgate/protocol/management-api/errors";
import type { OpenApiDocument } from "@tollgate/protocol/openapi";
import { ERRORS } from "@tollgate/protocol/paywall-api/errors";
import { html, raw } from "hono/html";
import { codeBlock, heading, highlightJson, type Markup, prose, slug, typeset } from "./markup.ts";
import { operationArticle, operationsOf } from "./operation.ts";
import { REFERENCE_SCRIPT } from "./reference-script.ts";
import { REFERENCE_STYLES } from "./reference-styles.ts";
import { schemaTable } from "./schema.ts";

const GUIDES = [
  ["basics", "Basics"],
  ["authentication", "Authentication"],
  ["errors", "Errors"],
] as const;

function navigation(document: OpenApiDocument): Markup {
  const link = (id: string, text: string, method?: string) =>
    html`<li data-find="${`${text} ${id}`.toLowerCase()}"><a href="#${id}">${method ? html`<span class="method ${method}">${method.toUpperCase()}</span>` : ""}<span>${typeset(text)}</span></a></li>`;
  return html`<div class="find" hidden><label class="visually-hidden" for="find">Find an endpoint</label><input id="find" type="search" placeholder="Find  ( / )" autocomplete="off" spellcheck="false"></div>
<h2>Start here</h2><ul>${GUIDES.map(([id, text]) => link(id, text))}</ul>
${document.tags
  .map((tag) => ({ tag, operations: operationsOf(document, tag.name) }))
  .filter(({ operations }) => operations.length > 0)
  .map(
    ({ tag, operations }) =>
      html`<h2>${tag.name}</h2><ul>${operations.map(({ method, operation }) => link(operation.operationId, operation.summary, method))}</ul>`,
  )}
<h2>Webhooks</h2><ul>${link("webhooks", "Receiving webhooks")}${Object.keys(document.webhooks).map((type) => link(`webhook-${slug(type)}`, type))}</ul>
<h2>Lookup</h2><ul>${link("schemas", "Schemas")}${link("error-codes", "Error codes")}</ul>
<p class="none" hidden>Nothing by that name.</p>`;
}

function introduction(document: OpenApiDocument): Markup {
  const base = document.servers[0]?.url ?? "";
  return html`<section id="basics" class="guide">
<h1>${document.info.title}</h1>
<p class="lead">${document.info.description} JSON over HTTP, for a browser with a Bearer token or for your back end with a secret key.</p>
${codeBlock("Try it", html`curl ${base}/api/v1/paywall/1/bootstrap`)}
<ul class="plain">
<li>Paywall, price and ticket ids are decimal digits, taken as numbers or as text; the prefixed ids of the dashboard work too.</li>
<li>Prices in <a href="#bootstrap">bootstrap</a> are major units (9.99). Purchases and webhooks are in hundredths (999), in every currency.</li>
<li>Times are UTC with milliseconds, <code>2026-06-29T00:00:00.000Z</code>. Only a token’s <code>expires_at</code> is in Unix seconds.</li>
<li>Fields and headers that the server does not know are ignored. Expect new ones in answers.</li>
<li>Send an <code>Idempotency-Key</code> with <a href="#startCheckout">start-checkout</a> and with every change of the Management API, and the same one when you retry.</li>
<li>Lists of the Management API are bare arrays, newest first. <code>X-Total-Count</code> says how many there are; while there is more, <code>X-Next-Cursor</code> is what to send as <code>cursor</code> next.</li>
<li>Any origin may call: there are no cookies, so there is nothing for a foreign page to borrow.</li>
</ul>
<p>For machines: <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>
</section>
<section id="authentication" class="guide">
${heading(2, "authentication", "Authentication")}
<dl class="fields">
<div class="field"><dt>Bearer token</dt><dd>One signed-in person, on <code>Authorization: Bearer …</code>. It comes from the <a href="#signIn">sign-in endpoints</a>, lasts an hour and is renewed by <a href="#refresh">refresh</a>. Any identity in the body is ignored.</dd></div>
<div class="field"><dt>API key</dt><dd>Your back end, on <code>X-Api-Key: sk_…</code>. It acts for any of your users; name them by <code>email</code> or <code>user_id</code>. Make one with <code>tollgate keys create</code>, and keep it out of browsers.</dd></div>
<div class="field"><dt>Back end</dt><dd>The Management API, under <code>/management</code>, takes a secret key on <code>Authorization: Bearer sk_…</code>, or the token that a machine client gets at <code>/oauth/token</code> with <code>client_credentials</code>. Each endpoint names the scope that it needs; a key made without scopes has all, and <code>management:read</code> and <code>management:write</code> stand for all.</dd></div>
<div class="field"><dt>None</dt><dd>A guest. Where a token is optional, a token that is present and wrong is still refused, so that your app learns to refresh it.</dd></div>
</dl>
</section>
<section id="errors" class="guide">
${heading(2, "errors", "Errors")}
<p>A refusal has a status, a <code>code</code> to switch on and a <code>message</code> for people. Some carry more fields. A 401 means that nothing was done: refresh and repeat. After a 429, wait for <code>Retry-After</code> seconds.</p>
${codeBlock("409 application/json", highlightJson({ error: "active_purchase", code: "active_purchase", message: ERRORS.active_purchase.message, hasActivePurchase: true }))}
</section>`;
}

function webhooks(document: OpenApiDocument): Markup {
  return html`<section id="webhooks" class="tag">
${heading(2, "webhooks", "Receiving webhooks")}
<p>The server posts these messages to your endpoint, at least once each and in no promised order. Answer 2xx within ten seconds. A message keeps its <code>id</code> and its bytes on every attempt: skip the ids you have seen, and order by <code>occurred_at</code>.</p>
<p>With a secret, each message is signed in <code>X-Monetize-Signature</code>, and by the Standard Webhooks scheme beside it. Check the raw bytes before you parse them:</p>
${codeBlock("Node", html`${NODE_CHECK}`)}
${Object.entries(document.webhooks).map(
  ([type, { post }]) =>
    html`<article id="webhook-${slug(type)}" class="endpoint" data-find="${type}">${heading(3, `webhook-${slug(type)}`, type)}
<p>${WEBHOOK_MOMENTS[type] ?? ""}</p>${codeBlock(type, highlightJson(post.requestBody?.content["application/json"]?.example))}</article>`,
)}
</section>`;
}

const WEBHOOK_MOMENTS: Record<string, string> = {
  "payment.completed": "A one-time purchase was paid.",
  "subscription.created": "A subscription began, active or as a trial.",
  "subscription.updated":
    "A subscription was renewed, changed its plan or state, or will end with its period.",
  "subscription.cancelled": "A subscription has ended.",
  "refund.created": "Money was given back.",
};

const NODE_CHECK = `import { createHmac, timingSafeEqual } from "node:crypto";

export function isGenuine(rawBody, header, secret) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", secret).update(rawBody).digest("hex"));
  const given = Buffer.from(header ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}`;

function schemas(document: OpenApiDocument): Markup {
  const named = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return html`<section id="schemas" class="tag">${heading(2, "schemas", "Schemas")}
${named.map(
  ([name, schema]) =>
    html`<article id="schema-${slug(name)}" class="schema">${heading(3, `schema-${slug(name)}`, name)}
${typeof schema.description === "string" ? html`<p>${prose(schema.description)}</p>` : ""}${schemaTable(schema, document.components.schemas)}</article>`,
)}
</section>`;
}

/** By code; a code that both APIs have is told once. */
function allErrors(): [code: string, told: { status: number | string; message: string }][] {
  const management = Object.entries(MANAGEMENT_ERRORS).map(
    ([status, { code, message }]) => [code, { status, message }] as const,
  );
  return Object.entries({ ...Object.fromEntries(management.reverse()), ...ERRORS });
}

function errorCodes(): Markup {
  return html`<section id="error-codes" class="tag">${heading(2, "error-codes", "Error codes")}
<div class="scroll"><table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Says</th></tr></thead>
<tbody>${allErrors().map(([code, { status, message }]) => html`<tr id="error-${code}"><td><code>${code}</code></td><td><span class="status">${status}</span></td><td>${message}</td></tr>`)}</tbody></table></div>
</section>`;
}

/** The whole reference as one page that needs no network, no framework and, but for comfort, no script. */
export function referencePage(document: OpenApiDocument): string {
  const nav = navigation(document);
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${document.info.title}</title>
<link rel="icon" href="data:,">
<style>${raw(REFERENCE_STYLES)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><a class="home" href="/"><span class="mark" aria-hidden="true">T</span> Tollgate</a><span class="muted">API reference</span><a class="machine" href="/openapi.json">openapi.json</a></header>
<div class="frame">
<nav class="side" aria-label="Endpoints"><details><summary>Contents</summary><div class="list">${nav}</div></details></nav>
<main id="content">
${introduction(document)}
${document.tags
  .map((tag) => ({ tag, operations: operationsOf(document, tag.name) }))
  .filter(({ operations }) => operations.length > 0)
  .map(
    ({ tag, operations }) =>
      html`<section id="${slug(tag.name)}" class="tag">${heading(2, slug(tag.name), tag.name)}<p class="lead">${tag.description}</p>
${operations.map((operation) => operationArticle(document, operation))}</section>`,
  )}
${webhooks(document)}
${schemas(document)}
${errorCodes()}
</main>
</div>
<p class="visually-hidden" id="said" role="status"></p>
<script>${raw(REFERENCE_SCRIPT)}</script>
</body>
</html>`);
}

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Only the page's own style and script run, and nothing is fetched. */
export const REFERENCE_CSP = [
  "default-src 'none'",
  `style-src ${hash(REFERENCE_STYLES)}`,
  `script-src ${hash(REFERENCE_SCRIPT)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
