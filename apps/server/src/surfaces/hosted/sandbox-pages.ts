import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { receiveProcessorEvent } from "../../domains/billing/index.ts";
import {
  answerSandboxChallenge,
  type CardProblems,
  deliverSandboxEvents,
  type FailureCode,
  findSandboxSession,
  type PayOutcome,
  payInSandbox,
  payLaterInSandbox,
  type SandboxSession,
  sandboxReturnUrl,
  settleSandboxSession,
  TEST_CARDS,
} from "../../domains/processors/index.ts";
import { findTenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { addInterval } from "../../platform/calendar.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { formatMoney } from "../../platform/money.ts";
import { type Markup, type PageContent, sendPage } from "./page.ts";
import { dayWords, perPeriod } from "./words.ts";

const FORM_BYTES_MAX = 16 * 1024;
const FIELD_CHARS_MAX = 64;
const PATH = "/sandbox/pay/:sessionId";

/** What a person had typed when the form came back; never the security code. */
type Typed = { card: string; expiry: string };
type FormState = { typed?: Typed; problems?: CardProblems; alert?: { title: string; advice: string } };

/**
 * The sandbox company's payment page (product spec §4): a form that works by keyboard, on a phone and without
 * scripts. The session's id is the only key to it.
 */
export function sandboxPages(deps: Deps): Hono<AppEnv> {
  async function open(c: Context<AppEnv>): Promise<{ session: SandboxSession; now: Date } | null> {
    const session = await findSandboxSession(deps.db, c.req.param("sessionId") ?? "");
    const tenant = session && (await findTenant(deps.db, session.tenantId));
    return tenant && session ? { session, now: tenantNow(deps.clock, tenant) } : null;
  }

  /** Does what a form asks for, tells the merchant's side at once, and shows what came of it. */
  async function act(
    c: Context<AppEnv>,
    typed: Typed | undefined,
    work: (tx: Tx, input: { sessionId: string; now: Date }) => Promise<PayOutcome | null>,
  ): Promise<Response> {
    const opened = await open(c);
    if (!opened) return notFound(deps, c);
    const { session, now } = opened;
    const result = await deps.db.transaction((tx) => work(tx, { sessionId: session.id, now }));
    if (!result) return notFound(deps, c);
    await deliverSandboxEvents(deps, (news) => receiveProcessorEvent(deps, news));
    switch (result.outcome) {
      case "paid":
        return c.redirect(result.redirectTo, 303);
      case "declined":
        return show(deps, c, { session: result.session, now }, 402, {
          ...(typed ? { typed } : {}),
          alert: ADVICE[result.code],
        });
      case "invalid":
        return show(deps, c, { session: result.session, now }, 422, {
          ...(typed ? { typed } : {}),
          problems: result.problems,
        });
      default:
        // Answered by a page of its own, so that reloading it repeats nothing.
        return c.redirect(`/sandbox/pay/${session.id}`, 303);
    }
  }

  return new Hono<AppEnv>()
    .get(PATH, async (c) => {
      const opened = await open(c);
      return opened ? show(deps, c, opened, 200) : notFound(deps, c);
    })
    .post(PATH, async (c) => {
      const form = await readForm(c);
      const fill = form.get("fill");
      if (fill !== null) {
        const opened = await open(c);
        const typed = { card: groupDigits(fill), expiry: "12/40" };
        return opened ? show(deps, c, opened, 200, { typed }) : notFound(deps, c);
      }
      if (form.get("method") === "later") {
        return act(c, undefined, (tx, input) => payLaterInSandbox(tx, deps, input));
      }
      const fields = { card: field(form, "card"), expiry: field(form, "expiry"), cvc: field(form, "cvc") };
      return act(c, { card: fields.card, expiry: fields.expiry }, (tx, input) =>
        payInSandbox(tx, deps, { ...input, fields }),
      );
    })
    .post(`${PATH}/challenge`, async (c) => {
      const confirmed = (await readForm(c)).get("answer") === "confirm";
      return act(c, undefined, (tx, input) => answerSandboxChallenge(tx, deps, { ...input, confirmed }));
    })
    .post(`${PATH}/settle`, (c) => act(c, undefined, (tx, input) => settleSandboxSession(tx, deps, input)));
}

const readForm = async (c: Context<AppEnv>): Promise<URLSearchParams> =>
  new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));

const field = (form: URLSearchParams, name: string): string =>
  (form.get(name) ?? "").slice(0, FIELD_CHARS_MAX).toWellFormed();

const groupDigits = (digits: string): string =>
  (
    digits
      .replace(/\D/g, "")
      .slice(0, 19)
      .match(/.{1,4}/g) ?? []
  ).join(" ");

const ADVICE: Record<FailureCode, { title: string; advice: string }> = {
  do_not_honor: {
    title: "Your card was declined.",
    advice: "Nothing was charged. Try another card, or ask your bank why.",
  },
  insufficient_funds: {
    title: "The card has insufficient funds.",
    advice: "Nothing was charged. Try another card, or choose to pay later.",
  },
  expired_card: { title: "This card has expired.", advice: "Use another card." },
  authentication_required: {
    title: "The payment was not confirmed.",
    advice: "Your bank needs your word for this payment. Nothing was charged; you can try again.",
  },
  fraud: { title: "This payment was refused.", advice: "Use another card." },
  processor_error: { title: "Something went wrong.", advice: "Nothing was charged. Try again in a moment." },
};

const notFound = (deps: Deps, c: Context<AppEnv>): Promise<Response> =>
  sendPage(
    c,
    deps,
    {
      title: "No such payment",
      tenant: { name: "Sandbox", brandColor: null },
      test: true,
      body: notice(
        "warn",
        "?",
        "There is no such payment",
        html`<p class="lead">Go back to the shop and start again.</p>`,
      ),
    },
    { status: 404 },
  );

const notice = (kind: "ok" | "warn" | "bad", sign: string, title: string, body: Markup): Markup =>
  html`<section class="card stack center notice"><div class="symbol ${kind}" aria-hidden="true">${sign}</div>
<h1>${title}</h1>${body}</section>`;

function show(
  deps: Deps,
  c: Context<AppEnv>,
  { session, now }: { session: SandboxSession; now: Date },
  status: 200 | 402 | 422,
  state: FormState = {},
): Promise<Response> {
  const { request } = session;
  const { merchant } = request;
  const send = (content: Omit<PageContent, "tenant" | "test">, as: 200 | 402 | 422 | 410 = status) =>
    sendPage(
      c,
      deps,
      { styles: STYLES, ...content, tenant: merchant, test: true },
      { status: as, formTargets: [request.successUrl, request.errorUrl] },
    );
  const isOver = session.expiresAt <= now && (session.state === "open" || session.state === "challenge");
  switch (isOver ? "expired" : session.state) {
    case "paid":
      return send({
        title: "Paid",
        body: notice(
          "ok",
          "✓",
          "This is already paid",
          html`<p class="lead">${request.productName} is yours. You were charged once.</p>
<a class="button" href="${sandboxReturnUrl(session, "successUrl")}">Continue</a>`,
        ),
      });
    case "expired":
    case "canceled":
      return send(
        {
          title: "Expired",
          body: notice(
            "warn",
            "…",
            "This payment page has expired",
            html`<p class="lead">Nothing was charged. Go back and start again.</p>
<a class="button" href="${sandboxReturnUrl(session, "cancelUrl")}">Back to ${merchant.name}</a>`,
          ),
        },
        410,
      );
    case "pending":
      return send({ title: "Waiting for your payment", body: pendingBody(session) });
    case "challenge":
      return send({ title: "Confirm this payment", body: challengeBody(session) });
    default:
      return send({
        title: `Pay ${merchant.name}`,
        wide: true,
        body: payBody(session, now, state),
        script: SCRIPT,
      });
  }
}

const money = (amountMinor: number, currency: string): string => formatMoney({ amountMinor, currency });

/** "Offer: 20% off every time", "Discount, first 3 payments". */
function discountWords({
  discountMinor,
  subtotalMinor,
  discountPeriods,
  recurring,
}: SandboxSession["request"]): string {
  const percent = Math.round((discountMinor * 100) / Math.max(1, subtotalMinor));
  if (!recurring) return `Offer: ${percent}% off`;
  if (!discountPeriods) return `Offer: ${percent}% off every time`;
  return discountPeriods === 1 ? "Discount, first payment" : `Discount, first ${discountPeriods} payments`;
}

/** What each period costs once nothing is taken off any more. */
const laterMinor = ({ discountPeriods, subtotalMinor, totalMinor }: SandboxSession["request"]): number =>
  discountPeriods ? subtotalMinor : totalMinor;

function renewalWords(request: SandboxSession["request"], per: string): string {
  const { currency, discountPeriods, recurring, totalMinor } = request;
  const every = per === `per ${recurring?.interval}` ? `every ${recurring?.interval}` : per;
  const later = money(laterMinor(request), currency);
  return discountPeriods && discountPeriods > 1
    ? `Renews ${every} until you cancel: ${money(totalMinor, currency)} for the first ${discountPeriods} payments, then ${later}.`
    : `Renews ${every} at ${later} until you cancel. You can cancel at any time.`;
}

function summary(session: SandboxSession, now: Date): Markup {
  const { request } = session;
  const { currency, recurring, trialDays, timeZone } = request;
  const dueMinor = trialDays > 0 ? 0 : request.totalMinor;
  const per = recurring ? perPeriod(recurring) : "once";
  const firstChargeAt = trialDays > 0 ? addInterval(now, "day", trialDays, { timeZone }) : null;
  return html`<section class="stack summary" aria-label="Order">
<div class="stack tight">
<p class="muted">${request.productName}</p>
<p class="price">${trialDays > 0 ? `${trialDays} days free` : money(request.totalMinor, currency)}${
    trialDays > 0 ? "" : recurring ? html` <span class="per">${per}</span>` : ""
  }</p>
${
  firstChargeAt
    ? html`<p class="muted">Then ${money(request.totalMinor, currency)} ${per}, from ${dayWords(firstChargeAt, timeZone)}</p>`
    : ""
}
</div>
<dl class="rows num">
<div><dt>${request.optionLabel ?? request.productName}</dt><dd>${money(request.subtotalMinor, currency)}</dd></div>
${
  request.discountMinor > 0
    ? html`<div><dt>${discountWords(request)}</dt><dd>−${money(request.discountMinor, currency)}</dd></div>`
    : ""
}
${trialDays > 0 ? html`<div><dt>Free trial, ${trialDays} days</dt><dd>−${money(request.totalMinor, currency)}</dd></div>` : ""}
<div class="total"><dt>Total due today</dt><dd>${money(dueMinor, currency)}</dd></div>
</dl>
<p class="muted small">${
    recurring ? renewalWords(request, per) : "One payment. It does not renew."
  }${trialDays > 0 ? " One trial per person and card: whoever has had one pays today." : ""}</p>
</section>`;
}

function payBody(session: SandboxSession, now: Date, state: FormState): Markup {
  const { request } = session;
  const action = `/sandbox/pay/${session.id}`;
  const problems = state.problems ?? {};
  const firstProblem = (["card", "expiry", "cvc"] as const).find((it) => problems[it]);
  const input = (
    name: "card" | "expiry" | "cvc",
    label: string,
    options: { placeholder: string; value?: string; max: number },
  ) => html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" inputmode="numeric" autocomplete="off" class="num" maxlength="${options.max}" placeholder="${options.placeholder}" value="${options.value ?? ""}"${
    problems[name] ? html` aria-invalid="true" aria-describedby="${name}-error"` : ""
  }${firstProblem === name ? html` autofocus` : ""}>
${problems[name] ? html`<p class="error" id="${name}-error">${problems[name]}</p>` : ""}
</div>`;
  const button =
    request.trialDays > 0
      ? "Start free trial"
      : html`Pay ${money(request.totalMinor, request.currency)}<span class="at-later"> later</span>`;
  return html`<div class="pay">
${summary(session, now)}
<section class="card stack" aria-label="Payment">
<h1>Pay with a test card</h1>
${
  state.alert
    ? html`<div class="alert bad" role="alert"><strong>${state.alert.title}</strong> ${state.alert.advice}</div>`
    : firstProblem
      ? html`<div class="alert bad" role="alert">Please check what is marked below.</div>`
      : ""
}
<form method="post" action="${action}" class="stack" id="pay" novalidate>
${request.customer.email ? html`<p class="small"><span class="muted">For</span> ${request.customer.email}</p>` : ""}
<fieldset class="methods">
<legend class="label">Payment method</legend>
<label class="choice"><input type="radio" name="method" value="card" id="by-card" checked> Card</label>
<label class="choice"><input type="radio" name="method" value="later" id="by-later"> Pay later <span class="muted small">by transfer, within a day</span></label>
</fieldset>
<div class="stack card-fields">
${input("card", "Card number", { placeholder: "4242 4242 4242 4242", value: state.typed?.card ?? "", max: 24 })}
<div class="fields pair">
${input("expiry", "Expiry", { placeholder: "MM / YY", value: state.typed?.expiry ?? "", max: 9 })}
${input("cvc", "Security code", { placeholder: "123", max: 4 })}
</div>
</div>
<button class="button block" type="submit">${button}</button>
<p class="muted small center">This is a test: no card is charged and no number is kept.</p>
</form>
<a class="small center back" href="${sandboxReturnUrl(session, "cancelUrl")}">Cancel and go back to ${request.merchant.name}</a>
</section>
<section class="stack tight cards" aria-label="Test cards">
<h2>Test cards</h2>
<p class="muted small">Choose one to fill in. Any future date and any code will do.</p>
<form method="post" action="${action}">
${TEST_CARDS.map(
  (it) =>
    html`<button class="test-card" type="submit" name="fill" value="${it.number}"><span class="mono num">${groupDigits(it.number)}</span><span class="muted small">${it.title}</span></button>`,
)}
</form>
</section>
</div>`;
}

const challengeBody = (session: SandboxSession): Markup => html`<section class="card stack">
<p class="badge">Sandbox Bank</p>
<h1>Did you make this payment?</h1>
<dl class="rows"><div><dt>To</dt><dd>${session.request.merchant.name}</dd></div>
<div><dt>For</dt><dd>${session.request.productName}</dd></div>
<div><dt>Amount</dt><dd class="num">${money(
  session.request.trialDays > 0 ? 0 : session.request.totalMinor,
  session.request.currency,
)}</dd></div>
<div><dt>Card</dt><dd class="num">•••• ${session.card?.last4 ?? ""}</dd></div></dl>
<form method="post" action="/sandbox/pay/${session.id}/challenge" class="actions">
<button class="button" type="submit" name="answer" value="confirm">Yes, confirm</button>
<button class="button secondary" type="submit" name="answer" value="refuse">No, stop it</button>
</form>
</section>`;

const pendingBody = (session: SandboxSession): Markup => html`<section class="card stack">
<div class="symbol warn" aria-hidden="true">…</div>
<h1>Waiting for your payment</h1>
<p class="lead">Transfer <strong class="num">${money(
  session.request.trialDays > 0 ? 0 : session.request.totalMinor,
  session.request.currency,
)}</strong> to ${session.request.merchant.name}. ${session.request.productName} unlocks when it has arrived; you can close this page.</p>
<form method="post" action="/sandbox/pay/${session.id}/settle" class="stack tight">
<button class="button block" type="submit">The money has arrived</button>
<p class="muted small center">In the sandbox you decide when. Otherwise it arrives within a day.</p>
</form>
<a class="small center back" href="${sandboxReturnUrl(session, "cancelUrl")}">Back to ${session.request.merchant.name}</a>
</section>`;

const STYLES = `
.pay{display:grid;gap:24px;align-items:start}
@media (min-width:760px){.pay{grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:40px}.pay>.card{grid-column:2;grid-row:1/span 2}}
.summary{padding-top:4px}.summary .price{font-size:2.25rem;line-height:1.15}.per{font-size:1rem;font-weight:500;color:var(--muted);letter-spacing:0}
.methods{border:0;display:grid;min-width:0}.methods legend{padding:0;margin-bottom:2px}.methods .choice{flex-wrap:wrap;gap:4px 12px}
form:has(#by-later:checked) .card-fields,.at-later{display:none}
form:has(#by-later:checked) .at-later{display:inline}
.cards form{display:grid;gap:6px}
.test-card{display:grid;min-height:44px;padding:8px 12px;border:1px solid var(--line);border-radius:10px;
background:var(--card);color:var(--text);font:inherit;font-size:.875rem;text-align:left;cursor:pointer}
.test-card:hover{border-color:var(--field-line)}
.notice{justify-items:center}.back{display:flex;align-items:center;justify-content:center;min-height:44px}.stack>.badge{justify-self:start}
.fields.pair{grid-template-columns:1fr 1fr}
`.trim();

/** Fills a test card without a round trip, groups digits, and keeps a double click from paying twice. */
const SCRIPT = `(() => {
  const form = document.getElementById("pay");
  const card = form.elements.card, expiry = form.elements.expiry, cvc = form.elements.cvc;
  const group = (text) => (text.replace(/\\D/g, "").slice(0, 19).match(/.{1,4}/g) || []).join(" ");
  card.addEventListener("input", () => {
    if (card.selectionStart === card.value.length) card.value = group(card.value);
  });
  expiry.addEventListener("input", (event) => {
    if (/^\\d{2}$/.test(expiry.value) && event.inputType === "insertText") expiry.value += "/";
  });
  for (const button of document.querySelectorAll("button[name=fill]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      form.elements.method.value = "card";
      card.value = group(button.value);
      expiry.value = "12/40";
      cvc.value = "123";
      form.querySelector("button[type=submit]").focus();
    });
  }
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => { button.disabled = true; button.textContent = "Paying…"; }, 0);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();`;
