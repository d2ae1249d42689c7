// Bundles the entries as ESM and CommonJS, and writes declarations for both module systems.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { publishDeclarations } from "./declarations.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const emitted = mkdtempSync(join(tmpdir(), "tollgate-sdk-types-"));
try {
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", emitted], {
    stdio: "inherit",
  });
  publishDeclarations({
    emitted,
    dist: join(root, "dist"),
    entries: ["index", "core/index", "ui/index", "testing/index"],
  });
} finally {
  rmSync(emitted, { recursive: true, force: true });
}
