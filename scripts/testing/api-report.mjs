// The public API of every published package, as its declarations state it, in `packages/<name>/api-report.md`. A change
// there is a change for users, so the test run fails until the report has been renewed and looked at:
//
//   npm run api              renews the reports (build first: npm test does)
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../setup/paths.mjs";
import { publishedPackages } from "./packed.mjs";

/** @returns {Promise<{ ok: boolean, output: string }>} */
export async function checkApiReports() {
  const complaints = [];
  for (const { name, dir, manifest } of publishedPackages()) {
    const file = join(dir, "api-report.md");
    const now = await reportOf(dir, manifest);
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (now === before) continue;
    complaints.push(
      `the public API of ${name} is not what ${relative(root, file)} says. Was it meant? Then: npm run api`,
      ...difference(before, now),
    );
  }
  return { ok: complaints.length === 0, output: complaints.join("\n") };
}

export async function writeApiReports() {
  for (const { dir, manifest } of publishedPackages())
    writeFileSync(join(dir, "api-report.md"), await reportOf(dir, manifest));
}

/** A line is new or gone as often as it occurs more or less; enough to see what has happened. */
function difference(before, now) {
  const counts = new Map();
  for (const line of now.split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of before.split("\n")) counts.set(line, (counts.get(line) ?? 0) - 1);
  const changed = [...counts].filter(([line, count]) => count !== 0 && line.trim() !== "");
  return changed.slice(0, 40).map(([line, count]) => `  ${count > 0 ? "+" : "-"} ${line}`);
}

/** The report of one package: its entries, then what they lean on without exporting it. */
export async function reportOf(dir, manifest) {
  const { parseSync } = await import("vite");
  const modules = new Map();
  const load = (file) => {
    if (!modules.has(file)) modules.set(file, readModule(parseSync, join(dir, file)));
    return modules.get(file);
  };

  /** Where a name of a file is declared: `{ file, name }`, or null when another package declares it. */
  const resolve = (file, name) => {
    const { declared, imported, stars } = load(file);
    if (declared.has(name)) return { file, name };
    const from = imported.get(name);
    if (from) return from.path.startsWith(".") ? resolve(target(file, from.path), from.name) : null;
    for (const path of stars) {
      const found = path.startsWith(".") && resolve(target(file, path), name);
      if (found) return found;
    }
    return null;
  };
  const namesOf = (file) => {
    const { exported, stars } = load(file);
    const inner = stars.filter((path) => path.startsWith(".")).flatMap((path) => namesOf(target(file, path)));
    return [...new Set([...exported.keys(), ...inner])];
  };

  const lines = [
    `# API report: ${manifest.name}`,
    "",
    "What users of this package can see. Written by `npm run api`; the test run fails when it is no longer true.",
  ];
  const home = new Map();
  const texts = [];
  // The root repeats the others, so it comes last and every declaration stands where it belongs.
  const entries = Object.entries(manifest.exports);
  entries.sort(([a], [b]) => Number(a === ".") - Number(b === "."));
  for (const [path, conditions] of entries) {
    const types = conditions?.import?.types;
    if (!types) continue;
    const entry = posix.join(manifest.name, path);
    const file = posix.normalize(types);
    const own = [];
    const seenBefore = new Map();
    for (const name of namesOf(file).sort()) {
      const inner = load(file).exported.get(name) ?? name;
      const found = resolve(file, inner);
      const key = found ? `${found.file}#${found.name}` : null;
      const earlier = key && home.get(key);
      if (earlier) seenBefore.set(earlier, [...(seenBefore.get(earlier) ?? []), name]);
      else if (key) {
        home.set(key, entry);
        own.push(found);
      } else own.push({ text: `export { ${name} }; // of another package` });
    }
    texts.push({ entry, own, seenBefore });
  }
  const leaned = new Map();
  const queue = texts.flatMap(({ own }) => own.filter(({ file }) => file));
  for (let it = queue.pop(); it; it = queue.pop()) {
    for (const name of load(it.file).declared.get(it.name).uses) {
      const found = resolve(it.file, name);
      const key = found && `${found.file}#${found.name}`;
      if (!found || home.has(key) || leaned.has(key)) continue;
      leaned.set(key, found);
      queue.push(found);
    }
  }
  const textOf = ({ file, name, text }) => text ?? load(file).declared.get(name).text;
  for (const { entry, own, seenBefore } of texts) {
    lines.push("", `## ${entry}`, "");
    for (const [earlier, names] of seenBefore) lines.push(`As in \`${earlier}\`: ${names.join(", ")}.`, "");
    if (own.length > 0) lines.push("```ts", own.map(textOf).join("\n\n"), "```");
  }
  if (leaned.size > 0) {
    const sorted = [...leaned.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    lines.push("", "## Not exported, but part of what is", "", "```ts");
    lines.push(sorted.map(textOf).join("\n\n"), "```");
  }
  return `${lines.join("\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
}

/** The declaration file that a relative import of a declaration file means. */
const target = (file, path) => posix.join(dirname(file), path.replace(/\.js$/, ".d.ts"));

function readModule(parseSync, path) {
  const source = readFileSync(path, "utf8");
  const { program, comments } = parseSync(path, source);
  const declared = new Map();
  const imported = new Map();
  const exported = new Map();
  const stars = [];
  const textOf = ({ start, end }) => {
    let text = "";
    let at = start;
    for (const comment of comments) {
      if (comment.start < at || comment.end > end) continue;
      text += source.slice(at, comment.start);
      at = comment.end;
    }
    return (text + source.slice(at, end)).replaceAll(/[ \t]+$/gm, "").replaceAll(/\n{2,}/g, "\n");
  };
  const declare = (node, outer) => {
    const names = node.declarations ? node.declarations.map(({ id }) => id.name) : [node.id.name];
    const text = textOf(outer)
      .replace(/^export /, "")
      .replace(/^declare /, "");
    for (const name of names) {
      const more = declared.get(name);
      declared.set(name, { text: more ? `${more.text}\n${text}` : text, uses: [] });
    }
    return names;
  };
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      for (const { local, imported: from } of node.specifiers)
        imported.set(local.name, { path: node.source.value, name: from?.name ?? "default" });
    } else if (node.type === "ExportAllDeclaration") {
      stars.push(node.source.value);
    } else if (node.type === "ExportNamedDeclaration" && node.declaration) {
      for (const name of declare(node.declaration, node)) exported.set(name, name);
    } else if (node.type === "ExportNamedDeclaration") {
      for (const { local, exported: as } of node.specifiers) {
        exported.set(as.name, local.name);
        if (node.source) imported.set(local.name, { path: node.source.value, name: local.name });
      }
    } else if (node.id || node.declarations) declare(node, node);
  }
  const known = new Set([...declared.keys(), ...imported.keys()]);
  for (const [name, it] of declared)
    it.uses = [...new Set(it.text.match(/[A-Za-z_$][\w$]*/g))].filter(
      (word) => word !== name && known.has(word),
    );
  return { declared, imported, exported, stars };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeApiReports();
