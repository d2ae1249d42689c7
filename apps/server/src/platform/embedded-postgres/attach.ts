import { readFileSync } from "node:fs";
import { join } from "node:path";
import { databaseName, databaseRole } from "./cluster.ts";
import { isDataDirOwned } from "./data-dir-lock.ts";

/**
 * How to reach the database of a server that is running on this data directory, or null when none is. A
 * subcommand works beside a running server through this instead of starting a second database.
 */
export function findRunningDatabase(dataDir: string): string | null {
  try {
    if (!isDataDirOwned(dataDir)) return null;
    // PostgreSQL notes where it listens: process, directory, start, port, socket directory, address.
    const [, , , port, socketDir] = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split(
      "\n",
    );
    const password = readFileSync(join(dataDir, "postgres.password"), "utf8").trim();
    const address = socketDir ? "localhost" : `127.0.0.1:${port}`;
    const socket = socketDir ? `?host=${encodeURIComponent(socketDir)}` : "";
    return `postgresql://${databaseRole}:${password}@${address}/${databaseName}${socket}`;
  } catch {
    return null;
  }
}
