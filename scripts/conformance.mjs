// Keeps the conformance pages honest: finds the tests that name a row ("#45 …") and writes them beside it.
//   node scripts/conformance.mjs          rewrite the pages
//   node scripts/conformance.mjs --check  fail when a page is stale or a covered row lost its test
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** One page per contract: which tests speak of it, and why a row may have none yet. */
const pages = [
  {
    file: "docs/conformance/paywall-api.md",
    under: ["apps/server", "e2e"],
    pattern: /\btest(?:\.\w+)?\(\s*["'`]((?:#\d+[, ]*)+[^"'`]*)["'`]/g,
    waits: (row) => {
      if (row.kind === "C") return "client row: the SDK issue";
      if (/^(Gateway|Legacy)/.test(row.text)) return "credits and gateway issue";
      if (/^Balances/.test(row.text) || [27, 43, 126, 127].includes(row.number))
        return "credits and gateway issue";
      if (/^OAuth/.test(row.text)) return "SDK issue (social sign-in)";
      if (row.number === 192) return "processors issue (Freemius)";
      return "";
    },
  },
];

function testFiles(folder) {
  return readdirSync(folder).flatMap((name) => {
    if (name === "node_modules" || name === "dist") return [];
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

function findTests(page) {
  const byRow = new Map();
  for (const path of page.under.flatMap((folder) => testFiles(join(root, folder)))) {
    for (const [, title] of readFileSync(path, "utf8").matchAll(page.pattern)) {
      for (const [, number] of /^(?:#\d+[, ]*)+/.exec(title)[0].matchAll(/#(\d+)/g)) {
        const sentence = title.replace(/^(?:#\d+[, ]*)+/, "").replaceAll("|", "\\|");
        const entry = `${sentence} (\`${relative(root, path)}\`)`;
        byRow.set(Number(number), [...(byRow.get(Number(number)) ?? []), entry]);
      }
    }
  }
  return byRow;
}

const ROW = /^\| (\d+) \| ([SC]) \| (.+?) \| (.*) \|$/;

function render(page) {
  const text = readFileSync(join(root, page.file), "utf8");
  const tests = findTests(page);
  const open = [];
  const lines = text.split("\n").map((line) => {
    const match = ROW.exec(line);
    if (!match) return line;
    const row = { number: Number(match[1]), kind: match[2], text: match[3] };
    const found = tests.get(row.number);
    const waits = page.waits(row);
    if (!found && !waits) open.push(row.number);
    return `| ${row.number} | ${row.kind} | ${row.text} | ${found ? found.join("<br>") : `_${waits || "NO TEST"}_`} |`;
  });
  return { text, fresh: lines.join("\n"), open };
}

let failed = false;
for (const page of pages) {
  const { text, fresh, open } = render(page);
  if (!process.argv.includes("--check")) writeFileSync(join(root, page.file), fresh);
  else if (text !== fresh) {
    failed = true;
    console.error(`${page.file} is stale; run: node scripts/conformance.mjs`);
  }
  if (open.length > 0) {
    failed = process.argv.includes("--check") || failed;
    console.error(`${page.file}: rows without a test or a reason: ${open.join(", ")}`);
  }
}
if (failed) process.exitCode = 1;
