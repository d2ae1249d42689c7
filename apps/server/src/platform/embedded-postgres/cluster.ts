import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { StartError } from "../start-error.ts";
import { asStartError, chownToAccount, type Placement } from "./placement.ts";
import { runProgram } from "./run-program.ts";

/** The role that owns everything in the cluster, and the one database that Tollgate uses. */
export const databaseRole = "tollgate";
export const databaseName = "tollgate";

type ClusterFiles = Placement & { programs: string; passwordPath: string };

/**
 * Makes sure that the cluster exists and answers the password of its role.
 *
 * A cluster is made beside its place and moved there when it is complete, so a crash in the middle leaves nothing
 * that looks like a database.
 */
export async function prepareCluster(
  files: ClusterFiles & { major: number; onProgress: (step: string) => void },
): Promise<string> {
  const { cluster, passwordPath } = files;
  removeUnfinished(cluster);
  if (!existsSync(join(cluster, "PG_VERSION"))) {
    refuseForeignFiles(cluster);
    files.onProgress("Creating the database");
    const password = writeNewPassword(passwordPath);
    await createCluster(files);
    return password;
  }

  const major = Number.parseInt(readFileSync(join(cluster, "PG_VERSION"), "utf8"), 10);
  if (major !== files.major) {
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${major} and this Tollgate brings PostgreSQL ${files.major}; dump it with the old version and restore it with the new one, or choose another TOLLGATE_DATA_DIR.`,
    );
  }
  return readPassword(passwordPath) ?? replacePassword(files);
}

async function createCluster({ account, cluster, programs, passwordPath }: ClusterFiles): Promise<void> {
  const unfinished = `${cluster}.unfinished-${process.pid}`;
  const passwordCopy = join(unfinished, "..", `${basename(unfinished)}.password`);
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    chownToAccount(account, unfinished);
    writeFileSync(passwordCopy, readFileSync(passwordPath), { mode: 0o600 });
    chownToAccount(account, passwordCopy);
    await runProgram(join(programs, "bin", "initdb"), {
      account,
      cwd: unfinished,
      args: [
        ["-D", unfinished, "-U", databaseRole, `--pwfile=${passwordCopy}`, "--auth=scram-sha-256"],
        ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        // The password is random and long: stretching it would only slow down every new connection.
        [
          "--no-instructions",
          "-c",
          "scram_iterations=32",
          "-c",
          "max_connections=100",
          "-c",
          "shared_buffers=128MB",
        ],
      ].flat(),
    });
    await runStatement(`CREATE DATABASE ${databaseName}`, { account, cluster: unfinished, programs });
    renameSync(unfinished, cluster);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw asStartError(error, cluster);
  } finally {
    rmSync(passwordCopy, { force: true });
  }
}

/** Without its password file a cluster is whole but closed. Whoever owns its files may open it again. */
async function replacePassword(files: ClusterFiles): Promise<string> {
  const password = randomBytes(24).toString("base64url");
  await runStatement(`ALTER ROLE ${databaseRole} PASSWORD '${password}'`, files);
  writePassword(files.passwordPath, password);
  return password;
}

function readPassword(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asStartError(error, path);
  }
}

function writeNewPassword(path: string): string {
  const password = randomBytes(24).toString("base64url");
  writePassword(path, password);
  return password;
}

function writePassword(path: string, password: string): void {
  try {
    writeFileSync(`${path}.new`, `${password}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw asStartError(error, dirname(path));
  }
}

/** Runs one statement without a server, in PostgreSQL's single-user mode. */
async function runStatement(
  statement: string,
  { account, cluster, programs }: Pick<ClusterFiles, "account" | "cluster" | "programs">,
): Promise<void> {
  await runProgram(join(programs, "bin", "postgres"), {
    account,
    cwd: cluster,
    args: [
      "--single",
      "-j",
      "-D",
      cluster,
      "-c",
      "exit_on_error=on",
      "-c",
      "log_checkpoints=off",
      "postgres",
    ],
    input: `${statement}\n`,
  });
}

function removeUnfinished(cluster: string): void {
  const parent = dirname(cluster);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(cluster)}.unfinished-`)) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function refuseForeignFiles(cluster: string): void {
  if (!existsSync(cluster) || readdirSync(cluster).length === 0) return;
  throw new StartError(
    `${cluster} holds files but no database; move them away or choose another TOLLGATE_DATA_DIR.`,
  );
}
