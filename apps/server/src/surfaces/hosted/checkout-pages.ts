import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { findPaywall } from "../../domains/paywalls/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Markup, type PageContent, sendPage } from "./page.ts";

const CLOSES_AFTER_MS = 3500;

/**
 * Where a checkout returns to when the merchant named no page of their own (paywall API §6.4). A redirect
 * proves nothing, so these pages know nothing: they thank or console, tell the window that opened them, and
 * go away.
 */
export function checkoutPages(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/paywall/:id/checkout/success", async (c) => {
      const found = await findPaywall(deps.db, c.req.param("id"));
      if (!found) return unknownPage(deps, c);
      const { paywall, tenant } = found;
      const goTo = paywall.settings.successRedirectUrl ?? null;
      const backTo = goTo ?? paywall.settings.checkoutShopUrl ?? null;
      return sendPage(c, deps, {
        title: "Thank you",
        tenant: { ...tenant, brandColor: paywall.settings.brandColor ?? tenant.brandColor },
        test: paywall.paymentMode === "test",
        styles: STYLES,
        body: notice(
          "ok",
          "✓",
          "Thank you!",
          html`<p class="lead">Your payment went through and is being unlocked where you started.</p>
${backTo ? html`<a class="button" href="${backTo}">Continue to ${tenant.name}</a>` : ""}
<p class="muted small" id="fate">You can close this page.</p>`,
        ),
        script: returnScript("paid", goTo, goTo ? "Taking you back…" : "This page closes by itself."),
      });
    })
    .get("/paywall/:id/checkout/error", async (c) => {
      const found = await findPaywall(deps.db, c.req.param("id"));
      if (!found) return unknownPage(deps, c);
      const { paywall, tenant } = found;
      const backTo = paywall.settings.checkoutShopUrl ?? null;
      return sendPage(c, deps, {
        title: "Nothing was charged",
        tenant: { ...tenant, brandColor: paywall.settings.brandColor ?? tenant.brandColor },
        test: paywall.paymentMode === "test",
        styles: STYLES,
        body: notice(
          "warn",
          "!",
          "Nothing was charged",
          html`<p class="lead" id="why">The payment was not completed. You can try again where you started.</p>
${backTo ? html`<a class="button" href="${backTo}">Back to ${tenant.name}</a>` : ""}
${tenant.supportEmail ? html`<p class="small">Something wrong? <a href="mailto:${tenant.supportEmail}">${tenant.supportEmail}</a></p>` : ""}
<p class="muted small" id="fate">You can close this page.</p>`,
        ),
        script: returnScript("failed", null, null),
      });
    });
}

const unknownPage = (deps: Deps, c: Context<AppEnv>): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title: "Not found",
      tenant: { name: "Checkout", brandColor: null },
      body: notice(
        "warn",
        "?",
        "There is nothing here",
        html`<p class="lead">The address is not complete.</p>`,
      ),
    } satisfies PageContent,
    { status: 404 },
  );

const notice = (kind: "ok" | "warn", sign: string, title: string, body: Markup): Markup =>
  html`<section class="card stack center notice"><div class="symbol ${kind}" aria-hidden="true">${sign}</div>
<h1>${title}</h1>${body}</section>`;

const STYLES = ".notice{justify-items:center}";

/**
 * Reads the markers (the fragment wins over the query), tells the opener, then leaves. The message goes to
 * any origin, because the page cannot know who opened it: it says no more than the address bar does.
 */
const returnScript = (
  expected: "paid" | "failed",
  goTo: string | null,
  fate: string | null,
): string => `(() => {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const read = (name) => fragment.get(name) || query.get(name);
  const status = read("paywall_status") || ${JSON.stringify(expected)};
  const message = { type: "paywall_purchase", status, priceId: read("paywall_price_id"), sessionId: read("paywall_session_id") };
  if (window.opener) window.opener.postMessage(message, "*");
  if (status === "cancelled") {
    const why = document.getElementById("why");
    if (why) why.textContent = "You left before paying. You can try again where you started.";
  }
  const fate = ${JSON.stringify(fate)};
  if (!fate || status !== "paid") return;
  document.getElementById("fate").textContent = fate;
  const goTo = ${JSON.stringify(goTo)};
  setTimeout(() => { if (goTo) location.replace(goTo); else window.close(); }, ${CLOSES_AFTER_MS});
})();`;
