import { parse } from "csv-parse";
import { accessListErrors } from "./errors.ts";

export const CSV_LIMITS = { bytes: 5_000_000, rows: 20_000, columns: 64, headerChars: 100, cellChars: 2000 };

/** A file as text: what its columns are called, and its rows, each with the line it begins on. */
export type Table = { columns: string[]; rows: { line: number; cells: string[] }[] };

const CHARSETS = new Set(["utf-8", "utf8", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252"]);
const SNIFFED = [",", ";", "\t"];

/**
 * Reads a CSV file: comma, semicolon or tab, quoted as RFC 4180 says. Cells are text and nothing else: what looks like a
 * formula to a spreadsheet is kept as it is written.
 *
 * @throws 400 `csv_refused` with the line, for what is too large or not CSV
 */
export async function readCsv(text: string): Promise<Table> {
  const rows: Table["rows"] = [];
  let columns: string[] | null = null;
  const parser = parse(text, {
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count_less: true,
    skip_empty_lines: true,
    // A quote that is never closed would make one cell of the whole file.
    max_record_size: CSV_LIMITS.columns * CSV_LIMITS.headerChars + 16 * CSV_LIMITS.cellChars,
    trim: true,
  });
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      const line = info.lines;
      if (record.length > CSV_LIMITS.columns)
        throw accessListErrors.fileRefused(`There are more than ${CSV_LIMITS.columns} columns.`, line);
      if (!columns) {
        columns = headerOf(record);
        continue;
      }
      if (record.every((cell) => cell === "")) continue;
      if (rows.length >= CSV_LIMITS.rows)
        throw accessListErrors.fileRefused(`There are more than ${CSV_LIMITS.rows} rows.`, line);
      if (record.some((cell) => cell.length > CSV_LIMITS.cellChars))
        throw accessListErrors.fileRefused(`A cell is longer than ${CSV_LIMITS.cellChars} characters.`, line);
      rows.push({ line, cells: record });
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    throw accessListErrors.fileRefused(`This is not CSV: ${error.message}`, error.lines);
  }
  if (!columns) throw accessListErrors.fileRefused("The file is empty.");
  return { columns, rows };
}

const isCsvError = (error: unknown): error is Error & { lines?: number } =>
  error instanceof Error && "code" in error && String(error.code).startsWith("CSV_");

function headerOf(record: string[]): string[] {
  const seen = new Set<string>();
  for (const name of record) {
    if (name.length > CSV_LIMITS.headerChars)
      throw accessListErrors.fileRefused(
        `A column's name is longer than ${CSV_LIMITS.headerChars} characters.`,
        1,
      );
    if (name !== "" && seen.has(name.toLowerCase()))
      throw accessListErrors.fileRefused(`Two columns are called ${name}.`, 1);
    seen.add(name.toLowerCase());
  }
  return record;
}

/**
 * A file's bytes as text, without their byte order mark.
 *
 * @param charset what the sender says it is; a byte order mark knows better
 * @throws 400 `csv_refused` for what is too large, or not text in this encoding
 */
export function decodeCsv(bytes: Buffer, charset = "utf-8"): string {
  if (bytes.byteLength > CSV_LIMITS.bytes)
    throw accessListErrors.fileRefused("The file is larger than 5,000,000 bytes.");
  const name = markOf(bytes) ?? charset.toLowerCase();
  if (!CHARSETS.has(name)) throw accessListErrors.fileRefused(`The encoding ${name} is not supported.`);
  try {
    const text = new TextDecoder(name, { fatal: true }).decode(bytes).toWellFormed();
    if (!text.includes("\0")) return text;
  } catch {
    // Said below, as for text that contains what no text does.
  }
  throw accessListErrors.fileRefused(
    `The file is not ${name} text. Save it as UTF-8, or name its charset in Content-Type.`,
  );
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** The separator that the first line has most of, outside quotes. */
function delimiterOf(text: string): string {
  const first = /^[^\r\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, "") ?? "";
  const count = (separator: string) => first.split(separator).length;
  return SNIFFED.reduce((best, it) => (count(it) > count(best) ? it : best));
}
