import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { showProgress } from "./progress.mjs";
import { run } from "./run.mjs";

/** The oldest version that the Python client supports. */
const OLDEST = [3, 9];
const programs = ["python3", "python"];

/**
 * Finds a Python for the Python client's tests, or installs the one of Debian when we are root.
 *
 * @returns {Promise<string | null>} the path of the program; null where there is none and none can be installed
 */
export async function ensurePython() {
  const found = await findPython();
  if (found) return found;
  if (process.getuid?.() !== 0 || !(await run(["apt-get", "--version"])).ok) return null;
  await showProgress("Installing Python for the Python client's tests", async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run(["apt-get", "update", "-q"], { env });
    await run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "python3"], { env });
  });
  return findPython();
}

/** @returns {Promise<string | null>} `PYTHON_PATH`, else the first on the path that is recent enough */
export async function findPython() {
  const named = process.env.PYTHON_PATH;
  const directories = (process.env.PATH ?? "").split(delimiter);
  const onPath = programs.flatMap((program) => directories.map((directory) => join(directory, program)));
  for (const path of named ? [named] : onPath) {
    if (!existsSync(path)) continue;
    const asked = `import sys, unittest; sys.exit(sys.version_info < (${OLDEST.join(", ")}))`;
    if ((await run([path, "-c", asked])).ok) return path;
  }
  return null;
}
