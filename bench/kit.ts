import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

export type Load = {
  url: string;
  headers?: Record<string, string>;
  /** Sent one after the other, again and again, where one would not do. */
  requests?: { method?: "GET" | "POST"; headers?: Record<string, string>; body?: string }[];
  connections?: number;
  seconds?: number;
};
export type Measured = { requestsPerSecond: number; cpuMicrosPerRequest: number; errors: number };

/** Drives one URL for some seconds and reads the server process's own CPU time beside it. */
export async function measure(pid: number, load: Load): Promise<Measured> {
  const options = {
    url: load.url,
    headers: load.headers,
    connections: load.connections ?? 32,
    ...(load.requests && { requests: load.requests }),
  };
  await autocannon({ ...options, duration: 1 });
  const before = cpuMicros(pid);
  const result = await autocannon({ ...options, duration: load.seconds ?? 4 });
  const cpu = cpuMicros(pid) - before;
  const answered = result["2xx"];
  return {
    requestsPerSecond: result.requests.average,
    cpuMicrosPerRequest: cpu / Math.max(1, answered),
    errors: result.errors + result.non2xx,
  };
}

/** Runs A and B in turn and keeps each one's median, so that a machine whose speed drifts treats both alike. */
export async function inTurn(
  rounds: number,
  a: () => Promise<Measured>,
  b: () => Promise<Measured>,
): Promise<{ a: Measured; b: Measured }> {
  const results: { a: Measured; b: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) results.push({ a: await a(), b: await b() });
  const middle = (pick: (r: { a: Measured; b: Measured }) => number) =>
    results.map(pick).sort((x, y) => x - y)[Math.floor(rounds / 2)]!;
  const side = (name: "a" | "b"): Measured => ({
    requestsPerSecond: middle((r) => r[name].requestsPerSecond),
    cpuMicrosPerRequest: middle((r) => r[name].cpuMicrosPerRequest),
    errors: results.reduce((sum, r) => sum + r[name].errors, 0),
  });
  return { a: side("a"), b: side("b") };
}

const TICK_MICROS = 10_000; // Linux counts process time in hundredths of a second.

function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

/** Resident memory in MB. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** A peer: the bare program of that name in bench/peers, in a process of its own. */
export async function startPeer(
  name: string,
  args: string[],
): Promise<{ pid: number; url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = fileURLToPath(new URL(`./peers/${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", path, ...args],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return {
    pid: child.pid!,
    url: line.toString().trim(),
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    },
  };
}

/** The last line of a benchmark: what was compared, the ratio, and whether the budget holds. */
export function verdict(what: string, ratio: number, budget: { atLeast?: number; atMost?: number }): void {
  const holds =
    ratio >= (budget.atLeast ?? Number.NEGATIVE_INFINITY) &&
    ratio <= (budget.atMost ?? Number.POSITIVE_INFINITY);
  const limit = budget.atLeast === undefined ? `≤ ${budget.atMost}` : `≥ ${budget.atLeast}`;
  console.log(`${what}: ratio ${ratio.toFixed(2)} (budget ${limit}) ${holds ? "holds" : "MISSED"}`);
  if (!holds) process.exitCode = 1;
}
