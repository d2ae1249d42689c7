import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, setupOf } from "../../../test/setup.ts";
import { authenticateOAuthClient, findOAuthClient } from "../tenants/index.ts";
import { parseSetup, planSetup, renderDiff } from "./index.ts";

const file = (slug: string, clients: string[]) =>
  `tenants:\n  - slug: ${slug}\n    name: ${slug}\n    clients:\n${clients.map((it) => `      - ${it}\n`).join("")}`;
const WEB = `{ clientId: north-web, kind: browser, origins: ["https://www.north.example", "http://localhost:3000"] }`;
const BACKEND = `{ clientId: north-backend, kind: machine, secret: a-secret-of-16-characters, scopes: ["paywall:read"] }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, file("north", [WEB, BACKEND]));
});
afterAll(() => server[Symbol.asyncDispose]());

test("clients are registered; applying the same file again changes nothing, with the secret or without it", async () => {
  expect(await findOAuthClient(server.deps.db, "north-web")).toMatchObject({
    kind: "browser",
    name: "north-web",
    origins: ["http://localhost:3000", "https://www.north.example"],
  });
  expect(
    await authenticateOAuthClient(server.deps.db, "north-backend", "a-secret-of-16-characters"),
  ).toMatchObject({ scopes: ["paywall:read"] });
  const silent = BACKEND.replace("secret: a-secret-of-16-characters, ", "");
  for (const clients of [
    [WEB, BACKEND],
    [WEB, silent],
  ]) {
    expect(await planSetup(server.deps.db, server.deps, setupOf(file("north", clients)))).toEqual([]);
  }
});

test("a new secret replaces the old one and is shown to nobody; a client that the file drops is switched off", async () => {
  const renewed = file("north", [BACKEND.replace("a-secret-of-16", "another-one-of-24")]);
  const diff = renderDiff(await planSetup(server.deps.db, server.deps, setupOf(renewed)));
  expect(diff).toContain("(secret)");
  expect(diff).not.toContain("sha256");
  await applyYaml(server, renewed);
  const authenticate = (secret: string) => authenticateOAuthClient(server.deps.db, "north-backend", secret);
  expect(await authenticate("a-secret-of-16-characters")).toBeNull();
  expect(await authenticate("another-one-of-24-characters")).not.toBeNull();
  expect(await findOAuthClient(server.deps.db, "north-web")).toBeNull();
});

test("another tenant's name is refused, as is a back end without a secret", async () => {
  await expect(applyYaml(server, file("south", [WEB]))).rejects.toMatchObject({ code: "client_taken" });
  await expect(
    applyYaml(server, file("south", ["{ clientId: south-backend, kind: machine }"])),
  ).rejects.toMatchObject({ code: "secret_required" });
});

test("an origin with a path, in capitals, with a name in it or of another scheme is a typing mistake", () => {
  for (const origin of [
    "https://www.north.example/",
    "https://WWW.north.example",
    "https://a@www.north.example",
    "ftp://www.north.example",
    "*",
    "https://*.north.example/x",
  ]) {
    const parsed = parseSetup(file("north", [`{ clientId: a, kind: browser, origins: ["${origin}"] }`]));
    expect(parsed.ok, origin).toBe(false);
  }
});
