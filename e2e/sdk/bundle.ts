import { fileURLToPath } from "node:url";
import { build } from "vite";

const sources = fileURLToPath(new URL("../../packages/sdk/", import.meta.url));

/** Bundles the SDK's sources into a folder, in chunks as an application's bundler would: `index.js`, `core.js`, `ui.js`. */
export async function bundleSdk(outDir: string): Promise<void> {
  await build({
    root: sources,
    configFile: false,
    logLevel: "error",
    base: "./",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: {
          index: `${sources}src/index.ts`,
          core: `${sources}src/core/index.ts`,
          ui: `${sources}src/ui/index.ts`,
        },
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  });
}
