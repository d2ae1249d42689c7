import { type Context, Hono } from "hono";
import {
  type CheckoutSession,
  changeSession,
  findPaidTerms,
  findSession,
  knownBuyerId,
  offeredMethods,
  openSession,
  paywallOfSession,
  priceSession,
  type SessionMaker,
  sessionUrl,
} from "../../domains/checkout/index.ts";
import { findCustomerById } from "../../domains/identity/index.ts";
import { tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson } from "./body.ts";
import { type Caller, known, type PublisherEnv } from "./caller.ts";
import { checkoutToWire, createCheckout, detailsOf, updateCheckout, withoutNulls } from "./checkout-body.ts";
import { noSuchResource } from "./errors.ts";
import { answerOnce } from "./idempotency.ts";

type C = Context<PublisherEnv>;
type Known = Exclude<Caller, { kind: "nobody" }>;

/** A back end that may manage contracts may also name prices and speak for buyers. */
const TRUSTED_SCOPE = "payments:contract:admin";

function makerOf(caller: Known): { maker: SessionMaker; customerId: string | null } {
  if (caller.kind === "reader") return { maker: "reader", customerId: caller.customer.id };
  const isTrusted =
    caller.kind === "machine" && (caller.scopes === null || caller.scopes.includes(TRUSTED_SCOPE));
  return { maker: isTrusted ? "machine" : "anonymous", customerId: null };
}

/** Checkout sessions (publisher API §6.1). */
export function checkoutRoutes(deps: Deps): Hono<PublisherEnv> {
  /** A checkout of the caller's vendor. Whoever knows its id may read it; what its buyer has already is theirs to know. */
  const named = async (c: C): Promise<CheckoutSession> => {
    const session = await findSession(deps.db, param(c, "id"));
    if (session?.tenantId !== known(c).tenant.id) throw noSuchResource();
    return session;
  };

  const render = async (c: C, session: CheckoutSession) => {
    const caller = known(c);
    const { tenant } = caller;
    const { paywall } = await paywallOfSession(deps.db, session);
    const { maker } = makerOf(caller);
    const isTheirs = caller.kind === "reader" && caller.customer.id === session.customerId;
    const mayKnow = isTheirs || maker === "machine";
    const customerId = mayKnow ? await knownBuyerId(deps.db, session) : null;
    const [priced, paid, methods] = await Promise.all([
      priceSession(deps.db, {
        session,
        tenant,
        paywall,
        now: tenantNow(deps.clock, tenant),
        country: c.get("country"),
        customerId,
      }),
      session.status === "COMPLETED" ? findPaidTerms(deps.db, session.id) : null,
      offeredMethods(deps.db, paywall, session.details),
    ]);
    const buyer = customerId === null ? null : await findCustomerById(deps.db, tenant.id, customerId);
    const payer = buyer?.email ? { id: buyer.uuid, email: buyer.email } : null;
    // What was bought just now is no reason to say that it was owned before.
    const shown = session.status === "COMPLETED" ? { ...priced, owned: [] } : priced;
    const checkoutUrl = sessionUrl(deps.config, session.id);
    return checkoutToWire({ session, priced: shown, paid, checkoutUrl, methods, payer });
  };

  return new Hono<PublisherEnv>()
    .post("/checkouts", async (c) => {
      const caller = known(c);
      const given = await readJson(c);
      const body = check(createCheckout, withoutNulls(given));
      c.header("cache-control", "no-store");
      return answerOnce(deps, c, { body: given, creates: true }, async () => {
        const session = await openSession(deps, {
          ...makerOf(caller),
          tenant: caller.tenant,
          now: tenantNow(deps.clock, caller.tenant),
          items: body.items,
          price: body.price,
          redirectUrl: body.redirectUrl,
          details: detailsOf(body),
          codes: body.requestedDiscountCodes ?? [],
          attribution: body.attribution ?? {},
          metadata: body.metadata ?? {},
        });
        return { status: 201, body: await render(c, session) };
      });
    })
    .get("/checkouts/:id", async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await render(c, await named(c)));
    })
    .patch("/checkouts/:id", async (c) => {
      const caller = known(c);
      const session = await named(c);
      const by = makerOf(caller);
      // A checkout that became somebody's is changed by them, or by the vendor.
      const isAnothers = session.customerId !== null && session.customerId !== by.customerId;
      if (isAnothers && by.maker !== "machine") throw noSuchResource();
      const given = await readJson(c);
      const body = check(updateCheckout, withoutNulls(given));
      c.header("cache-control", "no-store");
      return answerOnce(deps, c, { body: given, creates: false }, async () => {
        const changed = await changeSession(deps, {
          sessionId: session.id,
          tenant: caller.tenant,
          now: tenantNow(deps.clock, caller.tenant),
          by,
          country: c.get("country"),
          change: {
            items: body.items,
            price: body.price,
            redirectUrl: body.redirectUrl,
            details: detailsOf(body),
            codes: body.requestedDiscountCodes,
            attribution: body.attribution,
            metadata: body.metadata,
          },
        });
        return { status: 200, body: await render(c, changed) };
      });
    });
}
