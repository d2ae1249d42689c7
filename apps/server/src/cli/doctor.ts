import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import nodemailer from "nodemailer";
import { type Config, readConfig } from "../config.ts";
import { sql } from "../platform/database/index.ts";
import { openCountryDatabase } from "../platform/geo/index.ts";
import { createLog } from "../platform/log.ts";
import { openInstallation } from "../start.ts";
import { paint, say } from "./terminal.ts";

type Check = { name: string; run(config: Config): Promise<string> };

const MIN_FREE_BYTES = 512 * 1024 * 1024;

/** Each check answers what it found, or throws a sentence that says what to mend. */
const checks: Check[] = [
  { name: "Node", run: async () => process.version },
  {
    name: "Data directory",
    async run(config) {
      if (config.databaseUrl) return "not needed with DATABASE_URL";
      const dir = resolve(config.dataDir);
      const existing = existsSync(dir) ? dir : dirname(dir);
      accessSync(existing, constants.W_OK);
      const disk = statfsSync(existing);
      const free = disk.bavail * disk.bsize;
      if (free < MIN_FREE_BYTES) throw new Error(`only ${Math.round(free / 1e6)} MB are free on its disk`);
      return `${dir}, ${Math.round(free / 1e9)} GB free`;
    },
  },
  {
    name: "Port",
    run: (config) =>
      new Promise((done, reject) => {
        const probe = createServer();
        probe.once("error", (error: NodeJS.ErrnoException) =>
          error.code === "EADDRINUSE"
            ? done(`${config.port} is in use (by a running Tollgate, or stop the other program)`)
            : reject(error),
        );
        probe.listen(config.port, config.host, () => probe.close(() => done(`${config.port} is free`)));
      }),
  },
  {
    name: "Database and secret",
    async run(config) {
      const installation = await openInstallation(config, { besideRunning: true, log: createLog("silent") });
      try {
        const { db, clock } = installation.deps;
        const row = await db.one<{ version: string; now: Date }>(
          sql`select current_setting('server_version') version, clock_timestamp() now`,
        );
        const skewMs = Math.abs(row.now.getTime() - clock.now().getTime());
        if (skewMs > 30_000)
          throw new Error(`its clock differs from ours by ${Math.round(skewMs / 1000)} s; sync both`);
        const migrated = installation.migrated.length;
        return `PostgreSQL ${row.version}, schema ${migrated ? `brought up to date (${migrated} applied)` : "up to date"}`;
      } finally {
        await installation.close();
      }
    },
  },
  {
    name: "Country database",
    async run() {
      const country = openCountryDatabase().countryOf("8.8.8.8");
      if (!country) throw new Error("it does not know a well-known address; reinstall the dependencies");
      return "works";
    },
  },
  {
    name: "Mail",
    async run(config) {
      if (!config.smtpUrl)
        return config.demo ? "kept for /dev/inbox" : "kept in the database; set SMTP_URL to send it";
      await nodemailer.createTransport(config.smtpUrl).verify();
      return "the mail server answers";
    },
  },
];

/** Runs every check and exits with 1 when one of them failed. */
export async function doctorCommand(): Promise<void> {
  const config = readConfig(process.env);
  let failed = 0;
  for (const check of checks) {
    try {
      say(`${paint("green", "✓")} ${check.name}: ${await check.run(config)}`);
    } catch (error) {
      failed += 1;
      say(`${paint("red", "✗")} ${check.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failed > 0) process.exitCode = 1;
}
