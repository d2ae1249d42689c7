import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startTestServer, type TestServer } from "../../test/kit.ts";
import { createShop, type Shop } from "../../test/shop.ts";
import { vaultKey } from "../domains/signed-links/index.ts";
import { sql } from "../platform/database/index.ts";
import { runCommand } from "./run-command.ts";

let server: TestServer;
let shop: Shop;
let said = "";

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createShop(server);
  vi.stubEnv("DATABASE_URL", server.deps.config.databaseUrl);
  vi.stubEnv("TOLLGATE_SECRET", server.deps.config.secret);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  said = "";
});

/** Keys of signed links by what they are for, the newest first. */
const keysIn = async (state: string): Promise<string[]> => {
  const rows = await server.deps.db.query<{ id: string }>(sql`
    select id from signing_keys where tenant_id = ${shop.tenantId} and state = ${state} order by id desc`);
  return rows.map((row) => row.id);
};

test("an operator gives signed links a new key: announced, at once, or instead of one that has become known", async () => {
  const { id: first } = await vaultKey(server.deps, shop.tenantId);
  const rotate = (...more: string[]) => runCommand(["keys", "rotate-links", "--tenant", shop.slug, ...more]);
  await rotate();
  expect([await keysIn("active"), await keysIn("next")]).toEqual([[first], [expect.any(String)]]);
  expect(said).toContain((await keysIn("next"))[0]);
  await rotate("--now");
  expect(await keysIn("verifying")).toEqual([first]);
  expect(said).toContain((await keysIn("active"))[0]);
  await rotate("--revoke");
  expect([await keysIn("verifying"), await keysIn("next"), (await keysIn("active")).length]).toEqual([
    [],
    [],
    1,
  ]);
  expect(await keysIn("retired")).toHaveLength(3);
});

test("the command asks whose key it is when there are several tenants, and changes nothing", async () => {
  const before = await keysIn("active");
  await runCommand(["keys", "rotate-links"]);
  expect(said).toContain("Which tenant?");
  await runCommand(["keys", "rotate-links", "--tenant", "nobody"]);
  expect(said).toContain('There is no tenant "nobody"');
  expect(await keysIn("active")).toEqual(before);
});

test("an operator makes a key that may do only some things, and no key for a scope that there is not", async () => {
  const create = (...scopes: string[]) =>
    runCommand(["keys", "create", "--tenant", shop.slug, "--name", "cms", "--scope", ...scopes]);
  await create("product:read", "product:write");
  expect(said).toContain("product:read, product:write");
  const { scopes } = await server.deps.db.one<{ scopes: string[] }>(sql`
    select scopes from api_keys where tenant_id = ${shop.tenantId} and name = 'cms'`);
  expect(scopes).toEqual(["product:read", "product:write"]);
  await create("products:everything");
  expect(said).toContain("There is no scope products:everything");
});
