// Prints what an application pays for the SDK: bundled, minified and compressed as its own build would.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cases = {
  "core, all exports": 'export * from "./core/index.ts"',
  "core, BillingClient": 'export { BillingClient } from "./core/index.ts"',
  "core, AuthClient": 'export { AuthClient } from "./core/index.ts"',
  "full, with preact": 'export * from "./index.ts"',
};

const work = mkdtempSync(join(root, "src", ".size-"));
try {
  for (const [label, code] of Object.entries(cases)) {
    const input = join(work, "entry.ts");
    writeFileSync(input, code.replaceAll("./", "../"));
    const { output } = await build({
      root,
      configFile: false,
      logLevel: "error",
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: {
        write: false,
        target: "es2022",
        modulePreload: false,
        rollupOptions: { input, preserveEntrySignatures: "strict" },
      },
    });
    const text = output.map((chunk) => chunk.code ?? chunk.source ?? "").join("");
    const kb = (bytes) => `${(bytes / 1000).toFixed(2)} KB`.padStart(9);
    const gzip = gzipSync(text, { level: 9 }).length;
    console.log(
      `${label.padEnd(20)} min ${kb(Buffer.byteLength(text))}  gzip ${kb(gzip)}  brotli ${kb(brotliCompressSync(text).length)}`,
    );
    if (process.argv[2]) writeFileSync(join(process.argv[2], `${label.replace(/\W+/g, "-")}.js`), text);
  }
} finally {
  rmSync(work, { recursive: true });
}
