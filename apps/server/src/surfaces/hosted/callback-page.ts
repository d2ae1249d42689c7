import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  CALLBACK_PATH,
  isSocialProvider,
  type ProviderClients,
  receiveProviderAnswer,
} from "../../domains/identity/index.ts";
import { findTenantByHost } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { sendPage } from "./page.ts";

const FORM_BYTES_MAX = 64 * 1024;
const PROVIDER_PATH = "/paywall/v3/auth/provider/:provider";

/**
 * The way back from a provider (paywall API §6.1): one address per provider, which is registered there, and
 * the page on the paywall's own host that hands the code to the window that asked for it.
 */
export function callbackPages(deps: Deps, clients: ProviderClients): Hono<AppEnv> {
  async function receive(c: Context<AppEnv>, params: URLSearchParams): Promise<Response> {
    const provider = c.req.param("provider") ?? "";
    if (!isSocialProvider(provider))
      throw new AppError("not_found", 404, "There is nothing at this address.");
    const target = await receiveProviderAnswer(deps, clients, { provider, params });
    // 303, so that Apple's form is not posted on; and no referrer, which would hold the provider's code.
    c.header("referrer-policy", "no-referrer");
    c.header("cache-control", "no-store");
    return c.redirect(target, 303);
  }

  return new Hono<AppEnv>()
    .get(PROVIDER_PATH, (c) => receive(c, new URL(c.req.url).searchParams))
    .post("/paywall/v3/auth/provider/apple", async (c) => {
      const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
      const target = await receiveProviderAnswer(deps, clients, { provider: "apple", params: form });
      c.header("referrer-policy", "no-referrer");
      c.header("cache-control", "no-store");
      return c.redirect(target, 303);
    })
    .get(CALLBACK_PATH, async (c) => {
      const host = c.req.header("host") ?? new URL(c.req.url).host;
      const tenant = await findTenantByHost(deps.db, host.toLowerCase().replace(/^edge\./, ""));
      return sendPage(c, deps, {
        title: "Signing you in",
        tenant: tenant ?? { name: "Sign-in", brandColor: null },
        styles: STYLES,
        body: html`<section class="card stack center notice" aria-live="polite">
<div class="symbol" id="symbol" aria-hidden="true"><span class="wait" id="wait"></span></div>
<h1 id="title">Almost there</h1>
<p class="lead" id="text">Go back to the page where you wanted to sign in.</p>
<p class="muted small" id="fate">You can close this window.</p>
</section>`,
        script: SCRIPT,
      });
    });
}

const STYLES = `.notice{justify-items:center}
.wait{width:22px;height:22px;border-radius:50%;border:3px solid var(--line);border-top-color:var(--accent)}
@media (prefers-reduced-motion:no-preference){.wait{animation:turn .8s linear infinite}}
@keyframes turn{to{transform:rotate(1turn)}}`;

/**
 * Hands on what the address says, to any origin: nobody can exchange the code but the page that made the
 * challenge. Words in the address are passed on as data and never shown; the page has words of its own. The code stays in
 * the address, where an extension's worker may have to read it.
 */
const SCRIPT = `(() => {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const read = (name) => fragment.get(name) || query.get(name) || undefined;
  const code = query.get("code");
  const failed = Boolean(read("error") || read("error_code")) || !code;
  const state = (/^pw-oauth-(.+)$/.exec(window.name) || [])[1];
  const message = failed
    ? { type: "pw-oauth", status: "error", error: read("error") || "invalid_request", errorCode: read("error_code"),
        description: read("error_description"), messageId: state }
    : { type: "pw-oauth", status: "success", code, messageId: state };
  let told = false;
  try {
    if (window.opener && state) {
      window.opener.postMessage(message, "*");
      told = true;
    }
  } catch {}
  const show = (kind, sign, title, text) => {
    document.title = document.title.replace(/^[^·]*/, title + " ");
    const symbol = document.getElementById("symbol");
    symbol.className = "symbol " + kind;
    symbol.textContent = sign;
    document.getElementById("title").textContent = title;
    document.getElementById("text").textContent = text;
  };
  const why = {
    access_denied: ["Sign-in cancelled", "You can choose another way to sign in where you came from."],
    identity_already_exists: ["Already linked", "That sign-in belongs to another account. Go back to sign in to that account instead."],
    flow_expired: ["This took too long", "Go back to where you came from and start the sign-in again."],
    provider_unavailable: ["The provider did not answer", "Please try again in a moment, or choose another way to sign in."],
  };
  if (failed) {
    const known = Object.hasOwn(why, read("error_code") || "") ? why[read("error_code")]
      : ["Sign-in did not work", "Go back to where you came from and try again, or choose another way to sign in."];
    show("warn", "!", known[0], known[1]);
  } else if (told) show("ok", "✓", "You are signed in", "Taking you back to where you came from.");
  else show("ok", "✓", "Almost there", "Go back to the page where you wanted to sign in. If nothing happens there, start again.");
  if (told) {
    document.getElementById("fate").textContent = "This window closes by itself.";
    setTimeout(() => window.close(), failed ? 1200 : 600);
  }
})();`;
