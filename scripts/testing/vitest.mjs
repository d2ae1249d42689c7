import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setupDir } from "../setup/paths.mjs";
import { childEnvironment } from "../setup/run.mjs";
import { programOf } from "./checks.mjs";

/**
 * Runs the tests of some projects of `vitest.config.ts`, showing them as they pass.
 *
 * @param {{ projects: string[], filters: string[], env?: Record<string, string> }} options
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runVitest({ projects, filters, env }) {
  const report = join(setupDir, `test-${projects.join("-")}.json`);
  mkdirSync(setupDir, { recursive: true });
  rmSync(report, { force: true });
  const args = [
    programOf("vitest", "vitest"),
    "run",
    "--passWithNoTests",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...filters,
  ];
  const ok = await new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: childEnvironment(env), stdio: "inherit" });
    // It stops its database before it goes; a terminal's own Ctrl-C has reached it already.
    process.once("SIGTERM", () => child.kill("SIGTERM"));
    process.once("SIGINT", () => child.kill("SIGTERM"));
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
  return count(report, ok);
}

/** Counts tests; a file that could not be loaded, and a run that failed without a failed test, count as one failure. */
export function count(report, ok) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const unloaded = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const failed = results.numFailedTests + unloaded.length;
  return { passed: results.numPassedTests, failed: ok ? failed : Math.max(failed, 1) };
}
