import { DateTime } from "luxon";

/** The same day some months on, or the last there is: 31 January, 28 February, 31 March. In UTC. */
export const addMonths = (at: Date, months: number): Date =>
  DateTime.fromJSDate(at, { zone: "utc" }).plus({ months }).toJSDate();

/** The day that it is somewhere, as PostgreSQL reads it. */
export const dayOf = (at: Date, timeZone: string): string =>
  DateTime.fromJSDate(at, { zone: timeZone }).toISODate() ?? at.toISOString().slice(0, 10);
