/**
 * The PostgreSQL that Tollgate brings along: made on the first start, started and stopped with the server, and
 * reached by nobody else. It is an ordinary PostgreSQL on an ordinary cluster in `<dataDir>/postgres`.
 *
 * What holds, whatever happens to the server: one process at a time owns a data directory; a server that was killed
 * leaves nothing that blocks the next one; what was committed is there on the next start.
 */
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { databaseName, databaseRole, prepareCluster } from "./cluster.ts";
import { lockDataDir } from "./data-dir-lock.ts";
import { asStartError, placeCluster, placeDistribution } from "./placement.ts";
import { findDistribution } from "./platform-package.ts";
import { startPostmaster, stopOrphan } from "./postmaster.ts";
import { makeSocketDir, removeSocketDir } from "./socket-dir.ts";

export type EmbeddedPostgresOptions = {
  /** Where everything is kept; made when it is missing. */
  dataDir: string;
  log: { info(message: string): void; warn(message: string): void };
  /** Told, in a few words for a person, about each step that may take more than a moment. */
  onProgress?: (step: string) => void;
  /** Told when the database ends although nobody stopped it. */
  onUnexpectedExit?: () => void;
  /** PostgreSQL settings that differ from ours. */
  settings?: Record<string, string>;
};

export type EmbeddedPostgres = {
  /** For `pg` and every other client that understands libpq's addresses. Holds the password: not for logs. */
  connectionString: string;
  /** Ends every connection, stops the database and frees the data directory. A second call waits for the first. */
  stop(): Promise<void>;
};

const settingsOfOurs = {
  // Durable, as a till must be.
  fsync: "on",
  synchronous_commit: "on",
  shared_buffers: "128MB",
  max_connections: "100",
  // Our queries are short: compiling them costs more than running them.
  jit: "off",
  min_wal_size: "32MB",
  max_wal_size: "512MB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_min_messages: "warning",
  scram_iterations: "32",
};

/**
 * Starts the database of a data directory, making it when there is none.
 *
 * @throws StartError when an operator can do something about it: the directory is in use or closed to us, its disk is
 * full, the cluster comes from another major version, or the platform has no binaries.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const onProgress = options.onProgress ?? (() => undefined);
  makeDataDir(dataDir);
  const lock = lockDataDir(dataDir);
  let socketDir: string | undefined;
  try {
    const distribution = findDistribution();
    const { account, cluster } = placeCluster(dataDir);
    const programs = placeDistribution(distribution, account);
    await stopOrphan({ cluster, programs, onProgress });
    const passwordPath = join(dataDir, "postgres.password");
    const password = await prepareCluster({
      account,
      cluster,
      programs,
      passwordPath,
      major: distribution.major,
      onProgress,
    });

    onProgress("Starting the database");
    const usesSocket = process.platform !== "win32";
    const port = usesSocket ? 5432 : await findFreePort();
    if (usesSocket) socketDir = makeSocketDir(account);
    const postmaster = await startPostmaster({
      account,
      cluster,
      programs,
      logPath: join(dataDir, "postgres.log"),
      settings: {
        ...settingsOfOurs,
        ...options.settings,
        port: String(port),
        listen_addresses: usesSocket ? "" : "127.0.0.1",
        unix_socket_directories: socketDir ?? "",
        unix_socket_permissions: "0700",
      },
    });
    options.log.info(`The database runs in ${cluster} (process ${postmaster.pid}).`);

    let stopping: Promise<void> | undefined;
    const cleanUp = () => {
      if (socketDir) removeSocketDir(socketDir);
      lock.release();
    };
    void postmaster.exited.then(() => {
      if (stopping) return;
      options.log.warn(`The database stopped unexpectedly; see ${join(dataDir, "postgres.log")}.`);
      options.onUnexpectedExit?.();
    });
    const address = usesSocket ? "localhost" : `127.0.0.1:${port}`;
    const socket = socketDir ? `?host=${encodeURIComponent(socketDir)}` : "";
    return {
      connectionString: `postgresql://${databaseRole}:${password}@${address}/${databaseName}${socket}`,
      stop() {
        stopping ??= postmaster.stop().finally(cleanUp);
        return stopping;
      },
    };
  } catch (error) {
    if (socketDir) removeSocketDir(socketDir);
    lock.release();
    throw error;
  }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw asStartError(error, dataDir);
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolvePort(typeof address === "object" && address ? address.port : 0));
    });
  });
}
