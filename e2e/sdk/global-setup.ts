/** Bundles the SDK's sources once for a run, in chunks as an application's bundler would, for the host pages to load. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Directory with `index.js` (the whole SDK), `core.js`, `ui.js` and their chunks. */
    sdkBundle: string;
  }
}

const sources = fileURLToPath(new URL("../../packages/sdk/", import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  const outDir = mkdtempSync(join(tmpdir(), "tollgate-sdk-"));
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
  project.provide("sdkBundle", outDir);
  return () => rmSync(outDir, { recursive: true, force: true });
}
