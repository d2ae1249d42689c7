import { en, type StringKey } from "./en.ts";

export type { StringKey } from "./en.ts";
export type Params = Record<string, string | number>;
export type Translate = (key: StringKey, params?: Params) => string;

/**
 * A language's texts in the order of `en.ts`, "" where one is missing. Positions instead of keys save a third of
 * what a visitor downloads; the comment behind every text names its key, and a test holds the two together.
 */
export type Texts = readonly string[];

type Chunk = () => Promise<{ default: Texts }>;

/** The languages beside English. Each is a chunk of its own, fetched when it is needed. */
export const shipped: Record<string, Chunk> = {
  ar: () => import("./ar.ts"),
  cs: () => import("./cs.ts"),
  da: () => import("./da.ts"),
  de: () => import("./de.ts"),
  el: () => import("./el.ts"),
  es: () => import("./es.ts"),
  fi: () => import("./fi.ts"),
  fr: () => import("./fr.ts"),
  he: () => import("./he.ts"),
  hi: () => import("./hi.ts"),
  hu: () => import("./hu.ts"),
  id: () => import("./id.ts"),
  it: () => import("./it.ts"),
  ja: () => import("./ja.ts"),
  ko: () => import("./ko.ts"),
  nl: () => import("./nl.ts"),
  no: () => import("./no.ts"),
  pl: () => import("./pl.ts"),
  pt: () => import("./pt.ts"),
  ro: () => import("./ro.ts"),
  ru: () => import("./ru.ts"),
  sv: () => import("./sv.ts"),
  th: () => import("./th.ts"),
  tr: () => import("./tr.ts"),
  uk: () => import("./uk.ts"),
  vi: () => import("./vi.ts"),
  zh: () => import("./zh.ts"),
};

/** The keys in the order in which every language lists its texts. */
export const keys = Object.keys(en) as StringKey[];

const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/** Picks the form for a number from those the language has, in the order of `CATEGORIES`; `#` is the number. */
function inflect(tag: string, value: number, forms: string[]): string {
  const rules = new Intl.PluralRules(tag);
  const own: string[] = rules.resolvedOptions().pluralCategories;
  const at = CATEGORIES.filter((category) => own.includes(category)).indexOf(rules.select(value));
  return (forms[at] ?? forms[forms.length - 1] ?? "").replace("#", String(value));
}

/**
 * Looks a text up, in English where the language lacks it, and fills its `{placeholders}`.
 * `{n|# day|# days}` writes the form that the language uses for the number `n`.
 * @param isolate set off what is filled in, so that an address or a price keeps its own direction
 */
export function translator(tag = "en", texts?: Texts, isolate = false): Translate {
  const own = texts && new Map(keys.map((key, at) => [key, texts[at]]));
  return (key, params) => {
    const text = own?.get(key);
    const language = text ? tag : "en";
    return (text || en[key] || "").replace(/\{(\w+)(?:\|([^}]*))?\}/g, (whole, name, forms) => {
      const value = params?.[name];
      if (value === undefined) return whole;
      if (forms) return inflect(language, Number(value), forms.split("|"));
      return isolate ? `\u2068${value}\u2069` : String(value);
    });
  };
}
