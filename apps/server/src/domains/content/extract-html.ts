import { Worker } from "node:worker_threads";
import { AppError } from "../../platform/errors.ts";

export type Extracted =
  | { outcome: "found"; html: string }
  /** `too_complex`: it took too long, or too much memory. */
  | { outcome: "not_found" | "bad_selector" | "too_complex" };

type Job = { html: string; selector: string | null; done: (result: Extracted) => void };

export type Extractor = {
  /**
   * Inner HTML of the first element that matches, as a browser would parse the page; of its body without a selector.
   * @throws `busy` (503) when too many wait already
   */
  extract(html: string, selector: string | null): Promise<Extracted>;
};

const JOB_MS = 2000;
const IDLE_MS = 30_000;
const MAX_WAITING = 50;
const MAX_HEAP_MB = 256;

/**
 * One thread that parses pages, one at a time; it is started when it is needed and ended when it is not, or when a page
 * or a selector keeps it longer than `jobMs`.
 */
export function createExtractor(jobMs = JOB_MS): Extractor {
  const waiting: Job[] = [];
  let thread: { worker: Worker; ready: boolean; job: Job | null; timer?: NodeJS.Timeout } | null = null;

  function start(): void {
    const worker = new Worker(new URL("./extract-worker.mjs", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const mine = {
      worker,
      ready: false,
      job: null as Job | null,
      timer: undefined as NodeJS.Timeout | undefined,
    };
    thread = mine;
    worker.on("message", (message: Extracted | "ready") => {
      if (thread !== mine) return;
      clearTimeout(mine.timer);
      if (message === "ready") mine.ready = true;
      else mine.job?.done(message);
      mine.job = null;
      next();
    });
    worker.on("error", () => end(mine));
    worker.on("exit", () => end(mine));
    // After the listeners, which would have the process wait for it again.
    worker.unref();
  }

  function end(old: NonNullable<typeof thread>): void {
    clearTimeout(old.timer);
    old.job?.done({ outcome: "too_complex" });
    old.job = null;
    if (thread !== old) return;
    thread = null;
    void old.worker.terminate();
    // A thread that cannot even start must not be started for ever.
    if (old.ready) next();
    else for (const job of waiting.splice(0)) job.done({ outcome: "too_complex" });
  }

  function next(): void {
    if (!thread) {
      if (waiting.length > 0) start();
      return;
    }
    const current = thread;
    if (!current.ready || current.job) return;
    const job = waiting.shift();
    current.job = job ?? null;
    current.timer = setTimeout(() => end(current), job ? jobMs : IDLE_MS);
    if (job) current.worker.postMessage({ html: job.html, selector: job.selector });
    else current.timer.unref();
  }

  return {
    extract(html, selector) {
      if (waiting.length >= MAX_WAITING) {
        throw new AppError("busy", 503, "Too many pages are being read. Please try again.", {
          retryAfterSeconds: 2,
        });
      }
      return new Promise((done) => {
        waiting.push({ html, selector, done });
        next();
      });
    },
  };
}
