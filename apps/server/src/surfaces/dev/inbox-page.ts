import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { Deps } from "../../platform/deps.ts";
import type { InboxMail } from "../../platform/mail/index.ts";
import { page, pageHeaders } from "../hosted/page.ts";
import { COPY_SCRIPT } from "./script.ts";

/**
 * Mail that would have been sent, newest first, refreshed as it arrives. A mail's HTML is shown in a frame
 * that runs no scripts; without JavaScript the page lists the plain texts.
 */
export async function sendInboxPage(c: Context, deps: Deps, mails: InboxMail[]): Promise<Response> {
  const nonce = deps.random.bytes(16).toString("base64");
  const body = html`<style>${raw(STYLES)}</style>
<div class="head"><h1>Inbox</h1><a class="home" href="/">Back to the start</a></div>
<p class="muted">Mail of the demonstration stays here instead of being sent. New mail appears by itself.</p>
<noscript>${mails.map(
    (mail) =>
      html`<details class="card"><summary>${mail.subject} · ${mail.to}</summary><pre>${mail.text}</pre></details>`,
  )}</noscript>
<div class="inbox card" id="inbox" hidden>
  <div class="list" id="list" role="listbox" aria-label="Messages" tabindex="0"></div>
  <article class="mail" id="mail" aria-live="polite"></article>
</div>
<script type="application/json" id="data">${raw(embedded(mails))}</script>`;
  const document = await page(
    {
      title: "Inbox",
      tenant: { name: "Tollgate", brandColor: null },
      body,
      script: COPY_SCRIPT + SCRIPT,
      wide: true,
    },
    nonce,
  );
  const headers = pageHeaders(nonce);
  // The frame inherits this policy, and mail is styled inline; scripts stay bound to the nonce.
  const policy = String(headers["content-security-policy"]).replace(
    /style-src [^;]+/,
    "style-src 'unsafe-inline'",
  );
  return c.body(String(document), 200, {
    ...headers,
    "content-security-policy": `${policy}; frame-src 'self'`,
  });
}

/** JSON that may stand inside a script element. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const STYLES = `
.shell.wide{max-width:1120px}
.head{display:flex;justify-content:space-between;align-items:baseline;gap:16px;flex-wrap:wrap}
.home{display:inline-flex;align-items:center;min-height:44px}
.inbox{padding:0;display:grid;overflow:hidden;min-height:480px}
.list{overflow-y:auto;max-height:40vh;border-bottom:1px solid var(--line)}
.list:focus-visible{outline-offset:-3px}
.item{padding:12px 16px;border-bottom:1px solid var(--line);cursor:pointer;display:grid;grid-template-columns:minmax(0,1fr);gap:2px;min-height:44px}
.item:last-child{border-bottom:0}
.item:hover{background:var(--info-soft)}
.item[aria-selected=true]{background:var(--info-soft);box-shadow:inset 3px 0 var(--accent)}
.item .row{display:flex;justify-content:space-between;gap:12px}
.item b{min-width:0;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.item .row span{flex:none}
.item .row span,.item .to{font-size:.8125rem;color:var(--muted);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.mail{padding:20px;display:flex;flex-direction:column;gap:14px;min-width:0}
.mail h2{font-size:1.25rem}
.mail .code{display:flex;align-items:center;gap:16px;flex-wrap:wrap}
.mail .code span{font:700 2rem/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.18em}
.mail .links{display:flex;gap:10px;flex-wrap:wrap}
.mail iframe{flex:1;width:100%;min-height:420px;border:1px solid var(--line);border-radius:10px;background:#fff}
.mail pre{white-space:pre-wrap;margin:0}
.empty{margin:auto;text-align:center;color:var(--muted);display:grid;gap:6px;padding:32px}
@media (min-width:760px){.inbox{grid-template-columns:320px 1fr;height:min(760px,74vh)}
.inbox.bare{grid-template-columns:1fr;height:auto}
.list{max-height:none;border-bottom:0;border-right:1px solid var(--line)}}
`;

const SCRIPT = `
const list = document.getElementById("list");
const view = document.getElementById("mail");
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const keyOf = (mail) => mail.at + mail.to + mail.subject;
const query = new URLSearchParams(location.search).get("to");
const source = "/dev/inbox.json?limit=50" + (query ? "&to=" + encodeURIComponent(query) : "");
let text = document.getElementById("data").textContent;
let mails = JSON.parse(text);
let selected = mails[0] && keyOf(mails[0]);
// Nothing has been drawn yet, not even that there is nothing.
let shown = null;

function age(at) {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  if (seconds < 60) return "now";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h";
  return new Date(at).toLocaleDateString();
}

function drawList() {
  list.hidden = mails.length === 0;
  list.parentElement.classList.toggle("bare", list.hidden);
  list.replaceChildren(
    ...mails.map((mail, i) => {
      const key = keyOf(mail);
      const item = el(
        "div",
        { className: "item", id: "m" + i, role: "option", ariaSelected: String(key === selected), onclick: () => select(key) },
        el("div", { className: "row" }, el("b", { textContent: mail.subject }), el("span", { textContent: age(mail.at) })),
        el("div", { className: "to", textContent: mail.to }),
      );
      if (key === selected) list.setAttribute("aria-activedescendant", item.id);
      return item;
    }),
  );
}

function drawMail() {
  if (shown === selected) return;
  shown = selected;
  const mail = mails.find((it) => keyOf(it) === selected);
  if (!mail) {
    view.replaceChildren(el("div", { className: "empty" }, el("b", { textContent: "No mail yet" }),
      el("span", { textContent: "Sign in to the demo app, and the code arrives here." })));
    return;
  }
  const parts = [
    el("div", {}, el("h2", { textContent: mail.subject }),
      el("p", { className: "muted small", textContent: "to " + mail.to + " · " + new Date(mail.at).toLocaleString() })),
  ];
  if (mail.code) {
    const copy = el("button", { type: "button", className: "button", textContent: "Copy the code" });
    copy.dataset.copy = mail.code;
    parts.push(el("div", { className: "code" }, el("span", { textContent: mail.code }), copy));
  }
  const links = (mail.links || []).filter((href) => /^https?:/.test(href));
  if (links.length) {
    parts.push(el("div", { className: "links" }, ...links.map((href) =>
      el("a", { className: "button secondary", href, target: "_blank", rel: "noopener", textContent: "Open the link" }))));
  }
  const frame = el("iframe", { title: "Message", srcdoc: '<base target="_blank">' + mail.html });
  frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  parts.push(frame);
  view.replaceChildren(...parts);
}

function select(key) {
  selected = key;
  drawList();
  drawMail();
}

list.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = mails[mails.findIndex((mail) => keyOf(mail) === selected) + step];
  if (next) {
    select(keyOf(next));
    list.querySelector("[aria-selected=true]").scrollIntoView({ block: "nearest" });
  }
});

async function refresh() {
  if (!document.hidden) {
    try {
      const response = await fetch(source);
      const fresh = await response.text();
      // Drawn again only when something changed: nothing flickers, nothing loses its place.
      if (response.ok && fresh !== text) {
        const newest = mails[0] && keyOf(mails[0]);
        text = fresh;
        mails = JSON.parse(fresh);
        if (!selected || selected === newest) selected = mails[0] && keyOf(mails[0]);
        drawList();
        drawMail();
      }
    } catch {
      // The server is restarting; the next round finds it.
    }
  }
  setTimeout(refresh, 1500);
}

document.getElementById("inbox").hidden = false;
drawList();
drawMail();
setTimeout(refresh, 1500);
`;
