import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  type CheckoutSession,
  changeSession,
  findSession,
  isSoldThere,
  knownBuyerId,
  type MissingField,
  type PostalAddress,
  paySession,
  paywallOfSession,
  priceSession,
  type SessionDetails,
} from "../../domains/checkout/index.ts";
import { findGiftOfSession, giftLink } from "../../domains/growth/index.ts";
import { findCustomerById } from "../../domains/identity/index.ts";
import type { Paywall } from "../../domains/paywalls/index.ts";
import { findTenant, isOwnAddress, type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { notice } from "./form-parts.ts";
import { type Markup, sendPage } from "./page.ts";
import { type Problems, problemsOf, SESSION_STYLES, sessionBody, sessionScript } from "./session-views.ts";
import { fill, type SessionWords, sessionWords } from "./session-words.ts";

const FORM_BYTES_MAX = 32 * 1024;
const FIELD_CHARS_MAX = 300;
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const DATE = /^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

type Opened = {
  session: CheckoutSession;
  tenant: Tenant;
  now: Date;
  lang: string;
  words: SessionWords;
  /** Comes from the address of the page and goes along with its form. */
  hidden: Record<string, string>;
};
type Status = 200 | 402 | 403 | 409 | 410 | 422;

/**
 * Where a publisher's checkout is paid (publisher API §6.1): what it costs, what the buyer has to say, and on to the
 * processor. It works without scripts; its address is the only key to it.
 */
export function sessionPages(deps: Deps): Hono<AppEnv> {
  async function open(c: Context<AppEnv>, query: URLSearchParams): Promise<Opened | null> {
    const session = await findSession(deps.db, c.req.param("id") ?? "");
    const tenant = session && (await findTenant(deps.db, session.tenantId));
    if (!session || tenant?.status !== "active") return null;
    const hidden: Record<string, string> = {};
    for (const name of ["lang", "redirect-url", "payment-method", "business"]) {
      const value = query.get(name);
      if (value) hidden[name] = value.slice(0, 4096);
    }
    // An address that is not the vendor's is as good as none: the checkout has one.
    if (hidden["redirect-url"] && !(await isOwnAddress(deps.db, tenant.id, hidden["redirect-url"]))) {
      delete hidden["redirect-url"];
    }
    const accepted = c.req.header("accept-language");
    const spoken = sessionWords(hidden.lang, session.details.language, accepted, tenant.locale);
    const redirectUrl = hidden["redirect-url"] ?? session.redirectUrl;
    const isBusiness = session.details.isBusiness || hidden.business === "true";
    const details = { ...session.details, ...(isBusiness && { isBusiness }) };
    return {
      session: { ...session, redirectUrl, details },
      tenant,
      now: tenantNow(deps.clock, tenant),
      hidden,
      ...spoken,
    };
  }

  async function show(
    c: Context<AppEnv>,
    opened: Opened,
    state: { status?: Status; problems?: Problems; alert?: string } = {},
  ): Promise<Response> {
    const { session, tenant, now, lang, words, hidden } = opened;
    const { paywall } = await paywallOfSession(deps.db, session);
    const say = (kind: "ok" | "warn", sign: string, title: string, text: string, status: Status) =>
      sendNotice(c, opened, paywall, { kind, sign, title, body: html`<p class="lead">${text}</p>`, status });
    if (session.status === "COMPLETED") return showPaid(c, opened, paywall);
    if (session.status === "WAITING_PAYMENT_CONFIRMATION") {
      return say("warn", "…", words.waitingTitle, words.waitingText, 200);
    }
    if (session.expiresAt <= now) return say("warn", "…", words.expiredTitle, words.expiredText, 410);
    const country = c.get("country");
    if (!isSoldThere(session.items, { country, claimed: session.details.country })) {
      return say("warn", "!", words.placeTitle, fill(words.placeText, { name: tenant.name }), 403);
    }
    const customerId = await knownBuyerId(deps.db, session);
    const isReader = session.customerId !== null;
    const priced = await priceSession(deps.db, {
      session,
      tenant,
      paywall,
      now,
      country,
      // What somebody has is shown to them only, and not to whoever has their link from a back end.
      customerId: isReader ? customerId : null,
    });
    if (priced.lines.some((it) => !it.isForSale)) return say("warn", "!", words.goneTitle, "", 410);
    if (priced.owned.length > 0) return say("ok", "✓", words.ownedTitle, words.ownedText, 200);
    const signedIn = isReader ? await findCustomerById(deps.db, tenant.id, session.customerId ?? "") : null;
    const body = sessionBody({
      session,
      priced,
      signedInEmail: signedIn ? (signedIn.email ?? "") : null,
      merchant: tenant.name,
      lang,
      words,
      problems: state.problems ?? {},
      alert: state.alert ?? null,
      hidden,
    });
    return sendPage(
      c,
      deps,
      { ...frame(opened, paywall), title: words.title, wide: true, body, script: sessionScript(session.id) },
      { status: state.status ?? 200 },
    );
  }

  async function showPaid(c: Context<AppEnv>, opened: Opened, paywall: Paywall): Promise<Response> {
    const { session, words } = opened;
    const gift = await findGiftOfSession(deps.db, session.id);
    if (!gift) {
      const body = html`<p class="lead">${words.paidText}</p>`;
      return sendNotice(c, opened, paywall, {
        kind: "ok",
        sign: "✓",
        title: words.paidTitle,
        body,
        status: 200,
      });
    }
    const link = giftLink(deps, gift);
    const body = gift.recipientEmail
      ? html`<p class="lead">${fill(words.giftSent, { email: gift.recipientEmail })}</p>`
      : html`<p class="lead">${words.giftLink}</p><pre class="gift-link"><a href="${link}">${link}</a></pre>`;
    return sendNotice(c, opened, paywall, {
      kind: "ok",
      sign: "✓",
      title: words.giftTitle,
      body,
      status: 200,
    });
  }

  const frame = ({ tenant, lang }: Opened, paywall: Paywall) => ({
    tenant: { ...tenant, brandColor: paywall.settings.brandColor ?? tenant.brandColor },
    test: paywall.paymentMode === "test",
    lang,
    styles: SESSION_STYLES,
  });

  const sendNotice = (
    c: Context<AppEnv>,
    opened: Opened,
    paywall: Paywall,
    it: { kind: "ok" | "warn"; sign: string; title: string; body: Markup; status: Status },
  ): Promise<Response> => {
    const { session, tenant, words } = opened;
    const isElsewhere = !session.redirectUrl.startsWith(`${deps.config.baseUrl}/checkout/`);
    const onward = isElsewhere
      ? html`<a class="button" href="${session.redirectUrl}">${fill(words.continue, { name: tenant.name })}</a>`
      : html``;
    const body = notice(it.kind, it.sign, it.title, html`${it.body}${onward}`);
    return sendPage(c, deps, { ...frame(opened, paywall), title: it.title, body }, { status: it.status });
  };

  const unknown = (c: Context<AppEnv>): Promise<Response> => {
    const { words, lang } = sessionWords(c.req.header("accept-language"));
    const body = notice("warn", "?", words.expiredTitle, html`<p class="lead">${words.expiredText}</p>`);
    return sendPage(
      c,
      deps,
      { title: words.expiredTitle, tenant: { name: words.title, brandColor: null }, lang, body },
      { status: 404 },
    );
  };

  /** Takes down what was typed, then pays, or shows the page again with what is wrong. */
  async function submit(c: Context<AppEnv>, opened: Opened, form: URLSearchParams): Promise<Response> {
    const { session, tenant, now, words } = opened;
    const country = c.get("country");
    const read = readForm(form, opened);
    const redirectUrl = opened.hidden["redirect-url"];
    const changed = await changeSession(deps, {
      sessionId: session.id,
      tenant,
      now,
      country,
      by: { maker: "link", customerId: null },
      change: { details: read.details, codes: read.codes, ...(redirectUrl && { redirectUrl }) },
    });
    const next = { ...opened, session: { ...changed, redirectUrl: redirectUrl ?? changed.redirectUrl } };
    if (Object.keys(read.problems).length > 0) {
      return show(c, next, { status: 422, problems: read.problems, alert: words.fix });
    }
    // Enter in the field of the code presses the form's first button, which pays.
    if (form.get("action") === "apply" || read.isOtherCode) return show(c, next);
    const { paywall } = await paywallOfSession(deps.db, changed);
    const customerId = changed.customerId ? await knownBuyerId(deps.db, changed) : null;
    const priced = await priceSession(deps.db, {
      session: changed,
      tenant,
      paywall,
      now,
      country,
      customerId,
    });
    // Nobody pays a price that they have not seen.
    if (form.get("total") !== `${priced.totalMinor} ${priced.currency}`) {
      return show(c, next, { status: 409, alert: words.changed });
    }
    const clientAddress = c.get("clientAddress");
    const paying = await paySession(deps, { sessionId: session.id, tenant, now, clientAddress, country });
    if (paying.outcome === "pay") return c.redirect(paying.url, 303);
    const problems = problemsOf(paying.fields as MissingField[], changed, words);
    return show(c, next, { status: 422, problems, alert: words.fix });
  }

  return new Hono<AppEnv>()
    .get("/checkout/:id", async (c) => {
      const query = new URL(c.req.url).searchParams;
      const opened = await open(c, query);
      if (!opened) return unknown(c);
      const outcome = query.get("payment");
      const alert =
        outcome === "failed"
          ? opened.words.failed
          : outcome === "cancelled"
            ? opened.words.cancelled
            : undefined;
      return show(c, opened, alert ? { alert } : {});
    })
    .post("/checkout/:id", async (c) => {
      const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8").toWellFormed());
      const opened = await open(c, form);
      if (!opened) return unknown(c);
      try {
        return await submit(c, opened, form);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const again = await open(c, form);
        if (!again || error.status === 404) return unknown(c);
        const { words } = again;
        if (error.code === "code_inapplicable") return show(c, again, { status: 409, alert: words.codeGone });
        if (error.code === "upstream") return show(c, again, { status: 402, alert: words.down });
        // Paid, expired, owned, gone, or not sold there: the page says so by itself.
        return show(c, again, { status: 409, alert: error.message });
      }
    });
}

/** What the form says that differs from what we have, and what is wrong with it. */
function readForm(
  form: URLSearchParams,
  { session, words }: Opened,
): { details: SessionDetails; codes: string[]; isOtherCode: boolean; problems: Problems } {
  const details: SessionDetails = {};
  const problems: Problems = {};
  const read = (name: string): string | undefined =>
    form.has(name) ? (form.get(name) ?? "").replaceAll("\0", "").trim().slice(0, FIELD_CHARS_MAX) : undefined;
  const take = (name: "givenName" | "familyName" | "phoneNumber" | "birthDate", is?: RegExp) => {
    const value = read(name);
    if (value === undefined || value === (session.details[name] ?? "")) return;
    if (is && value && !is.test(value)) problems[name] = words.badDate;
    else details[name] = value;
  };
  for (const name of ["email", "payerEmail", "referralEmail"] as const) {
    const value = read(name)?.toLowerCase();
    if (value === undefined || value === (session.details[name] ?? "")) continue;
    if (value && !EMAIL.test(value)) problems[name] = words.badEmail;
    // Empty takes an address away.
    details[name] = value === "" ? undefined : value;
  }
  take("givenName");
  take("familyName");
  take("phoneNumber");
  take("birthDate", DATE);
  for (const name of ["address", "businessAddress"] as const) {
    const address: PostalAddress = { ...session.details[name] };
    for (const part of ["co", "street", "zip", "city", "country"] as const) {
      const value = read(`${name}.${part}`);
      if (value !== undefined) address[part] = part === "country" ? value.slice(0, 2).toUpperCase() : value;
    }
    if (form.has(`${name}.street`)) {
      details[name] = address;
      if (name === "address" && address.country) details.country = address.country;
    }
  }
  if (session.details.isBusiness) details.isBusiness = true;
  const typed = read("code");
  const known = session.codes.at(-1) ?? "";
  const codes = typed === undefined || typed === known ? session.codes : typed === "" ? [] : [typed];
  const isKnown = session.codes.some((code) => code.toUpperCase() === typed?.toUpperCase());
  const isOtherCode = typed !== undefined && (typed === "" ? session.codes.length > 0 : !isKnown);
  return { details, codes, isOtherCode, problems };
}
