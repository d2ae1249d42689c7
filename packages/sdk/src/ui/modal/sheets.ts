/**
 * The style sheets of the modal. Every part is parsed once for all instances on a page; parts that belong to a
 * view that is loaded later arrive with it, in every root that is there and in every root to come.
 */
const parts: (CSSStyleSheet | string)[] = [];
const roots = new Set<ShadowRoot>();

/** A sheet of its own where sheets can be constructed, else the text for a `<style>`. */
function parse(css: string): CSSStyleSheet | string {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  } catch {
    return css;
  }
}

function put(root: ShadowRoot, part: CSSStyleSheet | string, at: number): void {
  if (typeof part !== "string") {
    // Before whatever the merchant has added, so that theirs wins.
    const sheets = [...root.adoptedStyleSheets];
    sheets.splice(at, 0, part);
    root.adoptedStyleSheets = sheets;
    return;
  }
  const style = document.createElement("style");
  style.textContent = part;
  root.append(style);
}

/** Adds a part to every modal of the page. The same text is added once. */
export function addStyles(css: string): void {
  const part = parse(css);
  for (const root of roots) put(root, part, parts.length);
  parts.push(part);
}

/** Dresses a new root; what is returned forgets it. */
export function dress(root: ShadowRoot, base: string): () => void {
  if (!parts.length) parts.push(parse(base));
  parts.forEach((part, at) => {
    put(root, part, at);
  });
  roots.add(root);
  return () => roots.delete(root);
}
