import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { getProduct } from "../../domains/catalogue/index.ts";
import { claimGift, findGift } from "../../domains/growth/index.ts";
import { findTenant, type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { field, notice } from "./form-parts.ts";
import { type Markup, sendPage } from "./page.ts";
import { dayWords } from "./words.ts";

const FORM_BYTES_MAX = 4096;
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;

/** Where a gift is claimed: its address is the only key to it, and it gives itself to one e-mail address. */
export function giftPages(deps: Deps): Hono<AppEnv> {
  async function open(c: Context<AppEnv>) {
    const code = c.req.param("code") ?? "";
    const gift = await findGift(deps.db, code);
    const tenant = gift && (await findTenant(deps.db, gift.tenantId));
    if (!gift || tenant?.status !== "active") return null;
    const product = await getProduct(deps.db, tenant.id, gift.productId);
    return { code, gift, tenant, product };
  }
  const send = (
    c: Context<AppEnv>,
    tenant: Pick<Tenant, "name" | "brandColor">,
    title: string,
    body: Markup,
    status: 200 | 404 | 409 | 410 | 422 = 200,
    isTest = false,
  ) => sendPage(c, deps, { title, tenant, body, ...(isTest && { test: true }) }, { status });
  const unknown = (c: Context<AppEnv>) =>
    send(
      c,
      { name: "Gift", brandColor: null },
      "No such gift",
      notice("warn", "?", "There is no such gift", html`<p class="lead">The address is not complete.</p>`),
      404,
    );
  const refused = (c: Context<AppEnv>, tenant: Tenant, why: "used" | "revoked", isTest: boolean) =>
    send(
      c,
      tenant,
      "This gift is gone",
      notice(
        "warn",
        "!",
        why === "used" ? "Somebody has this gift already" : "This gift was taken back",
        html`<p class="lead">${why === "used" ? "A gift is good for one person." : "Ask whoever gave it to you."}</p>`,
      ),
      why === "used" ? 409 : 410,
      isTest,
    );
  const form = (title: string, code: string, email: string, problem: string | null): Markup =>
    html`<section class="card stack"><h1>A gift for you: ${title}</h1>
<p class="lead">There is nothing to pay, and it does not renew. Whose shall it be?</p>
<form method="post" action="/gift/${code}" class="stack" novalidate>
${field({ name: "email", label: "Your email address", type: "email", value: email, autocomplete: "email", hint: "You will sign in with it to use the gift.", problem })}
<button class="button block" type="submit">Take the gift</button></form></section>`;

  return new Hono<AppEnv>()
    .get("/gift/:code", async (c) => {
      const opened = await open(c);
      if (!opened) return unknown(c);
      const { gift, tenant, product, code } = opened;
      const isTest = gift.mode === "test";
      if (gift.isRevoked) return refused(c, tenant, "revoked", isTest);
      if (gift.claimedAt) return refused(c, tenant, "used", isTest);
      return send(c, tenant, "A gift for you", form(product.title, code, "", null), 200, isTest);
    })
    .post("/gift/:code", async (c) => {
      const opened = await open(c);
      if (!opened) return unknown(c);
      const { gift, tenant, product, code } = opened;
      const isTest = gift.mode === "test";
      const fields = new URLSearchParams(
        (await readBytes(c, FORM_BYTES_MAX)).toString("utf8").toWellFormed(),
      );
      const email = (fields.get("email") ?? "").replaceAll("\0", "").trim().toLowerCase().slice(0, 254);
      if (!EMAIL.test(email)) {
        const problem = "Please type an email address, such as name@example.com.";
        return send(c, tenant, "A gift for you", form(product.title, code, email, problem), 422, isTest);
      }
      const now = tenantNow(deps.clock, tenant);
      const result = await deps.db.transaction((tx) =>
        claimGift(tx, deps, { tenantId: tenant.id, code, email, now }),
      );
      if (result.outcome === "unknown") return unknown(c);
      if (result.outcome !== "claimed") return refused(c, tenant, result.outcome, isTest);
      const until = result.endsAt ? ` until ${dayWords(result.endsAt, tenant.timeZone)}` : "";
      return send(
        c,
        tenant,
        "It is yours",
        notice(
          "ok",
          "✓",
          "It is yours",
          html`<p class="lead">${product.title} belongs to ${email}${until}. Sign in at ${tenant.name} with this address to use it.</p>`,
        ),
        200,
        isTest,
      );
    });
}
