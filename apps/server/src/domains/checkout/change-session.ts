import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { findCustomerByEmail, findCustomerById } from "../identity/index.ts";
import { findPaywall, type PaywallOfTenant } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { checkRedirect, resolveItems, type WantedItem } from "./open-session.ts";
import { priceSession } from "./price-session.ts";
import {
  type CheckoutSession,
  isSoldThere,
  peopleOf,
  type SessionDetails,
  type SessionMaker,
} from "./session.ts";
import { sessionErrors } from "./session-errors.ts";
import { lockSession, saveSessionChange } from "./session-queries.ts";

export type SessionChange = {
  items?: WantedItem[] | undefined;
  price?: number | undefined;
  redirectUrl?: string | undefined;
  details?: SessionDetails | undefined;
  codes?: string[] | undefined;
  attribution?: Record<string, string> | undefined;
  metadata?: Record<string, string> | undefined;
};

/** @throws 409 for a checkout that is paid, or too old to be */
export function refuseClosed(session: Pick<CheckoutSession, "status" | "expiresAt">, now: Date): void {
  if (session.status === "COMPLETED") throw sessionErrors.checkout_completed();
  if (session.status === "PENDING" && session.expiresAt <= now) throw sessionErrors.checkout_expired();
}

/** The buyer, where the session's maker may be told what they have: themselves, or the vendor's back end. Else null. */
export async function knownBuyerId(q: Queryable, session: CheckoutSession): Promise<string | null> {
  const signedIn = session.customerId
    ? await findCustomerById(q, session.tenantId, session.customerId)
    : null;
  const people = peopleOf(session.details, signedIn ? signedIn.email : undefined);
  if (signedIn && people.isSignedInBuyer) return signedIn.id;
  if (session.maker !== "machine" || people.customerEmail === null) return null;
  return (await findCustomerByEmail(q, session.tenantId, people.customerEmail))?.id ?? null;
}

export const paywallOfSession = async (q: Queryable, session: CheckoutSession): Promise<PaywallOfTenant> => {
  const found = await findPaywall(q, session.paywallId);
  if (!found) throw sessionErrors.not_for_sale();
  return found;
};

/**
 * Gives a checkout the values that are named and leaves the others. Choosing a payment method is the moment at which
 * somebody who has the thing already is told so.
 *
 * @param by who changes it; a signed-in reader becomes its buyer
 * @throws 409 paid, expired or owned already; 403 not sold where the buyer is; 400 as `openSession`
 */
export async function changeSession(
  deps: Pick<Deps, "db">,
  input: {
    sessionId: string;
    tenant: Tenant;
    now: Date;
    by: { maker: SessionMaker; customerId: string | null };
    country: string | null;
    change: SessionChange;
  },
): Promise<CheckoutSession> {
  const { tenant, now, by, change } = input;
  return deps.db.transaction(async (tx) => {
    const session = await lockSession(tx, input.sessionId);
    if (!session) throw new Error("a checkout vanished while it was being changed");
    refuseClosed(session, now);
    const next: CheckoutSession = {
      ...session,
      details: { ...session.details, ...change.details },
      codes: change.codes ?? session.codes,
      attribution: { ...session.attribution, ...change.attribution },
      metadata: change.metadata ?? session.metadata,
      updatedAt: now,
    };
    // What a page says about people or things is no longer the back end's word.
    const isTakenOver =
      change.items || change.details?.email || change.details?.payerEmail || change.details?.currency;
    if (by.maker !== "machine" && isTakenOver) next.maker = by.maker;
    if (by.customerId && !session.customerId && session.maker !== "machine") next.customerId = by.customerId;
    if (change.redirectUrl !== undefined) {
      await checkRedirect(tx, tenant.id, change.redirectUrl);
      next.redirectUrl = change.redirectUrl;
    }
    if (change.items) {
      const { details } = next;
      const wanted = { items: change.items, price: change.price };
      const resolved = await resolveItems(tx, { tenant, now, details, maker: by.maker, ...wanted });
      next.items = resolved.items;
      next.paywallId = resolved.paywall.id;
    }
    if (change.details?.paymentData) {
      if (!isSoldThere(next.items, { country: input.country, claimed: next.details.country })) {
        throw sessionErrors.not_sold_there();
      }
      const { paywall } = await paywallOfSession(tx, next);
      const customerId = await knownBuyerId(tx, next);
      const { owned } = await priceSession(tx, {
        session: next,
        tenant,
        paywall,
        now,
        country: input.country,
        customerId,
      });
      if (owned.length > 0) throw sessionErrors.already_owned();
    }
    await saveSessionChange(tx, next);
    return next;
  });
}
