// Starting on an existing data directory, until the first answered request. Budget: 1.5 s, and 130 MB when idle.
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "../e2e/server-process.ts";
import { residentMegabytes, verdict } from "./kit.ts";

const BUDGET_MS = 1500;
await using server = await ServerProcess.start();
const times: number[] = [];
for (let round = 0; round < 5; round += 1) {
  await server.end("SIGTERM");
  times.push(await server.launch());
}
times.sort((a, b) => a - b);
await sleep(3000);
console.log(
  `second start: median ${times[2]!.toFixed(0)} ms (min ${times[0]!.toFixed(0)}, max ${times[4]!.toFixed(0)}); ` +
    `idle memory ${residentMegabytes(server.pid).toFixed(0)} MB (budget 130)`,
);
verdict("second start against 1.5 s", times[2]! / BUDGET_MS, { atMost: 1 });
