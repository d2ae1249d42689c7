import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { publishedKeys, rotateSigningKeys } from "../../domains/oidc/index.ts";
import { signJwt, verifyJwt } from "../../domains/oidc/signing-keys.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const configuration = async (host?: string) =>
  (await (await server.fetch("/.well-known/openid-configuration", host ? { host } : {})).json()) as Record<
    string,
    string & string[]
  >;

const kids = async () =>
  ((await server.get<JSONWebKeySet>("/.well-known/jwks.json")).body.keys ?? []).map(({ kid }) => kid);

test("P-31: discovery names the request's host in every address", async () => {
  for (const host of ["127.0.0.1:4710", "login.daily.example"]) {
    const body = await configuration(host);
    const addresses = Object.entries(body).filter(([name]) => /(_endpoint|_uri)$/.test(name));
    expect(addresses.length).toBeGreaterThanOrEqual(6);
    for (const [name, url] of addresses) expect(new URL(String(url)).host, name).toBe(host);
    expect(body.response_modes_supported).toEqual(
      expect.arrayContaining(["query", "fragment", "form_post", "web_message"]),
    );
    expect(body.code_challenge_methods_supported).toEqual(["S256"]);
    expect(body.id_token_signing_alg_values_supported).toEqual(["RS256"]);
  }
});

test("P-32: the issuer is the request's origin with a slash, also behind something that ends TLS", async () => {
  expect((await configuration("127.0.0.1:4710")).issuer).toBe("http://127.0.0.1:4710/");
  await using published = await startTestServer({ env: { TOLLGATE_BASE_URL: "https://pay.daily.example" } });
  const read = async (host: string) =>
    (
      (await (await published.fetch(`http://${host}/.well-known/openid-configuration`)).json()) as {
        issuer: string;
      }
    ).issuer;
  expect(await read("login.daily.example")).toBe("https://login.daily.example/");
  expect(await read("127.0.0.1:4710")).toBe("http://127.0.0.1:4710/");
});

test("P-33: the keys are public RS256 keys that any page may read and any cache may keep", async () => {
  const response = await server.fetch("/.well-known/jwks.json");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("cache-control")).toBe("public, max-age=300, stale-while-revalidate=600");
  const { keys } = (await response.json()) as JSONWebKeySet;
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
    expect(key).toMatchObject({ kty: "RSA", alg: "RS256", use: "sig" });
  }
});

test("a rotation lets a key sign that was published before, and keeps the old one until its tokens are over", async () => {
  const before = await kids();
  const seconds = Math.floor(server.clock.now().getTime() / 1000);
  const old = await signJwt(server.deps, "at+jwt", { sub: "a", iat: seconds, exp: seconds + 3600 });
  await rotateSigningKeys(server.deps);
  const after = await kids();
  expect(after).toHaveLength(3);
  expect(after).toEqual(expect.arrayContaining(before));
  const fresh = await signJwt(server.deps, "at+jwt", { sub: "a", iat: seconds, exp: seconds + 3600 });
  const kidOf = (token: string) =>
    (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string }).kid;
  expect(kidOf(fresh)).not.toBe(kidOf(old));
  expect(before).toContain(kidOf(fresh));
  expect(await verifyJwt(server.deps, "at+jwt", old)).not.toBeNull();
  expect(createLocalJWKSet({ keys: await publishedKeys(server.deps) })).toBeDefined();

  server.clock.advance({ days: 4 });
  await server.settle();
  expect(await kids()).not.toContain(kidOf(old));
});

test("a key that has signed for 90 days is followed by the announced one without anybody's doing", async () => {
  const before = await kids();
  server.clock.advance({ days: 91 });
  await server.settle();
  const after = await kids();
  expect(after[0]).toBe(before[1]);
});

test("two processes that start at once agree on one key", async () => {
  await using fresh = await startTestServer();
  await Promise.all(Array.from({ length: 4 }, () => publishedKeys(fresh.deps)));
  expect(await publishedKeys(fresh.deps)).toHaveLength(2);
});
