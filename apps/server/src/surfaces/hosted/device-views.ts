import { html } from "hono/html";
import type { SignedInDevice } from "../../domains/identity/index.ts";
import { countryName, type DeviceWords, deviceName } from "./device-words.ts";
import type { Markup } from "./page.ts";

export const DEVICE_STYLES = `
.devices{list-style:none;display:grid}.devices li{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:8px 16px;padding:14px 0;border-top:1px solid var(--line)}
.devices li:first-child{border-top:0}.devices .what{display:grid;gap:2px;min-width:0;flex:1 1 12rem}.devices .name{font-weight:600;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center}
.devices .button{min-height:44px;padding:8px 16px}`.trim();

export type DeviceList = {
  devices: SignedInDevice[];
  /** The session that looks at the list; null on a page that is not one of these devices. */
  currentSessionId: string | null;
  email: string | null;
  name: string;
  timeZone: string;
  lang: string;
  words: DeviceWords;
  /** Where the form of a button goes. */
  target: string;
  csrf: string;
  done?: "one" | "others" | null;
};

/** Where somebody is signed in, with a way to end each. Every button is a form of its own, so no script is needed. */
export function deviceListView(list: DeviceList): Markup {
  const { devices, words, currentSessionId } = list;
  const said = { one: words.oneGone, others: words.othersGone };
  const others = devices.some(({ sessionId }) => sessionId !== currentSessionId);
  const lead = words.lead.replace("{email}", () => list.email ?? "").replace("{name}", () => list.name);
  return html`<section class="card stack">
<h1>${words.title}</h1>
<p class="lead">${lead}</p>
${list.done ? html`<div class="alert ok" role="status">${said[list.done]}</div>` : ""}
${devices.length === 0 ? html`<p class="muted">${words.none}</p>` : html`<ul class="devices">${devices.map((it) => deviceRow(list, it))}</ul>`}
${
  devices.length === 0
    ? ""
    : html`<div class="actions">${currentSessionId !== null && others ? form(list, "others", words.signOutOthers, "secondary") : ""}${form(list, "all", words.signOutAll, "danger")}</div>`
}
</section>`;
}

function deviceRow(list: DeviceList, it: SignedInDevice): Markup {
  const { words, lang, timeZone } = list;
  const day = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone }).format(it.lastUsedAt);
  const when = (it.country ? words.from : words.lastUsed)
    .replace("{day}", day)
    .replace("{country}", () => countryName(it.country ?? "", lang));
  const name = deviceName(it.userAgent, words);
  const current = it.sessionId === list.currentSessionId;
  return html`<li><div class="what"><span class="name">${name}${current ? html`<span class="badge ok">${words.thisDevice}</span>` : ""}</span>
<span class="muted small">${when}</span></div>
${form(list, "one", words.signOut, "secondary", { session: it.sessionId, about: name })}</li>`;
}

const form = (
  { target, csrf }: DeviceList,
  action: "one" | "others" | "all",
  label: string,
  kind: string,
  one?: { session: string; about: string },
): Markup => html`<form method="post" action="${target}"><input type="hidden" name="csrf" value="${csrf}">
${one ? html`<input type="hidden" name="session" value="${one.session}">` : ""}<button class="button ${kind}" type="submit" name="action" value="${action}">${label}${one ? html`<span class="visually-hidden"> (${one.about})</span>` : ""}</button></form>`;
