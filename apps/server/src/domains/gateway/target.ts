/** What the address of a call adds for us and the upstream must not see. */
const OURS = new Set(["paywall_id", "test_mode"]);

/** A path that means another one once it is read: steps up, separators in disguise, anything that is no plain letter or sign. */
const ESCAPES = /(^|\/)\.{1,2}(\/|$)|\\|%2e|%2f|%5c|%00|[^\x21-\x7e]/i;

/**
 * The upstream address of a call (paywall API §7): the caller's path after the provider's base address, with the caller's
 * query but for our own parameters. Null for a path that could leave the base address.
 *
 * @param rest what follows the provider's id in the request's own path, as it was sent
 */
export function targetOf(baseUrl: string, rest: string, search: string): URL | null {
  const path = rest.replace(/^\/+/, "");
  if (ESCAPES.test(path)) return null;
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const target = new URL(base.origin);
  target.pathname = path ? `${prefix}/${path}` : base.pathname;
  // What a parser made of it may differ from what was checked.
  if (target.origin !== base.origin || !`${target.pathname}/`.startsWith(`${prefix}/`)) return null;
  const query = search
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !OURS.has(nameOf(pair)));
  for (const [name, value] of base.searchParams) {
    if (!query.some((pair) => nameOf(pair) === name))
      query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  }
  target.search = query.join("&");
  return target;
}

function nameOf(pair: string): string {
  const name = pair.split("=", 1)[0] ?? "";
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}

/**
 * Whether a provider lets a path be called. A rule is a path in which `*` stands for one part and a final `**` for any
 * number; no rule at all means every path.
 */
export function pathAllowed(rules: string[], rest: string): boolean {
  if (rules.length === 0) return true;
  const path = rest.replace(/^\/+/, "").replace(/\/+$/, "");
  return rules.some((rule) => {
    const pattern = rule
      .replace(/^\/+/, "")
      .replace(/\/+$/, "")
      .split("/")
      .map((part) => (part === "**" ? ".*" : part.split("*").map(literal).join("[^/]*")))
      .join("/");
    return new RegExp(`^${pattern}$`).test(path);
  });
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
