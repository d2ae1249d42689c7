import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** `from "./x.ts"`, `import("./x.ts")` and `import "./x.ts"`; their second group is the path without its extension. */
const RELATIVE = /((?:from|import)\s*\(?\s*)"(\.{1,2}\/[^"]+?)\.(?:tsx?|js)"/g;

/**
 * Copies what can be reached from the entries, once for each module system. The compiler keeps `.ts` in the imports of
 * declarations, which nobody outside can follow; here they name the file beside them that is really there.
 *
 * @param {{ emitted: string, dist: string, entries: string[] }} options paths of entries without extension
 */
export function publishDeclarations({ emitted, dist, entries }) {
  const seen = new Set();
  const queue = [...entries];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const file = join(emitted, `${name}.d.ts`);
    if (!existsSync(file)) throw new Error(`a declaration refers to ${name}, which was not emitted`);
    const text = readFileSync(file, "utf8");
    for (const [, , path] of text.matchAll(RELATIVE)) queue.push(posix.join(posix.dirname(name), path));
    const left = text.replace(RELATIVE, "").match(/(?:from|import)\s*\(?\s*"(\.[^"]*)"/);
    if (left) throw new Error(`${name}.d.ts imports ${left[1]}, which is not a script`);

    const out = join(dist, name);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(`${out}.d.ts`, text.replace(RELATIVE, '$1"$2.js"'));
    writeFileSync(`${out}.d.cts`, text.replace(RELATIVE, '$1"$2.cjs"'));
  }
}
