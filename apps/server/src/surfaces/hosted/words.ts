import type { CalendarInterval } from "../../platform/calendar.ts";

/** "month", "3 months": what follows "per" and "every". */
export const periodWords = (interval: string, count: number): string =>
  count === 1 ? interval : `${count} ${interval}s`;

export const perPeriod = (recurring: {
  interval: CalendarInterval | string;
  intervalCount: number;
}): string =>
  recurring.intervalCount === 1
    ? `per ${recurring.interval}`
    : `every ${periodWords(recurring.interval, recurring.intervalCount)}`;

/** A calendar day as a person reads it, in the tenant's zone. */
export const dayWords = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone }).format(at);

export const shortDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone }).format(at);

const METHODS: Record<string, string> = { visa: "Visa", mastercard: "Mastercard", card: "Card" };

/** "Visa ending in 4242", or what kind of method it is. */
export const methodWords = (method: { type: string; brand: string | null; last4: string | null }): string =>
  method.last4
    ? `${METHODS[method.brand ?? ""] ?? "Card"} ending in ${method.last4}`
    : method.type === "pay_later"
      ? "Pay later"
      : method.type;
