import type { Log } from "./log.ts";

/**
 * Work that falls due. What is due, and when, is always a row in a domain's table (a contract's next
 * bill, a delivery's next try), claimed with SKIP LOCKED, so any node may run any job and a crash loses
 * nothing. docs/decisions/0002 says why this is not a job queue.
 */
export type Job = {
  name: string;
  /** Milliseconds between looks when nothing wakes the job earlier. */
  everyMs: number;
  /** Does one batch of what is due and returns how many rows it settled; 0 means nothing is left. */
  run(): Promise<number>;
  /** Finishes work that outlives a run, when the process stops. */
  drain?(): Promise<void>;
};

/** The jobs of this process. */
export interface Jobs {
  start(): void;
  /** Looks now instead of at the next interval; used after a commit that made something due. */
  wake(name: string): void;
  /** Runs every job until none finds anything; for `/dev/clock` and tests. */
  runAllDue(): Promise<void>;
  /** Finishes what is in flight and starts nothing new. */
  stop(): Promise<void>;
}

const MAX_ROUNDS = 10_000;

export function createJobs(jobs: Job[], log: Log): Jobs {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<number>>();
  const wokenWhileRunning = new Set<string>();
  let stopped = true;

  const byName = new Map(jobs.map((job) => [job.name, job]));

  function runOnce(job: Job): Promise<number> {
    const current = job.run().finally(() => running.delete(job.name));
    running.set(job.name, current);
    return current;
  }

  async function loop(job: Job): Promise<void> {
    if (stopped) return;
    const elsewhere = running.get(job.name);
    if (elsewhere) {
      // `runAllDue` runs it at the moment; the loop goes on after that.
      const goOn = () => {
        if (!stopped) schedule(job, 0);
      };
      elsewhere.then(goOn, goOn);
      return;
    }
    let settled = 0;
    try {
      settled = await runOnce(job);
    } catch (error) {
      log.error({ job: job.name, err: error }, "job failed; it will be tried again");
    }
    if (stopped) return;
    const again = settled > 0 || wokenWhileRunning.delete(job.name);
    schedule(job, again ? 0 : job.everyMs);
  }

  function schedule(job: Job, inMs: number): void {
    clearTimeout(timers.get(job.name));
    timers.set(
      job.name,
      setTimeout(() => void loop(job), inMs),
    );
  }

  return {
    start() {
      stopped = false;
      for (const job of jobs) schedule(job, Math.min(50, job.everyMs));
    },
    wake(name) {
      const job = byName.get(name);
      if (!job || stopped) return;
      if (running.has(name)) wokenWhileRunning.add(name);
      else schedule(job, 0);
    },
    async runAllDue() {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        let settled = 0;
        for (const job of jobs) {
          await running.get(job.name)?.catch(() => 0);
          settled += await runOnce(job);
        }
        if (settled === 0) return;
      }
      throw new Error("jobs never came to rest");
    },
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.allSettled(running.values());
      await Promise.allSettled(jobs.map((job) => job.drain?.()));
    },
  };
}
