// Writes territories.generated.ts from CLDR. Run by hand when CLDR has news (a country changes its money):
//
//   npm pack cldr-core && tar xzf cldr-core-*.tgz
//   node apps/server/src/platform/geo/generate.mjs package
//
// CLDR is not a dependency: two megabytes of JSON for three hundred short lines.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) throw new Error("say where an unpacked cldr-core is");
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));

const { version } = read("package.json");
const { region: currencies } = read("supplemental/currencyData.json").supplemental.currencyData;
const { territoryInfo } = read("supplemental/territoryInfo.json").supplemental;
const { likelySubtags } = read("supplemental/likelySubtags.json").supplemental;

/** The languages that clients have interface texts in; a country of any other language gets English. */
const UI_LANGUAGES = new Set(
  "en ru de es fr it ja ko pt tr uk zh pl nl sv da no fi cs hu ro el he ar hi th vi id".split(" "),
);

/** CLDR's codes for languages that the wire calls otherwise. */
const WIRE_LANGUAGE = { nb: "no", nn: "no", iw: "he", in: "id" };

/** Fixed by the contract (paywall API §12) where CLDR's likeliest language differs. */
const FIXED_LANGUAGE = {
  DE: "de",
  AT: "de",
  CH: "de",
  FR: "fr",
  BE: "fr",
  ES: "es",
  MX: "es",
  AR: "es",
  JP: "ja",
  BR: "pt",
  RU: "ru",
};

/** The money people pay with today: in circulation, legal tender, CLDR's first choice when there are several. */
function currencyOf(country) {
  const now = new Date().toISOString().slice(0, 10);
  for (const entry of currencies[country] ?? []) {
    const [code, use] = Object.entries(entry)[0];
    const started = !use._from || use._from <= now;
    const over = use._to && use._to <= now;
    if (started && !over && use._tender !== "false") return code;
  }
  return null;
}

function languageOf(country) {
  if (FIXED_LANGUAGE[country]) return FIXED_LANGUAGE[country];
  const likely = (likelySubtags[`und-${country}`] ?? "").split("-")[0] || mostSpoken(country);
  const language = WIRE_LANGUAGE[likely] ?? likely;
  return UI_LANGUAGES.has(language) ? language : "en";
}

/** CLDR lists no likely language where it follows from a larger rule; there the official one of most people counts. */
function mostSpoken(country) {
  const spoken = Object.entries(territoryInfo[country]?.languagePopulation ?? {});
  const official = spoken.filter(
    ([, it]) => it._officialStatus?.startsWith("official") || it._officialStatus === "de_facto_official",
  );
  const ranked = (official.length ? official : spoken).sort(
    ([, a], [, b]) => b._populationPercent - a._populationPercent,
  );
  return (ranked[0]?.[0] ?? "en").split(/[-_]/)[0];
}

const countries = Object.keys(territoryInfo)
  .filter((code) => /^[A-Z]{2}$/.test(code) && code !== "ZZ" && code !== "EU" && code !== "UN")
  .sort();

function grouped(of) {
  const groups = new Map();
  for (const country of countries) {
    const value = of(country);
    if (value) groups.set(value, [...(groups.get(value) ?? []), country]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const table = (name, comment, groups) =>
  `/** ${comment} */\nexport const ${name}: Readonly<Record<string, string>> = {\n${groups.map(([key, list]) => `  ${key}: "${list.join(" ")}",`).join("\n")}\n};\n`;

const out = `// Written by generate.mjs from Unicode CLDR ${version} (Unicode License v3). Do not edit.

${table("COUNTRIES_BY_CURRENCY", "ISO 4217 code → the countries where it is the first legal tender.", grouped(currencyOf))}
${table(
  "COUNTRIES_BY_LANGUAGE",
  "Interface language → the countries whose likeliest language it is; English is what remains.",
  grouped((country) => {
    const language = languageOf(country);
    return language === "en" ? null : language;
  }),
)}`;
writeFileSync(new URL("territories.generated.ts", import.meta.url), out);
console.log(`${countries.length} territories from CLDR ${version}`);
