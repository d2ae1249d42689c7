import { COUNTRIES_BY_CURRENCY, COUNTRIES_BY_LANGUAGE } from "./territories.generated.ts";

/** A coarse purchasing-power class; 1 pays most. */
export type Tier = 1 | 2 | 3;

function byCountry(groups: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [value, countries] of Object.entries(groups)) {
    for (const country of countries.split(" ")) map.set(country, value);
  }
  return map;
}

const currencies = byCountry(COUNTRIES_BY_CURRENCY);
const languages = byCountry(COUNTRIES_BY_LANGUAGE);

/** The currency people pay with in a country; null when the country is unknown or has none (Antarctica). */
export const currencyOf = (country: string | null): string | null =>
  country === null ? null : (currencies.get(country) ?? null);

/** The interface language to begin with in a country; `en` where its own is not among ours, or it is unknown. */
export const languageOf = (country: string | null): string =>
  country === null ? "en" : (languages.get(country) ?? "en");

// The reference never published its list beyond "US, UK, Canada, Australia and similar" and "European
// countries, Japan and similar". Ours: the rich English-speaking countries; then all of Europe (UN M49) and
// the high-income economies of Asia. Tenants may change any of it.
const TIER_1 = "US GB CA AU NZ IE";
const TIER_2 =
  "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GG GI GR HR HU IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO " +
  "PL PT RO RS RU SE SI SJ SK SM UA VA XK JP KR SG HK MO TW IL AE QA KW BH SA BN GL";

const defaultTiers: ReadonlyMap<string, Tier> = new Map<string, Tier>([
  ...TIER_1.split(" ").map((country) => [country, 1] as const),
  ...TIER_2.split(" ").map((country) => [country, 2] as const),
]);

/**
 * The tier of a country: the tenant's own table first, then the built-in one, else 3. Null stays null, because
 * "we do not know where you are" is not the same as "somewhere cheap".
 */
export function tierOf(country: string | null, overrides: Readonly<Record<string, Tier>> = {}): Tier | null {
  if (country === null) return null;
  return (
    (Object.hasOwn(overrides, country) ? overrides[country] : undefined) ?? defaultTiers.get(country) ?? 3
  );
}

/**
 * Whether a country is in a targeting list of country codes and `TIER1`…`TIER3`. An empty list is no
 * restriction; an unknown country matches only that.
 */
export function placesInclude(
  places: readonly string[],
  country: string | null,
  overrides: Readonly<Record<string, Tier>> = {},
): boolean {
  if (places.length === 0) return true;
  return (
    country !== null && (places.includes(country) || places.includes(`TIER${tierOf(country, overrides)}`))
  );
}

/** Every country that has a currency, in no order that means anything. */
export const COUNTRIES: readonly string[] = [...currencies.keys()];
