import { html } from "hono/html";
import type { AccountContract, Bill, Contract } from "../../domains/billing/index.ts";
import type { Paywall } from "../../domains/paywalls/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { Visit } from "./account-pages.ts";
import type { Markup } from "./page.ts";
import { dayWords, methodWords, perPeriod, shortDay } from "./words.ts";

export const ACCOUNT_STYLES = `
.notice{justify-items:center}.stack>.badge{justify-self:start}.receipts td{white-space:nowrap}
@media (max-width:519px){.receipts thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.receipts,.receipts tbody{display:block}.receipts tr{display:grid;grid-template-columns:1fr auto;align-items:center;gap:4px 12px;padding:12px 0;border-bottom:1px solid var(--line)}
.receipts tr:last-child{border-bottom:0;padding-bottom:0}.receipts td{padding:0;border:0}.receipts td:nth-child(even){text-align:right}}
.receipts a{display:inline-block;padding:13px 0;margin:-13px 0}.head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:8px 16px;align-items:baseline}
.plan{display:grid;gap:14px}.plan+.plan{border-top:1px solid var(--line);padding-top:20px}
.reasons{border:0;display:grid;min-width:0}.reasons legend{padding:0;margin-bottom:4px}
.link{background:none;border:0;min-height:44px;padding:8px 0;font:inherit;color:inherit;text-decoration:underline;text-underline-offset:3px;cursor:pointer}
.end{display:flex;flex-wrap:wrap;justify-content:space-between;gap:12px;align-items:center}
`.trim();

export const PRINT_SCRIPT = `(() => {
  const button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();`;

const money = (amountMinor: number, currency: string): string => formatMoney({ amountMinor, currency });

const DONE: Record<string, { kind: "ok" | "warn"; text: string }> = {
  cancelled: { kind: "ok", text: "Your subscription is cancelled. You keep access until the date below." },
  kept: { kind: "ok", text: "Good to have you: your subscription goes on as before." },
  method: { kind: "ok", text: "Your next payments use the new card." },
  nothing: { kind: "warn", text: "There was nothing to change." },
};

export function overviewView(
  visit: Visit,
  content: {
    contracts: AccountContract[];
    bills: Bill[];
    done: string | undefined;
    tab: "overview" | "support";
  },
): Markup {
  const { contracts, bills } = content;
  const done = content.done ? DONE[content.done] : undefined;
  return html`<div class="head"><h1>Your account</h1><p class="muted">${visit.customer.email ?? ""}</p></div>
${done ? html`<div class="alert ${done.kind}" role="status">${done.text}</div>` : ""}
${content.tab === "support" ? supportCard(visit) : ""}
<section class="card stack" aria-label="Plans"><h2>Plans</h2>
${contracts.length === 0 ? html`<p class="muted">You have not bought anything here.</p>` : contracts.map((it) => planView(visit, it))}
</section>
<section class="card stack" aria-label="Receipts"><h2>Receipts</h2>
${bills.length === 0 ? html`<p class="muted">There are no receipts.</p>` : billTable(visit, bills)}
</section>
<section class="card stack" aria-label="Security"><h2>Security</h2>
<p><a href="${visit.base}/devices">Where you are signed in</a></p></section>
${content.tab === "support" ? "" : supportCard(visit)}
<div class="end"><a class="button secondary" href="${visit.returnUrl}">Back to ${visit.tenant.name}</a>
<form method="post" action="${visit.base}/leave"><input type="hidden" name="csrf" value="${visit.csrf}"><button class="link small" type="submit">Leave this page</button></form></div>`;
}

/** From a page beneath the account back to it. */
export const backLink = (visit: Visit): Markup =>
  html`<p><a class="button secondary" href="${visit.base}/get">Back to your account</a></p>`;

type Standing = { badge: Markup; sentence: string };

function standingOf(visit: Visit, it: AccountContract): Standing {
  const { timeZone } = visit.tenant;
  const day = (at: Date | null) => (at ? dayWords(at, timeZone) : "");
  const badge = (kind: string, text: string) => html`<span class="badge ${kind}">${text}</span>`;
  const price = money(it.totalMinor, it.currency);
  if (it.endedAt) return { badge: badge("", "Ended"), sentence: `Ended on ${day(it.endedAt)}.` };
  if (it.disputed) {
    return { badge: badge("bad", "Suspended"), sentence: "Paused while your bank looks into a payment." };
  }
  if (it.cancelAtPeriodEnd) {
    return {
      badge: badge("warn", "Ends soon"),
      sentence: `Cancelled. You keep access until ${day(it.cancelAt)}; nothing more is charged.`,
    };
  }
  switch (it.state) {
    case "trialing":
      return {
        badge: badge("ok", "Trial"),
        sentence: `Free until ${day(it.trialEndAt)}, then ${price} ${periodOf(it)}.`,
      };
    case "past_due":
      return {
        badge: badge("bad", "Payment failed"),
        sentence: `We could not take ${price}. We try again in the next days; access lasts until ${day(it.graceUntilAt)}.`,
      };
    case "unpaid":
      return {
        badge: badge("bad", "Unpaid"),
        sentence: `Paused, because ${price} could not be taken. It goes on as soon as the payment succeeds.`,
      };
    default:
      return it.duration === "PERPETUAL"
        ? { badge: badge("ok", "Yours for good"), sentence: "Paid once. It does not end or renew." }
        : { badge: badge("ok", "Active"), sentence: `Renews on ${day(it.periodEndAt)} for ${price}.` };
  }
}

const periodOf = (it: AccountContract): string =>
  it.interval ? perPeriod({ interval: it.interval, intervalCount: it.intervalCount }) : "once";

const planRows = (visit: Visit, it: AccountContract): Markup => html`<dl class="rows num">
<div><dt>Price</dt><dd>${money(it.totalMinor, it.currency)} ${it.duration === "PERPETUAL" ? "" : periodOf(it)}${it.thenMinor === null ? "" : `, then ${money(it.thenMinor, it.currency)}`}</dd></div>
<div><dt>Since</dt><dd>${dayWords(it.createdAt, visit.tenant.timeZone)}</dd></div>
${it.method ? html`<div><dt>Payment</dt><dd>${methodWords(it.method)}</dd></div>` : ""}
</dl>`;

function planView(visit: Visit, it: AccountContract): Markup {
  const { badge, sentence } = standingOf(visit, it);
  const canCancel = it.duration === "RECURRING" && !it.endedAt && !it.cancelAtPeriodEnd;
  return html`<article class="plan" id="${it.id}">
<div class="head"><h3>${it.name}</h3>${badge}</div>
<p>${sentence}</p>
${it.endedAt ? "" : planRows(visit, it)}
${
  canCancel
    ? html`<div class="actions"><a class="button secondary" href="${visit.base}/payment-method?contract=${it.id}">Change how you pay</a>
<a class="button secondary" href="${visit.base}/cancel?contract=${it.id}">Cancel subscription</a></div>`
    : ""
}
${
  it.cancelAtPeriodEnd && !it.endedAt
    ? html`<form method="post" action="${visit.base}/undo" class="actions"><input type="hidden" name="csrf" value="${visit.csrf}">
<input type="hidden" name="contract" value="${it.id}"><button class="button" type="submit">Keep my subscription</button></form>`
    : ""
}
</article>`;
}

const BILL_WORDS: Record<string, { kind: string; text: string }> = {
  paid: { kind: "ok", text: "Paid" },
  open: { kind: "warn", text: "Open" },
  past_due: { kind: "bad", text: "Payment failed" },
  partially_refunded: { kind: "", text: "Partly refunded" },
  refunded: { kind: "", text: "Refunded" },
  uncollectible: { kind: "", text: "Not paid" },
  disputed: { kind: "warn", text: "Disputed" },
  charged_back: { kind: "bad", text: "Charged back" },
};

const billWords = (bill: Bill) => BILL_WORDS[bill.state] ?? { kind: "", text: bill.state };

/** On a phone a receipt is two lines instead of four columns, so its roles are spelled out: `display` would drop them. */
const billTable = (visit: Visit, bills: Bill[]): Markup => html`<table class="num receipts" role="table">
<thead role="rowgroup"><tr role="row">${["Date", "Amount", "Status", "Receipt"].map((it) => html`<th scope="col" role="columnheader">${it === "Receipt" ? html`<span class="visually-hidden">${it}</span>` : it}</th>`)}</tr></thead>
<tbody role="rowgroup">${bills.map(
  (
    bill,
  ) => html`<tr role="row"><td role="cell">${shortDay(bill.issuedAt, visit.tenant.timeZone)}</td><td role="cell">${money(bill.grossMinor, bill.currency)}</td>
<td role="cell"><span class="badge ${billWords(bill).kind}">${billWords(bill).text}</span></td>
<td role="cell" class="right"><a href="${visit.base}/receipts/${bill.id}">Receipt <span class="visually-hidden">number ${bill.number}</span></a></td></tr>`,
)}</tbody></table>`;

const supportCard = (
  visit: Visit,
): Markup => html`<section class="card stack" id="support" aria-label="Help"><h2>Help</h2>
${
  visit.tenant.supportEmail
    ? html`<p>Write to <a href="mailto:${visit.tenant.supportEmail}">${visit.tenant.supportEmail}</a> from ${visit.customer.email ?? "your address"}, and say which receipt it is about.</p>`
    : html`<p class="muted">Ask where you bought: ${visit.tenant.name}.</p>`
}</section>`;

const REASONS: [string, string][] = [
  ["too_expensive", "It is too expensive"],
  ["not_using", "I do not use it enough"],
  ["missing_features", "It lacks something I need"],
  ["found_alternative", "I found something else"],
  ["temporary_pause", "I only need a break"],
  ["other", "Something else"],
];

/** Step 1 of 2. */
export const cancelReasonView = (
  visit: Visit,
  contract: Contract,
  problem: boolean,
): Markup => html`<section class="card stack">
<p class="badge">Step 1 of 2</p>
<h1>Why are you leaving?</h1>
<p class="lead">Your answer helps ${visit.tenant.name}. The next page shows when your access ends.</p>
${problem ? html`<div class="alert bad" role="alert" id="reason-error">Please choose a reason.</div>` : ""}
<form method="get" action="${visit.base}/cancel" class="stack">
<input type="hidden" name="contract" value="${contract.id}"><input type="hidden" name="step" value="confirm">
<fieldset class="reasons"${problem ? html` aria-describedby="reason-error"` : ""}><legend class="visually-hidden">Reason</legend>
${REASONS.map(([value, text]) => html`<label class="choice"><input type="radio" name="reason" value="${value}" required> ${text}</label>`)}
</fieldset>
<div class="field"><label for="comment">Anything else? <span class="muted">(optional)</span></label>
<textarea id="comment" name="comment" maxlength="500"></textarea></div>
<div class="actions"><button class="button secondary" type="submit">Continue</button><a class="button" href="${visit.base}/get">Keep my subscription</a></div>
</form></section>`;

/** Before the processor's own page for another card. */
export const methodView = (
  visit: Visit,
  contract: Pick<Contract, "id" | "state">,
): Markup => html`<section class="card stack">
<h1>Pay with another card</h1>
<p class="lead">You enter it on the page of the payment company; ${visit.tenant.name} never sees its number.</p>
${contract.state === "past_due" || contract.state === "unpaid" ? html`<p class="alert warn">A payment is owed. It is tried with the new card at once.</p>` : ""}
<form method="post" action="${visit.base}/payment-method" class="actions">
<input type="hidden" name="csrf" value="${visit.csrf}"><input type="hidden" name="contract" value="${contract.id}">
<button class="button" type="submit">Continue</button><a class="button secondary" href="${visit.base}/get">Not now</a>
</form></section>`;

/** Step 2 of 2. */
export function cancelConfirmView(
  visit: Visit,
  contract: Contract,
  answer: { reason: string; comment: string },
): Markup {
  const owes = contract.state === "past_due" || contract.state === "unpaid";
  const endsOn =
    contract.periodEndAt && !owes ? dayWords(contract.periodEndAt, visit.tenant.timeZone) : "today";
  return html`<section class="card stack">
<p class="badge">Step 2 of 2</p>
<h1>Cancel your subscription?</h1>
<dl class="rows"><div><dt>Access until</dt><dd><strong>${endsOn}</strong></dd></div><div><dt>Charged from now on</dt><dd>Nothing</dd></div></dl>
<p class="muted small">${owes ? "" : "Until then you can take it back on this page."}</p>
<form method="post" action="${visit.base}/cancel" class="actions">
<input type="hidden" name="csrf" value="${visit.csrf}"><input type="hidden" name="contract" value="${contract.id}">
<input type="hidden" name="reason" value="${answer.reason}"><input type="hidden" name="comment" value="${answer.comment}">
<button class="button danger" type="submit">Cancel subscription</button><a class="button" href="${visit.base}/get">Keep my subscription</a>
</form></section>`;
}

/** `back` is where the account is; null where the receipt stands alone. */
export function receiptView(
  visit: { tenant: Pick<Tenant, "name" | "timeZone">; customer: { email: string | null; uuid: string } },
  bill: Bill,
  back: string | null,
): Markup {
  const { timeZone } = visit.tenant;
  const period = bill.periodEndAt
    ? `${dayWords(bill.periodStartAt, timeZone)} to ${dayWords(bill.periodEndAt, timeZone)}`
    : "without end";
  return html`<section class="card stack loose">
<div class="head"><h1>Receipt</h1><span class="badge ${billWords(bill).kind}">${billWords(bill).text}</span></div>
<dl class="rows num">
<div><dt>Number</dt><dd>${bill.mode === "test" ? "TEST-" : ""}${String(bill.number).padStart(6, "0")}</dd></div>
<div><dt>Issued</dt><dd>${dayWords(bill.issuedAt, timeZone)}</dd></div>
${bill.paidAt ? html`<div><dt>Paid</dt><dd>${dayWords(bill.paidAt, timeZone)}</dd></div>` : ""}
<div><dt>From</dt><dd>${visit.tenant.name}</dd></div>
<div><dt>To</dt><dd>${visit.customer.email ?? visit.customer.uuid}</dd></div>
<div><dt>For</dt><dd>${period}</dd></div>
</dl>
<dl class="rows num">
${bill.lines.map(
  (
    line,
  ) => html`<div><dt>${line.title}${line.option ? html` <span class="small">(${line.option})</span>` : ""}</dt><dd>${money(line.unitMinor * line.quantity, bill.currency)}</dd></div>
${line.discountMinor > 0 ? html`<div><dt>Discount</dt><dd>−${money(line.discountMinor, bill.currency)}</dd></div>` : ""}`,
)}
<div class="total"><dt>Total</dt><dd>${money(bill.grossMinor, bill.currency)}</dd></div>
${bill.refundedMinor > 0 ? html`<div><dt>Refunded</dt><dd>−${money(bill.refundedMinor, bill.currency)}</dd></div>` : ""}
</dl>
${bill.mode === "test" ? html`<p class="alert warn">Test receipt: no money moved.</p>` : ""}
<div class="actions"><button class="button" type="button" id="print" hidden>Print</button>${back ? html`<a class="button secondary" href="${back}">Back</a>` : ""}</div>
</section>`;
}

export const returnView = (
  paywall: Paywall,
  tenant: Tenant,
): Markup => html`<section class="card stack center notice">
<div class="symbol ok" aria-hidden="true">✓</div><h1>All done</h1>
<p class="lead">You can close this page and go back to where you came from.</p>
${paywall.settings.checkoutShopUrl ? html`<a class="button" href="${paywall.settings.checkoutShopUrl}">Back to ${tenant.name}</a>` : ""}
</section>`;

export const closedView = (
  supportEmail: string | null,
  status: 401 | 404,
): Markup => html`<section class="card stack center notice">
<div class="symbol warn" aria-hidden="true">!</div>
<h1>${status === 404 ? "There is nothing here" : "This link does not open any more"}</h1>
<p class="lead">${status === 404 ? "The address is not complete." : "Account links work once and for a short time. Open your account again from the app."}</p>
${supportEmail ? html`<p class="small">Help: <a href="mailto:${supportEmail}">${supportEmail}</a></p>` : ""}
</section>`;
