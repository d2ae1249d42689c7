/** XML of plain values: objects become elements by their members' names, arrays repeat one without its last letter. */

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
// XML 1.0 has no place for control characters, not even escaped.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, "")
    .replace(/[&<>"']/g, (it) => ESCAPES[it] ?? it);

/** One element; a member without a value is left out. */
export function element(name: string, value: unknown, attributes: Record<string, string> = {}): string {
  if (value === undefined || value === null) return "";
  const inner = Array.isArray(value)
    ? value.map((item) => element(name.replace(/s$/, ""), item)).join("")
    : typeof value === "object"
      ? Object.entries(value)
          .map(([key, member]) => element(key, member))
          .join("")
      : escapeXml(String(value));
  const attached = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeXml(text)}"`);
  return `<${name}${attached.join("")}>${inner}</${name}>`;
}

export const xmlDocument = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
