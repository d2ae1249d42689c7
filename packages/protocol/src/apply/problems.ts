import type * as z from "zod";
import type { Path } from "./references.ts";

/** One thing wrong with the file: where, as a path of keys and indexes, and what, as a sentence's end. */
export type ApplyProblem = { path: Path; message: string };

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of fields",
  record: "a group of fields",
};

const kindOf = (value: unknown): string => {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (Number.isNaN(value)) return "text";
  return KINDS[typeof value] ?? typeof value;
};

/** Edits from one word to another; small words only, so the plain table is enough. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, change));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** ` (did you mean "currency"?)`, or nothing when no known word is close. */
function hint(word: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3)))
    ? ` (did you mean "${best.name}"?)`
    : "";
}

type Inner = {
  _zod: {
    def: { shape?: Record<string, unknown>; options?: Inner[]; discriminator?: string };
    values?: Set<unknown>;
  };
};

const isSchema = (value: unknown): value is Inner =>
  typeof value === "object" && value !== null && "_zod" in value;

const knownFields = (schema: unknown): string[] =>
  isSchema(schema) ? Object.keys(schema._zod.def.shape ?? {}) : [];

/** The values that a discriminated union knows, read off its members' literals. */
function knownTypes(schema: unknown): string[] {
  if (!isSchema(schema) || schema._zod.def.discriminator === undefined) return [];
  const { options = [], discriminator } = schema._zod.def;
  return options.flatMap((option) => {
    const literal = option._zod.def.shape?.[discriminator];
    return isSchema(literal) ? [...(literal._zod.values ?? [])].map(String) : [];
  });
}

// zod reports all unknown fields of an object as one issue, and names the object's schema only to the
// error map. So the map leaves the known names in the message, and toProblems words one problem per field.
const SEPARATOR = "\n";

/** What a text must be, where zod would only name the format. */
const FORMATS: Record<string, string> = {
  email: "an e-mail address",
  url: "an absolute address such as https://example.com/page",
  uuid: "a UUID",
  guid: "a UUID",
  datetime: "an instant such as 2027-01-31T23:00:00Z",
  date: "a day such as 2027-01-31",
  time: "a time of day such as 23:00:00",
};

/** Words for zod's findings. A check that brings its own words keeps them: zod asks here last. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined || issue.expected === "nonoptional") return "is required";
      if (issue.expected === "int" && typeof issue.input === "number") return "must be a whole number";
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}`;
    case "invalid_value": {
      const known = issue.values.map(String);
      if (issue.input === undefined) return "is required";
      return known.length === 1
        ? `must be ${known[0]}`
        : `must be one of ${known.join(", ")}${hint(String(issue.input), known)}`;
    }
    case "too_small":
      if (issue.origin === "string")
        return issue.minimum === 1 ? "must not be empty" : `must have at least ${issue.minimum} characters`;
      if (issue.origin === "array")
        return `must have at least ${issue.minimum} ${issue.minimum === 1 ? "entry" : "entries"}`;
      return issue.inclusive ? `must be at least ${issue.minimum}` : `must be more than ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `must have at most ${issue.maximum} characters`;
      if (issue.origin === "array") return `must have at most ${issue.maximum} entries`;
      return issue.inclusive ? `must be at most ${issue.maximum}` : `must be less than ${issue.maximum}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return FORMATS[issue.format]
        ? `must be ${FORMATS[issue.format]}`
        : "does not have the form that it must have";
    case "invalid_key":
      return "has a name that is not allowed";
    case "invalid_element":
      return "has an entry that is not allowed";
    case "custom":
      return "is not valid";
    case "unrecognized_keys":
      return knownFields(issue.inst).join(SEPARATOR);
    case "invalid_union": {
      const known = knownTypes(issue.inst);
      return known.length > 0
        ? `must be one of ${known.join(", ")}`
        : "is none of the forms that are understood here";
    }
    default:
      return undefined;
  }
}

/** Turns zod's issues into problems: one per unknown field, each with the nearest known name. */
export function toProblems(issues: readonly z.core.$ZodIssue[]): ApplyProblem[] {
  return issues.flatMap((issue): ApplyProblem[] => {
    const path = issue.path.filter((part): part is string | number => typeof part !== "symbol");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    const known = issue.message.split(SEPARATOR);
    return issue.keys.map((name) => ({
      path: [...path, name],
      message: `is not a field here${hint(name, known)}`,
    }));
  });
}

/**
 * The first thing wrong with a value that was parsed with {@link describeIssue}: a sentence, and the field at fault as
 * a dotted path, which is empty where it is the whole.
 */
export function firstProblem(issues: readonly z.core.$ZodIssue[]): { field: string; sentence: string } {
  const [problem] = toProblems(issues);
  const field = problem?.path.map(String).join(".") ?? "";
  const message = problem?.message ?? "is not valid";
  if (field) return { field, sentence: `${field}: ${message}` };
  // Some checks of the whole bring a sentence of their own.
  return { field, sentence: /^(must|is|has|does) /.test(message) ? `The request ${message}.` : message };
}
