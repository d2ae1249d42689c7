import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";
import { run } from "../setup/run.mjs";
import { listWorkspaces } from "../setup/workspaces.mjs";
import { checkApiReports } from "./api-report.mjs";
import { checkBoundaries } from "./boundaries.mjs";
import { checkPackages } from "./package-checks.mjs";

/** Where sources live that no workspace holds. */
const otherProjects = ["e2e", "bench", "scripts"];

/**
 * The checks that need no running program: types, lint and format, import directions, packages.
 *
 * @returns {{ title: string, run: () => Promise<{ ok: boolean, output: string }> }[]}
 */
export function listChecks() {
  const projects = [...listWorkspaces().map(({ path }) => path), ...otherProjects];
  const typed = projects.filter((path) => existsSync(join(root, path, "tsconfig.json")));
  return [
    ...typed.map((path) => ({
      title: `types of ${path}`,
      run: () => runTool("typescript", "tsc", "-p", path),
    })),
    {
      title: "lint and format",
      run: () => runTool("@biomejs/biome", "biome", "check", "--error-on-warnings", "."),
    },
    { title: "import boundaries", run: () => checkBoundaries(root) },
    {
      title: "conformance pages",
      run: () => run([process.execPath, join(root, "scripts/conformance.mjs"), "--check"], { cwd: root }),
    },
    { title: "packages as npm would send them", run: () => guarded(checkPackages) },
    { title: "API reports", run: () => guarded(checkApiReports) },
  ];
}

/** Both read what was built. Where a build has failed there may be nothing to read, which is a failure like another. */
async function guarded(check) {
  try {
    return await check();
  } catch (error) {
    return { ok: false, output: error.message };
  }
}

function runTool(packageName, name, ...args) {
  return run([process.execPath, programOf(packageName, name), ...args], { cwd: root });
}

/** Where a package keeps a program. Asking npx would cost half a second each time. */
export function programOf(packageName, name) {
  const dir = join(root, "node_modules", packageName);
  return join(dir, JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).bin[name]);
}
