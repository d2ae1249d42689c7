/** Never sent on: what is ours, what belongs to one connection, and what says who the caller is. */
const DROPPED = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "x-paywall-id",
  "x-user-id",
  "x-user-email",
  "x-visitor-id",
  "x-request-id",
  "cookie",
  "origin",
  "referer",
  "host",
  "content-length",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "forwarded",
  "via",
  "x-real-ip",
]);
const DROPPED_BEGINNINGS = ["x-sdk-", "x-forwarded-", "sec-", "cf-", "proxy-", "x-tollgate-"];

/** Of an answer: what belongs to one connection, what would set state at our own origin, and what we say ourselves. */
const KEPT_BACK = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "transfer-encoding",
  "upgrade",
  "trailer",
  "set-cookie",
  "set-cookie2",
  "clear-site-data",
  "strict-transport-security",
  "content-security-policy",
  "alt-svc",
  "server",
  "via",
  "vary",
  "x-query-type",
  "x-request-id",
]);
const KEPT_BACK_BEGINNINGS = ["access-control-", "ratelimit", "x-tollgate-"];

type Lines = Record<string, string | string[] | undefined>;

/**
 * The headers of an upstream call (paywall API §7): the caller's, without ours and without anything that is about the
 * connection, and over them the provider's, which always win: the credentials are among those.
 *
 * @param given as Node.js reads them, with names in lower case
 */
export function upstreamHeaders(given: Lines, provider: Record<string, string>): Record<string, string> {
  const perConnection = listOf(given.connection);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || isDropped(name) || perConnection.includes(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  for (const [name, value] of Object.entries(provider)) headers[name.toLowerCase()] = value;
  return headers;
}

const isDropped = (name: string): boolean =>
  DROPPED.has(name) || DROPPED_BEGINNINGS.some((beginning) => name.startsWith(beginning));

/** The headers of the answer that the caller may see. */
export function callerHeaders(upstream: Lines): Record<string, string | string[]> {
  const perConnection = listOf(upstream.connection);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (value === undefined || perConnection.includes(name) || KEPT_BACK.has(name)) continue;
    if (KEPT_BACK_BEGINNINGS.some((beginning) => name.startsWith(beginning))) continue;
    headers[name] = value;
  }
  return headers;
}

const listOf = (value: string | string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((it) => it.trim().toLowerCase());
