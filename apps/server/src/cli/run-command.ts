import { Command, Option } from "commander";
import { AppError } from "../platform/errors.ts";
import { StartError } from "../platform/start-error.ts";
import { complain, paint } from "./terminal.ts";

/**
 * The `tollgate` command. Each subcommand loads its own code, so `--help` is instant.
 * Refusals are one sentence and exit code 1.
 */
export async function runCommand(args: string[]): Promise<void> {
  const program = new Command("tollgate")
    .description("The open-source paywall: one self-hosted server")
    .showHelpAfterError();

  program
    .command("start")
    .description("start the server (and the embedded database, unless DATABASE_URL is set)")
    .action(async () => (await import("./run-server.ts")).runServer());
  program
    .command("migrate")
    .description("bring the database schema up to date")
    .action(async () => (await import("./migrate.ts")).migrateCommand());
  program
    .command("apply <file>")
    .description(
      "make tenants, paywalls, products, options and offers match a YAML or JSON file; shows a diff first",
    )
    .option("-y, --yes", "apply without asking")
    .option("--dry-run", "only show the diff")
    .action(async (file: string, options: { yes?: boolean; dryRun?: boolean }) =>
      (await import("./apply.ts")).applyCommand(file, options),
    );

  const keys = program.command("keys").description("API keys");
  const tenant = () =>
    new Option("-t, --tenant <slug>", "whose key; may be left out when there is one tenant");
  keys
    .command("create")
    .description("make a key and show it once")
    .addOption(tenant())
    .requiredOption("-n, --name <name>", "what it is for")
    .addOption(new Option("--kind <kind>").choices(["secret", "publishable", "ingest"]).default("secret"))
    .addOption(new Option("--mode <mode>").choices(["test", "live"]).default("test"))
    .option(
      "--scope <scope...>",
      "make it a key of the Management API that may do only this, such as product:read; without it, everything",
    )
    .action(async (options) => (await import("./keys.ts")).createKeyCommand(options));
  keys
    .command("list")
    .description("show the keys of a tenant")
    .addOption(tenant())
    .action(async (options) => (await import("./keys.ts")).listKeysCommand(options));
  keys
    .command("revoke <id>")
    .description("end a key at once")
    .addOption(tenant())
    .action(async (id: string, options) => (await import("./keys.ts")).revokeKeyCommand(id, options));
  keys
    .command("rotate-links")
    .description("sign a tenant's links with a new key, which is published half an hour before it signs")
    .addOption(tenant())
    .option("--now", "sign with it at once; whoever keeps the old keys refuses new links for a while")
    .option("--revoke", "at once, and end the old keys and their links, because one has become known")
    .action(async (options: { tenant?: string; now?: boolean; revoke?: boolean }) =>
      (await import("./keys.ts")).rotateLinkKeyCommand(options),
    );

  program
    .command("demo")
    .description("the demonstration")
    .command("reset")
    .description("delete everything in the demonstration's database and create it anew")
    .option("-y, --yes", "do not ask")
    .action(async (options: { yes?: boolean }) => (await import("./demo.ts")).resetDemoCommand(options));
  program
    .command("doctor")
    .description("check what the server needs, and say what to mend")
    .action(async () => (await import("./doctor.ts")).doctorCommand());

  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const isRefusal = error instanceof StartError || error instanceof AppError;
    complain(
      isRefusal
        ? `${paint("red", "✗")} ${error.message}`
        : String(error instanceof Error ? error.stack : error),
    );
    process.exitCode = 1;
  }
}
