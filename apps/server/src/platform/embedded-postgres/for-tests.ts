/** A PostgreSQL for one run of the tests: real, but thrown away, so it never waits for the disk. */
import { readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "./index.ts";

const prefix = "tollgate-test-";

/** Starts the database of a test run. `stop` removes it with everything in it. */
export async function startTestPostgres(): Promise<{ connectionString: string; stop(): Promise<void> }> {
  removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const { connectionString, stop } = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: (message) => process.stderr.write(`${message}\n`) },
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      // Every test file has a database and a pool of its own.
      max_connections: "400",
      max_wal_size: "2GB",
    },
  });
  return {
    connectionString,
    async stop() {
      await stop();
      removeDataDir(dataDir);
    },
  };
}

/** A run that was killed could not tidy up; its database has stopped by itself. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.startsWith(prefix) && name.slice(prefix.length).split("-")[0]);
    if (pid > 0 && !isAlive(pid)) removeDataDir(join(tmpdir(), name));
  }
}

function removeDataDir(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Another user's, or not empty yet: the next run tries again.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
