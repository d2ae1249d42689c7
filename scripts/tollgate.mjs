// `npm run tollgate -- <command>`: the `tollgate` command, on a project that is made ready first.
import { prepare } from "./setup/prepare.mjs";

await prepare();
await import("../apps/server/src/cli/main.ts");
