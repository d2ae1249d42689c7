import { accessSync, constants, readFileSync, rmSync, writeFileSync } from "node:fs";
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
export async function lockDataDir(dataDir: string): Promise<{ release(): void }> {
  const lockPath = join(dataDir, "tollgate.lock");
  const ownerPath = join(dataDir, "tollgate.pid");
  const { DatabaseSync } = await importQuietly();
  let lock: DatabaseSync;
  try {
    // SQLite reports every failure to open alike; this says which.
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    lock = new DatabaseSync(lockPath);
  } catch (error) {
    throw asStartError(error, dataDir);
  }
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
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

/** Node announces `node:sqlite` as experimental; a person who starts a server has no use for that line. */
async function importQuietly(): Promise<typeof import("node:sqlite")> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite")) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return await import("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
