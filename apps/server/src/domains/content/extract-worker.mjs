// Runs in a thread of its own, because a page and a selector that strangers wrote may take for ever. Plain JavaScript:
// an installed package's threads cannot load TypeScript.
import { parentPort } from "node:worker_threads";
import { compile, selectOne } from "css-select";
import { parse, serialize } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";

const options = { treeAdapter: adapter };

/** @param {{ html: string, selector: string | null }} job */
function extract({ html, selector }) {
  let query;
  try {
    query = compile(selector ?? "body");
  } catch {
    return { outcome: "bad_selector" };
  }
  const found = selectOne(query, parse(html, options));
  return found === null ? { outcome: "not_found" } : { outcome: "found", html: serialize(found, options) };
}

parentPort?.on("message", (job) => {
  let result;
  try {
    result = extract(job);
  } catch {
    // Nested deeper than anybody writes by hand.
    result = { outcome: "too_complex" };
  }
  parentPort?.postMessage(result);
});
parentPort?.postMessage("ready");
