/** Bundles the SDK's sources once for a run, in chunks as an application's bundler would, for the host pages to load. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundleSdk } from "./bundle.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Directory with `index.js` (the whole SDK), `core.js`, `ui.js` and their chunks. */
    sdkBundle: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const outDir = mkdtempSync(join(tmpdir(), "tollgate-sdk-"));
  await bundleSdk(outDir);
  project.provide("sdkBundle", outDir);
  return () => rmSync(outDir, { recursive: true, force: true });
}
