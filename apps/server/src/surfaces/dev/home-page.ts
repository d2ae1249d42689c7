import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { DemoFacts } from "../../../demo/seed.ts";
import { findTenant, tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Markup, page, pageHeaders } from "../hosted/page.ts";
import { COPY_SCRIPT } from "./script.ts";
import { isBuilt } from "./storefronts.ts";

const CARDS: [number: string, what: string][] = [
  ["4242 4242 4242 4242", "Pays"],
  ["4000 0000 0000 0002", "Is declined"],
  ["4000 0025 0000 3155", "Asks for confirmation"],
  ["4000 0000 0000 0341", "Pays once, renewals fail"],
  ["4000 0000 0000 9995", "Has insufficient funds"],
  ["4000 0000 0000 0259", "Pays, is disputed later"],
];

/** The page that leads a newcomer through a first sale and on to their own code. */
export async function sendHomePage(c: Context, deps: Deps, facts: DemoFacts): Promise<Response> {
  const tenant = await findTenant(deps.db, facts.tenant.id);
  const now = tenant ? tenantNow(deps.clock, tenant) : deps.clock.now();
  const nonce = deps.random.bytes(16).toString("base64");
  const body = html`<style nonce="${nonce}">${raw(STYLES)}</style>
<section class="hero">
  <p class="badge ok">Running on ${new URL(facts.baseUrl).host}</p>
  <h1>Your paywall is up.<br>Make the first sale.</h1>
  <p class="lead">Tollgate sells access to apps, extensions and AI products: the paywall, sign-in, checkout,
  subscriptions, receipts and signed webhooks, all on your own server. This is its demonstration. No account
  is needed anywhere and no real money moves.</p>
</section>
${firstSale()}
${tools(facts, now)}
${ownCode(facts)}`;
  const document = await page(
    {
      title: "Welcome",
      tenant: { name: "Tollgate", brandColor: null },
      body,
      script: COPY_SCRIPT + CLOCK_SCRIPT,
      wide: true,
    },
    nonce,
  );
  return c.body(String(document), 200, pageHeaders(nonce));
}

function firstSale(): Markup {
  const open = isBuilt("saas")
    ? html`<a class="button" href="/storefronts/saas/">Open the demo app</a>`
    : html`<p class="alert warn">The demo app is not built yet. <code>npm start</code> builds it.</p>`;
  return html`<section class="card sale">
  <div class="stack">
    <h2>Try it in two minutes</h2>
    <ol class="steps">
      <li><b>Open Lumen</b>, a small writing app, and export a PDF. That feature is sold.</li>
      <li><b>Sign in</b> with any address, such as <code>ada@example.com</code>. The code lands in the
        <a href="/dev/inbox" target="_blank">inbox</a>.</li>
      <li><b>Pay</b> with the first test card, any future date and any three digits.</li>
      <li><b>Watch</b> the feature unlock in the app, without a reload.</li>
    </ol>
    <div class="actions">${open}<a class="button secondary" href="/dev/inbox" target="_blank">Open the inbox</a></div>
    ${
      isBuilt("chat")
        ? html`<p class="muted small">Selling AI? <a href="/storefronts/chat/">Lumen AI</a> is a chat that begins with free answers,
          runs out, sells a pack of credits and goes on.</p>`
        : ""
    }
    ${
      isBuilt("news")
        ? html`<p class="muted small">A publisher? <a href="/storefronts/news/">The Lantern</a> is a newspaper with three free
          articles a month, a paywall behind them, and a server that decides what text leaves it.</p>`
        : ""
    }
    ${
      isBuilt("headless")
        ? html`<p class="muted small">Prefer to draw everything yourself? <a href="/storefronts/headless/">The same shop without
          our interface</a>: plans, sign-in, checkout, account and support over <code>@tollgate/sdk/core</code>.</p>`
        : ""
    }
  </div>
  <div class="stack tight">
    <h3>Test cards</h3>
    <ul class="cards">${CARDS.map(
      ([number, what]) => html`<li><button type="button" data-copy="${number}" title="Copy this number">
        <span class="mono" data-label>${number}</span><span class="muted small">${what}</span></button></li>`,
    )}</ul>
  </div>
</section>`;
}

function tools({ merchant, tenant }: DemoFacts, now: Date): Markup {
  const shown = now.toISOString();
  return html`<section class="tools" aria-label="Tools">
  <a class="card tool" href="/dev/inbox" target="_blank"><h3>Inbox</h3>
    <p class="muted small">Every mail that would have been sent: codes, receipts, confirmations.</p></a>
  <a class="card tool" href="/reference"><h3>API reference</h3>
    <p class="muted small">All endpoints, with examples. Also as <code>/openapi.json</code>.</p></a>
  <a class="card tool" href="/dev/webhooks.json" target="_blank"><h3>Webhooks</h3>
    <p class="muted small">What your back end would receive: signed events, newest first.</p></a>
  <a class="card tool" href="/dev/demo.json" target="_blank"><h3>Keys and ids</h3>
    <p class="muted small">Everything a client needs to be pointed at this demonstration.</p></a>
</section>
<section class="pair">
  <div class="card tool clock"><h3>Time machine</h3>
    <p class="muted small">For the demonstration it is <time id="now" datetime="${shown}">${shown.slice(0, 16).replace("T", " ")}</time> UTC.
      Move on, and renewals, trials and retries happen.</p>
    <div class="actions" id="clock" hidden>
      <button type="button" class="button secondary" data-advance="P1D">+ 1 day</button>
      <button type="button" class="button secondary" data-advance="P1M">+ 1 month</button>
      <button type="button" class="button secondary" data-advance="P1Y">+ 1 year</button>
    </div>
    <p class="small" id="clock-status" role="status"></p></div>
  <div class="card tool"><h3>Dashboard</h3>
    <p class="muted small">Not part of this version yet. The merchant of “${tenant.slug}” is ready for it:</p>
    <p class="small"><span class="mono">${merchant.email}</span><br><span class="mono">${merchant.password}</span></p></div>
</section>`;
}

function ownCode({ baseUrl, secretKey, paywalls }: DemoFacts): Markup {
  const price = paywalls.app.prices[0]?.id ?? "101";
  const sdk = `import { PaywallUI } from "@tollgate/sdk";

const paywall = new PaywallUI({ paywallId: "${paywalls.app.id}", apiOrigin: "${baseUrl}", auth: true });
const { access } = await paywall.getAccess();
if (access === "blocked") paywall.open();
paywall.on("purchase_completed", () => unlock());`;
  const curl = `# What the paywall shows
curl -s ${baseUrl}/api/v1/paywall/${paywalls.app.id}/bootstrap

# Start a checkout from your back end
curl -s ${baseUrl}/api/v1/paywall/${paywalls.app.id}/start-checkout \\
  -H "X-Api-Key: ${secretKey}" -H "Content-Type: application/json" \\
  -d '{"email":"ada@example.com","priceId":"${price}"}'

# Has she paid?
curl -s "${baseUrl}/api/v1/paywall/${paywalls.app.id}/user?email=ada@example.com" \\
  -H "X-Api-Key: ${secretKey}"`;
  const block = (id: string, title: string, code: string) => html`<div class="code">
    <div class="bar"><h3>${title}</h3>
      <button type="button" class="button secondary" data-copy-from="${id}">Copy</button></div>
    <pre tabindex="0"><code id="${id}">${code}</code></pre></div>`;
  return html`<section class="card stack loose">
  <div class="stack tight"><h2>Then sell something of your own</h2>
  <p class="muted">Both snippets work as they are against this server, with its real paywall and test key.</p></div>
  ${block("sdk", "In the browser", sdk)}
  ${block("curl", "From a back end", curl)}
</section>`;
}

const STYLES = `
.shell.wide{max-width:1080px}
.hero{display:grid;gap:16px;justify-items:start;padding:8px 0}
.hero h1{font-size:clamp(2rem,6vw,3.25rem);line-height:1.06;letter-spacing:-.035em}
.hero .lead{max-width:62ch;font-size:1.0625rem}
.sale{display:grid;gap:28px}
.sale .tight{align-content:start}
.steps{display:grid;gap:12px;padding:0;list-style:none;counter-reset:step}
.steps li{counter-increment:step;display:block;position:relative;padding-left:40px;min-height:28px}
.steps li::before{content:counter(step);position:absolute;left:0;top:-1px;width:26px;height:26px;border-radius:50%;display:grid;place-items:center;
background:var(--info-soft);font-size:.8125rem;font-weight:700;color:var(--muted)}
.cards{list-style:none;display:grid;margin-inline:-10px}
.cards button{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:2px 16px;width:100%;min-height:44px;padding:6px 10px;
border:0;border-radius:8px;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer}
.cards button:hover{background:var(--info-soft)}
.cards .mono{font-size:.9375rem;min-width:19ch}
.tools{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(min(220px,100%),1fr))}
.pair{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr))}
.tool{padding:20px;display:grid;gap:6px;align-content:start;text-decoration:none}
a.tool:hover h3{text-decoration:underline}
.clock .actions{gap:8px;margin-top:6px}.clock .button{min-height:44px;padding:6px 12px;font-size:.875rem}
.code{min-width:0}.code .bar{display:flex;justify-content:space-between;align-items:center;gap:12px;margin-bottom:8px}
.code .button{min-height:44px;padding:6px 16px;font-size:.875rem}
.code pre{margin:0;overflow-wrap:normal;line-height:1.6}
@media (min-width:820px){.sale{grid-template-columns:1.25fr 1fr;gap:48px}}
@media (min-width:640px){.shell.wide{padding-top:56px}}
`;

const CLOCK_SCRIPT = `
const clock = document.getElementById("clock");
const status = document.getElementById("clock-status");
clock.hidden = false;
clock.addEventListener("click", async (event) => {
  const advance = event.target.dataset.advance;
  if (!advance) return;
  const buttons = clock.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  status.textContent = "Moving…";
  try {
    const response = await fetch("/dev/clock", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advance }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    const shown = document.getElementById("now");
    shown.dateTime = answer.now;
    shown.textContent = answer.now.slice(0, 16).replace("T", " ");
    status.textContent = "Done. What fell due has happened.";
  } catch (error) {
    status.textContent = error.message;
  }
  for (const button of buttons) button.disabled = false;
  event.target.focus();
});
`;
