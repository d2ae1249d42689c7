import type { CalendarInterval } from "../../platform/calendar.ts";
import type { Mode } from "../../platform/events.ts";

/** A merchant's account at a processor, opened for one call. */
export type Connection = {
  id: string;
  tenantId: string;
  kind: string;
  mode: Mode;
  label: string;
  /** What the 3.x wire calls it. */
  acquiring: string;
  state: "draft" | "active" | "error" | "disabled";
};

/** Stands in a return URL for the processor's id of the session, which is known only once it exists. */
export const SESSION_PLACEHOLDER = "__SESSION__";

export type SessionRequest = {
  /** Comes back in every event of the session; also the key that makes a repeated request one session. */
  checkoutId: string;
  customer: { id: string; email: string | null };
  merchant: { name: string; brandColor: string | null };
  productName: string;
  optionLabel: string | null;
  currency: string;
  /** One period's full price, what is taken off it, and what is charged. */
  subtotalMinor: number;
  discountMinor: number;
  totalMinor: number;
  /** How many paid periods the discount lasts; null is every one. */
  discountPeriods: number | null;
  /** Null is one payment without an end. */
  recurring: { interval: CalendarInterval; intervalCount: number } | null;
  trialDays: number;
  /** The zone in which calendar months are counted. */
  timeZone: string;
  /** May contain SESSION_PLACEHOLDER; the adapter fills it in. */
  successUrl: string;
  errorUrl: string;
  cancelUrl: string;
  expiresAt: Date;
  /** For people who look at the processor's own dashboard. */
  metadata: Record<string, string>;
};

export type SessionAnswer = { externalId: string; url: string };

export type SessionState = "pending" | "completed" | "failed" | "expired" | "canceled";

/** One payment or a running subscription, as the processor sees it now. */
export type SubscriptionSnapshot = {
  externalId: string;
  /** Grows with every change of this object; an older snapshot never overwrites a newer one. */
  version: number;
  duration: "RECURRING" | "PERPETUAL";
  status: "trialing" | "active" | "past_due" | "canceled";
  /** The last period that was paid (or the trial). It does not move while a renewal is owed. */
  periodStartAt: Date;
  periodEndAt: Date | null;
  trialStartAt: Date | null;
  trialEndAt: Date | null;
  anchorDay: number | null;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  /** `dunning`: given up after failed charges. */
  endReason: "requested" | "dunning" | null;
  pastDueSinceAt: Date | null;
  /** When the processor tries again what failed, where it says so. */
  nextAttemptAt?: Date | null | undefined;
};

export type FailureCode =
  | "insufficient_funds"
  | "expired_card"
  | "do_not_honor"
  | "authentication_required"
  | "fraud"
  | "processor_error";

/** One attempt to move money for one invoice. Zero is an amount: a trial's first invoice is one. */
export type PaymentNews = {
  externalId: string;
  subscriptionRef: string;
  amountMinor: number;
  currency: string;
  state: "pending" | "requires_action" | "succeeded" | "failed" | "canceled";
  failureCode: FailureCode | null;
  occurredAt: Date;
  invoice: {
    externalId: string;
    issuedAt: Date;
    subtotalMinor: number;
    discountMinor: number;
    totalMinor: number;
    periodStartAt: Date;
    periodEndAt: Date | null;
  };
};

export type RefundNews = {
  externalId: string;
  paymentRef: string;
  subscriptionRef: string;
  amountMinor: number;
  reason: string | null;
  occurredAt: Date;
};

export type DisputeNews = {
  externalId: string;
  paymentRef: string;
  subscriptionRef: string;
  amountMinor: number;
  state: "open" | "won" | "lost";
  occurredAt: Date;
};

export type MethodNews = {
  vaultRef: string;
  type: string;
  brand: string | null;
  last4: string | null;
  expMonth: number | null;
  expYear: number | null;
  /** Equal for the same card at any customer; a hash, never the number. */
  fingerprint: string | null;
};

/** What a processor told us, in words that are the same for all of them. */
export type ProcessorEvent = {
  externalId: string;
  type: string;
  occurredAt: Date;
  session?: { externalId: string; checkoutId: string; state: SessionState; failureCode: FailureCode | null };
  subscription?: SubscriptionSnapshot;
  payment?: PaymentNews;
  refund?: RefundNews;
  dispute?: DisputeNews;
  method?: MethodNews;
};

/** The object whose news must be applied one after the other; null when the event speaks of none. */
export const subjectOf = (event: ProcessorEvent): string | null =>
  event.subscription?.externalId ??
  event.payment?.subscriptionRef ??
  event.refund?.subscriptionRef ??
  event.dispute?.subscriptionRef ??
  event.session?.externalId ??
  null;

/**
 * What every payment processor can do for us. Calls go over a network: never inside a transaction, always
 * with a key that makes a repeat harmless. What they change arrives as events; their answers are not trusted
 * to be the state.
 */
export interface Processor {
  readonly kind: string;
  readonly capabilities: {
    /** Has, or lets us host, a page on which customers manage what they bought. */
    portal: boolean;
    refunds: boolean;
    uncancel: boolean;
    /** Has a page on which customers give a running subscription another card. */
    methodPage: boolean;
  };
  createSession(connection: Connection, request: SessionRequest): Promise<SessionAnswer>;
  /**
   * Ends a session that another one takes the place of, so that nobody pays both. Returns whether it can no longer be paid:
   * false when money is on its way or has come.
   */
  closeSession(connection: Connection, session: { externalId: string }): Promise<boolean>;
  /** @throws ProcessorError when the processor refuses. A subscription that has ended is no error. */
  cancel(
    connection: Connection,
    contract: { externalId: string },
    options: { atPeriodEnd: boolean; idempotencyKey: string },
  ): Promise<void>;
  uncancel(
    connection: Connection,
    contract: { externalId: string },
    options: { idempotencyKey: string },
  ): Promise<void>;
  /** Ends a trial and takes the first payment now. */
  endTrial(
    connection: Connection,
    contract: { externalId: string },
    options: { idempotencyKey: string },
  ): Promise<void>;
  /**
   * The address of a page of the processor's on which a subscription gets another payment method; it leads back to
   * `returnUrl`. What the customer does there arrives as news.
   */
  createMethodPage(
    connection: Connection,
    contract: { externalId: string },
    options: { merchant: { name: string; brandColor: string | null }; returnUrl: string },
  ): Promise<{ url: string }>;
  /**
   * Takes `discountMinor` off each of the next `periods` bills, in place of whatever was taken off before; null is off
   * all of them. A bill that is out already stays as it is.
   */
  applyDiscount(
    connection: Connection,
    contract: { externalId: string },
    options: { discountMinor: number; periods: number | null; idempotencyKey: string },
  ): Promise<void>;
  refund(
    connection: Connection,
    payment: { externalId: string },
    options: { amountMinor: number; reason: string; idempotencyKey: string },
  ): Promise<void>;
  /** Whether these very bytes come from the processor, and not long ago. */
  verifySignature(input: { headers: Headers; rawBody: string; secret: string; now: Date }): boolean;
  /** What authentic bytes say; empty for types we have no use for. @throws on bytes that are not its own format. */
  readEvents(rawBody: string): ProcessorEvent[];
}

/** A processor's refusal or absence, in its own words. */
export class ProcessorError extends Error {
  override readonly name = "ProcessorError";
  /** A repeat may succeed. */
  readonly retryable: boolean;

  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}
