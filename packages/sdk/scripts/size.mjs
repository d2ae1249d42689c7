// Prints what an application pays for the SDK: bundled, minified and compressed as its own build would, and what
// each module of the core adds to that.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cases = {
  "core, all exports": 'export * from "./core/index.ts"',
  "core, BillingClient": 'export { BillingClient } from "./core/index.ts"',
  "core, AuthClient": 'export { AuthClient } from "./core/index.ts"',
  "core, ApiGatewayClient": 'export { ApiGatewayClient } from "./core/index.ts"',
  "full, with preact": 'export * from "./index.ts"',
};
const itemised = "core, all exports";

const gzip = (text) => gzipSync(text, { level: 9 }).length;
const kb = (bytes) => `${(bytes / 1000).toFixed(2)} KB`.padStart(9);

async function bundle(input, minify) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    // Vite's own preloading of chunks is not what other bundlers do: as for a server, but nothing left outside.
    ssr: { noExternal: true },
    build: {
      write: false,
      ssr: true,
      minify,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input, preserveEntrySignatures: "strict" },
    },
  });
  return output;
}

/** What has to be there before the application runs: the entry, and the chunks it shares with what is loaded later. */
function eagerOf(output) {
  const eager = new Set();
  const add = (file) => {
    if (!file || eager.has(file)) return;
    eager.add(file);
    for (const name of file.imports ?? []) add(output.find(({ fileName }) => fileName === name));
  };
  output.filter((file) => file.type === "chunk" && file.isEntry).forEach(add);
  return eager;
}
const textOf = (files) => files.map((file) => file.code ?? file.source ?? "").join("");

function line(label, text) {
  const sizes = `min ${kb(Buffer.byteLength(text))}  gzip ${kb(gzip(text))}`;
  console.log(`${label.padEnd(26)} ${sizes}  brotli ${kb(brotliCompressSync(text).length)}`);
}

/** What the compressed bundle would be smaller by without each module: neighbours share some of their bytes. */
function itemise(plain, total) {
  const parts = plain.flatMap((file) => Object.entries(file.modules ?? {}));
  const pieces = parts.filter(([, { code }]) => code).map(([id, { code }]) => ({ id, code }));
  const all = gzip(pieces.map(({ code }) => code).join("\n"));
  const costs = pieces.map(({ id, code }) => {
    const rest = pieces.filter((other) => other.id !== id).map((other) => other.code);
    return { id: relative(join(root, "src"), id), bytes: code.length, cost: all - gzip(rest.join("\n")) };
  });
  const sum = costs.reduce((before, { cost }) => before + cost, 0);
  console.log(`\nof which, in ${itemised} (share of the ${kb(total).trim()}):`);
  for (const { id, cost } of costs.sort((a, b) => b.cost - a.cost))
    console.log(`  ${id.padEnd(28)} gzip ${kb((cost / sum) * total)}`);
}

const work = mkdtempSync(join(root, "src", ".size-"));
try {
  let details = () => {};
  for (const [label, code] of Object.entries(cases)) {
    const input = join(work, "entry.ts");
    writeFileSync(input, code.replaceAll("./", "../"));
    const output = await bundle(input, true);
    const eager = eagerOf(output);
    const text = textOf([...eager]);
    line(label, text);
    // Chunks that are loaded later, or never, are not part of the first bill, but are not hidden either.
    const lazy = output.filter((file) => !eager.has(file));
    if (lazy.length) line(`  + on demand (${lazy.length})`, textOf(lazy));
    if (process.argv[2]) writeFileSync(join(process.argv[2], `${label.replace(/\W+/g, "-")}.js`), text);
    if (label === itemised) {
      const plain = await bundle(input, false);
      details = () => itemise(plain, gzip(text));
    }
  }
  details();
} finally {
  rmSync(work, { recursive: true });
}
