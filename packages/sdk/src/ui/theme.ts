import type { PaywallSettings } from "../core/index.ts";
import { accentProperties } from "./color.ts";
import { customSheet } from "./custom-css.ts";

/** Keeps the merchant's colours and style sheet on one mounted paywall up to date; cheap to call on every drawing. */
export function createTheme(
  host: HTMLElement,
  root: ShadowRoot,
): (settings: PaywallSettings | undefined) => void {
  let brand: string | null | undefined;
  let css: string | null = null;
  let own: CSSStyleSheet | null = null;
  return (settings) => {
    const given = settings?.brand_color;
    const nextBrand = typeof given === "string" ? given : null;
    if (nextBrand !== brand) {
      brand = nextBrand;
      for (const [name, value] of accentProperties(brand)) host.style.setProperty(name, value);
    }
    const nextCss = settings?.custom_css ?? null;
    if (nextCss === css) return;
    css = nextCss;
    const before = own;
    own = customSheet(css);
    if (!before && !own) return;
    // After our own sheet, so that equal selectors win.
    root.adoptedStyleSheets = [
      ...root.adoptedStyleSheets.filter((sheet) => sheet !== before),
      ...(own ? [own] : []),
    ];
  };
}
