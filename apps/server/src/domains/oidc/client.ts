import type { OAuthClient } from "../tenants/index.ts";

/** Long enough for a page's address with everything in it. */
const URL_CHARS_MAX = 4096;

/**
 * Whether a login or a logout of this client may lead to an address. Its origin must be registered, letter for letter;
 * path, query and fragment are free. What browsers and parsers read in different ways (backslashes, spaces, control
 * characters, a name before the host) is refused rather than understood.
 */
export function mayLeadTo(client: Pick<OAuthClient, "origins">, address: string): boolean {
  if (address.length > URL_CHARS_MAX || !/^https?:\/\/[\x21-\x7e]+$/.test(address)) return false;
  if (/[\\<>"`]/.test(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "" || !client.origins.includes(url.origin)) return false;
  const rest = address.slice(url.origin.length);
  return address.toLowerCase().startsWith(url.origin) && (rest === "" || /^[/?#]/.test(rest));
}

const ANSWER_PARAMETERS = new Set(["code", "state", "error", "error_description"]);

/**
 * An address with the answer in its query: before its fragment, beside its own parameters, which keep their spelling.
 * An earlier answer in it (a page that was reloaded) goes, else the client would read that one.
 */
export function withAnswer(address: string, answer: Record<string, string>): string {
  const hash = address.indexOf("#");
  const fragment = hash === -1 ? "" : address.slice(hash);
  const bare = hash === -1 ? address : address.slice(0, hash);
  const mark = bare.indexOf("?");
  const own = (mark === -1 ? "" : bare.slice(mark + 1))
    .split("&")
    .filter((pair) => pair !== "" && !ANSWER_PARAMETERS.has(pair.split("=")[0] ?? ""));
  const query = [...own, new URLSearchParams(answer).toString()].join("&");
  return `${mark === -1 ? bare : bare.slice(0, mark)}?${query}${fragment}`;
}

const STANDARD_SCOPES = ["openid", "profile", "email", "offline_access"];

/** What is granted of the scopes that were asked for; scopes that the client may not have are left out. */
export function grantedScopes(client: OAuthClient, asked: string | undefined): string[] {
  const wanted = [...new Set((asked ?? "").split(" ").filter(Boolean))];
  if (client.kind === "machine") {
    return wanted.length === 0 ? client.scopes : wanted.filter((it) => client.scopes.includes(it));
  }
  const allowed = [...STANDARD_SCOPES, ...client.scopes];
  const granted = wanted.filter((it) => allowed.includes(it));
  return granted.includes("openid") ? granted : ["openid", ...granted];
}
