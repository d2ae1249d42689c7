import { addInterval, anchorDayOf, type CalendarInterval } from "../../../platform/calendar.ts";
import { addDays } from "../../../platform/clock.ts";
import type { FailureCode } from "../port.ts";
import type { StoredCard } from "./cards.ts";

/**
 * What the sandbox company knows of one sale, and what its clock does to it. Everything here is a pure step:
 * from an agreement at an instant to the next agreement, with the payment that was attempted on the way.
 * Instants are ISO texts, because the agreement is stored and sent as JSON.
 */
export type Agreement = {
  id: string;
  session_id: string;
  checkout_id: string;
  kind: "recurring" | "one_time";
  status: "trialing" | "active" | "past_due" | "canceled";
  currency: string;
  /** Of one period. */
  subtotal: number;
  discount: number;
  total: number;
  /** For how many more paid periods the discount lasts; null or, in older books, absent is for all of them. */
  discount_periods?: number | null;
  /** Of the request that changed it last, so that a repeat of that gives no more periods. */
  discount_key?: string;
  interval: CalendarInterval | null;
  interval_count: number;
  anchor_day: number | null;
  time_zone: string;
  period_start: string;
  period_end: string | null;
  trial_start: string | null;
  trial_end: string | null;
  cancel_at_period_end: boolean;
  cancel_at: string | null;
  canceled_at: string | null;
  ended_at: string | null;
  end_reason: "requested" | "dunning" | null;
  past_due_since: string | null;
  /** Charges that failed since. */
  failures: number;
  /** The unpaid invoice while past due, so that every retry is for the same one. */
  open_invoice: Invoice | null;
};

export type Invoice = {
  id: string;
  issued_at: string;
  subtotal: number;
  discount: number;
  total: number;
  period_start: string;
  period_end: string | null;
};

export type Charge = {
  invoice: Invoice;
  amount: number;
  state: "succeeded" | "failed";
  failure_code: FailureCode | null;
  at: string;
};

export type Step = { agreement: Agreement; dueAt: Date | null; charge?: Charge };

/** Days after the first failure on which a failed renewal is tried again; the last failure ends the agreement. */
export const RETRY_DAYS = [1, 3, 5, 10, 14] as const;

const iso = (at: Date): string => at.toISOString();

export type AgreementTerms = {
  ids: { agreement: string; session: string; checkout: string; invoice: string };
  currency: string;
  subtotalMinor: number;
  discountMinor: number;
  totalMinor: number;
  discountPeriods: number | null;
  recurring: { interval: CalendarInterval; intervalCount: number } | null;
  trialDays: number;
  timeZone: string;
};

/** The agreement of a session that was just paid. A trial pays an invoice of nothing. */
export function openAgreement(terms: AgreementTerms, now: Date): Step {
  const { ids, recurring, timeZone } = terms;
  const trialEnd =
    recurring && terms.trialDays > 0 ? addInterval(now, "day", terms.trialDays, { timeZone }) : null;
  const anchorDay = recurring ? anchorDayOf(trialEnd ?? now, timeZone) : null;
  const periodEnd =
    trialEnd ??
    (recurring && addInterval(now, recurring.interval, recurring.intervalCount, { timeZone, anchorDay }));
  const period = { period_start: iso(now), period_end: periodEnd ? iso(periodEnd) : null };
  const amounts = trialEnd
    ? { subtotal: 0, discount: 0, total: 0 }
    : { subtotal: terms.subtotalMinor, discount: terms.discountMinor, total: terms.totalMinor };
  const invoice: Invoice = { id: ids.invoice, issued_at: iso(now), ...amounts, ...period };
  return {
    agreement: {
      id: ids.agreement,
      session_id: ids.session,
      checkout_id: ids.checkout,
      kind: recurring ? "recurring" : "one_time",
      status: trialEnd ? "trialing" : "active",
      currency: terms.currency,
      subtotal: terms.subtotalMinor,
      discount: terms.discountMinor,
      total: terms.totalMinor,
      discount_periods: periodsLeft(terms.discountPeriods, invoice),
      interval: recurring?.interval ?? null,
      interval_count: recurring?.intervalCount ?? 1,
      anchor_day: anchorDay,
      time_zone: timeZone,
      ...period,
      trial_start: trialEnd ? iso(now) : null,
      trial_end: trialEnd ? iso(trialEnd) : null,
      cancel_at_period_end: false,
      cancel_at: null,
      canceled_at: null,
      ended_at: null,
      end_reason: null,
      past_due_since: null,
      failures: 0,
      open_invoice: null,
    },
    dueAt: periodEnd || null,
    charge: { invoice, amount: invoice.total, state: "succeeded", failure_code: null, at: iso(now) },
  };
}

/** What falls due at `at`: the end that was asked for, a renewal, or another try of a failed one. */
export function advanceAgreement(
  agreement: Agreement,
  card: StoredCard,
  at: Date,
  newInvoiceId: string,
): Step {
  if (agreement.status === "canceled" || agreement.kind === "one_time") return { agreement, dueAt: null };
  if (agreement.cancel_at_period_end) return end(agreement, at, "requested");
  const charge = chargeRenewal(agreement, card, at, newInvoiceId);
  if (charge.state === "succeeded") return renew(agreement, charge);

  const since = agreement.past_due_since ? new Date(agreement.past_due_since) : at;
  const failures = agreement.failures + 1;
  const retryDay = RETRY_DAYS[failures - 1];
  const failing: Agreement = {
    ...agreement,
    status: "past_due",
    past_due_since: iso(since),
    failures,
    open_invoice: charge.invoice,
  };
  if (retryDay === undefined) return { ...end(failing, at, "dunning"), charge };
  return { agreement: failing, dueAt: addDays(since, retryDay), charge };
}

function chargeRenewal(agreement: Agreement, card: StoredCard, at: Date, newInvoiceId: string): Charge {
  const invoice = agreement.open_invoice ?? nextInvoice(agreement, at, newInvoiceId);
  const { later } = card.behaviour;
  // Nothing to pay cannot be declined.
  const ok = later === "ok" || invoice.total === 0;
  return {
    invoice,
    amount: invoice.total,
    state: ok ? "succeeded" : "failed",
    failure_code: ok ? null : (later as FailureCode),
    at: iso(at),
  };
}

function nextInvoice(agreement: Agreement, at: Date, id: string): Invoice {
  const start = new Date(agreement.period_end as string);
  const end = addInterval(start, agreement.interval as CalendarInterval, agreement.interval_count, {
    timeZone: agreement.time_zone,
    anchorDay: agreement.anchor_day,
  });
  const { subtotal } = agreement;
  const discount = agreement.discount_periods === 0 ? 0 : agreement.discount;
  const total = subtotal - discount;
  return {
    id,
    issued_at: iso(at),
    subtotal,
    discount,
    total,
    period_start: iso(start),
    period_end: iso(end),
  };
}

/** A discount for some periods counts those that were paid for with it. */
const periodsLeft = (periods: number | null | undefined, paid: Invoice): number | null =>
  periods === null || periods === undefined ? null : Math.max(0, periods - (paid.discount > 0 ? 1 : 0));

/** A late payment rolls the period from its original due date, not from the day it came. */
function renew(agreement: Agreement, charge: Charge): Step {
  const { period_start, period_end } = charge.invoice;
  return {
    agreement: {
      ...agreement,
      status: "active",
      period_start,
      period_end,
      past_due_since: null,
      failures: 0,
      open_invoice: null,
      discount_periods: periodsLeft(agreement.discount_periods, charge.invoice),
    },
    dueAt: period_end ? new Date(period_end) : null,
    charge,
  };
}

/** The period's end is not rewound: it stays what was paid for. */
function end(agreement: Agreement, at: Date, reason: "requested" | "dunning"): Step {
  return {
    agreement: {
      ...agreement,
      status: "canceled",
      canceled_at: agreement.canceled_at ?? iso(at),
      ended_at: iso(at),
      end_reason: reason,
    },
    dueAt: null,
  };
}

/** Null when there is nothing left to cancel, or it is cancelled already. */
export function cancelAgreement(agreement: Agreement, now: Date, atPeriodEnd: boolean): Step | null {
  if (agreement.status === "canceled") return null;
  // While a renewal is owed the paid period is over, so its end is now.
  if (!atPeriodEnd || agreement.kind === "one_time" || agreement.status === "past_due") {
    return end(agreement, now, "requested");
  }
  if (agreement.cancel_at_period_end) return null;
  const dueAt = new Date(agreement.period_end as string);
  return {
    agreement: {
      ...agreement,
      cancel_at_period_end: true,
      cancel_at: agreement.period_end,
      canceled_at: iso(now),
    },
    dueAt,
  };
}

export function uncancelAgreement(agreement: Agreement): Step | null {
  if (agreement.status === "canceled" || !agreement.cancel_at_period_end) return null;
  return {
    agreement: { ...agreement, cancel_at_period_end: false, cancel_at: null, canceled_at: null },
    dueAt: new Date(agreement.period_end as string),
  };
}

/** A discount from the next bill on; null when it was given already or there will be no bill. */
export function discountAgreement(
  agreement: Agreement,
  terms: { discountMinor: number; periods: number | null; key: string },
): Agreement | null {
  if (agreement.status === "canceled" || agreement.discount_key === terms.key) return null;
  const discount = Math.min(agreement.subtotal, terms.discountMinor);
  return {
    ...agreement,
    discount,
    total: agreement.subtotal - discount,
    discount_periods: terms.periods,
    discount_key: terms.key,
  };
}

/** Shortens a trial to end now; the step that follows takes the first payment. */
export function shortenTrial(agreement: Agreement, now: Date): Agreement | null {
  if (agreement.status !== "trialing") return null;
  return {
    ...agreement,
    trial_end: iso(now),
    period_end: iso(now),
    anchor_day: anchorDayOf(now, agreement.time_zone),
  };
}
