// Prints what an application pays for each part: minified and compressed as its own build would.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const cases = {
  "all exports": 'export * from "../index.ts"',
  client: 'export { client } from "../index.ts"',
  management: 'export { management } from "../index.ts"',
  TollgateClient: 'export { TollgateClient } from "../index.ts"',
};

const kb = (bytes) => `${(bytes / 1000).toFixed(2)} KB`.padStart(8);
const work = mkdtempSync(join(root, "src", ".size-"));
try {
  for (const [label, code] of Object.entries(cases)) {
    const input = join(work, "entry.ts");
    writeFileSync(input, code);
    const { output } = await build({
      root,
      configFile: false,
      logLevel: "error",
      build: {
        write: false,
        target: "es2022",
        modulePreload: false,
        rollupOptions: { input, preserveEntrySignatures: "strict" },
      },
    });
    const text = output.map((chunk) => chunk.code ?? chunk.source ?? "").join("");
    const [min, gzip, brotli] = [
      Buffer.byteLength(text),
      gzipSync(text, { level: 9 }).length,
      brotliCompressSync(text).length,
    ];
    console.log(`${label.padEnd(16)} min ${kb(min)}  gzip ${kb(gzip)}  brotli ${kb(brotli)}`);
  }
} finally {
  rmSync(work, { recursive: true });
}
