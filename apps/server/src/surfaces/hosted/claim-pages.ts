import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { claimCode, type GrantRecord, lookUpCode } from "../../domains/access-lists/index.ts";
import { findProductsBySku } from "../../domains/catalogue/index.ts";
import type { Customer } from "../../domains/identity/index.ts";
import { findBrowserSession } from "../../domains/oidc/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import {
  findOAuthClient,
  findTenant,
  type OAuthClient,
  type Tenant,
  tenantNow,
} from "../../domains/tenants/index.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { sessionSecret } from "../oidc/cookies.ts";
import { originOf } from "../oidc/origin.ts";
import { signInFirst } from "../oidc/own-sign-in.ts";
import { claimWordsIn } from "./claim-words.ts";
import { notice } from "./form-parts.ts";
import { type Markup, sendPage } from "./page.ts";

type Vendor = { client: OAuthClient; tenant: Tenant };
type C = Context<AppEnv>;

const CODE = /^[A-Za-z0-9 -]{4,60}$/;

/**
 * Where the link with a claim code leads: `/claim/{lang}/@{clientId}/{code}`. Opening it claims nothing, since mail programs
 * open links as well; whoever has signed in does so with a button.
 */
export function claimPages(deps: Deps): Hono<AppEnv> {
  const vendorIn = async (c: C): Promise<Vendor | null> => {
    const name = c.req.param("client")?.slice(1) ?? "";
    const client = CODE.test(c.req.param("code") ?? "") ? await findOAuthClient(deps.db, name) : null;
    const tenant = client && (await findTenant(deps.db, client.tenantId));
    return client?.kind === "browser" && tenant?.status === "active" ? { client, tenant } : null;
  };
  const readerOf = async (c: C, tenant: Tenant): Promise<Customer | null> => {
    const secret = sessionSecret(deps, c, tenant.id);
    const session = secret ? await findBrowserSession(deps.db, deps, tenant.id, secret) : null;
    return session?.customer ?? null;
  };

  return new Hono<AppEnv>()
    .get("/claim/:lang/:client{@[\\w.-]{1,80}}/:code", async (c) => {
      const vendor = await vendorIn(c);
      if (!vendor) return nothingHere(deps, c);
      const reader = await readerOf(c, vendor.tenant);
      if (c.req.query("sign-in") !== undefined && !reader) {
        return signInFirst(deps, c, vendor.client, c.req.path, c.req.param("lang") ?? null);
      }
      const { words } = claimWordsIn(c.req.param("lang") ?? "");
      const known = await lookUpCode(deps.db, {
        tenantId: vendor.tenant.id,
        mode: await publisherMode(deps.db, vendor.tenant.id),
        code: c.req.param("code") ?? "",
        customerId: reader?.id ?? null,
      });
      if (known.state === "claimed") return showClaimed(deps, c, vendor, known.grant);
      if (known.state === "used") {
        // It may have been the one who is not signed in.
        const signIn = reader ? null : html`<a class="button block" href="?sign-in=1">${words.signIn}</a>`;
        return show(deps, c, vendor, (fill) =>
          notice(
            "warn",
            "!",
            words.title,
            html`${home(vendor, fill(words.back), reader ? words.used : words.usedSignIn)}${signIn ?? ""}`,
          ),
        );
      }
      return show(deps, c, vendor, (fill) =>
        reader
          ? html`<section class="card stack"><h1>${words.title}</h1>
<p class="lead">${fill(words.leadSignedIn, { email: reader.email ?? reader.name ?? "" })}</p>
<form method="post"><button class="button block" type="submit">${words.claim}</button></form></section>`
          : html`<section class="card stack"><h1>${words.title}</h1><p class="lead">${fill(words.lead)}</p>
<a class="button block" href="?sign-in=1">${words.signIn}</a></section>`,
      );
    })
    .post("/claim/:lang/:client{@[\\w.-]{1,80}}/:code", async (c) => {
      const vendor = await vendorIn(c);
      if (!vendor) return nothingHere(deps, c);
      const reader = isOwnPage(deps, c) ? await readerOf(c, vendor.tenant) : null;
      if (!reader) return c.redirect(c.req.path, 303);
      const { words } = claimWordsIn(c.req.param("lang") ?? "");
      try {
        const grant = await claim(deps, vendor.tenant, reader, c.req.param("code") ?? "");
        return showClaimed(deps, c, vendor, grant);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const said = { claim_code_used: words.used, email_not_verified: words.unproven }[error.code];
        return show(
          deps,
          c,
          vendor,
          (fill) => notice("warn", "!", words.title, home(vendor, fill(words.back), said ?? words.unknown)),
          error.status as 404,
        );
      }
    });
}

async function showClaimed(deps: Deps, c: C, vendor: Vendor, grant: GrantRecord): Promise<Response> {
  const { lang, words } = claimWordsIn(c.req.param("lang") ?? "");
  const [product] = await findProductsBySku(deps.db, grant.sku, vendor.tenant.id);
  return show(deps, c, vendor, (fill) => {
    const date = grant.endsAt?.toLocaleDateString(lang, {
      dateStyle: "long",
      timeZone: vendor.tenant.timeZone,
    });
    const text = fill(date ? words.doneUntil : words.doneText, {
      title: product?.title ?? grant.sku,
      date: date ?? "",
    });
    return notice("ok", "✓", words.done, home(vendor, fill(words.back), text));
  });
}

const home = ({ client }: Vendor, label: string, text: string): Markup =>
  html`<p class="lead">${text}</p>${client.origins[0] ? html`<a class="button block secondary" href="${client.origins[0]}/">${label}</a>` : ""}`;

/** Pages elsewhere may send forms here with the reader's cookie, and must not decide what they claim. */
function isOwnPage(deps: Deps, c: C): boolean {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  return (
    site === "same-origin" || (site === undefined && (origin === undefined || origin === originOf(deps, c)))
  );
}

/** @throws 403 `email_not_verified`, 404 `claim_code_unknown`, 409 `claim_code_used` */
async function claim(deps: Deps, tenant: Tenant, reader: Customer, code: string): Promise<GrantRecord> {
  const { id, uuid, email, emailVerifiedAt } = reader;
  if (email === null || emailVerifiedAt === null) {
    throw new AppError("email_not_verified", 403, "Confirm your e-mail address first.");
  }
  const mode = await publisherMode(deps.db, tenant.id);
  const customer = { id, uuid, email, tenantId: tenant.id };
  return deps.db.transaction((tx) =>
    claimCode(tx, deps, { customer, mode, code }, tenantNow(deps.clock, tenant)),
  );
}

type Fill = (text: string, more?: Record<string, string>) => string;

function show(
  deps: Deps,
  c: C,
  { tenant }: Vendor,
  body: (fill: Fill) => Markup,
  status: 200 | 403 | 404 | 409 = 200,
): Promise<Response> {
  const { lang, words } = claimWordsIn(c.req.param("lang") ?? "");
  const fill: Fill = (text, more = {}) =>
    Object.entries({ name: tenant.name, ...more }).reduce(
      (filled, [name, value]) => filled.replace(`{${name}}`, () => value),
      text,
    );
  // The code is in the address.
  c.header("referrer-policy", "no-referrer");
  c.header("cache-control", "no-store");
  return sendPage(c, deps, { title: words.title, tenant, lang, body: body(fill) }, { status });
}

const nothingHere = (deps: Deps, c: C): Promise<Response> => {
  const title = "There is nothing here";
  const body = notice("warn", "!", title, html`<p class="lead">The address is not complete.</p>`);
  return sendPage(c, deps, { title, tenant: { name: "Reading", brandColor: null }, body }, { status: 404 });
};
