import { html } from "hono/html";
import type {
  CheckoutSession,
  MissingField,
  PostalAddress,
  PricedSession,
} from "../../domains/checkout/index.ts";
import { COUNTRIES } from "../../platform/geo/index.ts";
import { formatMoney } from "../../platform/money.ts";
import { field } from "./form-parts.ts";
import type { Markup } from "./page.ts";
import { everyPeriod, fill, type SessionWords } from "./session-words.ts";

/** A field by its name in the form; `address.street` belongs to an address. */
export type Problems = Record<string, string>;

export type SessionView = {
  session: CheckoutSession;
  priced: PricedSession;
  /** The address of whoever is signed in; null when nobody is. */
  signedInEmail: string | null;
  merchant: string;
  lang: string;
  words: SessionWords;
  problems: Problems;
  alert: string | null;
  /** Goes along with the form: where to return to, and how the page was opened. */
  hidden: Record<string, string>;
};

const money = (view: SessionView, amountMinor: number): string =>
  formatMoney({ amountMinor, currency: view.priced.currency }, view.lang);

/** Order on the left, the form on the right; one below the other on a phone. */
export const sessionBody = (view: SessionView): Markup => html`<div class="buy">
${summary(view)}
<section class="card stack" aria-labelledby="details"><h1 id="details">${view.words.yourDetails}</h1>
${view.alert ? html`<div class="alert bad" role="alert">${view.alert}</div>` : ""}
${form(view)}
<a class="small back" href="${view.session.redirectUrl}">${fill(view.words.back, { name: view.merchant })}</a>
</section></div>`;

function summary(view: SessionView): Markup {
  const { priced, words, lang, session } = view;
  const [{ option }] = priced.lines;
  const dueMinor = priced.trialDays > 0 ? 0 : priced.totalMinor;
  const isGift = session.details.giftMode === true;
  const isRecurring = priced.type === "RECURRING" && option.interval !== null;
  const per = isRecurring && option.interval ? everyPeriod(lang, option.interval, option.intervalCount) : "";
  const later = priced.discountPeriods === null ? priced.totalMinor : priced.subtotalMinor;
  const discountWords =
    isRecurring && priced.discountPeriods !== null && priced.discountPeriods > 1
      ? fill(words.discountFirst, { count: priced.discountPeriods })
      : words.discount;
  const renewal = fill((priced.discountPeriods ?? 1) > 1 ? words.renewsLater : words.renews, {
    per,
    price: money(view, later),
    now: money(view, priced.totalMinor),
    count: priced.discountPeriods ?? 0,
  });
  return html`<section class="stack summary" aria-label="${words.order}">
<ul class="goods">${priced.lines.map(
    ({ product, option: its, priceMinor }) => html`<li>
${product.cover && /^https:/.test(product.cover) ? html`<img src="${product.cover}" alt="" width="56" height="56">` : ""}
<div class="grow"><strong>${product.title}</strong>${its.label ? html`<br><span class="muted small">${its.label}</span>` : ""}</div>
<span class="num">${money(view, priceMinor)}</span></li>`,
  )}</ul>
<dl class="rows num">
${priced.discountMinor > 0 ? html`<div><dt>${discountWords}</dt><dd>−${money(view, priced.discountMinor)}</dd></div>` : ""}
${priced.trialDays > 0 ? html`<div><dt>${fill(words.trial, { days: priced.trialDays })}</dt><dd>−${money(view, priced.totalMinor)}</dd></div>` : ""}
<div class="total"><dt>${words.total}</dt><dd>${money(view, dueMinor)}</dd></div>
</dl>
<p class="muted small">${isRecurring ? renewal : isGift ? words.giftOnce : words.once}</p>
</section>`;
}

function form(view: SessionView): Markup {
  const { session, words, problems, signedInEmail, priced } = view;
  const { details } = session;
  const f = details.fieldSettings ?? {};
  const line = (
    name: string,
    label: string,
    value: string | undefined,
    more: { type?: "email" | "text"; autocomplete?: string; hint?: string; attributes?: Markup } = {},
  ) =>
    field({
      name,
      label,
      value: value ?? "",
      type: more.type ?? "text",
      ...(more.autocomplete && { autocomplete: more.autocomplete }),
      ...(more.hint && { hint: more.hint }),
      ...(more.attributes && { more: more.attributes }),
      problem: problems[name] ?? null,
    });
  const isGift = details.giftMode === true;
  const dueMinor = priced.trialDays > 0 ? 0 : priced.totalMinor;
  const recipient = details.payerEmail || signedInEmail !== null ? details.email : undefined;
  return html`<form method="post" action="/checkout/${session.id}" class="stack" novalidate>
${Object.entries(view.hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<input type="hidden" name="total" value="${priced.totalMinor} ${priced.currency}">
<button type="submit" name="action" value="pay" class="visually-hidden" tabindex="-1" aria-hidden="true"></button>
${signedInEmail !== null ? html`<p class="small">${fill(words.buyingAs, { email: signedInEmail })}</p>` : ""}
${
  isGift
    ? html`${signedInEmail === null ? line("payerEmail", words.payerEmail, details.payerEmail ?? details.email, { type: "email", autocomplete: "email" }) : ""}
${line("email", words.recipientEmail, recipient === signedInEmail ? "" : recipient, { type: "email", hint: words.recipientHint })}`
    : signedInEmail === null
      ? line("email", words.email, details.email, {
          type: "email",
          autocomplete: "email",
          hint: words.emailHint,
        })
      : ""
}
${
  f.name?.enabled
    ? html`<div class="fields two">${line("givenName", words.givenName, details.givenName, { autocomplete: "given-name" })}
${line("familyName", words.familyName, details.familyName, { autocomplete: "family-name" })}</div>`
    : ""
}
${f.phone?.enabled ? line("phoneNumber", words.phoneNumber, details.phoneNumber, { autocomplete: "tel", attributes: html`inputmode="tel"` }) : ""}
${f.birthdate?.enabled ? line("birthDate", words.birthDate, details.birthDate, { autocomplete: "bday", attributes: html`placeholder="YYYY-MM-DD" inputmode="numeric"` }) : ""}
${f.referral?.enabled ? line("referralEmail", words.referralEmail, details.referralEmail, { type: "email" }) : ""}
${details.requireAddress ? addressFields(view, "address", details.address) : ""}
${details.isBusiness ? addressFields(view, "businessAddress", details.businessAddress) : ""}
${codeField(view)}
<button class="button block" type="submit" name="action" value="pay">${dueMinor > 0 ? fill(words.payAmount, { price: money(view, dueMinor) }) : words.pay}</button>
</form>`;
}

function codeField({ session, priced, words, problems }: SessionView): Markup {
  const applied = priced.codes.find((it) => it.status === "APPLIED");
  const typed = applied?.code ?? session.codes.at(-1) ?? "";
  const problem = problems.code ?? (typed && !applied ? words.codeRefused : null);
  return html`<details class="code"${typed ? html` open` : ""}><summary>${words.code}</summary>
<div class="code-row"><div class="field"><label class="visually-hidden" for="code">${words.code}</label>
<input id="code" name="code" value="${typed}" maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false"${problem ? html` aria-invalid="true"` : ""} aria-describedby="code-note"></div>
<button class="button secondary" type="submit" name="action" value="apply">${words.apply}</button></div>
<p id="code-note" class="small${problem ? " error-text" : " ok-text"}" role="status">${problem ?? (applied ? fill(words.codeApplied, { code: applied.code }) : "")}</p></details>`;
}

function addressFields(
  view: SessionView,
  name: "address" | "businessAddress",
  value: PostalAddress | undefined,
): Markup {
  const { words, problems } = view;
  const isCompany = name === "businessAddress";
  const section = isCompany ? "section-company " : "";
  const line = (part: "co" | "street" | "zip" | "city", label: string, autocomplete: string) =>
    field({
      name: `${name}.${part}`,
      label,
      value: value?.[part] ?? "",
      autocomplete: `${section}${autocomplete}`,
      problem: problems[`${name}.${part}`] ?? null,
    });
  const problem = problems[`${name}.country`];
  const chosen = value?.country ?? view.session.details.country ?? "";
  return html`<fieldset class="stack"><legend>${isCompany ? words.businessAddress : words.address}</legend>
${isCompany ? line("co", words.company, "organization") : ""}
${line("street", words.street, "street-address")}
<div class="fields zip">${line("zip", words.zip, "postal-code")}${line("city", words.city, "address-level2")}</div>
<div class="field"><label for="${name}.country">${words.country}</label>
<select id="${name}.country" name="${name}.country" autocomplete="${section}country"${problem ? html` aria-invalid="true" aria-describedby="${name}.country-error"` : ""}>
<option value="">${words.choose}</option>
${countriesOf(view).map(([code, label]) => html`<option value="${code}"${code === chosen ? html` selected` : ""}>${label}</option>`)}
</select>${problem ? html`<p class="error" id="${name}.country-error" role="alert">${problem}</p>` : ""}</div></fieldset>`;
}

/** Where all of the goods may be sold, by name. */
function countriesOf({ session, lang }: SessionView): [string, string][] {
  const names = new Intl.DisplayNames(lang, { type: "region" });
  return COUNTRIES.filter((code) =>
    session.items.every(
      ({ geoRestrictions: rule }) => !rule || rule.countries.includes(code) === (rule.type === "ALLOW"),
    ),
  )
    .map((code): [string, string] => [code, names.of(code) ?? code])
    .sort((a, b) => a[1].localeCompare(b[1], lang));
}

/** Which inputs a missing field is about. */
export function problemsOf(
  missing: readonly MissingField[],
  session: CheckoutSession,
  words: SessionWords,
): Problems {
  const problems: Problems = {};
  for (const name of missing) {
    if (name !== "address" && name !== "businessAddress") {
      problems[name] = words.required;
      continue;
    }
    for (const part of ["street", "zip", "city", "country"] as const) {
      if (!session.details[name]?.[part]) problems[`${name}.${part}`] = words.required;
    }
  }
  return problems;
}

export const SESSION_STYLES = `
.buy{display:grid;gap:24px;align-items:start}
@media (min-width:760px){.buy{grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:40px}.summary{padding-top:32px}}
.goods{list-style:none;display:grid;gap:12px}.goods li{display:flex;gap:14px;align-items:start}
.goods img{border-radius:10px;object-fit:cover;flex:none}.grow{flex:1;min-width:0}
.goods+.rows{border-top:1px solid var(--line);padding-top:12px}.summary .total{font-size:1.125rem}
fieldset{border:0;min-width:0}legend{font-weight:650;padding:0;margin-bottom:12px}
.fields.zip{grid-template-columns:minmax(0,2fr) minmax(0,3fr)}
.code summary{font-size:.875rem;font-weight:600;min-height:44px;list-style:none;gap:8px}
.code summary::-webkit-details-marker{display:none}.code summary::before{content:"+";width:1ch}.code[open] summary::before{content:"−"}
.code-row{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:10px}
.code-row .field{display:block}.ok-text{color:var(--ok)}.code p:empty{display:none}.code p{margin-top:6px}
.back{display:flex;align-items:center;justify-content:center;min-height:44px;color:var(--muted)}
.gift-link{white-space:pre-wrap;overflow-wrap:anywhere;text-align:left}
`.trim();

/** Signs the buyer in with a token that the link carried in its fragment, which never reaches a log. */
export const sessionScript = (sessionId: string): string => `(() => {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("access_token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  fetch("/checkouts/" + ${JSON.stringify(sessionId)}, {
    method: "PATCH",
    headers: { authorization: "Bearer " + token, "content-type": "application/json" },
    body: "{}",
  }).then((answer) => { if (answer.ok) location.reload(); }, () => undefined);
})();`;
