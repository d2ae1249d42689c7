// Bundles the one entry as ESM and CJS, and writes declarations for both module systems.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.name.endsWith(".d.ts")) continue;
  const file = join(entry.parentPath, entry.name);
  const text = readFileSync(file, "utf8");
  const imports = (extension) =>
    text.replace(/(from |import\()"(\.[^"]+)\.ts"/g, (_, lead, path) => `${lead}"${path}.${extension}"`);
  writeFileSync(file, imports("js"));
  writeFileSync(file.replace(/\.d\.ts$/, ".d.cts"), imports("cjs"));
}
