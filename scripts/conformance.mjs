// Keeps the conformance pages honest: finds the tests that name a row and writes them beside it. A row of the 3.x wire is
// named as `#45 …`, a row of the client contract as `B-45: …`, one of the publisher API as `P-45: …`, several as
// `B-45, B-46: …`, at the start of a test's title.
//   node scripts/conformance.mjs          rewrite the pages
//   node scripts/conformance.mjs --check  fail when a page is stale or a row has neither a test nor a reason
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const clientRows = join(root, "scripts/conformance/client-sdk.rows.txt");
const publisherRows = join(root, "scripts/conformance/publisher-api.rows.txt");

/** Client rows of the wire that the client contract states as rows of its own: their tests count for both. */
const sameAsClient = {
  13: [31, 33],
  14: [62, 139],
  16: [7, 8, 10],
  17: [9],
  18: [11],
  19: [12],
  26: [63],
  35: [39, 40],
  36: [41, 43, 53],
  37: [38, 42],
  38: [51, 52],
  39: [44, 45],
  44: [122, 123],
  73: [286],
  74: [67],
  75: [65, 66],
  76: [85],
  78: [69, 70, 71],
  79: [76],
  107: [271],
  108: [275],
  110: [263],
  111: [272],
  142: [148, 149],
  143: [150, 151],
  144: [57, 60],
  145: [158],
  146: [168, 169, 170],
  147: [155],
  156: [176],
  157: [177],
  168: [209, 215],
  169: [215],
  173: [216, 220, 221],
  174: [224],
  175: [27],
  176: [80, 101],
  177: [100],
  178: [184, 187],
  179: [197],
  180: [199, 201],
  181: [203],
  182: [229],
};

function testFiles(folder) {
  return readdirSync(folder).flatMap((name) => {
    if (name === "node_modules" || name === "dist") return [];
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

/** The tests whose title starts with row numbers, by row: `#45 #46 …` or `B-45, B-46: …`. */
function findTests(folders, mark) {
  // A string that starts like this is a title, whatever stands around it: `test("…")`, `test.each(rows)("…")`.
  const numbers = `(?:${mark}\\d+[,: ]+)+`;
  const title = new RegExp(`(["'\`])(${numbers}(?:(?!\\1)[^\\n\\\\]|\\\\.)*)\\1`, "g");
  const byRow = new Map();
  for (const path of folders.flatMap((folder) => testFiles(join(root, folder)))) {
    for (const [, , text] of readFileSync(path, "utf8").matchAll(title)) {
      const lead = new RegExp(`^${numbers}`).exec(text)[0];
      const sentence = text
        .slice(lead.length)
        .replaceAll("|", "\\|")
        .replaceAll(/\\(["'`])/g, "$1");
      for (const [, number] of lead.matchAll(/(\d+)/g)) {
        const entry = `${sentence} (\`${relative(root, path)}\`)`;
        byRow.set(Number(number), [...new Set([...(byRow.get(Number(number)) ?? []), entry])]);
      }
    }
  }
  return byRow;
}

const ofWire = findTests(["apps/server", "e2e", "packages"], "#");
const ofClient = findTests(["e2e", "packages"], "B-");
const ofPublisher = findTests(["apps/server", "e2e", "packages"], "P-");

function renderWire(text) {
  const open = [];
  const fresh = text.split("\n").map((line) => {
    const match = /^\| (\d+) \| ([SC]) \| (.+?) \| (.*) \|$/.exec(line);
    if (!match) return line;
    const row = { number: Number(match[1]), kind: match[2], text: match[3] };
    const shared = (sameAsClient[row.number] ?? []).flatMap((number) => ofClient.get(number) ?? []);
    const found = [...(ofWire.get(row.number) ?? []), ...new Set(shared)];
    const waits = found.length > 0 ? "" : whyWireRowWaits(row);
    if (found.length === 0 && !waits) open.push(row.number);
    return `| ${row.number} | ${row.kind} | ${row.text} | ${found.length > 0 ? found.join("<br>") : `_${waits || "NO TEST"}_`} |`;
  });
  return { fresh: fresh.join("\n"), open };
}

function whyWireRowWaits({ kind, number, text }) {
  if (kind === "C") return "";
  if (/^(Gateway|Legacy)/.test(text)) return "credits and gateway issue";
  if (/^Balances/.test(text) || [27, 43, 126, 127].includes(number)) return "credits and gateway issue";
  if (number === 192) return "processors issue (Freemius)";
  return "";
}

/** A page of tables, one for each section of a file of rows; `waits` gives the reason why a row has no test yet. */
function renderRows(file, intro, tests, waits) {
  const open = [];
  const out = [...intro];
  let section = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const row = /^(\d+) (.+)$/.exec(line);
    if (line.startsWith("## ")) {
      section = line.slice(3);
      out.push("", line, "", "| # | guarantee | test |", "|---|---|---|");
    }
    if (!row) continue;
    const number = Number(row[1]);
    const found = tests.get(number);
    const reason = found ? "" : waits(number, section);
    if (!found && !reason) open.push(number);
    out.push(`| ${number} | ${row[2]} | ${found ? found.join("<br>") : `_${reason || "NO TEST"}_`} |`);
  }
  return { fresh: `${out.join("\n")}\n`, open };
}

const renderClient = () =>
  renderRows(
    clientRows,
    [
      "# Conformance: the 3.x client",
      "",
      "Every row of the client contract's checklist, in our words, and the tests that prove it. A test names its rows at the start of",
      "its title (`B-45: …`); `node scripts/conformance.mjs` writes this page, and the test run fails when it is stale or a row has no",
      "test. The tests under `e2e/` run in Chromium against the real server; those under `packages/` need no browser.",
    ],
    ofClient,
    (number, section) => (section === "Extension" || number === 14 ? "the browser extension's issue" : ""),
  );

const renderPublisher = () =>
  renderRows(
    publisherRows,
    [
      "# Conformance: the publisher API",
      "",
      "Every row of the publisher contract's checklist, in our words, and the tests that prove it. A test names its rows at the start",
      "of its title (`P-45: …`); `node scripts/conformance.mjs` writes this page, and the test run fails when it is stale or a row has",
      "no test. Nearly all of them speak HTTP to the real server with a database of its own; those with the published browser client",
      "run in Chromium.",
    ],
    ofPublisher,
    () => "",
  );

const pages = [
  { file: "docs/conformance/paywall-api.md", render: renderWire },
  { file: "docs/conformance/client-sdk.md", render: renderClient },
  { file: "docs/conformance/publisher-api.md", render: renderPublisher },
];
const check = process.argv.includes("--check");
for (const { file, render } of pages) {
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const { fresh, open } = render(text);
  if (!check) writeFileSync(path, fresh);
  else if (text !== fresh) {
    process.exitCode = 1;
    console.error(`${file} is stale; run: node scripts/conformance.mjs`);
  }
  if (open.length > 0) {
    if (check) process.exitCode = 1;
    console.error(`${file}: rows without a test or a reason: ${open.join(", ")}`);
  }
}
