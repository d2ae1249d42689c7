import { spawn } from "node:child_process";
import { StartError } from "../start-error.ts";
import type { DatabaseAccount } from "./database-account.ts";

/** The environment of PostgreSQL's programs: none of ours, so that neither secrets nor PG* variables reach them. */
export const programEnvironment = { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" };

/**
 * Runs one of PostgreSQL's programs to its end.
 *
 * @throws StartError with the program's own last complaint when it fails.
 */
export function runProgram(
  program: string,
  options: { account: DatabaseAccount; cwd: string; args: string[]; input?: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options.args, {
      ...options.account,
      cwd: options.cwd,
      env: programEnvironment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-20_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.stdin.on("error", () => {
      // The exit code says more than the broken pipe.
    });
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => reject(explainSpawnFailure(error, program)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(explainOutput(output, program))));
  });
}

/** What a failure to execute one of the programs means. */
export function explainSpawnFailure(error: NodeJS.ErrnoException, program: string): StartError {
  const reason =
    error.code === "ENOENT"
      ? "this system lacks the C library that it was built for; set DATABASE_URL to a PostgreSQL of your own"
      : `${error.code ?? error.message}; set DATABASE_URL to a PostgreSQL of your own if this cannot be allowed`;
  return new StartError(`The built-in PostgreSQL (${program}) cannot be executed: ${reason}.`, {
    cause: error,
  });
}

/** Finds the sentence in PostgreSQL's output that says why it gave up. */
export function explainOutput(output: string, program: string): StartError {
  if (output.includes("No space left on device")) {
    return new StartError("There is no space left on the disk for the database; make room and start again.");
  }
  const complaint = output
    .split("\n")
    .findLast((line) => /\b(FATAL|PANIC|ERROR|error|could not)\b/.test(line))
    ?.replace(/^.*?\b(FATAL|PANIC|ERROR|error):\s*/, "")
    .trim();
  const name = program.split("/").at(-1);
  return new StartError(
    `The built-in PostgreSQL could not start (${name}): ${complaint ?? "it gave no reason"}.`,
  );
}
