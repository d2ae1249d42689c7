const TEXT_CHARS = 2000;
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;

/** Parameters of addresses that open something; what a page's address proved must not end up in a report. */
const SECRETS =
  /([?&#;]|^)((?:access_|id_|refresh_)?token|sesamy-token|code|state|ss|password|email|sesamy-email)=[^&#;\s]*/gi;

/** A text as it may be kept: no secrets of addresses, nothing that a database cannot hold, and not too long. */
export const scrubText = (text: string): string =>
  text.slice(0, TEXT_CHARS).toWellFormed().replaceAll("\0", "\uFFFD").replace(SECRETS, "$1$2=removed");

/** A JSON value as it may be kept, all of its texts scrubbed. What is nested too deep or goes on too long is cut. */
export function scrubJson(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return scrubText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((it) => scrubJson(it, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([name, it]) => [scrubText(name), scrubJson(it, depth + 1)]));
}
