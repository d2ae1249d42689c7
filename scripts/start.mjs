// `npm start`: makes the project ready on whatever Node there is, then becomes the server.
import { prepare } from "./setup/prepare.mjs";

const began = performance.now();
await prepare();
if (process.env.TOLLGATE_TIMING)
  process.stderr.write(`Set-up took ${Math.round(performance.now() - began)} ms\n`);
// In this process: signals reach the server as they are, and nothing is started twice.
await import("../apps/server/src/main.ts");
