import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
// @ts-expect-error: a plain script, without types
import { installPacked } from "../../scripts/testing/packed.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A directory of a project that has installed our packages from their tarballs. */
export interface Consumer {
  dir: string;
  /** The project's `node_modules`. */
  modules: string;
  write(files: Record<string, string>): void;
  /** Runs a file with plain Node and parses what it prints. */
  node<T>(file: string, env?: Record<string, string>): Promise<T>;
  /** What the TypeScript compiler says about the directory with these options; empty when it is content. */
  complaints(options: Record<string, unknown>, files: string[]): Promise<string>;
}

/** For every test of a file: a consumer that knows nothing of this repository. The install is shared by all files. */
export function useConsumer(): Consumer {
  let dir = "";
  let project = "";
  beforeAll(async () => {
    project = (await installPacked()) as string;
    dir = mkdtempSync(join(project, "consumer-"));
  }, 120_000);
  afterAll(() => {
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  const run = (args: string[], env?: Record<string, string>) =>
    new Promise<{ ok: boolean; output: string; errors: string }>((resolve) => {
      execFile(
        process.execPath,
        args,
        { cwd: dir, env: { ...process.env, ...env } },
        (error, output, errors) => resolve({ ok: !error, output, errors }),
      );
    });

  return {
    get dir() {
      return dir;
    },
    get modules() {
      return join(project, "node_modules");
    },
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), text);
      }
    },
    async node(file, env) {
      const { ok, output, errors } = await run([file], env);
      if (!ok) throw new Error(`${file} failed:\n${errors}${output}`);
      return JSON.parse(output);
    },
    async complaints(options, files) {
      const config = join(dir, "tsconfig.json");
      const compilerOptions = { noEmit: true, strict: true, skipLibCheck: false, ...options };
      writeFileSync(config, JSON.stringify({ compilerOptions, files }));
      const { output } = await run([join(root, "node_modules/typescript/bin/tsc"), "-p", config]);
      return output.trim();
    },
  };
}
