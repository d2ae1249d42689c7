import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ServerProcess } from "./server-process.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Starts the server where it must refuse, and returns what it says and its exit code. */
function refusedStart(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "apps/server/src/main.ts"],
      {
        cwd: root,
        env: { ...process.env, LOG_LEVEL: "silent", DATABASE_URL: "", TOLLGATE_SECRET: "", ...env },
      },
    );
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
    });
    child.once("exit", (code) => resolve({ code, said: said.trim() }));
  });
}

function databaseIsRunning(dataDir: string): boolean {
  const path = join(dataDir, "postgres", "postmaster.pid");
  if (!existsSync(path)) return false;
  try {
    process.kill(Number.parseInt(readFileSync(path, "utf8"), 10), 0);
    return true;
  } catch {
    return false;
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends the server and its database cleanly, and the next start finds what was sold`, async () => {
    await using server = await ServerProcess.start();
    const { paywalls } = await server.demo();
    const price = paywalls.app.prices.find(({ interval }) => interval === "lifetime")!;
    await server.buy({ paywallId: paywalls.app.id, priceId: price.id, email: "kept@example.com" });
    expect(databaseIsRunning(server.dataDir)).toBe(true);

    expect(await server.end(signal)).toBe(0);
    expect(databaseIsRunning(server.dataDir)).toBe(false);

    await server.launch();
    const state = await server.json<{ has_active_subscription: boolean }>(
      `/api/v1/paywall/${paywalls.app.id}/user-state`,
      { headers: { "x-user-email": "kept@example.com" } },
    );
    expect(state.has_active_subscription).toBe(true);
  });
}

test("a request in flight is answered before the server goes", async () => {
  await using server = await ServerProcess.start();
  const slow = server.advanceClock("P3M");
  const { paywalls } = await server.demo();
  const answered = fetch(`${server.baseUrl}/api/v1/paywall/${paywalls.app.id}/bootstrap`).then(
    (r) => r.status,
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await server.end("SIGTERM")).toBe(0);
  expect(await answered).toBe(200);
  expect((await slow).now).toMatch(/^20/);
});

test("what stands in the way of a start is one sentence and a failing exit code", async () => {
  await using server = await ServerProcess.start();
  const elsewhere = mkdtempSync(join(tmpdir(), "tollgate-refused-"));
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, "0.0.0.0", resolve));
  const address = busy.address();
  const busyPort = typeof address === "object" && address ? String(address.port) : "";
  try {
    const cases: [string, Record<string, string>, RegExp][] = [
      [
        "data directory in use",
        { TOLLGATE_DATA_DIR: server.dataDir, PORT: "0" },
        /in use by another Tollgate/,
      ],
      ["port in use", { TOLLGATE_DATA_DIR: elsewhere, PORT: busyPort }, /Port \d+ is already in use/],
      [
        "no such database server",
        { DATABASE_URL: "postgres://u:hidden@127.0.0.1:1/x", TOLLGATE_SECRET: "s".repeat(40) },
        /nothing answers/,
      ],
      ["unusable settings", { PORT: "many" }, /PORT/],
      ["secret missing", { DATABASE_URL: "postgres://u:hidden@127.0.0.1:1/x" }, /TOLLGATE_SECRET is missing/],
    ];
    for (const [name, env, sentence] of cases) {
      const { code, said } = await refusedStart(env);
      expect(code, name).toBe(1);
      expect(said, name).toMatch(sentence);
      expect(said.split("\n"), name).toHaveLength(1);
      expect(said, name).not.toContain("hidden");
    }
  } finally {
    busy.close();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
