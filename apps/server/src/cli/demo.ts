import { readConfig } from "../config.ts";
import { sql } from "../platform/database/index.ts";
import { createLog } from "../platform/log.ts";
import { StartError } from "../platform/start-error.ts";
import { openInstallation } from "../start.ts";
import { confirm } from "./installation.ts";
import { createProgress, say } from "./terminal.ts";

/**
 * Empties the demonstration's database and creates it anew. Refuses while a server runs on it, because that
 * server's memory would speak of rows that are gone, and outside demo mode.
 */
export async function resetDemoCommand(options: { yes?: boolean }): Promise<void> {
  const config = readConfig(process.env);
  if (!config.demo)
    throw new StartError(
      "This installation is not a demonstration (TOLLGATE_DEMO is 0); nothing was deleted.",
    );
  if (!options.yes && !(await confirm("This deletes everything in the demonstration's database."))) return;
  const progress = createProgress();
  const open = () =>
    openInstallation(config, { onProgress: (step) => progress.step(step), log: createLog("warn") });
  const old = await open();
  await old.deps.db.execute(sql`drop schema public cascade`);
  await old.deps.db.execute(sql`create schema public`);
  await old.close();
  const fresh = await open();
  try {
    const { seedDemo } = await import("../../demo/seed.ts");
    await seedDemo(fresh.deps, { baseUrl: config.baseUrl });
  } finally {
    await fresh.close();
    progress.end();
  }
  say("The demonstration is new again.");
}
