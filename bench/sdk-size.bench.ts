// What a host page loads: gzip sizes of the SDK's entries, bundled and minified as an application would. Budgets: design §6.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { verdict } from "./kit.ts";

const sdk = fileURLToPath(new URL("../packages/sdk/", import.meta.url));
const cases = [
  { name: "core, all exports", code: `export * from "${sdk}dist/core/index.js"`, budget: 7.5 },
  { name: "full with Preact, styles and English", code: `export * from "${sdk}dist/index.js"`, budget: 30 },
];

let worst = 0;
for (const { name, code, budget } of cases) {
  const result = await build({
    root: sdk,
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      rollupOptions: { input: "virtual:entry", preserveEntrySignatures: "strict" },
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
  const chunks = outputs.flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
  const eager = chunks.filter((chunk) => chunk.isEntry || !chunk.isDynamicEntry);
  const kilobytes = gzipSync(eager.map((chunk) => chunk.code).join("\n"), { level: 9 }).length / 1024;
  worst = Math.max(worst, kilobytes / budget);
  console.log(`${name}: ${kilobytes.toFixed(1)} KB gzip (budget ${budget})`);
}
verdict("SDK sizes against their budgets", worst, { atMost: 1 });
