import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StartError } from "../start-error.ts";
import { canReach, chooseDatabaseAccount, type DatabaseAccount } from "./database-account.ts";
import type { Distribution } from "./platform-package.ts";

/**
 * Root's home and much of what lies in it is closed to the account that the database runs as. Lending that account
 * the capability to ignore permissions would make it root in all but name, so what it needs moves to a place that it
 * can reach instead: a copy of the program, and the cluster itself behind a symbolic link in the data directory.
 */
const reachableRoot = "/var/lib/tollgate";

export type Placement = {
  account: DatabaseAccount;
  /** The real path of the cluster; its parent exists, the cluster itself may not. */
  cluster: string;
};

/** Decides where the cluster of a data directory lives. A decision once made is kept, by the link that records it. */
export function placeCluster(dataDir: string): Placement {
  const natural = join(dataDir, "postgres");
  const entry = lstatSync(natural, { throwIfNoEntry: false });

  if (entry?.isSymbolicLink()) {
    const cluster = resolve(dataDir, readlinkSync(natural));
    if (!existsSync(cluster)) {
      throw new StartError(
        `The database of ${dataDir} was kept in ${cluster}, which is gone; put it back, or delete ${natural} to begin with an empty database.`,
      );
    }
    return { account: chooseDatabaseAccount(cluster), cluster };
  }

  const account = chooseDatabaseAccount(natural);
  // The data directory itself is ours to open; every file of ours in it is closed by itself.
  if (!entry && account && canReach(account, dirname(dataDir)))
    chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  if (canReach(account, entry ? natural : dataDir)) return { account, cluster: natural };
  if (entry) {
    throw new StartError(
      `The database in ${natural} runs as uid ${account?.uid}, which may not enter that directory; move ${dataDir} to a place that every user may enter, such as ${reachableRoot}.`,
    );
  }

  // A name of its own for every cluster: deleting the data directory must mean a fresh start, as it does elsewhere.
  const home = openDirectory(account, join(reachableRoot, randomBytes(6).toString("hex")));
  chownToAccount(account, home);
  const cluster = join(home, "postgres");
  mkdirSync(cluster, { mode: 0o700 });
  chownToAccount(account, cluster);
  symlinkSync(cluster, natural);
  return { account, cluster };
}

/** Answers the directory of a PostgreSQL that the account can execute: the installed one, or a copy of it. */
export function placeDistribution(distribution: Distribution, account: DatabaseAccount): string {
  if (canReach(account, join(distribution.root, "bin"))) return distribution.root;

  const programs = openDirectory(account, join(reachableRoot, "postgresql"));
  const copy = join(programs, `${distribution.version}-${process.arch}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${randomBytes(4).toString("hex")}`;
  try {
    cpSync(distribution.root, unfinished, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith(".a") && !source.endsWith("/pgxs"),
    });
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw asStartError(error, copy);
  }
  return copy;
}

/** Gives a file to the account, when there is one other than ourselves. */
export function chownToAccount(account: DatabaseAccount, path: string): void {
  if (account) chownSync(path, account.uid, account.gid);
}

function openDirectory(account: DatabaseAccount, path: string): string {
  try {
    for (const directory of [reachableRoot, path]) {
      // Explicitly, because a strict umask would close them again.
      if (mkdirSync(directory, { recursive: true })) chmodSync(directory, 0o755);
    }
  } catch (error) {
    throw asStartError(error, path);
  }
  if (!canReach(account, path)) {
    throw new StartError(
      `The database runs as uid ${account?.uid}, which may enter neither the data directory nor ${path}; choose a TOLLGATE_DATA_DIR that every user may enter.`,
    );
  }
  return path;
}

/** Turns the operating system's refusal to let us use `path` into a sentence for the operator. */
export function asStartError(error: unknown, path: string): Error {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EACCES":
    case "EPERM":
      return new StartError(
        `Tollgate may not read and write ${path}; allow ${whoWeAre()} to, or choose another TOLLGATE_DATA_DIR.`,
        {
          cause: error,
        },
      );
    case "EROFS":
      return new StartError(`${path} is on a read-only file system; choose another TOLLGATE_DATA_DIR.`, {
        cause: error,
      });
    case "ENOSPC":
    case "EDQUOT":
      return new StartError(`There is no space left on the disk of ${path}; make room and start again.`, {
        cause: error,
      });
    case "ENOTDIR":
    case "EEXIST":
      return new StartError(
        `${path} cannot be a directory because a file is in its way; choose another TOLLGATE_DATA_DIR.`,
        {
          cause: error,
        },
      );
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}

function whoWeAre(): string {
  const uid = process.getuid?.();
  return uid === undefined ? "this user" : `this user (uid ${uid})`;
}
