import { readFile } from "node:fs/promises";
import { applySetup, parseSetup, planSetup, renderDiff } from "../domains/setup/index.ts";
import { StartError } from "../platform/start-error.ts";
import { confirm, withInstallation } from "./installation.ts";
import { complain, say } from "./terminal.ts";

/** Shows what a file would change and changes it. Running it again finds nothing to do. */
export async function applyCommand(
  file: string,
  options: { yes?: boolean; dryRun?: boolean },
): Promise<void> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`${file} cannot be read (${error.code}).`);
  });
  const parsed = parseSetup(text, file);
  if (!parsed.ok) {
    for (const problem of parsed.problems) complain(problem);
    throw new StartError(`${file} has ${parsed.problems.length} problem(s); nothing was changed.`);
  }
  await withInstallation(async (deps) => {
    const changes = await planSetup(deps.db, deps, parsed.setup);
    if (changes.length === 0) return say("Everything is as the file says.");
    say(renderDiff(changes));
    if (options.dryRun) return;
    if (!options.yes && !(await confirm("Apply this?"))) return;
    await deps.db.transaction((tx) => applySetup(tx, deps, parsed.setup));
    say(`Applied ${changes.length} change(s).`);
  });
}
