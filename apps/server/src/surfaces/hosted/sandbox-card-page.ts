import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { receiveProcessorEvent } from "../../domains/billing/index.ts";
import {
  type CardProblems,
  changeSandboxCard,
  deliverSandboxEvents,
  type OpenCardChange,
  openCardChange,
  TEST_CARDS,
} from "../../domains/processors/index.ts";
import { findTenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Markup, sendPage } from "./page.ts";

const FORM_BYTES_MAX = 16 * 1024;
const FIELD_CHARS_MAX = 64;

type FormState = { card?: string; expiry?: string; problems?: CardProblems; alert?: string };

/** The sandbox company's page for another card of a running subscription. Its address is the only key to it. */
export function sandboxCardPage(deps: Deps): Hono<AppEnv> {
  const opened = (c: Context<AppEnv>): OpenCardChange | null =>
    openCardChange(deps, c.req.param("secret") ?? "", deps.clock.now());
  const show = (
    c: Context<AppEnv>,
    change: OpenCardChange,
    state: FormState,
    status: 200 | 402 | 422 = 200,
  ) =>
    sendPage(
      c,
      deps,
      {
        title: "Change your card",
        tenant: change.merchant,
        test: true,
        styles: STYLES,
        body: form(c.req.path, change, state),
      },
      { status, formTargets: [change.returnUrl] },
    );
  const gone = (c: Context<AppEnv>) =>
    sendPage(
      c,
      deps,
      {
        title: "Expired",
        tenant: { name: "Sandbox", brandColor: null },
        test: true,
        body: html`<section class="card stack center"><div class="symbol warn" aria-hidden="true">…</div>
<h1>This page has expired</h1><p class="lead">Nothing was changed. Open it again from your account.</p></section>`,
      },
      { status: 410 },
    );

  return new Hono<AppEnv>()
    .get("/sandbox/card/:secret", async (c) => {
      const change = opened(c);
      return change ? show(c, change, {}) : gone(c);
    })
    .post("/sandbox/card/:secret", async (c) => {
      const change = opened(c);
      const tenant = change && (await findTenant(deps.db, change.tenantId));
      if (!change || !tenant) return gone(c);
      const sent = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
      const field = (name: string) => (sent.get(name) ?? "").slice(0, FIELD_CHARS_MAX).toWellFormed();
      const fields = { card: field("card"), expiry: field("expiry"), cvc: field("cvc") };
      const typed = { card: fields.card, expiry: fields.expiry };
      const input = { change, fields, now: tenantNow(deps.clock, tenant) };
      const result = await deps.db.transaction((tx) => changeSandboxCard(tx, deps, input));
      await deliverSandboxEvents(deps, (news) => receiveProcessorEvent(deps, news));
      switch (result.outcome) {
        case "changed":
          return c.redirect(change.returnUrl, 303);
        case "declined":
          return show(
            c,
            change,
            { ...typed, alert: "This card was refused. The one before stays; try another." },
            402,
          );
        case "invalid":
          return show(c, change, { ...typed, problems: result.problems }, 422);
        case "closed":
          return gone(c);
      }
    });
}

function form(action: string, change: OpenCardChange, state: FormState): Markup {
  const problems = state.problems ?? {};
  const input = (
    name: "card" | "expiry" | "cvc",
    label: string,
    options: { placeholder: string; value?: string; max: number },
  ) => html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" inputmode="numeric" autocomplete="off" class="num" maxlength="${options.max}" placeholder="${options.placeholder}" value="${options.value ?? ""}"${
    problems[name] ? html` aria-invalid="true" aria-describedby="${name}-error"` : ""
  }>
${problems[name] ? html`<p class="error" id="${name}-error">${problems[name]}</p>` : ""}</div>`;
  return html`<section class="card stack" aria-label="Card">
<h1>Pay with another card</h1>
<p class="muted">It is used for the next payment to ${change.merchant.name}, and at once if one is owed.</p>
${state.alert ? html`<div class="alert bad" role="alert">${state.alert}</div>` : ""}
<form method="post" action="${action}" class="stack" novalidate>
${input("card", "Card number", { placeholder: "4242 4242 4242 4242", value: state.card ?? "", max: 24 })}
<div class="fields pair">
${input("expiry", "Expiry", { placeholder: "MM / YY", value: state.expiry ?? "", max: 9 })}
${input("cvc", "Security code", { placeholder: "123", max: 4 })}
</div>
<button class="button block" type="submit">Use this card</button>
</form>
<a class="small center" href="${change.returnUrl.split("?")[0]}">Go back without changing anything</a>
<dl class="rows small" aria-label="Test cards">${TEST_CARDS.map((it) => html`<div><dt>${it.title}</dt><dd class="mono num">${it.number.replaceAll(/(.{4})(?=.)/g, "$1 ")}</dd></div>`)}</dl>
</section>`;
}

const STYLES = ".fields.pair{grid-template-columns:1fr 1fr;align-items:start}.mono{white-space:nowrap}";
