/** What a merchant's style sheet may be large; the server refuses more. */
export const MAX_CSS_BYTES = 5120;

/** Looks, not places: nothing here moves an element out of the dialog, hides it or writes text. */
const ALLOWED =
  /^(--pw-[\w-]+|color|background(-(color|image|size|position|repeat|attachment|clip|origin)(-[xy])?)?|border(-.+)?|box-shadow|outline(-.+)?|font(-.+)?|line-height|(letter|word)-spacing|text-(align|decoration|transform|shadow|wrap|underline)(-.+)?|padding(-.+)?|(row-|column-)?gap|fill|stroke|accent-color|caret-color|transition(-.+)?)$/;
/**
 * Every function that can fetch, and the backslash, which could spell one differently. Looked for in the text
 * itself: what stands behind a `var(` in a shorthand is nowhere to be found in the parsed rule.
 */
const LOADS = /(url|src|image|image-set|cross-fade|element|paint)\(|\\/i;
/** Outside of our dialog, or reading what somebody types. The few attributes that say how something looks are fine. */
const FORBIDDEN_SELECTOR = /:(host|root|scope|defined)|::(slotted|part|backdrop)|&/i;
const HARMLESS_ATTRIBUTE = /\[(aria-(checked|pressed|invalid|disabled)|dir|lang)([~|^$*]?="[\w-]*")?\]/g;

function isSafeSelector(selector: string): boolean {
  return !FORBIDDEN_SELECTOR.test(selector) && !selector.replace(HARMLESS_ATTRIBUTE, "").includes("[");
}

/** Removes from one level of rules what is not on the lists. Backwards, because rules are addressed by place. */
function prune(parent: CSSStyleSheet | CSSMediaRule | CSSSupportsRule): void {
  for (let at = parent.cssRules.length - 1; at >= 0; at--) {
    const rule = parent.cssRules[at]!;
    if (rule instanceof CSSMediaRule || rule instanceof CSSSupportsRule) prune(rule);
    else if (!(rule instanceof CSSStyleRule) || !isSafeSelector(rule.selectorText) || !keepSafe(rule))
      parent.deleteRule(at);
  }
}

/** Whether anything is left of a rule without what it may not say. */
function keepSafe(rule: CSSStyleRule): boolean {
  while (rule.cssRules?.length) rule.deleteRule(0);
  for (const name of [...rule.style]) if (!ALLOWED.test(name)) rule.style.removeProperty(name);
  return rule.style.length > 0;
}

/**
 * The merchant's style sheet, reduced to what may be said about our own elements: an allow-list of properties,
 * in plain, `@media` and `@supports` rules. The browser parses it and never treats it as markup, so nothing in
 * it can break out of a `<style>`. Null where there is nothing to apply or no way to do it safely.
 */
export function customSheet(text: string | null | undefined): CSSStyleSheet | null {
  if (!text || LOADS.test(text) || new Blob([text]).size > MAX_CSS_BYTES) return null;
  try {
    const sheet = new CSSStyleSheet();
    // Imports are ignored here by definition.
    sheet.replaceSync(text);
    prune(sheet);
    return sheet.cssRules.length ? sheet : null;
  } catch {
    return null;
  }
}
