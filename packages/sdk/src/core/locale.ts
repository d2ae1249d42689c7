import type { PaywallBootstrap, UserLanguageInfo } from "./types.ts";

const browserLanguage = (): string | null => globalThis.navigator?.language || null;

/** The key of `locales` that applies: the browser's tag, its base, then the country's language; exact match. */
export function pickLocale(bootstrap: PaywallBootstrap | null): string | null {
  const locales = bootstrap?.locales;
  if (!locales) return null;
  const tag = browserLanguage();
  const wanted = [tag, tag?.split("-")[0], bootstrap.settings.locale_default];
  return wanted.find((candidate) => candidate && Object.hasOwn(locales, candidate)) ?? null;
}

/** Overlays the chosen locale's layout and price texts, in place. */
export function applyLocale(bootstrap: PaywallBootstrap): void {
  const override = bootstrap.locales?.[pickLocale(bootstrap) ?? ""];
  if (!override) return;
  if (override.layout) bootstrap.layout = override.layout;
  for (const price of bootstrap.prices) Object.assign(price, override.prices?.[price.id]);
}

export function describeLanguage(bootstrap: PaywallBootstrap | null): UserLanguageInfo {
  const applied = pickLocale(bootstrap);
  const browser = browserLanguage();
  const country = bootstrap?.settings.locale_default ?? null;
  return {
    tag: applied ?? browser ?? country,
    applied,
    browserLanguage: browser,
    countryLanguage: country,
  };
}
