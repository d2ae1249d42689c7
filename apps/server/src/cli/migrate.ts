import { withInstallation } from "./installation.ts";
import { say } from "./terminal.ts";

export async function migrateCommand(): Promise<void> {
  await withInstallation(async (_deps, migrated) => {
    if (migrated.length === 0) say("The schema is up to date.");
    for (const name of migrated) say(`applied ${name}`);
  });
}
