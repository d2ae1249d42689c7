import { html } from "hono/html";
import type { Markup } from "./page.ts";

export type Field = {
  name: string;
  label: string;
  type?: "email" | "password" | "text";
  value?: string;
  /** What browsers and password managers may fill in. */
  autocomplete?: string;
  hint?: string | null;
  problem?: string | null;
  /** Further attributes of the input, made by the `html` tag. */
  more?: Markup;
};

/** An input with its label; hint and problem are tied to it for screen readers. */
export function field({
  name,
  label,
  type = "text",
  value,
  autocomplete,
  hint,
  problem,
  more,
}: Field): Markup {
  const described = [hint ? `${name}-hint` : "", problem ? `${name}-error` : ""].filter(Boolean).join(" ");
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}"${value === undefined ? "" : html` value="${value}"`}${autocomplete ? html` autocomplete="${autocomplete}"` : ""}${more ? html` ${more}` : ""}${problem ? html` aria-invalid="true"` : ""}${described ? html` aria-describedby="${described}"` : ""}>
${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : ""}
${problem ? html`<p class="error" id="${name}-error" role="alert">${problem}</p>` : ""}</div>`;
}

/** Tells password managers whose password a form is about. */
export const hiddenUsername = (email: string): Markup =>
  html`<input class="visually-hidden" type="email" name="username" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">`;

/** A page that has one thing to say. */
export const notice = (kind: "ok" | "warn" | "bad", sign: string, title: string, body: Markup): Markup =>
  html`<section class="card stack center"><div class="symbol ${kind}" aria-hidden="true">${sign}</div>
<h1>${title}</h1>${body}</section>`;
