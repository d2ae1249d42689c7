// The published packages as npm would send them, and a small project that has them installed. Both are kept under
// `.tollgate/packed` by the hash of the tarballs, so that the checks, the tests and the documentation share one of each.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, setupDir } from "../setup/paths.mjs";
import { npmCommand, run } from "../setup/run.mjs";
import { listWorkspaces } from "../setup/workspaces.mjs";

const shelf = join(setupDir, "packed");
/** What consumers in the tests use beside our packages and what those ask for. */
const besides = ["react", "react-dom", "@types/react", "@types/react-dom", "@types/node"];

/** Packages that npm users get: built ones that are not private. Those without a build are used inside this repository only. */
export const publishedPackages = () =>
  listWorkspaces().filter(
    ({ path, manifest }) => path.startsWith("packages/") && !manifest.private && manifest.scripts?.build,
  );

/**
 * Packs every published package as it is built now.
 *
 * @returns {Promise<{ name: string, dir: string, manifest: Record<string, any>, tarball: string }[]>}
 */
export async function packAll() {
  mkdirSync(shelf, { recursive: true });
  const packed = [];
  for (const { name, dir, manifest } of publishedPackages()) {
    const work = mkdtempSync(join(shelf, "pack-"));
    try {
      const made = await run([...npmCommand(), "pack", "--ignore-scripts", "--pack-destination", work], {
        cwd: dir,
      });
      if (!made.ok) throw new Error(`${name} cannot be packed:\n${made.output}`);
      const [file] = readdirSync(work);
      const bytes = readFileSync(join(work, file));
      const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
      const tarball = join(shelf, file.replace(/\.tgz$/, `-${hash}.tgz`));
      renameSync(join(work, file), tarball);
      packed.push({ name, dir, manifest, tarball });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return packed;
}

/**
 * A project that has installed the packed packages, and whatever they depend on from this repository's own
 * `node_modules`: nothing is downloaded.
 *
 * @returns {Promise<string>} its directory; make new directories inside it for what you write
 */
export async function installPacked() {
  const packed = await packAll();
  const wanted = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const add = (name) => {
    const dir = join(root, "node_modules", name);
    if (wanted[name] || !existsSync(join(dir, "package.json"))) return;
    wanted[name] = `file:${dir}`;
    const { dependencies, version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    versions.push(`${name}@${version}`);
    for (const needed of Object.keys(dependencies ?? {})) add(needed);
  };
  const versions = [];
  for (const { manifest } of packed)
    for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) add(needed);
  for (const name of besides) add(name);

  const key = createHash("sha256")
    .update(JSON.stringify([wanted, versions]))
    .digest("hex")
    .slice(0, 12);
  const project = join(shelf, `project-${key}`);
  if (existsSync(project)) return project;

  const work = mkdtempSync(join(shelf, "install-"));
  writeFileSync(
    join(work, "package.json"),
    JSON.stringify({ name: "consumer", version: "1.0.0", private: true, dependencies: wanted }, null, 2),
  );
  const flags = ["--offline", "--install-links", "--ignore-scripts", "--no-audit", "--no-fund"];
  const made = await run([...npmCommand(), "install", ...flags], { cwd: work });
  if (!made.ok) {
    rmSync(work, { recursive: true, force: true });
    throw new Error(`the packed packages cannot be installed:\n${made.output}`);
  }
  forgetOthers(packed.map(({ tarball }) => tarball));
  // Whoever was faster has made the same.
  if (existsSync(project)) rmSync(work, { recursive: true, force: true });
  else renameSync(work, project);
  return project;
}

/** Earlier builds' tarballs and projects; those of the last hour may be in somebody's use. */
function forgetOthers(kept) {
  const hourAgo = Date.now() - 3_600_000;
  for (const entry of readdirSync(shelf, { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (kept.includes(path) || statSync(path).mtimeMs > hourAgo) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
