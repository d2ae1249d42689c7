import { readConfig } from "../config.ts";
import { StartError } from "../platform/start-error.ts";
import { type StartedServer, startServer } from "../start.ts";
import { complain, createProgress, paint, say, sayTable } from "./terminal.ts";

/** Runs the server until it is told to stop. What the operator can mend is one sentence and exit code 1. */
export async function runServer(): Promise<void> {
  const progress = createProgress();
  // A signal during start-up must not leave a database behind: it waits for the start and then stops it.
  let wanted: NodeJS.Signals | undefined;
  let stop: ((signal: NodeJS.Signals) => void) | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      wanted = signal;
      stop?.(signal);
    });
  }
  try {
    const config = readConfig(process.env);
    const server = await startServer(config, {
      onProgress: (step) => progress.step(step),
      onDatabaseLost: () => {
        complain("The database stopped, so the server stops too. Start it again to continue.");
        process.exit(1);
      },
    });
    progress.end();
    stop = once((signal) => void shutDown(server, signal));
    if (wanted) stop(wanted);
    else await sayAddresses(server);
  } catch (error) {
    progress.end();
    if (error instanceof StartError) complain(`${paint("red", "✗")} ${error.message}`);
    else complain(String(error instanceof Error ? error.stack : error));
    process.exit(1);
  }
}

function once(run: (signal: NodeJS.Signals) => void): (signal: NodeJS.Signals) => void {
  let called = false;
  return (signal) => {
    if (called) return;
    called = true;
    run(signal);
  };
}

async function shutDown(server: StartedServer, signal: NodeJS.Signals): Promise<void> {
  if (process.stdout.isTTY) say(`\n  ${paint("dim", "Stopping: finishing requests, then the database …")}`);
  try {
    await server.stop();
    process.exit(0);
  } catch (error) {
    complain(`Stopping after ${signal} did not go cleanly: ${String(error)}`);
    process.exit(1);
  }
}

async function sayAddresses({ deps, port }: StartedServer): Promise<void> {
  const { config } = deps;
  // With PORT=0 the configured address is not the one that was taken.
  const base = config.port === 0 ? `http://localhost:${port}` : config.baseUrl;
  say();
  say(
    `  ${paint(["bold", "green"], "Tollgate")} is ready ${paint("dim", config.demo ? "(demonstration)" : "")}`,
  );
  say();
  if (config.demo) {
    const { demoFacts } = await import("../../demo/seed.ts");
    const facts = await demoFacts(deps);
    sayTable([
      ["Start here", paint("bold", `${base}/`)],
      ["Demo app", `${base}/storefronts/saas/`],
      ["Mail inbox", `${base}/dev/inbox`],
      ["API reference", `${base}/reference`],
      ["Test card", "4242 4242 4242 4242, any future date, any code"],
      ["Merchant", `${facts.merchant.email} / ${facts.merchant.password}`],
      ["Secret key", facts.secretKey],
    ]);
  } else {
    sayTable([
      ["API", `${base}/api/v1`],
      ["Reference", `${base}/reference`],
    ]);
  }
  say();
  say(`  ${paint("dim", "Ctrl-C stops everything, including the database.")}`);
  say();
}
