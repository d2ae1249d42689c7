import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { root } from "./paths.mjs";
import { showProgress } from "./progress.mjs";
import { run } from "./run.mjs";

const programs = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Finds a Chromium for the browser tests, or installs one: from Debian when we are root, else the one that Playwright
 * downloads into the user's cache.
 *
 * @returns {Promise<string>} the path of the program
 */
export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (await works(named)) return named;
    throw new SetupFailure(`CHROMIUM_PATH names ${named}, which does not run; correct it or unset it.`);
  }
  const { chromium } = await import("playwright-core");
  const find = () => findWorking([...onPath(), ...applications, chromium.executablePath()]);
  const found = await find();
  if (found) return found;

  await showProgress("Installing Chromium for the browser tests", async () => {
    if (process.getuid?.() === 0 && (await run(["apt-get", "--version"])).ok) {
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      await run(["apt-get", "update", "-q"], { env });
      const { ok } = await run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], {
        env,
      });
      if (ok && (await find())) return;
    }
    const playwright = join(root, "node_modules", "playwright-core", "cli.js");
    await run([process.execPath, playwright, "install", "--no-shell", "chromium"]);
  });
  const installed = await find();
  if (installed) return installed;
  throw new SetupFailure(
    "No Chromium could be found or installed; install one and name its program in CHROMIUM_PATH.",
  );
}

function onPath() {
  const directories = (process.env.PATH ?? "").split(delimiter);
  return programs.flatMap((program) => directories.map((directory) => join(directory, program)));
}

async function findWorking(paths) {
  for (const path of paths) if (existsSync(path) && (await works(path))) return path;
}

/** Some distributions put a stub there that only tells how to install the real one. */
async function works(path) {
  return (await run([path, "--version"])).ok;
}
