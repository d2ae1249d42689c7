import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start-error.ts";
import type { DatabaseAccount } from "./database-account.ts";
import { asStartError } from "./placement.ts";
import { explainOutput, explainSpawnFailure, programEnvironment } from "./run-program.ts";
import { removeSocketDir } from "./socket-dir.ts";

const pollMillis = 10;
const startTimeoutMillis = 300_000;
const fastStopMillis = 30_000;
const immediateStopMillis = 5_000;
const survivorsPollMillis = 250;
const survivorsPatienceMillis = 10_000;

/** A running PostgreSQL of ours. */
export type Postmaster = {
  pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  exited: Promise<void>;
  /** Ends every connection, writes everything down and resolves when the process is gone. */
  stop(): Promise<void>;
};

export type PostmasterOptions = {
  account: DatabaseAccount;
  cluster: string;
  programs: string;
  logPath: string;
  settings: Record<string, string>;
};

/** What PostgreSQL writes about itself into the cluster while it runs. */
type PidFile = { pid: number; socketDir: string; ready: boolean };

/** Starts PostgreSQL and resolves when it accepts connections. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  for (let waited = 0; ; waited += survivorsPollMillis) {
    try {
      return await tryToStart(options);
    } catch (error) {
      // When only the head of an earlier PostgreSQL was killed, its other processes need a moment to notice.
      const survivorsRemain = error instanceof StartError && error.message.includes("is still in use");
      if (!survivorsRemain || waited >= survivorsPatienceMillis) throw error;
      await sleep(survivorsPollMillis);
    }
  }
}

async function tryToStart(options: PostmasterOptions): Promise<Postmaster> {
  const program = join(options.programs, "bin", "postgres");
  const log = openLog(options.logPath);
  const logStart = fstatSync(log).size;
  const args = ["-D", options.cluster];
  for (const [name, value] of Object.entries(options.settings)) args.push("-c", `${name}=${value}`);
  const child = spawn(program, args, {
    ...options.account,
    cwd: options.cluster,
    env: programEnvironment,
    stdio: ["ignore", log, log],
    // A session of its own: Ctrl-C reaches every process of a terminal, and only we decide when the database stops.
    detached: true,
  });
  closeSync(log);

  let failure: Error | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      failure = explainSpawnFailure(error, program);
      resolve();
    });
    child.once("exit", () => resolve());
  });
  const isGone = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;

  for (let waited = 0; !isReady(options.cluster, child); waited += pollMillis) {
    if (isGone()) {
      await exited;
      throw failure ?? explainOutput(readFrom(options.logPath, logStart), program);
    }
    if (waited > startTimeoutMillis) {
      child.kill("SIGQUIT");
      throw new StartError(
        `The built-in PostgreSQL did not become ready in five minutes; see ${options.logPath}.`,
      );
    }
    await Promise.race([sleep(pollMillis), exited]);
  }

  const pid = child.pid as number;
  const stopWatching = stopWhenWeAreGone(pid, options);
  return {
    pid,
    exited,
    async stop() {
      if (!isGone()) await stopProcess(pid, options, isGone);
      await exited;
      // Last, for we may be killed while we stop.
      stopWatching();
    },
  };
}

/**
 * Stops a PostgreSQL that a killed server left behind on this cluster, and removes what a dead one left.
 *
 * PostgreSQL itself takes any process that happens to have the recorded id for a running server, which in a container
 * is the rule rather than the exception. Call it only as the owner of the data directory.
 */
export async function stopOrphan(options: {
  cluster: string;
  programs: string;
  onProgress: (step: string) => void;
}): Promise<void> {
  const pidFile = readPidFile(options.cluster);
  if (!pidFile) return;
  const { pid, socketDir } = pidFile;
  if (isPostmasterOf(pid, options.cluster)) {
    options.onProgress("Stopping the database of a server that was killed");
    const isGone = () => !isPostmasterOf(pid, options.cluster);
    await stopProcess(pid, options, isGone);
  }
  rmSync(join(options.cluster, "postmaster.pid"), { force: true });
  removeSocketDir(socketDir);
}

/** Escalates from "finish what you are doing" to "stop at once"; either way the next start finds every commit. */
async function stopProcess(
  pid: number,
  { cluster, programs }: { cluster: string; programs: string },
  isGone: () => boolean,
): Promise<void> {
  for (const [signal, mode, patienceMillis] of [
    ["SIGINT", "fast", fastStopMillis],
    ["SIGQUIT", "immediate", immediateStopMillis],
    ["SIGKILL", "immediate", immediateStopMillis],
  ] as const) {
    if (process.platform === "win32") {
      // Windows knows no such signals; PostgreSQL's own tool speaks to the server another way.
      spawn(join(programs, "bin", "pg_ctl"), ["stop", "-W", "-m", mode, "-D", cluster], { stdio: "ignore" });
    } else {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
        throw new StartError(
          `A database that a killed server left behind (process ${pid}) belongs to another user; stop it first.`,
          { cause: error },
        );
      }
    }
    for (let waited = 0; waited < patienceMillis; waited += pollMillis) {
      if (isGone()) return;
      await sleep(pollMillis);
    }
  }
  if (!isGone())
    throw new StartError(`The database (process ${pid}) does not stop; stop it by hand and start again.`);
}

/**
 * Asks a shell to stop the database, and to remove its socket directory, should we die without a word. The shell waits
 * for the end of a pipe whose other end only we hold, so no way of dying escapes it. It is a courtesy: the next start
 * copes without it.
 *
 * @returns a function that sends the shell home.
 */
function stopWhenWeAreGone(pid: number, { account, settings }: PostmasterOptions): () => void {
  if (process.platform === "win32") return () => undefined;
  const socketDir = settings.unix_socket_directories ?? "";
  const script = `read -r word; [ "$word" = stopped ] && exit
    kill -INT "$1" && for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
      sleep 1; rmdir "$2" && exit
    done 2>/dev/null`;
  const watcher = spawn("/bin/sh", ["-c", script, "tollgate-database-watcher", String(pid), socketDir], {
    ...account,
    cwd: "/",
    env: programEnvironment,
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  watcher.unref();
  return () => {
    watcher.stdin.end("stopped\n");
  };
}

function isReady(cluster: string, child: ChildProcess): boolean {
  const pidFile = readPidFile(cluster);
  return pidFile !== undefined && pidFile.pid === child.pid && pidFile.ready;
}

function readPidFile(cluster: string): PidFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  return { pid: Number(lines[0]), socketDir: lines[4] ?? "", ready: (lines[7] ?? "").startsWith("ready") };
}

/** A process id alone proves nothing, since ids are used again: the process must also have been started on this cluster. */
function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = readCommand(pid);
  return command.includes("postgres") && command.includes(cluster);
}

function readCommand(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (process.platform === "win32") {
      const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
      return execFileSync("powershell", ["-NoProfile", "-Command", query], { encoding: "utf8" });
    }
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Opens the log for appending and keeps one earlier file, so that years of running do not fill a disk. */
function openLog(path: string): number {
  try {
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
    if (size > 10_000_000) renameSync(path, join(path, "..", `${basename(path, ".log")}.previous.log`));
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw asStartError(error, path);
  }
}

function readFrom(path: string, start: number): string {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(20_000);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, start));
  } finally {
    closeSync(file);
  }
}
