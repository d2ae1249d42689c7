import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyOf } from "../../apps/server/test/management.ts";
// @ts-expect-error: a plain script, without types
import { findPython } from "../../scripts/setup/python.mjs";
import { type Newsroom, openNewsroom } from "./newsroom.ts";

const root = new URL("../../", import.meta.url);
const directory = fileURLToPath(new URL("clients/python", root));
const python = (await findPython()) as string | null;
if (!python) process.stderr.write("  ! The Python client's tests are skipped: no Python 3.9 or later.\n");

let newsroom: Newsroom;
let environment: Record<string, string>;

beforeAll(async () => {
  if (!python) return;
  // Limits are in force: a key is worn out to see what the client makes of it.
  newsroom = await openNewsroom({ TOLLGATE_RATE_LIMIT_PER_MINUTE: "100000" });
  const { server, tenantId } = newsroom;
  const secretOf = async (scopes?: string[]) =>
    (await keyOf(server, tenantId, scopes)).authorization.replace("Bearer ", "");
  environment = {
    PYTHONPATH: "src",
    PYTHONDONTWRITEBYTECODE: "1",
    TOLLGATE_TEST_URL: server.origin.replace("localhost", "127.0.0.1"),
    TOLLGATE_TEST_KEY: await secretOf(),
    TOLLGATE_TEST_KEY_WITHOUT_SCOPE: await secretOf(["user:read"]),
    TOLLGATE_TEST_KEY_TO_WEAR_OUT: await secretOf(),
    TOLLGATE_TEST_PAYWALL: newsroom.paywallId,
    TOLLGATE_TEST_ANOTHERS_PAYWALL: (await server.sell()).paywallId,
  };
});
afterAll(() => newsroom?.[Symbol.asyncDispose]());

/** Runs one file of the client's own tests; what it printed is the message of a failure. */
const run = (file: string) =>
  runPython(["-W", "error::ResourceWarning", "-m", "unittest", "-v", `tests.${file}`]);

function runPython(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      python ?? "",
      args,
      { cwd: directory, env: { ...process.env, ...environment } },
      (error, _output, said) => resolve(error ? `FAILED\n${said}` : said),
    );
  });
}

describe.skipIf(!python)("the Python client", () => {
  test("J-152: its dicts have snake_case keys at every level", async () => {
    expect(await run("test_snake_case")).toMatch(/^OK$/m);
  });

  test("J-153, J-156, J-157, J-158: its cache, retries, timeouts and errors are as promised", async () => {
    expect(await run("test_client")).toMatch(/^OK$/m);
  });

  test("J-152, J-153, J-154, J-155: it reads a paywall from a running server, and refusals become its exceptions", async () => {
    expect(await run("test_server")).toMatch(/^OK$/m);
  });

  test("the documentation's examples are Python, and what they import is there", async () => {
    const pages = ["clients/python/README.md", "docs/clients/python.md"];
    const examples = pages.flatMap((page) =>
      [...readFileSync(new URL(page, root), "utf8").matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(
        ([, code]) => code,
      ),
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const code of examples) {
      const imports = code?.match(/^(from|import) .*$/gm) ?? [];
      const program = `import ast, sys\n${imports.join("\n")}\nast.parse(sys.argv[1])`;
      expect(await runPython(["-c", program, code ?? ""])).toBe("");
    }
  });
});
