import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { resolveLanguage } from "../language.ts";
import { en } from "./en.ts";
import { keys, shipped, type Texts, translator } from "./index.ts";

const tags = Object.keys(shipped).sort();
const textsOf = async (tag: string): Promise<Texts> => (await shipped[tag]!()).default;
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();

test("the twenty-seven languages are there", () => {
  expect(tags.join(" ")).toBe(
    "ar cs da de el es fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh",
  );
});

test.each(tags)("%s has every text, in the right place, with the same placeholders", async (tag) => {
  const texts = await textsOf(tag);
  const source = readFileSync(new URL(`${tag}.ts`, import.meta.url), "utf8");
  // The comment behind each text says which key it is for.
  expect([...source.matchAll(/, \/\/ (\S+)$/gm)].map(([, key]) => key)).toEqual(keys);
  expect(texts).toHaveLength(keys.length);
  keys.forEach((key, at) => {
    expect(texts[at]?.trim(), key).toBeTruthy();
    expect(placeholders(texts[at]!), key).toEqual(placeholders(en[key]));
    // Nothing in here is markup, and no straight quote where the language has its own.
    expect(texts[at], key).not.toMatch(/[<>]|'/);
  });
});

test.each(tags)("%s costs a visitor at most 2.5 KB", async (tag) => {
  const chunk = `var t=${JSON.stringify(await textsOf(tag))};export{t as default};`;
  expect(gzipSync(chunk, { level: 9 }).length).toBeLessThanOrEqual(2500);
});

test("B-298: a text that a language lacks is shown in English", () => {
  const texts = keys.map((key) => (key === "nav.back" ? "" : `x:${key}`));
  const t = translator("de", texts);
  expect(t("nav.back")).toBe("Back");
  expect(t("auth.email")).toBe("x:auth.email");
  expect(translator("de", [])("auth.email")).toBe("Email");
});

test("counted things take the form that the language uses for the number", async () => {
  const trial = async (tag: string, days: number) =>
    translator(tag, await textsOf(tag))("pricing.trial", { days });
  expect(translator()("pricing.trial", { days: 1 })).toBe("1 day free");
  expect(translator()("pricing.trial", { days: 7 })).toBe("7 days free");
  expect(await Promise.all([1, 3, 7, 21].map((days) => trial("ru", days)))).toEqual([
    "1 день бесплатно",
    "3 дня бесплатно",
    "7 дней бесплатно",
    "21 день бесплатно",
  ]);
  expect(await Promise.all([1, 3, 7].map((days) => trial("pl", days)))).toEqual([
    "1 dzień za darmo",
    "3 dni za darmo",
    "7 dni za darmo",
  ]);
  expect(await Promise.all([1, 2, 7, 14].map((days) => trial("ar", days)))).toEqual([
    "يوم واحد مجانًا",
    "يومان مجانًا",
    "7 أيام مجانًا",
    "14 يومًا مجانًا",
  ]);
  expect(await trial("ja", 7)).toBe("7日間無料");
});

test("what is filled in between right-to-left words is set off from them", async () => {
  const t = translator("he", await textsOf("he"), true);
  expect(t("auth.otp_verify_subtitle", { email: "ada@example.com" })).toBe(
    "שלחנו אותו אל \u2068ada@example.com\u2069.",
  );
});

test("B-297: the first of the browser's and the country's languages that has texts counts, if the merchant has it", () => {
  const of = (browser: string, locales: string[], country: string | null = null, forced?: string) =>
    resolveLanguage(
      {
        settings: { id: "1", name: "", locale_default: country },
        prices: [],
        offers: [],
        locales: Object.fromEntries(locales.map((tag) => [tag, {}])),
      },
      forced,
      browser,
    );
  expect(of("de", ["de"])).toBe("de");
  expect(of("de-AT", ["de"])).toBe("de");
  expect(of("de-AT", [])).toBe("en");
  expect(of("de-AT", ["de-AT"])).toBe("en");
  expect(of("de-AT", ["fr"], "fr")).toBe("en");
  expect(of("sw-KE", ["fr"], "fr")).toBe("fr");
  expect(of("sw-KE", ["fr"], "fr-ca")).toBe("fr");
  expect(of("en-GB", ["fr"], "fr")).toBe("fr");
  expect(of("en-GB", ["en", "fr"], "fr")).toBe("en");
  expect(of("en-GB", ["fr"], null, "fi")).toBe("fi");
  expect(of("de", ["de"], null, "tlh")).toBe("de");
});
