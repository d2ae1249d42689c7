import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
// @ts-expect-error: a plain script of the set-up, without types
import { explain } from "../../scripts/setup/failure.mjs";
// @ts-expect-error: a plain script of the set-up, without types
import { setupDir } from "../../scripts/setup/paths.mjs";

const PACKAGE = "@sesamy/sesamy-js";
export const PUBLISHED_VERSION = "1.74.0";
const INTEGRITY =
  "sha512-nreTd6zPWthUuwWiGI8HTR6BiuTUwxDhY0Y2TMZwcj4Z7g1x2OglPlN9gQJHyGlkWrofNsB75kJ9dYwWd4cLEw==";

const run = promisify(execFile);

/**
 * The published browser client as publishers load it: its global build, unpacked without being installed, because its
 * dependencies are bundled and those it lists do not resolve. The first test that needs it fetches it, and everybody
 * after that has it from the set-up directory.
 */
export async function publishedClient(): Promise<string> {
  const kept = join(setupDir as string, "published", `sesamy-js-${PUBLISHED_VERSION}`);
  const script = join(kept, "package/dist/sesamy-js.iife.js");
  const read = () => readFile(script, "utf8").catch(() => null);
  const there = await read();
  if (there !== null) return there;
  const building = `${kept}.${randomUUID()}`;
  try {
    await mkdir(building, { recursive: true });
    await fetchPackage(building);
    // Whoever comes second finds the directory taken, and what is in it is the same.
    await rename(building, kept).catch(() => undefined);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  const fetched = await read();
  if (fetched === null) throw new Error(`${PACKAGE} ${PUBLISHED_VERSION} has no ${script}`);
  return fetched;
}

async function fetchPackage(into: string): Promise<void> {
  try {
    await run("npm", ["pack", `${PACKAGE}@${PUBLISHED_VERSION}`, "--loglevel=error"], {
      cwd: into,
      timeout: 60_000,
    });
  } catch (error) {
    const output = (error as { stderr?: string }).stderr || String(error);
    throw explain(`Fetching the published browser client (${PACKAGE} ${PUBLISHED_VERSION})`, output) as Error;
  }
  const archive = (await readdir(into)).find((name) => name.endsWith(".tgz")) ?? "";
  const sum = createHash("sha512")
    .update(await readFile(join(into, archive)))
    .digest("base64");
  if (`sha512-${sum}` !== INTEGRITY)
    throw new Error(`${PACKAGE} ${PUBLISHED_VERSION} is not what was published`);
  await run("tar", ["xzf", archive], { cwd: into });
}
