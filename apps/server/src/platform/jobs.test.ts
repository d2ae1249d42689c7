import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createJobs } from "./jobs.ts";
import { createLog } from "./log.ts";

test("a loop whose turn comes while runAllDue runs its job goes on afterwards", async () => {
  let runs = 0;
  let hold: Promise<void> | null = null;
  const jobs = createJobs(
    [
      {
        name: "work",
        everyMs: 5,
        async run() {
          runs += 1;
          await hold;
          return 0;
        },
      },
    ],
    createLog("silent"),
  );
  jobs.start();
  await expect.poll(() => runs).toBeGreaterThan(0);
  let release = () => {};
  hold = new Promise((resolve) => {
    release = resolve;
  });
  const all = jobs.runAllDue();
  // Several of the loop's turns come and go while the job is held.
  await sleep(50);
  hold = null;
  release();
  await all;
  const before = runs;
  await expect.poll(() => runs).toBeGreaterThan(before + 2);
  await jobs.stop();
});

test("work that is announced while runAllDue runs the job is not forgotten", async () => {
  const due: string[] = [];
  const done: string[] = [];
  const job = {
    name: "work",
    everyMs: 60_000,
    async run() {
      const batch = due.splice(0);
      await sleep(20);
      done.push(...batch);
      return batch.length;
    },
  };
  const jobs = createJobs([job], createLog("silent"));
  jobs.start();
  const all = jobs.runAllDue();
  await sleep(5);
  due.push("late");
  jobs.wake("work");
  await all;
  await expect.poll(() => done).toEqual(["late"]);
  await jobs.stop();
});
