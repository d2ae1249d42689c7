import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "./paths.mjs";

/** A project with our scripts and next to nothing else: two workspaces that are built and a server that says hello. */
const files = {
  "package.json": '{"private":true,"type":"module","workspaces":["apps/storefronts/*","packages/*"]}',
  "packages/sdk/package.json":
    '{"name":"sdk","version":"1.0.0","scripts":{"build":"node ../../build.mjs sdk"}}',
  "packages/sdk/src/index.js": "export {};\n",
  "packages/protocol/package.json": '{"name":"protocol","version":"1.0.0"}',
  "apps/storefronts/shop/package.json":
    '{"name":"shop","version":"1.0.0","dependencies":{"sdk":"1.0.0"},"scripts":{"build":"node ../../../build.mjs shop"}}',
  "build.mjs":
    'import { appendFileSync, existsSync, mkdirSync } from "node:fs";\nappendFileSync(import.meta.dirname + "/built.log", process.argv[2] + "\\n");\nif (existsSync(import.meta.dirname + "/broken")) throw new Error("this build is broken");\nmkdirSync("dist", { recursive: true });\n',
  "apps/server/src/main.ts": 'const greeting: string = "the server runs";\nconsole.log(greeting);\n',
};

let project;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "tollgate-setup-"));
  cpSync(join(root, "scripts"), join(project, "scripts"), { recursive: true });
  for (const [path, text] of Object.entries(files)) write(path, text);
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

describe("a fresh clone", () => {
  test("installs, builds each workspace after those it needs, and becomes the server", () => {
    const { status, stdout, stderr } = start();

    expect(stdout).toContain("the server runs");
    expect(stderr).toContain("Installing packages …");
    expect(built()).toEqual(["sdk", "shop"]);
    expect(status).toBe(0);
  });

  test("that cannot reach the registry says so in one sentence and fails", () => {
    write("package.json", '{"private":true,"type":"module","workspaces":[],"dependencies":{"left":"1.0.0"}}');

    const { status, stderr, stdout } = start({
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_fetch_retries: "0",
    });

    expect(stderr).toContain(
      "✗ Installing the packages failed because the package registry cannot be reached; connect this machine to the network and try again.\n",
    );
    expect(stdout).not.toContain("the server runs");
    expect(status).toBe(1);
  });
});

describe("a later start", () => {
  beforeEach(() => {
    start();
    rmSync(join(project, "built.log"));
  });

  test("does nothing when nothing has changed", () => {
    const { stdout, stderr } = start();

    expect(stdout).toContain("the server runs");
    expect(stderr).toBe("");
    expect(built()).toEqual([]);
  });

  test("builds what has changed and what depends on it", () => {
    write("packages/sdk/src/index.js", "export const changed = true;\n");
    start();
    expect(built()).toEqual(["sdk", "shop"]);

    appendFileSync(join(project, "apps/storefronts/shop/package.json"), "\n");
    start();
    expect(built()).toEqual(["sdk", "shop", "shop"]);
  });

  test("builds again what was deleted", () => {
    rmSync(join(project, "packages/sdk/dist"), { recursive: true });

    start();

    expect(built()).toContain("sdk");
  });

  test("installs again when the lock file has changed", () => {
    appendFileSync(join(project, "package-lock.json"), "\n");

    expect(start().stderr).toContain("Installing packages: done");
  });
});

describe("a build that fails", () => {
  test("shows its own words and one sentence, starts nothing, and happens again next time", () => {
    write("broken", "");

    const { status, stdout, stderr } = start();

    expect(stderr).toContain("this build is broken");
    expect(stderr).toContain("✗ Building sdk failed; the lines above say why.\n");
    expect(stdout).not.toContain("the server runs");
    expect(status).toBe(1);

    rmSync(join(project, "broken"));
    expect(start().stdout).toContain("the server runs");
  });
});

describe.skipIf(process.platform === "win32")("a running server", () => {
  const lasting = `console.log("the server runs");
process.on("SIGTERM", () => { console.log("the server stops"); process.exit(0); });
setInterval(() => {}, 1000);
`;

  test("ends when npm is told to end, though the shell between them passes nothing on", async () => {
    write(
      "package.json",
      files["package.json"].replace("{", '{"scripts":{"start":"node scripts/start.mjs"},'),
    );
    write("apps/server/src/main.ts", lasting);
    const log = join(project, "server.log");
    const npm = spawn("/bin/sh", ["-c", `exec npm start >${log} 2>&1`], { cwd: project, env: environment() });
    await expect.poll(() => read(log), { timeout: 14_000 }).toContain("the server runs");

    npm.kill("SIGTERM");
    await once(npm, "exit");

    await expect.poll(() => read(log), { timeout: 5_000 }).toContain("the server stops");
  });
});

function start(env = {}) {
  return spawnSync(process.execPath, [join(project, "scripts", "start.mjs")], {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { ...environment(), ...env },
  });
}

/** As in a terminal: what the npm that runs these tests says about itself must not reach the npm under test. */
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|TOLLGATE_|VITEST)/.test(name));
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  return { ...Object.fromEntries(own), PATH: path, npm_config_update_notifier: "false" };
}

function built() {
  return read(join(project, "built.log")).split("\n").filter(Boolean);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function write(path, text) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}
