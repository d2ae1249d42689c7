import { addDays } from "../../../platform/clock.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import { type FailureCode, SESSION_PLACEHOLDER } from "../port.ts";
import { openAgreement } from "./agreement.ts";
import {
  DISPUTE_OPENS_DAYS,
  insertAgreement,
  insertPayment,
  lockSession,
  type Session,
  saveSession,
  tell,
} from "./books.ts";
import { type CardFields, type CardProblems, payLaterMethod, readCard, type StoredCard } from "./cards.ts";
import { wireMethod, wirePayment, wireSubscription } from "./wire.ts";

export type PayOutcome =
  | { outcome: "paid"; redirectTo: string }
  | { outcome: "pending"; session: Session }
  | { outcome: "challenge"; session: Session }
  | { outcome: "declined"; code: FailureCode; session: Session }
  | { outcome: "invalid"; problems: CardProblems; session: Session }
  | { outcome: "closed"; session: Session };

type PayDeps = Pick<Deps, "clock" | "ids" | "jobs" | "keys">;

/** Days after which a "pay later" payment arrives by itself. */
export const PAY_LATER_DAYS = 1;

/** A return URL of the session, with our id of it filled in. */
export const returnUrl = (session: Session, which: "successUrl" | "errorUrl" | "cancelUrl"): string =>
  session.request[which].replaceAll(SESSION_PLACEHOLDER, encodeURIComponent(session.id));

/**
 * Pays an open session with what a person typed. A declined card leaves it open for another try; a session
 * that was paid or has expired answers `closed` and nothing happens.
 */
export async function payWithCard(
  tx: Tx,
  deps: PayDeps,
  input: { sessionId: string; fields: CardFields; now: Date },
): Promise<PayOutcome | null> {
  const session = await lockSession(tx, input.sessionId);
  if (!session) return null;
  if (!isOpen(session, input.now)) return { outcome: "closed", session };
  const read = readCard(input.fields, input.now, {
    vaultRef: () => deps.ids.next("paymentMethod"),
    fingerprint: (number) => deps.keys.pseudonym(`card:${session.tenantId}:${number}`).toString("hex"),
  });
  if ("problems" in read) return { outcome: "invalid", problems: read.problems, session };
  const { first } = read.card.behaviour;
  if (first === "challenge") {
    await saveSession(tx, session.id, { state: "challenge", card: read.card });
    return { outcome: "challenge", session };
  }
  if (first !== "ok") return decline(tx, deps, session, first, input.now);
  return { outcome: "paid", redirectTo: await complete(tx, deps, session, read.card, input.now) };
}

/** The bank's question about a card that asks for confirmation. */
export async function answerChallenge(
  tx: Tx,
  deps: PayDeps,
  input: { sessionId: string; confirmed: boolean; now: Date },
): Promise<PayOutcome | null> {
  const session = await lockSession(tx, input.sessionId);
  if (!session) return null;
  if (!isOpen(session, input.now) || session.state !== "challenge" || !session.card) {
    return { outcome: "closed", session };
  }
  if (!input.confirmed) {
    await saveSession(tx, session.id, { state: "open" });
    return decline(tx, deps, session, "authentication_required", input.now);
  }
  return { outcome: "paid", redirectTo: await complete(tx, deps, session, session.card, input.now) };
}

/** "Pay later": the order stands, the money comes in a day, or when somebody says that it came. */
export async function payLater(
  tx: Tx,
  deps: PayDeps,
  input: { sessionId: string; now: Date },
): Promise<PayOutcome | null> {
  const session = await lockSession(tx, input.sessionId);
  if (!session) return null;
  if (!isOpen(session, input.now)) return { outcome: "closed", session };
  const card = payLaterMethod(deps.ids.next("paymentMethod"));
  const settlesAt = addDays(input.now, PAY_LATER_DAYS);
  await saveSession(tx, session.id, { state: "pending", card, settlesAt });
  await tell(tx, deps, session, "session.pending", input.now, { session: wireSession(session, "pending") });
  return { outcome: "pending", session: { ...session, state: "pending", card, settlesAt } };
}

/** The "pay later" money arrives now. */
export async function settlePending(
  tx: Tx,
  deps: PayDeps,
  input: { sessionId: string; now: Date },
): Promise<PayOutcome | null> {
  const session = await lockSession(tx, input.sessionId);
  if (!session) return null;
  if (session.state !== "pending" || !session.card) return { outcome: "closed", session };
  return { outcome: "paid", redirectTo: await complete(tx, deps, session, session.card, input.now) };
}

export async function expireSession(tx: Tx, deps: PayDeps, session: Session): Promise<void> {
  await saveSession(tx, session.id, { state: "expired" });
  await tell(tx, deps, session, "session.expired", session.expiresAt, {
    session: wireSession(session, "expired"),
  });
}

/** Ends a session that nobody has paid; whether it is one that cannot be paid (any more). */
export async function closeSession(
  tx: Tx,
  owner: { tenantId: string; connectionId: string },
  sessionId: string,
): Promise<boolean> {
  const session = await lockSession(tx, sessionId);
  if (session?.connectionId !== owner.connectionId) return true;
  if (session.state === "pending" || session.state === "paid") return false;
  if (session.state !== "expired") await saveSession(tx, session.id, { state: "canceled" });
  return true;
}

const isOpen = (session: Session, now: Date): boolean =>
  (session.state === "open" || session.state === "challenge") && session.expiresAt > now;

const wireSession = (
  session: Session,
  state: "pending" | "completed" | "failed" | "expired",
  failureCode: FailureCode | null = null,
) => ({ externalId: session.id, checkoutId: session.checkoutId, state, failureCode });

async function decline(
  tx: Tx,
  deps: PayDeps,
  session: Session,
  code: FailureCode,
  now: Date,
): Promise<PayOutcome> {
  await tell(tx, deps, session, "session.payment_failed", now, {
    session: wireSession(session, "failed", code),
  });
  return { outcome: "declined", code, session };
}

/** Agreement, payment and the one event that tells the whole sale. */
async function complete(
  tx: Tx,
  deps: PayDeps,
  session: Session,
  card: StoredCard,
  now: Date,
): Promise<string> {
  const { request } = session;
  const step = openAgreement(
    {
      ids: {
        agreement: deps.ids.next("sandboxSubscription"),
        session: session.id,
        checkout: session.checkoutId,
        invoice: deps.ids.next("sandboxPayment"),
      },
      currency: request.currency,
      subtotalMinor: request.subtotalMinor,
      discountMinor: request.discountMinor,
      totalMinor: request.totalMinor,
      // Sessions from before discounts had an end do not say.
      discountPeriods: request.discountPeriods ?? null,
      recurring: request.recurring,
      trialDays: request.trialDays,
      timeZone: request.timeZone,
    },
    now,
  );
  const { agreement, dueAt, charge } = step;
  if (!charge) throw new Error("a new agreement charges its first invoice");
  await saveSession(tx, session.id, { state: "paid", card });
  await insertAgreement(tx, session, { agreement, card, dueAt, now });
  const disputeAt = card.behaviour.disputed && charge.amount > 0 ? addDays(now, DISPUTE_OPENS_DAYS) : null;
  const paymentId = await insertPayment(tx, deps, session, agreement, charge, disputeAt);
  await tell(tx, deps, session, "session.completed", now, {
    session: wireSession(session, "completed"),
    subscription: wireSubscription(agreement, 1, dueAt),
    payment: wirePayment(agreement, paymentId, charge),
    method: wireMethod(card),
  });
  return returnUrl(session, "successUrl");
}
