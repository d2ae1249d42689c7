import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { Random } from "../../platform/random.ts";
import { pageStyles } from "./styles.ts";

/** Markup that is safe to send: made by the `html` tag, which escapes every value put into it. */
export type Markup = ReturnType<typeof html>;

export type PageTenant = { name: string; brandColor: string | null; logo?: string | null };

export type PageContent = {
  /** Also the first part of the window's title. */
  title: string;
  tenant: PageTenant;
  body: Markup;
  /** JavaScript of ours that makes the page nicer. The page must do its work without it. */
  script?: string;
  /** Rules that only this page needs, beside the common style sheet. */
  styles?: string;
  /** Shows the TEST banner: no money moves on this page. */
  test?: boolean;
  /** Two-column pages and tables; the default suits one question. */
  wide?: boolean;
  lang?: string;
};

export type PagePolicy = {
  /** Where forms may lead besides this origin, redirects after the post included (browsers check those too). */
  formTargets?: string[];
};

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

/**
 * Headers of every hosted page: nothing from elsewhere runs, nobody frames it, addresses with tokens are
 * not passed on. There is no `Cross-Origin-Opener-Policy`, which would cut `window.opener` (paywall API §6).
 */
export function pageHeaders(nonce: string, policy: PagePolicy = {}): Record<string, string> {
  const targets = (policy.formTargets ?? []).map(originOf).filter((origin) => origin?.startsWith("http"));
  const csp = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "img-src 'self' https: data:",
    "connect-src 'self'",
    `form-action ${["'self'", ...new Set(targets)].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": csp.join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
  };
}

/** The document around a hosted page's content. `nonce` must be the one that `pageHeaders` names. */
export function page(
  { title, tenant, body, script, styles = "", test, wide, lang = "en" }: PageContent,
  nonce: string,
): Markup {
  const logo = tenant.logo && /^https:\/\//.test(tenant.logo) ? tenant.logo : null;
  const initial = [...tenant.name.trim()][0]?.toUpperCase() ?? "?";
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · ${tenant.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(pageStyles(tenant.brandColor) + styles)}</style>
</head>
<body>
${test ? html`<aside class="test-banner" aria-label="Test mode">TEST MODE: no real money moves</aside>` : ""}
<div class="shell${wide ? " wide" : ""}">
<header class="brand">${logo ? html`<img src="${logo}" alt="">` : html`<span class="mark" aria-hidden="true">${initial}</span>`}<span>${tenant.name}</span></header>
<main class="stack loose">
${body}
</main>
<footer class="foot">Powered by Tollgate</footer>
</div>
${script ? html`<script nonce="${nonce}">${raw(script.replaceAll(/<(?=[/!])/g, "\\x3c"))}</script>` : ""}
</body>
</html>`;
}

/** Answers with a hosted page under a fresh nonce. */
export async function sendPage(
  c: Context,
  deps: { random: Random },
  content: PageContent,
  options: PagePolicy & { status?: 200 | 400 | 401 | 402 | 403 | 404 | 409 | 410 | 422 | 429 } = {},
): Promise<Response> {
  const nonce = deps.random.bytes(16).toString("base64");
  return c.body(String(await page(content, nonce)), options.status ?? 200, pageHeaders(nonce, options));
}
