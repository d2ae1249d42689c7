import { createInterface } from "node:readline/promises";
import { readConfig } from "../config.ts";
import type { Deps } from "../platform/deps.ts";
import { createLog } from "../platform/log.ts";
import { StartError } from "../platform/start-error.ts";
import { openInstallation } from "../start.ts";
import { createProgress } from "./terminal.ts";

/** Opens the installation that the environment names, runs one command on it and closes it again. */
export async function withInstallation<T>(
  work: (deps: Deps, migrated: string[]) => Promise<T>,
  options: { besideRunning?: boolean } = { besideRunning: true },
): Promise<T> {
  const config = readConfig(process.env);
  const progress = createProgress();
  const installation = await openInstallation(config, {
    besideRunning: options.besideRunning,
    onProgress: (step) => progress.step(step),
    log: createLog("warn"),
  }).finally(progress.end);
  try {
    return await work(installation.deps, installation.migrated);
  } finally {
    await installation.close();
  }
}

/** Asks a yes-or-no question. Where nobody can answer, it takes `--yes`. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new StartError(`${question} Repeat the command with --yes to confirm.`);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
