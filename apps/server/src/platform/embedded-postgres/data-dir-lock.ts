import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StartError } from "../start-error.ts";
import { asStartError } from "./placement.ts";

const sqliteBusy = 5;

/**
 * Makes this process the only owner of a data directory until `release` is called or the process ends, however it
 * ends.
 *
 * A file with a process id in it can be stale, and taking over a stale one is a race. Only the operating system knows
 * for certain who is alive, so the lock is one of its own, which dies with its holder. Node offers those through the
 * SQLite it carries: an empty database that is locked and never written. The process id beside it is for people.
 *
 * @throws StartError when another process owns the directory.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const lockPath = join(dataDir, "tollgate.lock");
  const ownerPath = join(dataDir, "tollgate.pid");
  const { DatabaseSync } = loadSqlite();
  let lock: DatabaseSync;
  try {
    // SQLite reports every failure to open alike; this says which.
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    lock = new DatabaseSync(lockPath);
  } catch (error) {
    throw asStartError(error, dataDir);
  }
  try {
    // Long enough for a glance by `isDataDirOwned` to pass.
    lock.exec("PRAGMA busy_timeout = 200; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) {
      throw new StartError(`Tollgate may not lock ${lockPath}: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    throw new StartError(
      `The data directory ${dataDir} is in use by another Tollgate server${nameOwner(ownerPath)}; stop that one first or choose another TOLLGATE_DATA_DIR.`,
      { cause: error },
    );
  }
  try {
    writeFileSync(ownerPath, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock.close();
    throw asStartError(error, dataDir);
  }
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(ownerPath, { force: true });
      lock.close();
    },
  };
}

function nameOwner(ownerPath: string): string {
  try {
    const pid = Number.parseInt(readFileSync(ownerPath, "utf8"), 10);
    return pid > 0 ? ` (process ${pid})` : "";
  } catch {
    return "";
  }
}

/** Whether a living server owns the data directory, itself included. */
export function isDataDirOwned(dataDir: string): boolean {
  const lockPath = join(dataDir, "tollgate.lock");
  if (!existsSync(lockPath)) return false;
  const { DatabaseSync } = loadSqlite();
  const probe = new DatabaseSync(lockPath, { readOnly: true });
  try {
    probe.exec("PRAGMA busy_timeout = 0; SELECT count(*) FROM sqlite_schema");
    return false;
  } catch (error) {
    return (error as { errcode?: number }).errcode === sqliteBusy;
  } finally {
    probe.close();
  }
}

/** Node announces `node:sqlite` as experimental; a person who starts a server has no use for that line. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite")) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
