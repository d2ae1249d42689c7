import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { acyclic, isTest, rules } from "./boundary-rules.mjs";

const sources = /\.[cm]?[jt]sx?$/;
const skipped = new Set(["node_modules", "dist", "coverage"]);

/**
 * Compares every import in `apps` and `packages` under `root` with the rules.
 *
 * The parser is the one that Vite builds with. Checkers off the shelf lean on a TypeScript compiler written in
 * JavaScript, which ours no longer is, or on parsers that stumble over the language's newer statements.
 *
 * @param {string} root
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function checkBoundaries(root) {
  const { parseSync } = await import("vite");
  const packages = findPackages(root);
  const complaints = [];
  const edges = [];
  for (const from of ["apps", "packages"].flatMap((dir) => listSources(root, dir))) {
    const text = readFileSync(join(root, from), "utf8");
    const { module, errors } = parseSync(from, text);
    if (errors.length > 0) complaints.push(`cannot be read: ${from}: ${errors[0].message}`);
    for (const { specifier, typeOnly } of listImports(module, text)) {
      const to = resolve(root, from, specifier, packages);
      if (to === undefined) continue;
      if (to === null)
        complaints.push(`imports-resolve: ${from} → ${specifier} (an import that leads nowhere)`);
      else edges.push({ from, to, typeOnly });
    }
  }
  const own = edges.filter(({ from }) => !isTest(from));
  for (const edge of own) complaints.push(...judge(edge));
  complaints.push(...findCycles(own));
  const summary = `${edges.length} imports of our own, ${complaints.length} complaints`;
  return { ok: complaints.length === 0, output: [...new Set(complaints), summary].join("\n") };
}

function judge({ from, to, typeOnly }) {
  return rules
    .filter((rule) => {
      const match = rule.from.exec(from);
      if (!match || !rule.to.test(to) || (typeOnly && rule.typesAllowed)) return false;
      return !rule.except?.some((pattern) => new RegExp(pattern.replace("$1", match[1] ?? "")).test(to));
    })
    .map((rule) => `${rule.name}: ${from} → ${to} (${rule.why})`);
}

/** Walks the graph of folders from each of them, and tells of the first way back that it finds. */
function findCycles(edges) {
  const uses = new Map();
  for (const { from, to, typeOnly } of edges) {
    const [user, used] = [from, to].map((path) => acyclic.folder.exec(path)?.[1]);
    if (!user || !used || user === used || typeOnly) continue;
    uses.set(user, (uses.get(user) ?? new Map()).set(used, `${from} → ${to}`));
  }
  const done = new Set();
  const complaints = [];
  const visit = (folder, path) => {
    if (path.includes(folder)) {
      const cycle = [...path.slice(path.indexOf(folder)), folder];
      const imports = cycle.slice(1).map((next, index) => `\n    ${uses.get(cycle[index]).get(next)}`);
      complaints.push(`${acyclic.name}: ${cycle.join(" → ")}${imports.join("")}`);
      return;
    }
    if (done.has(folder)) return;
    for (const next of uses.get(folder)?.keys() ?? []) visit(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of uses.keys()) visit(folder, []);
  return complaints;
}

/** `import { type A }` without the outer `type` still loads the module, so it counts as more than a type. */
function listImports(module, text) {
  const statements = [
    ...module.staticImports,
    ...module.staticExports.flatMap(({ start, end, entries }) => {
      const request = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest;
      return request ? [{ start, end, moduleRequest: request }] : [];
    }),
  ];
  const found = statements.map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    typeOnly: /^(import|export)\s+type\b(?!\s+from\b|\s*,)/.test(text.slice(start, start + 40)),
  }));
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(["'])(.+)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal) found.push({ specifier: literal[2], typeOnly: false });
  }
  return found;
}

/** Answers the path of a file of ours; undefined for one that is not ours, null for one that does not exist. */
function resolve(root, from, specifier, packages) {
  if (!specifier.startsWith(".")) {
    const name = [...packages.keys()].find(
      (known) => specifier === known || specifier.startsWith(`${known}/`),
    );
    return name && `${packages.get(name)}${specifier.slice(name.length) || "/"}`;
  }
  // Bundlers accept a query, as in `./styles.css?inline`.
  const base = join(root, dirname(from), specifier.split("?")[0]);
  // A file that a build makes cannot be there before the build.
  if (base.split(sep).includes("dist")) return undefined;
  const candidates = ["", ".ts", ".tsx", ".d.ts", ".mjs", ".js"].map((ending) => `${base}${ending}`);
  const path = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  return path ? posix(relative(root, path)) : null;
}

function findPackages(root) {
  const dirs = ["apps", "packages", "apps/storefronts"].flatMap((parent) =>
    list(join(root, parent)).map(({ name }) => `${parent}/${name}`),
  );
  const manifests = dirs.filter((dir) => existsSync(join(root, dir, "package.json")));
  return new Map(
    manifests.map((dir) => [JSON.parse(readFileSync(join(root, dir, "package.json"), "utf8")).name, dir]),
  );
}

function listSources(root, dir) {
  return list(join(root, dir)).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listSources(root, path);
    return sources.test(entry.name) ? [path] : [];
  });
}

function list(dir) {
  return existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : [];
}

function posix(path) {
  return path.split(sep).join("/");
}
