import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApp } from "./app.ts";
import { compose } from "./compose.ts";
import type { Config } from "./config.ts";
import { serve } from "./http/server.ts";
import { migrate } from "./platform/database/index.ts";
import type { Deps } from "./platform/deps.ts";
import { findRunningDatabase } from "./platform/embedded-postgres/attach.ts";
import { createLog, type Log } from "./platform/log.ts";
import { systemRandom } from "./platform/random.ts";
import { StartError } from "./platform/start-error.ts";

export type OpenInstallation = {
  deps: Deps;
  /** Migration files applied on the way. */
  migrated: string[];
  close(): Promise<void>;
};

type OpenOptions = {
  /** Work beside a server that runs on the same data directory instead of being refused. */
  besideRunning?: boolean;
  onProgress?: (step: string) => void;
  /** Told when the embedded database ends although nobody stopped it. */
  onDatabaseLost?: () => void;
  log?: Log;
};

/**
 * Opens an installation without serving it: its database (started when it is the embedded one), the schema
 * brought up to date, and `deps`. The server and every subcommand begin here.
 *
 * @throws StartError for whatever the operator can mend.
 */
export async function openInstallation(config: Config, options: OpenOptions = {}): Promise<OpenInstallation> {
  const log = options.log ?? createLog(config.logLevel);
  const elsewhere =
    config.databaseUrl ?? (options.besideRunning ? findRunningDatabase(config.dataDir) : null);
  const database = elsewhere
    ? { connectionString: elsewhere, stop: async () => {} }
    : await startEmbedded(config, log, options);
  try {
    const secret = config.secret ?? (await generatedSecret(config.dataDir));
    const migrated = await explainConnection(config, () => migrate(database.connectionString));
    const deps = await compose({ config, connectionString: database.connectionString, secret, log });
    return {
      deps,
      migrated,
      async close() {
        await deps.jobs.stop();
        await deps.db.close();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Loaded only when it is needed: a server with a DATABASE_URL brings no binaries along. */
async function startEmbedded(config: Config, log: Log, options: OpenOptions) {
  const { startEmbeddedPostgres } = await import("./platform/embedded-postgres/index.ts");
  return startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: { info: (message) => log.debug(message), warn: (message) => log.warn(message) },
    onProgress: options.onProgress,
    onUnexpectedExit: options.onDatabaseLost,
  });
}

/** The secret of a demonstration: made on the first start, readable by its owner only. */
async function generatedSecret(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "secret");
  if (!existsSync(path)) {
    await writeFile(path, `${systemRandom.bytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  return (await readFile(path, "utf8")).trim();
}

const CONNECTION_TROUBLE: Record<string, string> = {
  ECONNREFUSED: "nothing answers there",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up",
  ETIMEDOUT: "it does not answer in time",
  ECONNRESET: "it closed the connection",
  "28P01": "the password is wrong",
  "28000": "the user may not connect",
  "3D000": "the database does not exist",
  "42501": "the user may not create tables",
};

/** Turns a broken DATABASE_URL into one sentence that never contains its password. */
async function explainConnection<T>(config: Config, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    const trouble = CONNECTION_TROUBLE[code];
    if (!trouble || !config.databaseUrl) throw error;
    const url = new URL(config.databaseUrl);
    throw new StartError(
      `The database at ${url.host}${url.pathname} cannot be used: ${trouble}. Check DATABASE_URL.`,
    );
  }
}

export type StartedServer = { deps: Deps; port: number; migrated: string[]; stop(): Promise<void> };

/** Opens the installation, creates the demonstration when it is missing, serves and runs jobs. */
export async function startServer(config: Config, options: OpenOptions = {}): Promise<StartedServer> {
  const installation = await openInstallation(config, options);
  const { deps } = installation;
  try {
    if (config.demo) {
      const { seedDemo } = await import("../demo/seed.ts");
      await seedDemo(deps, { baseUrl: config.baseUrl, onProgress: options.onProgress });
    }
    const { app, fastPath, endStreams } = createApp(deps);
    const server = await serve(app, { host: config.host, port: config.port, fastPath });
    deps.jobs.start();
    return {
      deps,
      port: server.port,
      migrated: installation.migrated,
      async stop() {
        endStreams();
        await server.stop();
        await installation.close();
      },
    };
  } catch (error) {
    await installation.close();
    throw error;
  }
}
