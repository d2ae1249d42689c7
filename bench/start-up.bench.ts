// Starting on an existing data directory, from the start of the process to its first answer to /readyz, and the
// resident memory of the server process (PostgreSQL not included) after five idle seconds. Budgets: 1.5 s, 130 MB.
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "../e2e/server-process.ts";
import { residentMegabytes, verdict } from "./kit.ts";

const BUDGET_MS = 1500;
const BUDGET_MB = 130;
await using server = await ServerProcess.start();
const times: number[] = [];
for (let round = 0; round < 5; round += 1) {
  await server.end("SIGTERM");
  times.push(await server.launch());
}
times.sort((a, b) => a - b);
await sleep(5000);
const megabytes = residentMegabytes(server.pid);
console.log(
  `second start: median ${times[2]!.toFixed(0)} ms (min ${times[0]!.toFixed(0)}, max ${times[4]!.toFixed(0)}); ` +
    `idle memory ${megabytes.toFixed(0)} MB (budget ${BUDGET_MB})`,
);
verdict("second start against 1.5 s", times[2]! / BUDGET_MS, { atMost: 1 });
verdict("idle memory against 130 MB", megabytes / BUDGET_MB, { atMost: 1 });
