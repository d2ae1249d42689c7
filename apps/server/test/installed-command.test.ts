import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const server = resolve(import.meta.dirname, "..");
const repository = resolve(server, "../..");

let project: string;

/** Lays the packages out as npm does for somebody who installs `tollgate`: real directories in node_modules. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "tollgate-installed-"));
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "@tollgate"), { recursive: true });
  for (const from of [join(repository, "node_modules"), join(server, "node_modules")]) {
    for (const name of readdirSync(from)) {
      if (name.startsWith(".") || name === "tollgate" || name === "@tollgate") continue;
      rmSync(join(modules, name), { force: true });
      symlinkSync(join(from, name), join(modules, name));
    }
  }
  const withoutModules = (source: string) => !source.endsWith("node_modules");
  cpSync(server, join(modules, "tollgate"), { recursive: true, filter: withoutModules });
  cpSync(join(repository, "packages", "protocol"), join(modules, "@tollgate", "protocol"), {
    recursive: true,
    filter: withoutModules,
  });
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test("the installed command runs from its TypeScript sources, without a warning of the runtime", () => {
  const help = tollgate("--help");

  expect(help.stdout).toContain("Usage: tollgate");
  expect(help.stderr).toBe("");
  expect(help.status).toBe(0);
});

test("a broken DATABASE_URL gives the installed command one clear sentence and a non-zero exit", () => {
  const migrate = tollgate("migrate", { DATABASE_URL: "postgresql://nobody:secret@127.0.0.1:1/none" });

  expect(migrate.stderr.trim().split("\n")).toHaveLength(1);
  expect(migrate.stderr).toMatch(/database/i);
  expect(migrate.stderr).not.toContain("secret");
  expect(migrate.status).toBe(1);
});

function tollgate(command: string, env: Record<string, string> = {}) {
  const program = join(project, "node_modules", "tollgate", "bin", "tollgate.mjs");
  return spawnSync(process.execPath, [program, command], {
    cwd: project,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: project, TOLLGATE_SECRET: "a".repeat(43), ...env },
  });
}
