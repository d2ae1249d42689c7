import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setupDir } from "../setup/paths.mjs";
import { childEnvironment } from "../setup/run.mjs";
import { programOf } from "./checks.mjs";

/**
 * Runs the tests of some projects of `vitest.config.ts`, showing them as they pass.
 *
 * @param {{ projects: string[], filters: string[], env?: Record<string, string>, alone?: boolean }} options
 *   `alone`: one file after the other, whatever the project says
 * @returns {Promise<{ passed: number, failed: number, failures: { file: string, tests: string[] }[] }>}
 */
export async function runVitest({ projects, filters, env, alone = false }) {
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
    ...(alone ? ["--no-file-parallelism"] : []),
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
    return { passed: 0, failed: 1, failures: [] };
  }
  const failures = results.testResults
    .filter(({ status }) => status === "failed")
    .map(({ name, assertionResults }) => ({
      file: name,
      tests: assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName),
    }));
  const unloaded = failures.filter(({ tests }) => tests.length === 0);
  const failed = results.numFailedTests + unloaded.length;
  return { passed: results.numPassedTests, failed: ok ? failed : Math.max(failed, 1), failures };
}
