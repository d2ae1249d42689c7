import type { OpenApiDocument, OpenApiOperation } from "@tollgate/protocol/openapi";
import { html } from "hono/html";
import { curlCommand } from "./curl.ts";
import { codeBlock, heading, highlightJson, type Markup, prose } from "./markup.ts";
import { fieldRow, schemaTable } from "./schema.ts";

export type Operation = { method: string; path: string; operation: OpenApiOperation };

export const operationsOf = (document: OpenApiDocument, tag: string): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method, path, operation })),
  );

const PROOFS: Record<string, string> = { bearer: "Bearer token", key: "API key", backEnd: "Back end" };

function proofs(operation: OpenApiOperation): Markup {
  const kinds = (operation.security ?? []).map((option) => Object.keys(option)[0] ?? "none");
  const named = kinds.filter((kind) => kind !== "none").map((kind) => PROOFS[kind] ?? kind);
  if (named.length === 0) return html`<a class="chip" href="#authentication">No credentials</a>`;
  const scopes = (operation.security ?? []).flatMap((option) => Object.values(option).flat());
  return html`${named.map((name) => html`<a class="chip" href="#authentication">${name}</a> `)}${scopes.map((scope) => html`<code class="chip quiet">${scope}</code>`)}${kinds.includes("none") ? html`<span class="chip quiet">or none</span>` : ""}`;
}

const PLACES = { path: "In the path", query: "In the query", header: "In headers" } as const;

function parameters(operation: OpenApiOperation): Markup[] {
  return (["path", "query", "header"] as const).flatMap((place) => {
    const list = (operation.parameters ?? []).filter((it) => it.in === place);
    if (list.length === 0) return [];
    return html`<section><h4>${PLACES[place]}</h4><dl class="fields">${list.map((it) => fieldRow(it.name, it.schema, it.required, it.description))}</dl></section>`;
  });
}

function requestBody(operation: OpenApiOperation, document: OpenApiDocument): Markup | string {
  const [kind, json] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (!json) return "";
  const also = operation.requestBody?.content["multipart/form-data"]
    ? " or multipart/form-data with repeated files"
    : "";
  return html`<section><h4>Body <span class="muted">${kind}${also}</span></h4>${schemaTable(json.schema, document.components.schemas)}</section>`;
}

const successOf = (operation: OpenApiOperation) =>
  Object.entries(operation.responses).find(([status]) => status.startsWith("2"));

function success(operation: OpenApiOperation, document: OpenApiDocument): Markup | string {
  const found = successOf(operation);
  const json = found?.[1].content?.["application/json"];
  if (!found || !json) return "";
  return html`<section><h4>Answer <span class="status ok">${found[0]}</span></h4>${schemaTable(json.schema, document.components.schemas)}</section>`;
}

/** The sentence of an envelope, flat as the paywall API's or nested as the Management API's. */
function sentenceOf(value: unknown): string {
  const { error, message } = value as { error: unknown; message?: string };
  return message ?? (error as { message: string }).message;
}

function refusals(operation: OpenApiOperation): Markup {
  const rows = Object.entries(operation.responses)
    .filter(([status]) => status >= "400")
    .flatMap(([status, { content }]) =>
      Object.entries(content?.["application/json"]?.examples ?? {}).map(([code, { value }]) => ({
        status,
        code,
        message: sentenceOf(value),
      })),
    );
  return html`<details class="refusals"><summary>Refusals <span class="muted">${rows.length}</span></summary>
<table><thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Says</th></tr></thead>
<tbody>${rows.map(({ status, code, message }) => html`<tr><td><span class="status">${status}</span></td><td><a href="#error-${code}"><code>${code}</code></a></td><td>${message}</td></tr>`)}</tbody></table></details>`;
}

function answerExample(operation: OpenApiOperation): Markup {
  const found = successOf(operation);
  const json = found?.[1].content?.["application/json"];
  const label = `${found?.[0] ?? ""} ${json ? "application/json" : "no body"}`;
  return json ? codeBlock(label, highlightJson(json.example)) : html`<p class="muted">Answers ${label}.</p>`;
}

/** One endpoint: what it is on the left, what to type and what comes back on the right. */
export function operationArticle(document: OpenApiDocument, { method, path, operation }: Operation): Markup {
  const id = operation.operationId;
  const command = curlCommand(document.servers[0]?.url ?? "", method, path, operation);
  return html`<article id="${id}" class="endpoint" data-find="${`${operation.summary} ${path} ${id}`.toLowerCase()}">
<header>
${heading(3, id, operation.summary)}
<p class="address"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></p>
<p>${proofs(operation)}</p>
</header>
<div class="columns">
<div class="facts">
${operation.description ? html`<p>${prose(operation.description)}</p>` : ""}
${parameters(operation)}
${requestBody(operation, document)}
${success(operation, document)}
${refusals(operation)}
</div>
<div class="samples">
${codeBlock("curl", html`${command}`)}
${answerExample(operation)}
</div>
</div>
</article>`;
}
