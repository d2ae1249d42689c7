import { type Context, Hono } from "hono";
import { html } from "hono/html";
import {
  listDevices,
  signOut,
  signOutDevice,
  signOutEverywhere,
  signOutOthers,
} from "../../domains/identity/index.ts";
import { findBrowserSession } from "../../domains/oidc/index.ts";
import { findOAuthClient, findTenant, type OAuthClient, type Tenant } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { safeEqual } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { DEVICE_STYLES, deviceListView } from "../hosted/device-views.ts";
import { deviceWordsIn } from "../hosted/device-words.ts";
import { notice } from "../hosted/form-parts.ts";
import { sendPage } from "../hosted/page.ts";
import { refusePage } from "./authorize.ts";
import { dropSessionSecret, sessionSecret } from "./cookies.ts";
import { isForeignForm } from "./login-page.ts";
import { wordsFor } from "./login-words.ts";
import { signInFirst } from "./own-sign-in.ts";

const PATH = "/u/devices";
const FORM_BYTES_MAX = 4 * 1024;

type Visit = {
  tenant: Tenant;
  client: OAuthClient;
  session: Awaited<ReturnType<typeof findBrowserSession>>;
  csrf: string;
  target: string;
};

/** Where a reader is signed in, and the end of it: one device, all others, everywhere. Whoever is not signed in does so first. */
export function devicesPage(deps: Deps): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get(PATH, async (c) => {
      const visit = await visitOf(deps, c);
      if (!visit) return refusePage(deps, c, "This application is not registered here.");
      const { tenant, session, csrf, target } = visit;
      if (!session) return signInFirst(deps, c, visit.client, target, c.req.query("ui_locales") ?? null);
      const lang = languageOf(c);
      const words = deviceWordsIn(lang);
      const { customer, sessionId } = session;
      const mine = { tenantId: tenant.id, customerId: customer.id, now: deps.clock.now() };
      const done = c.req.query("done");
      const body = deviceListView({
        devices: await listDevices(deps.db, mine),
        currentSessionId: sessionId,
        email: customer.email,
        name: tenant.name,
        timeZone: tenant.timeZone,
        lang,
        words,
        target,
        csrf,
        done: done === "one" || done === "others" ? done : null,
      });
      return sendPage(c, deps, { title: words.title, tenant, body, lang, styles: DEVICE_STYLES });
    })
    .post(PATH, async (c) => {
      const visit = isForeignForm(c) ? null : await visitOf(deps, c);
      const form = new URLSearchParams((await readBytes(c, FORM_BYTES_MAX)).toString("utf8"));
      if (!visit) return refusePage(deps, c, "This application is not registered here.");
      const { session, target, tenant } = visit;
      if (!session || !safeEqual(form.get("csrf") ?? "", visit.csrf)) return c.redirect(target, 303);
      const mine = { tenantId: tenant.id, customerId: session.customer.id };
      switch (form.get("action")) {
        case "others":
          await signOutOthers(deps, { ...mine, keepSessionId: session.sessionId });
          return c.redirect(`${target}&done=others`, 303);
        case "all":
          await signOutEverywhere(deps, mine);
          return goodbye(deps, c, visit);
        case "one": {
          const sessionId = form.get("session") ?? "";
          if (sessionId === session.sessionId) {
            await signOut(deps, { tenantId: tenant.id, sessionId });
            dropSessionSecret(deps, c, tenant.id);
            return c.redirect(target, 303);
          }
          if (!sessionId.includes("\0")) await signOutDevice(deps, { ...mine, sessionId });
          return c.redirect(`${target}&done=one`, 303);
        }
        default:
          return c.redirect(target, 303);
      }
    });
}

const languageOf = (c: Context<AppEnv>): string =>
  wordsFor(c.req.query("ui_locales") ?? null, c.req.header("accept-language")).lang;

async function visitOf(deps: Deps, c: Context<AppEnv>): Promise<Visit | null> {
  const clientId = c.req.query("client_id") ?? "";
  const client = /^[\w.-]{1,80}$/.test(clientId) ? await findOAuthClient(deps.db, clientId) : null;
  const tenant = client && (await findTenant(deps.db, client.tenantId));
  if (client?.kind !== "browser" || tenant?.status !== "active") return null;
  const secret = sessionSecret(deps, c, tenant.id);
  return {
    tenant,
    client,
    session: secret ? await findBrowserSession(deps.db, deps, tenant.id, secret) : null,
    csrf: deps.keys.pseudonym(`devices-csrf:${secret}`).toString("base64url"),
    target: `${PATH}?${new URLSearchParams({ client_id: clientId })}`,
  };
}

function goodbye(deps: Deps, c: Context<AppEnv>, { tenant }: Visit): Promise<Response> {
  dropSessionSecret(deps, c, tenant.id);
  const lang = languageOf(c);
  const words = deviceWordsIn(lang);
  const body = notice("ok", "✓", words.everywhereTitle, html`<p class="lead">${words.everywhereText}</p>`);
  return sendPage(c, deps, { title: words.everywhereTitle, tenant, body, lang });
}
