import { html, raw } from "hono/html";

/** Markup made by the `html` tag, which escapes every value put into it. */
export type Markup = ReturnType<typeof html>;

/** The apostrophe that people print, in texts that were typed. */
export const typeset = (text: string): string => text.replaceAll(/(\w)'(\w)/g, "$1’$2");

/** A sentence with `code` between backticks. */
export function prose(text: string): Markup[] {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${typeset(part)}`));
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with its keys, texts and numbers told apart. */
export function highlightJson(value: unknown): Markup[] {
  const text = JSON.stringify(value, null, 2);
  const parts: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    parts.push(html`${text.slice(end, match.index)}`);
    const kind = quoted ? (colon === undefined ? "s" : "k") : "n";
    parts.push(html`<span class="${kind}">${quoted ?? token}</span>${colon ?? ""}`);
    end = match.index + token.length;
  }
  parts.push(html`${text.slice(end)}`);
  return parts;
}

/** A block of code that scrolls by keyboard. The script adds the button that copies it. */
export const codeBlock = (label: string, code: Markup | Markup[]): Markup =>
  html`<figure class="code"><figcaption>${label}</figcaption><pre tabindex="0" role="region" aria-label="${label}"><code>${code}</code></pre></figure>`;

/** Text as part of an anchor's name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** A heading that can be linked to; the link is announced as such and shows itself on hover and focus. */
export const heading = (level: 2 | 3 | 4, id: string, text: string): Markup =>
  html`${raw(`<h${level}>`)}<a class="anchor" href="#${id}">${typeset(text)}</a>${raw(`</h${level}>`)}`;
