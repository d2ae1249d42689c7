import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "./failure.mjs";
import { root, setupDir } from "./paths.mjs";
import { showProgress } from "./progress.mjs";
import { npmCommand, run } from "./run.mjs";
import { listWorkspaces } from "./workspaces.mjs";

const stampDir = join(setupDir, "build");
/** Directories that no build reads. */
const skipped = new Set(["node_modules", "dist", "test", "tests", "coverage"]);

/**
 * Builds the workspaces that have a `build` script and whose sources, or whose neighbours' sources, have changed since
 * they were last built. A build that was interrupted leaves no stamp and so happens again.
 */
export async function ensureBuilds() {
  const signatures = new Map();
  for (const workspace of listWorkspaces()) {
    // Nothing that is built depends on the server; it is the one workspace with very many files.
    if (workspace.path === "apps/server") continue;
    const signature = sign(workspace, signatures);
    signatures.set(workspace.name, signature);
    if (!workspace.manifest.scripts?.build) continue;
    const stamp = join(stampDir, encodeURIComponent(workspace.name));
    if (existsSync(join(workspace.dir, "dist")) && read(stamp) === signature) continue;

    await showProgress(`Building ${workspace.name}`, async () => {
      const { ok, output } = await run([...npmCommand(), "run", "--silent", "build"], { cwd: workspace.dir });
      if (!ok) throw explain(`Building ${workspace.name}`, output);
    });
    mkdirSync(stampDir, { recursive: true });
    writeFileSync(stamp, signature);
  }
}

/** Sizes and times of the sources, which are read in a moment where their contents would not be. */
function sign(workspace, signatures) {
  const hash = createHash("sha256").update(process.versions.node.split(".")[0]);
  hash.update(read(join(root, "node_modules", ".tollgate-stamp")));
  for (const name of workspace.needs) hash.update(signatures.get(name) ?? "");
  addTree(hash, workspace.dir);
  return hash.digest("hex");
}

function addTree(hash, dir) {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".") || skipped.has(entry.name) || entry.name.includes(".test.")) continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      addTree(hash, path);
    } else {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path}\0${size}\0${mtimeMs}\n`);
    }
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
