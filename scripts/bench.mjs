// `npm run bench`: runs every benchmark in turn and repeats their verdicts, which are their last lines, at the end.
//
//   npm run bench -- bootstrap    only those whose name contains that
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";
import { prepare } from "./setup/prepare.mjs";

await prepare();
const { run } = await import("./setup/run.mjs");

const dir = join(root, "bench");
const wanted = process.argv.slice(2);
const names = (existsSync(dir) ? readdirSync(dir) : [])
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();

const verdicts = [];
let failed = false;
for (const name of names) {
  process.stdout.write(`\n${name}\n`);
  const { ok, output } = await run(
    [process.execPath, "--disable-warning=ExperimentalWarning", join(dir, name)],
    {
      cwd: root,
      echo: true,
    },
  );
  failed ||= !ok;
  verdicts.push(`${ok ? "✓" : "✗"} ${name}: ${output.trimEnd().split("\n").at(-1)}`);
}
process.stdout.write(`\n${verdicts.join("\n") || "There is no such benchmark."}\n`);
process.exit(failed || names.length === 0 ? 1 : 0);
