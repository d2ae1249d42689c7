import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Lists the project's workspaces, each after those it depends on.
 *
 * @returns {{ name: string, dir: string, path: string, manifest: Record<string, any>, needs: string[] }[]}
 */
export function listWorkspaces() {
  const patterns = readManifest(root).workspaces ?? [];
  const found = patterns.flatMap(expand).map((path) => {
    const dir = join(root, path);
    const manifest = readManifest(dir);
    return { name: manifest.name ?? path, dir, path, manifest };
  });
  const names = new Set(found.map(({ name }) => name));
  const needed = ({ dependencies, devDependencies, peerDependencies }) =>
    Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).filter((name) =>
      names.has(name),
    );
  return sort(found.map((workspace) => ({ ...workspace, needs: needed(workspace.manifest) })));
}

/** npm's patterns, of which we use two kinds: a directory, and all directories in one. */
function expand(pattern) {
  const paths = pattern.endsWith("/*")
    ? list(join(root, pattern.slice(0, -2))).map((name) => `${pattern.slice(0, -1)}${name}`)
    : [pattern];
  return paths.filter((path) => existsSync(join(root, path, "package.json")));
}

function list(dir) {
  return existsSync(dir) ? readdirSync(dir).sort() : [];
}

function readManifest(dir) {
  return JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
}

function sort(workspaces) {
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const sorted = new Set();
  const visit = (workspace, path) => {
    if (sorted.has(workspace) || path.includes(workspace)) return;
    for (const name of workspace.needs) visit(byName.get(name), [...path, workspace]);
    sorted.add(workspace);
  };
  for (const workspace of workspaces) visit(workspace, []);
  return [...sorted];
}
