import { DateTime } from "luxon";

export type CalendarInterval = "day" | "week" | "month" | "year";

/**
 * The instant `count` intervals after `start`, in the tenant's billing time zone. Months clamp to
 * their last day (31 Jan → 28 Feb), and `anchorDay` brings the day back afterwards (→ 31 Mar).
 * Product spec §2.1.
 */
export function addInterval(
  start: Date,
  interval: CalendarInterval,
  count: number,
  options: { timeZone: string; anchorDay?: number | null },
): Date {
  const from = DateTime.fromJSDate(start, { zone: options.timeZone });
  const moved = from.plus({ [`${interval}s`]: count });
  const anchor = options.anchorDay;
  if (!anchor || interval === "day" || interval === "week") return moved.toJSDate();
  return moved.set({ day: Math.min(anchor, moved.daysInMonth ?? anchor) }).toJSDate();
}

/** The day of the month that renewals aim for. */
export function anchorDayOf(start: Date, timeZone: string): number {
  return DateTime.fromJSDate(start, { zone: timeZone }).day;
}

export type MeterPeriod = "DAY" | "WEEK" | "MONTH";

/** The first instant of the calendar day, ISO week or calendar month around `at` in a time zone. */
export function windowStart(at: Date, period: MeterPeriod, timeZone: string): Date {
  const unit = ({ DAY: "day", WEEK: "week", MONTH: "month" } as const)[period];
  return DateTime.fromJSDate(at, { zone: timeZone }).startOf(unit).toJSDate();
}

/** The first instant of the window after the one around `at`. */
export function nextWindowStart(at: Date, period: MeterPeriod, timeZone: string): Date {
  const unit = ({ DAY: "days", WEEK: "weeks", MONTH: "months" } as const)[period];
  return DateTime.fromJSDate(windowStart(at, period, timeZone), { zone: timeZone })
    .plus({ [unit]: 1 })
    .toJSDate();
}
