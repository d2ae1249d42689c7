import fc from "fast-check";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { addSeconds } from "../../platform/clock.ts";
import {
  announceVaultKey,
  linkCovers,
  rotateVaultKey,
  signLink,
  signLinkToken,
  verifyLinkToken,
} from "./index.ts";
import { plainJson } from "./signed-link.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

type Published = { kid: string; kty: string; alg: string; use: string } & JSONWebKeySet;
const published = (path = "/vault-jwks.json", of = shop) =>
  server.get<Published>(`${path}?vendor=${of.slug}`);
const inAnHour = () => addSeconds(server.clock.now(), 3600);
const sign = (url = "https://daily.example/a", expiresAt = inAnHour(), of = shop) =>
  signLinkToken(server.deps, of.tenantId, { url, publisherContentId: "a", expiresAt }).then((it) => it.token);
const verify = (token: string, of = shop) => verifyLinkToken(server.deps, of.tenantId, token);

test("P-108: the published keys are one key and a set of keys, at both addresses", async () => {
  const { status, body, headers } = await published();
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("public, max-age=300, stale-while-revalidate=600");
  const { keys, ...key } = body;
  expect(Object.keys(key).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  expect(key).toMatchObject({ kty: "RSA", alg: "RS256", use: "sig" });
  expect(keys).toEqual([key]);
  expect((await published("/.well-known/vault-jwks.json")).body).toEqual(body);
  expect((await published("/vault-jwks.json", other)).body.kid).not.toBe(key.kid);
  expect((await server.get("/vault-jwks.json?vendor=nobody")).status).toBe(404);
});

test("P-109: a link has url, s, p, pid, iat and exp, and others can check it with the published key", async () => {
  const link = await signLink(server.deps, shop.tenantId, {
    url: "https://daily.example/a?utm_source=x&p=1#top",
    sku: "art:1",
    optionId: "po_1",
    publisherContentId: "a",
    expiresAt: inAnHour(),
  });
  const { origin, pathname, searchParams, hash } = new URL(link);
  expect([origin, pathname, hash, searchParams.get("p")]).toEqual([
    "https://daily.example",
    "/a",
    "#top",
    "1",
  ]);
  expect(searchParams.get("se")).toBe(String(inAnHour().getTime()));
  const now = Math.floor(server.clock.now().getTime() / 1000);
  const { payload } = await jwtVerify(
    searchParams.get("token") ?? "",
    createLocalJWKSet((await published()).body),
    { currentDate: server.clock.now() },
  );
  expect(payload).toEqual({
    url: "https://daily.example/a",
    s: "art:1",
    p: "po_1",
    pid: "a",
    iat: now,
    exp: now + 3600,
  });
});

test("P-110: no payload holds - or _, whatever is in it, and a plain base64 decoder reads it", async () => {
  const token = await signLinkToken(server.deps, shop.tenantId, {
    url: "https://daily.example/über/~a>b?x=~~~???",
    publisherContentId: "ÿÿÿ???>>>~~~💡",
    person: { id: "cus_1", name: "Zoë ~?>" },
    expiresAt: inAnHour(),
  });
  const segment = token.token.split(".")[1] ?? "";
  expect(segment).not.toMatch(/[-_]/);
  expect(JSON.parse(atob(segment))).toEqual(decodeJwt(token.token));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: "binary" })), (claims) => {
      const encoded = Buffer.from(plainJson(claims)).toString("base64url");
      expect(encoded).not.toMatch(/[-_]/);
      expect(JSON.parse(atob(encoded))).toEqual(JSON.parse(JSON.stringify(claims)));
    }),
  );
});

test("a changed, foreign, expired or unsigned token proves nothing", async () => {
  const token = await sign();
  expect(await verify(token)).toMatchObject({ url: "https://daily.example/a", publisherContentId: "a" });
  const [head = "", , signature = ""] = token.split(".");
  const changed = Buffer.from(
    JSON.stringify({ ...decodeJwt(token), url: "https://daily.example/b" }),
  ).toString("base64url");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  for (const forged of [
    `${head}.${changed}.${signature}`,
    `${none}.${token.split(".")[1]}.`,
    token.slice(0, -8),
    "",
    "x",
  ]) {
    expect(await verify(forged), forged).toBeNull();
  }
  expect(await verify(token, other), "another tenant's link").toBeNull();
  server.clock.advance({ minutes: 59, seconds: 59 });
  expect(await verify(token)).not.toBeNull();
  server.clock.advance({ seconds: 1 });
  expect(await verify(token)).toBeNull();
});

test("no link lives longer than a day, and it opens its own page only", async () => {
  const token = await sign("https://daily.example/a", addSeconds(server.clock.now(), 30 * 86_400));
  const { exp = 0, iat = 0 } = decodeJwt(token);
  expect(exp - iat).toBe(86_400);
  const link = await verify(token);
  if (!link) throw new Error("the link does not hold");
  expect(linkCovers(link, "http://daily.example/a/?utm_source=x#y")).toBe(true);
  for (const url of ["https://daily.example/a/b", "https://other.example/a", "nonsense", ""]) {
    expect(linkCovers(link, url), url).toBe(false);
  }
});

test("links of a key that was replaced hold until they are over; then the key goes", async () => {
  const before = (await published()).body;
  const old = await sign();
  const kid = await rotateVaultKey(server.deps, shop.tenantId);
  const after = (await published()).body;
  expect(after.kid).toBe(kid);
  expect(after.keys.map((it) => it.kid)).toEqual([kid, before.kid]);
  expect(await verify(old)).not.toBeNull();
  expect(await verify(await sign())).not.toBeNull();
  server.clock.advance({ days: 2 });
  expect((await published()).body.keys.map((it) => it.kid)).toEqual([kid]);
  expect(await verify(old)).toBeNull();
});

test("an announced key is published before it signs, and no link stops holding while it takes over", async () => {
  const before = (await published()).body;
  const old = await sign();
  const next = await announceVaultKey(server.deps, shop.tenantId);
  expect(await announceVaultKey(server.deps, shop.tenantId), "one waits at a time").toBe(next);
  const announced = (await published()).body;
  expect([announced.kid, announced.keys.map((it) => it.kid)]).toEqual([before.kid, [before.kid, next]]);
  server.clock.advance({ minutes: 29 });
  await server.settle();
  expect((await published()).body.kid).toBe(before.kid);
  server.clock.advance({ minutes: 1 });
  await server.settle();
  const after = (await published()).body;
  expect([after.kid, after.keys.map((it) => it.kid)]).toEqual([next, [next, before.kid]]);
  expect(await verify(old)).not.toBeNull();
  expect(await verify(await sign())).not.toBeNull();
  server.clock.advance({ days: 2 });
  expect((await published()).body.keys.map((it) => it.kid)).toEqual([next]);
});

test("a key that has become known ends at once, and everything that it signed", async () => {
  const [old, next] = [await sign(), await announceVaultKey(server.deps, shop.tenantId)];
  const kid = await rotateVaultKey(server.deps, shop.tenantId, { revoke: true });
  expect((await published()).body.keys.map((it) => it.kid)).toEqual([kid]);
  expect(kid).not.toBe(next);
  expect(await verify(old)).toBeNull();
  expect(await verify(await sign())).not.toBeNull();
});

test("twenty first links at once share one key", async () => {
  const fresh = await createShop(server);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => sign(undefined, undefined, fresh)));
  for (const token of tokens) expect(await verify(token, fresh)).not.toBeNull();
  expect((await published("/vault-jwks.json", fresh)).body.keys).toHaveLength(1);
});
