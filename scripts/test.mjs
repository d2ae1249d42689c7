// `npm test`: makes the project ready, runs every check and every test, and ends with `N passed, N failed`.
//
//   npm test                          everything
//   npm test -- --only check          types, lint, import boundaries (also: unit, e2e)
//   npm test -- apps/server/src/http  the tests whose path contains that, without the checks
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { failWith, SetupFailure } from "./setup/failure.mjs";
import { root } from "./setup/paths.mjs";
import { prepare } from "./setup/prepare.mjs";

await prepare({ builds: false });

const suites = {
  unit: { title: "unit and integration tests", projects: ["server", "packages"] },
  e2e: { title: "browser and crash tests", projects: ["sdk", "e2e"] },
};

/** The file that runs the tests of `clients/python`. */
const pythonTests = "e2e/clients/python.test.ts";

/** More files than this fail for a reason, and not because the machine was busy. */
const REPEATABLE_FILES = 5;

const { only, filters } = readArguments();
const { listChecks } = await import("./testing/checks.mjs");
const { runVitest } = await import("./testing/vitest.mjs");
const lines = [];
const total = { passed: 0, failed: 0 };

await step("builds", runBuilds);
if (only ? only === "check" : filters.length === 0) {
  for (const check of listChecks()) await step(check.title, () => runCheck(check));
}
for (const [name, suite] of Object.entries(suites)) {
  if (only && only !== name) continue;
  await step(suite.title, () => runSuite(name, suite));
}

process.stdout.write(`\n${lines.join("\n")}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { only: { type: "string" } },
    });
    if (values.only !== undefined && !["check", ...Object.keys(suites)].includes(values.only)) {
      throw new Error(`--only takes check, unit or e2e, not ${values.only}`);
    }
    return { only: values.only, filters: positionals };
  } catch (error) {
    failWith(new SetupFailure(`${error.message}.`));
  }
}

/** Runs one step, adds up its results and notes a line for the summary. */
async function step(title, work) {
  const started = performance.now();
  const { passed, failed } = await work();
  total.passed += passed;
  total.failed += failed;
  const outcome = passed + failed === 1 ? "" : `${passed} passed, ${failed} failed, `;
  const line = `  ${failed > 0 ? "✗" : "✓"} ${title} (${outcome}${((performance.now() - started) / 1000).toFixed(1)} s)`;
  lines.push(line);
  process.stdout.write(`${line}\n`);
}

/** The browser tests use what is built. A build that fails is one failure among others, not the end of the run. */
async function runBuilds() {
  try {
    await (await import("./setup/builds.mjs")).ensureBuilds();
    return { passed: 1, failed: 0 };
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    process.stdout.write(`\n${error.details ?? ""}\n  ✗ ${error.message}\n`);
    return { passed: 0, failed: 1 };
  }
}

async function runCheck(check) {
  const { ok, output } = await check.run();
  if (!ok) process.stdout.write(`\n${output.trimEnd()}\n`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

async function runSuite(name, { projects }) {
  const env = {};
  if (name === "e2e") {
    try {
      const { ensureChromium } = await import("./setup/chromium.mjs");
      env.CHROMIUM_PATH = await ensureChromium();
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error;
      process.stdout.write(`\n  ✗ ${error.message}\n`);
      return { passed: 0, failed: 1 };
    }
  }
  if (name === "unit" && (filters.length === 0 || filters.some((it) => pythonTests.includes(it)))) {
    const { ensurePython } = await import("./setup/python.mjs");
    const python = await ensurePython();
    if (python) env.PYTHON_PATH = python;
    else lines.push("  ! the Python client's tests were NOT run: there is no Python 3.9 or later here");
  }
  return repeatAlone(projects, env, await runVitest({ projects, filters, env }));
}

/**
 * Databases, servers and browsers share a small machine, and a test that waits for a person's patience may lose. A
 * file that failed runs once more, whole and alone; that second result counts, and the summary names what it was
 * about, so that nobody takes an unreliable test for a good one.
 */
async function repeatAlone(projects, env, first) {
  const { failures } = first;
  if (failures.length === 0 || failures.length > REPEATABLE_FILES) return first;
  const second = await runVitest({ projects, filters: failures.map(({ file }) => file), env, alone: true });
  for (const { file, tests } of failures) {
    const path = relative(root, file);
    const again = second.failures.find((it) => it.file === file);
    lines.push(`  ↻ repeated alone, ${again ? "failed again" : "passed"}: ${path}`);
    for (const test of tests) lines.push(`      ${test}`);
  }
  const settled = first.failed - second.failed;
  return { passed: first.passed + settled, failed: second.failed };
}
