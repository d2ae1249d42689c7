import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "./failure.mjs";
import { root } from "./paths.mjs";
import { showProgress } from "./progress.mjs";
import { npmCommand, run } from "./run.mjs";

const lockfile = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".tollgate-stamp");

/**
 * Installs the packages when they are missing or when the lock file has changed since they were installed.
 *
 * npm may be set to skip install scripts; none of our dependencies needs one, because the server restores by itself
 * what the PostgreSQL package leaves to its script.
 */
export async function ensureDependencies() {
  if (read(stamp) === lockHash()) return;
  await showProgress("Installing packages", async () => {
    // `ci` begins by deleting everything, which is right once; later changes are small and `install` keeps the rest.
    const isFirst = existsSync(lockfile) && !existsSync(join(root, "node_modules"));
    let { ok, output } = await npm(isFirst ? "ci" : "install");
    // Somebody is editing a package.json: `ci` refuses what does not match the lock file.
    if (!ok && output.includes("EUSAGE")) ({ ok, output } = await npm("install"));
    if (!ok) throw explain("Installing the packages", output);
  });
  try {
    writeFileSync(stamp, lockHash());
  } catch (error) {
    throw explain("Installing the packages", String(error));
  }
}

function npm(verb) {
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--include=dev"];
  return run([...npmCommand(), verb, ...flags], { cwd: root });
}

function lockHash() {
  return createHash("sha256").update(read(lockfile)).digest("hex");
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
