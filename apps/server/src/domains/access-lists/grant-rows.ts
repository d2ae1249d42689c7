import { DateTime } from "luxon";
import type { Table } from "./csv.ts";
import { accessListErrors } from "./errors.ts";

/** What a row of a file says about somebody, before its product is looked up. */
export type GrantRow = {
  line: number;
  email: string;
  sku: string;
  poId: string;
  startsAt: string | null;
  endsAt: string | null;
  publisherUserId: string | null;
  publisherPurchaseId: string | null;
  person: Record<string, string | Record<string, string>>;
  notes: string | null;
  extra: Record<string, string>;
};

export type RowError = { line: number; message: string };

const ADDRESS = ["street", "co", "zip", "city", "country"] as const;
const PERSON = ["firstName", "lastName", "phone"] as const;
const FIELDS = [
  "email",
  "sku",
  "poId",
  "startsAt",
  "endsAt",
  "publisherUserId",
  "publisherPurchaseId",
  "notes",
  ...PERSON,
  ...ADDRESS,
] as const;
type Field = (typeof FIELDS)[number];

/** How a file is to be understood: what its columns mean where their names do not say so, and what rows leave out. */
export type Reading = {
  columns?: Partial<Record<Field, string>>;
  sku?: string;
  poId?: string;
  /** Days in the file are days there. */
  timeZone: string;
};

export const GRANT_FIELDS: readonly string[] = FIELDS;

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, "");
// What Zod's schema of an address accepts, without its cost on twenty thousand rows.
const EMAIL = /^[^\s@"<>(),;:\\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\.[a-z]{2,24}$/i;
const MAX_EXTRA = 50;

/**
 * Understands the rows of a table. Columns are found by their names, whatever their case and spacing; those with other
 * names are kept in `extra`. Rows that cannot be used are told apart with a reason.
 *
 * @throws 400 `csv_refused` when no column holds addresses, or no sku is to be had
 */
export function readGrantRows(table: Table, reading: Reading): { rows: GrantRow[]; errors: RowError[] } {
  const at = placesOf(table.columns, reading);
  if (at.email === undefined) throw accessListErrors.fileRefused("No column is called email.", 1);
  if (at.sku === undefined && !reading.sku)
    throw accessListErrors.fileRefused("No column is called sku, and no sku was given for all rows.", 1);
  const taken = new Set(Object.values(at));
  const others = table.columns.flatMap((name, place) =>
    taken.has(place) || name === "" ? [] : [{ name, place }],
  );
  const rows: GrantRow[] = [];
  const errors: RowError[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of table.rows) {
    const cell = (field: Field): string => {
      const place = at[field];
      return place === undefined ? "" : (cells[place] ?? "");
    };
    try {
      const row: GrantRow = {
        line,
        email: emailOf(cell("email")),
        sku: cell("sku") || reading.sku || refuse("The row has no sku."),
        poId: cell("poId") || reading.poId || "",
        startsAt: instantOf(cell("startsAt"), reading.timeZone, "start"),
        endsAt: instantOf(cell("endsAt"), reading.timeZone, "end"),
        publisherUserId: short(cell("publisherUserId"), "publisherUserId"),
        publisherPurchaseId: short(cell("publisherPurchaseId"), "publisherPurchaseId"),
        person: personOf(cell),
        notes: cell("notes") || null,
        extra: Object.fromEntries(
          others
            .slice(0, MAX_EXTRA)
            .flatMap(({ name, place }) => (cells[place] ? [[name, cells[place]]] : [])),
        ),
      };
      if (row.startsAt && row.endsAt && row.endsAt <= row.startsAt) refuse("It ends before it starts.");
      const identity = row.publisherPurchaseId ?? `${row.email}\n${row.sku}\n${row.poId}`;
      const earlier = seen.get(identity);
      if (earlier !== undefined) refuse(`It says the same as line ${earlier}.`);
      seen.set(identity, line);
      rows.push(row);
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      errors.push({ line, message: error.message });
    }
  }
  return { rows, errors };
}

class RowRefused extends Error {}
const refuse = (message: string): never => {
  throw new RowRefused(message);
};

function placesOf(columns: string[], reading: Reading): Partial<Record<Field, number>> {
  const places: Partial<Record<Field, number>> = {};
  for (const field of FIELDS) {
    const named = reading.columns?.[field];
    const place = columns.findIndex((name) => plain(name) === plain(named ?? field));
    if (place >= 0) places[field] = place;
    else if (named !== undefined) throw accessListErrors.fileRefused(`No column is called ${named}.`, 1);
  }
  return places;
}

function emailOf(text: string): string {
  const email = text.toLowerCase();
  if (email.length > 254 || !EMAIL.test(email)) refuse("The address is not one.");
  return email;
}

const short = (text: string, name: string): string | null =>
  text.length > 200 ? refuse(`${name} is longer than 200 characters.`) : text || null;

/** A day alone begins at its first moment, and ends with its last. */
function instantOf(text: string, zone: string, side: "start" | "end"): string | null {
  if (text === "") return null;
  const read = DateTime.fromISO(text, { zone });
  if (!read.isValid || read.year < 1970 || read.year > 2200)
    return refuse(`${text} is no date; write 2027-01-31.`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return (isDay && side === "end" ? read.plus({ days: 1 }) : read).toUTC().toISO();
}

function personOf(cell: (field: Field) => string): GrantRow["person"] {
  const address = Object.fromEntries(ADDRESS.flatMap((field) => (cell(field) ? [[field, cell(field)]] : [])));
  const person = Object.fromEntries(PERSON.flatMap((field) => (cell(field) ? [[field, cell(field)]] : [])));
  return Object.keys(address).length > 0 ? { ...person, deliveryAddress: address } : person;
}
