/** Parameters that say how somebody came to a page, or prove a right to it, and not which page it is. */
const IGNORED =
  /^(utm_.*|sesamy-.*|mc_.*|pk_.*|gclid|gbraid|wbraid|dclid|fbclid|msclkid|twclid|ttclid|igshid|yclid|_ga|_gl|_gid|token|se|ss|sp|so|si|ref)$/i;

/**
 * A page's address as addresses are compared: without scheme, fragment, trailing slash and tracking, with the rest of
 * the query in one order. Null for what is no http(s) address.
 */
export function pageKey(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  const kept = [...url.searchParams].filter(([name]) => !IGNORED.test(name));
  const query = kept
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const path = url.pathname.replace(/\/$/, "");
  return `${url.host}${path}${query ? `?${query}` : ""}`;
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/**
 * A pattern such as `https://news.example/politics/*` in the language of SQL's `like`, to be asked of a `pageKey`. A
 * star stands for anything behind the host, never for a part of it. Null for what is no such pattern.
 */
export function pagePattern(pattern: string): string | null {
  const [, host = "", rest = ""] = /^https?:\/\/([^/?#*@\s]+)(\/[^#\s]*)?$/i.exec(pattern) ?? [];
  const key = host && pageKey(`https://${host}/`);
  if (!key) return null;
  const path = rest.replace(/\/$/, "");
  return `${escapeLike(key)}${path.split("*").map(escapeLike).join("%")}`;
}

/** The address without what `pageKey` leaves out of every comparison by readers' browsers: query and fragment. */
export function barePage(address: string): string {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  return url.href;
}
