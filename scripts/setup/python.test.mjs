import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findPython } from "./python.mjs";

let directory;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tollgate-python-"));
  vi.stubEnv("PYTHON_PATH", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** A program that says yes or no when it is asked whether it is recent enough. */
function program(name, answers) {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\nexit ${answers ? 0 : 1}\n`, { mode: 0o755 });
  return path;
}

test("where no Python is on the path there is none, and one that is too old is none either", async () => {
  vi.stubEnv("PATH", directory);
  expect(await findPython()).toBeNull();
  program("python3", false);
  expect(await findPython()).toBeNull();
});

test("the first Python on the path that is recent enough is taken, whatever it is called", async () => {
  const later = mkdtempSync(join(directory, "later-"));
  vi.stubEnv("PATH", [directory, later].join(delimiter));
  program("python3", false);
  const python = program("python", true);
  expect(await findPython()).toBe(python);
});

test("PYTHON_PATH goes before the path", async () => {
  vi.stubEnv("PATH", directory);
  program("python3", true);
  const own = program("my-python", true);
  vi.stubEnv("PYTHON_PATH", own);
  expect(await findPython()).toBe(own);
});
