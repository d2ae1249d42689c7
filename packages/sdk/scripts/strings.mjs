// Brings every language into the order of strings/en.ts: new keys get an empty text (shown in English until somebody
// translates it), keys that have gone lose theirs. Run it after any change of en.ts; it prints what is missing.
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../src/ui/strings/", import.meta.url);
const { en } = await import(new URL("en.ts", folder));
const { shipped } = await import(new URL("index.ts", folder));
const LINE = /^\s*("(?:[^"\\]|\\.)*"), \/\/ (\S+)$/gm;

for (const tag of Object.keys(shipped).sort()) {
  const file = new URL(`${tag}.ts`, folder);
  const before = readFileSync(file, "utf8");
  const texts = new Map([...before.matchAll(LINE)].map(([, text, key]) => [key, text]));
  const lines = Object.keys(en).map((key) => `  ${texts.get(key) ?? '""'}, // ${key}`);
  const after = `import type { Texts } from "./index.ts";\n\nexport default [\n${lines.join("\n")}\n] satisfies Texts;\n`;
  if (after !== before) writeFileSync(file, after);
  const missing = Object.keys(en).filter((key) => (texts.get(key) ?? '""') === '""');
  if (missing.length) console.log(`${tag}: ${missing.join(", ")}`);
}
