#!/usr/bin/env node
// The `tollgate` command of the installed package.
import { readFileSync } from "node:fs";
import { enableCompileCache, registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

// Node strips types everywhere but in node_modules, where an installed Tollgate lives. Its own packages are written for
// exactly this, so for them it may.
const ours = /\/node_modules\/(tollgate|@tollgate\/[^/]+)\/(?!node_modules\/).*\.ts$/;
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes("stripTypeScriptTypes")) emitWarning.call(process, warning, ...rest);
};
registerHooks({
  load(url, context, nextLoad) {
    if (!ours.test(url)) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});
enableCompileCache();
await import("../src/cli/main.ts");
