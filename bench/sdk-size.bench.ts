// What an application's visitors load: every case is bundled and minified by Vite from the built packages, as an
// application would, and each file is compressed by itself, as it travels. What is eager is not assumed: for the whole SDK,
// Chromium opens the plans and tells which files it asked for until they were painted. Budgets: design §6.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../e2e/browser.ts";
import { verdict } from "./kit.ts";

type Chunk = Rolldown.OutputChunk;

const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const dist = (path: string) => `${packages}sdk/dist/${path}`;
const LANGUAGES = "ru uk de es fr it pt pl cs hu ro nl sv da no fi el tr id ar ja ko zh hi th vi he".split(
  " ",
);
/** Kilobytes of a thousand bytes, the smaller kind. */
const KB = 1000;

const bundle = async (code: string, external: RegExp[] = []): Promise<Chunk[]> => {
  const result = await build({
    root: `${packages}sdk`,
    configFile: false,
    logLevel: "silent",
    base: "/",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    // As for a server, with nothing left outside: Vite's preloading helper, which every application with one lazy part has
    // anyway and other bundlers do not have at all, is no part of the SDK.
    ssr: { noExternal: true },
    build: {
      write: false,
      ssr: true,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input: "virtual:entry", preserveEntrySignatures: "strict", external },
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:entry" ? "\0entry" : null),
        load: (id) => (id === "\0entry" ? code : null),
      },
    ],
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((r) => ("output" in r ? r.output : []));
  return outputs.flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
};

const gzip = (chunk: Chunk) => gzipSync(chunk.code, { level: 9 }).length / KB;
const sum = (chunks: Chunk[]) => chunks.reduce((total, chunk) => total + gzip(chunk), 0);

/** The files that have to be there before the entry runs. */
function beforeStart(chunks: Chunk[]): Set<string> {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    for (const needed of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) add(needed);
  };
  for (const { fileName } of chunks.filter(({ isEntry }) => isEntry)) add(fileName);
  return names;
}

/** The files that Chromium asks for until the plans of a paywall are painted. */
async function untilPlans(chunks: Chunk[]): Promise<Set<string>> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ locale: "en-US" });
    const asked = new Set<string>();
    await page.route("**/*", (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const chunk = chunks.find(({ fileName }) => fileName === name);
      if (chunk) asked.add(name);
      if (chunk) return route.fulfill({ contentType: "text/javascript", body: chunk.code });
      const entry = chunks.find(({ isEntry }) => isEntry)?.fileName;
      const body = `<!doctype html><script type="module">import * as sdk from "/${entry}"; window.sdk = sdk;</script>`;
      return route.fulfill({ contentType: "text/html", body });
    });
    await page.goto("http://host.example/");
    await page.waitForFunction("window.sdk");
    await page.evaluate(`{
      const paywall = new sdk.PaywallUI({ paywallId: "1", apiOrigin: "http://pay.example", preview: true, shadowMode: "open", analytics: false });
      paywall.setBootstrap({
        settings: { id: "1", name: "Inkwell" },
        prices: [{ id: "1", currency: "USD", amount: 9, interval: "month", interval_count: 1, trial_days: null, label: "Monthly" }],
        offers: [],
      });
      paywall.open();
    }`);
    await page.getByRole("dialog").getByText("$9").first().waitFor();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    return asked;
  } finally {
    await browser.close();
  }
}

let worst = 0;
const missed: string[] = [];
const judge = (name: string, kilobytes: number, budget: number, more = "") => {
  worst = Math.max(worst, kilobytes / budget);
  if (kilobytes > budget) missed.push(name);
  console.log(
    `${name.padEnd(38)} ${kilobytes.toFixed(2).padStart(6)} KB  budget ${String(budget).padStart(4)}  ${(kilobytes / budget).toFixed(2)}${more}`,
  );
};
const listLater = (chunks: Chunk[], eager: Set<string>) => {
  for (const chunk of chunks.filter(
    ({ fileName, name }) => !eager.has(fileName) && !LANGUAGES.includes(name),
  ))
    console.log(`  later: ${chunk.name.padEnd(29)} ${gzip(chunk).toFixed(2).padStart(6)} KB`);
};

/** What costs what: the sources behind what is eager, with their share of the compressed size. */
async function explain(source: string, eagerNames: Set<string>): Promise<void> {
  const chunks = await bundle(source);
  const eager = beforeStart(chunks);
  const counted = chunks.filter(({ fileName, name }) => eager.has(fileName) || eagerNames.has(name));
  const rows = counted.flatMap((chunk) => {
    const all = Object.values(chunk.modules).reduce((total, { renderedLength }) => total + renderedLength, 0);
    return Object.entries(chunk.modules).map(([id, { renderedLength }]) => ({
      id: id.replace(packages, "").replace(/^.*node_modules\//, ""),
      kilobytes: (gzip(chunk) * renderedLength) / Math.max(1, all),
    }));
  });
  rows.sort((a, b) => b.kilobytes - a.kilobytes);
  for (const { id, kilobytes } of rows.filter((row) => row.kilobytes >= 0.05))
    console.log(`    ${kilobytes.toFixed(2).padStart(6)} KB  ${id}`);
}

for (const [name, code, budget, source] of [
  [
    "core, all exports",
    `export * from "${dist("core/index.js")}"`,
    7.5,
    'export * from "./src/core/index.ts"',
  ],
  ["core, BillingClient only", `export { BillingClient } from "${dist("core/index.js")}"`, 6.5, ""],
  ["core, AuthClient only", `export { AuthClient } from "${dist("core/index.js")}"`, 4.5, ""],
  ["testing", `export * from "${dist("testing/index.js")}"`, 3, 'export * from "./src/testing/index.ts"'],
] as const) {
  const chunks = await bundle(code);
  const eager = beforeStart(chunks);
  const kilobytes = sum(chunks.filter(({ fileName }) => eager.has(fileName)));
  judge(name, kilobytes, budget);
  listLater(chunks, eager);
  if (kilobytes > budget && source) await explain(source.replace("./src", `${packages}sdk/src`), new Set());
}

const full = await bundle(`export * from "${dist("index.js")}"`);
const asked = await untilPlans(full);
const eager = full.filter(({ fileName }) => asked.has(fileName));
judge(
  "sdk until the plans are painted",
  sum(eager),
  30,
  `  in ${eager.length} files, with Preact, styles and English`,
);
console.log(`  ${eager.map((chunk) => `${chunk.name} ${gzip(chunk).toFixed(2)}`).join(", ")}`);
const start = beforeStart(full);
console.log(
  `  of that when the page starts: ${sum(full.filter(({ fileName }) => start.has(fileName))).toFixed(2)} KB`,
);
listLater(full, asked);
if (sum(eager) > 30)
  await explain(`export * from "${packages}sdk/src/index.ts"`, new Set(eager.map(({ name }) => name)));

const languages = full.filter(({ name }) => LANGUAGES.includes(name)).sort((a, b) => gzip(b) - gzip(a));
if (languages.length !== LANGUAGES.length)
  throw new Error(`${languages.length} languages are chunks of their own, not ${LANGUAGES.length}`);
judge(`the largest language (${languages[0]!.name})`, gzip(languages[0]!), 2.5);
console.log(`  ${languages.map((chunk) => `${chunk.name} ${gzip(chunk).toFixed(2)}`).join(", ")}`);

const react = await bundle(`export * from "${packages}sdk-react/dist/index.js"`, [
  /^react(\/|$)/,
  /^@tollgate\/sdk(\/|$)/,
]);
judge("sdk-react", sum(react), 2);

if (missed.length > 0) console.log(`over budget: ${missed.join(", ")}`);
verdict("SDK sizes against their budgets, the worst", worst, { atMost: 1 });
