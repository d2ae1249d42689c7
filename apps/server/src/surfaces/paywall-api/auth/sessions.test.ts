import { generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../../test/kit.ts";
import { createShop, type Shop } from "../../../../test/shop.ts";
import { sql } from "../../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server, { settings: { allowAnonymous: true } });
});
afterAll(() => server[Symbol.asyncDispose]());

type Tokens = { access_token: string; refresh_token: string; expires_at: number; user: { id: string } };
const refresh = (token: unknown, headers?: Record<string, string>) =>
  server.post<Tokens>(shop.api("auth/refresh"), { refresh_token: token }, headers);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** A user-scoped call that answers 200 exactly when the token works. */
const tryToken = async (token: string, at = shop) =>
  server.post<{ code?: string }>(at.api("auth/password/update"), { password: "long enough" }, bearer(token));
const works = async (session: Pick<SignedInCustomer, "accessToken">) =>
  (await tryToken(session.accessToken)).status === 200;

test("#137 refresh needs no Authorization, ignores a dead one, and always returns a different refresh token and the user", async () => {
  const session = await signedInCustomer(server, shop);
  const first = await refresh(session.refreshToken);
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ token_type: "bearer", expires_in: 3600, user: { id: session.userId } });
  const second = await refresh(first.body.refresh_token, bearer("dead"));
  expect(second.status).toBe(200);
  const third = await refresh(second.body.refresh_token);
  expect(
    new Set([
      session.refreshToken,
      first.body.refresh_token,
      second.body.refresh_token,
      third.body.refresh_token,
    ]).size,
  ).toBe(4);
  // Within one second, too: a client sends a refused call again only with another token.
  expect(second.body.access_token).not.toBe(third.body.access_token);
  expect((await tryToken(third.body.access_token)).status).toBe(200);
});

test("#32 the same refresh token twice within the window gives 200 twice, and both results go on working", async () => {
  const session = await signedInCustomer(server, shop);
  const first = await refresh(session.refreshToken);
  server.clock.advance({ seconds: 35 });
  const replay = await refresh(session.refreshToken);
  expect([first.status, replay.status]).toEqual([200, 200]);
  expect((await refresh(replay.body.refresh_token)).status).toBe(200);
  expect((await refresh(first.body.refresh_token)).status).toBe(200);
  expect(await works(session)).toBe(true);
});

test("#32 ten concurrent refreshes of one token all get 200, and the session lives on", async () => {
  const session = await signedInCustomer(server, shop);
  const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(session.refreshToken)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
  expect((await refresh(answers[7]!.body.refresh_token)).status).toBe(200);
});

test("#138 reuse outside the window gives 401 and kills the whole family, newest tokens included", async () => {
  const session = await signedInCustomer(server, shop);
  const other = await signedInCustomer(server, shop);
  const current = await refresh(session.refreshToken);
  server.clock.advance({ seconds: 36 });
  expect(await refresh(session.refreshToken)).toMatchObject({
    status: 401,
    body: { code: "invalid_refresh_token" },
  });
  expect((await refresh(current.body.refresh_token)).status).toBe(401);
  expect((await tryToken(current.body.access_token)).status).toBe(401);
  expect((await refresh(other.refreshToken)).status).toBe(200);
});

test("#138 a token that lost to its sibling counts as used: presenting it late kills the family", async () => {
  const session = await signedInCustomer(server, shop);
  const mine = await refresh(session.refreshToken);
  const stolen = await refresh(session.refreshToken);
  server.clock.advance({ minutes: 50 });
  const next = await refresh(mine.body.refresh_token);
  expect(next.status).toBe(200);
  server.clock.advance({ minutes: 1 });
  expect((await refresh(stolen.body.refresh_token)).status).toBe(401);
  expect((await refresh(next.body.refresh_token)).status).toBe(401);
});

const DEVICE = "visitor-of-a-train-passenger";
/** A guest's session, which knows its device, and a refresh whose answer nobody received, long ago. */
async function lostAnswer() {
  const guests = await createShop(server, { settings: { allowAnonymous: true } });
  const signedIn = await server.post<Tokens>(guests.api("auth/anonymous/signin"), { visitor_id: DEVICE });
  const again = (token: string, visitor_id?: string) =>
    server.post<Tokens>(guests.api("auth/refresh"), { refresh_token: token, visitor_id });
  const lost = await again(signedIn.body.refresh_token, DEVICE);
  server.clock.advance({ days: 2 });
  return { first: signedIn.body.refresh_token, lost: lost.body.refresh_token, again };
}

test("a device whose refresh was answered into the void may repeat it days later and stays signed in", async () => {
  const { first, again } = await lostAnswer();
  const repeated = await again(first, DEVICE);
  expect(repeated.status).toBe(200);
  server.clock.advance({ hours: 1 });
  expect((await again(repeated.body.refresh_token, DEVICE)).status).toBe(200);
});

test("somebody else who repeats an old token ends the session, whether they name no device or a wrong one", async () => {
  for (const device of [undefined, "visitor-of-somebody-else"]) {
    const { first, lost, again } = await lostAnswer();
    expect((await again(first, device)).status).toBe(401);
    expect((await again(lost, DEVICE)).status).toBe(401);
  }
});

test("once the answer was used after all, the old token is a stolen one for its own device too", async () => {
  const { first, lost, again } = await lostAnswer();
  const next = await again(lost, DEVICE);
  server.clock.advance({ minutes: 1 });
  expect((await again(first, DEVICE)).status).toBe(401);
  expect((await again(next.body.refresh_token, DEVICE)).status).toBe(401);
});

test("when a lost answer is repeated, whoever holds the lost tokens ends the session by using them", async () => {
  const { first, lost, again } = await lostAnswer();
  const repeated = await again(first, DEVICE);
  server.clock.advance({ minutes: 1 });
  expect((await again(lost, DEVICE)).status).toBe(401);
  expect((await again(repeated.body.refresh_token, DEVICE)).status).toBe(401);
});

test("a thief who has the visitor id as well is found by the next use of what he made void, however late", async () => {
  // He took the token before its owner used it; the owner repeats it, is believed, and goes on.
  const { first, lost: thiefs, again } = await lostAnswer();
  const owners = await again(first, DEVICE);
  server.clock.advance({ hours: 1 });
  const next = await again(owners.body.refresh_token, DEVICE);
  expect(next.status).toBe(200);
  server.clock.advance({ hours: 1 });
  expect((await again(thiefs, DEVICE)).status).toBe(401);
  expect((await again(next.body.refresh_token, DEVICE)).status).toBe(401);
});

test("a token that was made void has no window in which it still works", async () => {
  const { first, lost, again } = await lostAnswer();
  await again(first, DEVICE);
  expect((await again(lost, DEVICE)).status).toBe(401);
  expect((await again(first, DEVICE)).status).toBe(401);
});

test("#139 a fault of ours during refresh is answered 5xx, and the token still works afterwards", async () => {
  const session = await signedInCustomer(server, shop);
  await server.deps.db.execute(sql`alter table refresh_tokens rename to refresh_tokens_away`);
  try {
    expect((await refresh(session.refreshToken)).status).toBe(500);
  } finally {
    await server.deps.db.execute(sql`alter table refresh_tokens_away rename to refresh_tokens`);
  }
  expect((await refresh(session.refreshToken)).status).toBe(200);
});

test("unknown, malformed and missing refresh tokens give 401 invalid_refresh_token", async () => {
  for (const token of ["rt_unknown", "", null, 7, { a: 1 }, "x".repeat(600), undefined]) {
    expect(await refresh(token)).toMatchObject({ status: 401, body: { code: "invalid_refresh_token" } });
  }
});

test("a session ends after 30 days without a refresh, on real time, and not a second earlier", async () => {
  const session = await signedInCustomer(server, shop);
  const lost = await signedInCustomer(server, shop);
  server.clock.advance({ days: 29, hours: 23 });
  const kept = await refresh(session.refreshToken);
  expect(kept.status).toBe(200);
  server.clock.advance({ hours: 1 });
  expect((await refresh(lost.refreshToken)).status).toBe(401);
  server.clock.advance({ days: 29 });
  expect((await refresh(kept.body.refresh_token)).status).toBe(200);
});

test("moving the merchant's test clock by a year signs nobody out", async () => {
  const movable = await createShop(server);
  const session = await signedInCustomer(server, movable);
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = 31536000000 where id = ${movable.tenantId}`,
  );
  expect((await tryToken(session.accessToken, movable)).status).toBe(200);
  expect(
    (await server.post(movable.api("auth/refresh"), { refresh_token: session.refreshToken })).status,
  ).toBe(200);
});

test("#140 signout ends one session, revoke-all every session of the user and nobody else's", async () => {
  const email = "devices@example.com";
  const [phone, laptop, tablet] = [
    await signedInCustomer(server, shop, { email }),
    await signedInCustomer(server, shop, { email }),
    await signedInCustomer(server, shop, { email }),
  ];
  const stranger = await signedInCustomer(server, shop);
  expect(await server.post(shop.api("auth/signout"), undefined, phone.headers)).toMatchObject({
    status: 200,
    body: { ok: true },
  });
  expect([await works(phone), await works(laptop), await works(tablet)]).toEqual([false, true, true]);
  expect((await refresh(phone.refreshToken)).status).toBe(401);

  // Whoever the body names, the Bearer decides.
  const body = { user_id: stranger.userId, email: stranger.email };
  expect((await server.post(shop.api("auth/revoke-all"), body, laptop.headers)).body).toEqual({ ok: true });
  expect([await works(laptop), await works(tablet), await works(stranger)]).toEqual([false, false, true]);
  expect((await refresh(tablet.refreshToken)).status).toBe(401);
});

test("#20 signout and revoke-all without or with a dead Bearer give 401 and end nothing", async () => {
  const session = await signedInCustomer(server, shop);
  for (const route of ["auth/signout", "auth/revoke-all"]) {
    expect(await server.post(shop.api(route))).toMatchObject({
      status: 401,
      body: { code: "authorization_required" },
    });
    const dead = await server.post(shop.api(route), undefined, bearer(`${session.accessToken}x`));
    expect(dead).toMatchObject({ status: 401, body: { code: "invalid_token" } });
  }
  expect(await works(session)).toBe(true);
});

test("#89 an access token stops working the moment its session is revoked", async () => {
  const session = await signedInCustomer(server, shop);
  expect(await works(session)).toBe(true);
  await server.post(shop.api("auth/signout"), undefined, session.headers);
  expect(await tryToken(session.accessToken)).toMatchObject({ status: 401, body: { code: "invalid_token" } });
});

test("#20 forged, unsigned, foreign and expired access tokens give 401 invalid_token, never 403 or 5xx", async () => {
  const session = await signedInCustomer(server, shop);
  const [header, payload, signature] = session.accessToken.split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { privateKey } = generateKeyPairSync("ed25519");
  const forge = (head: object, body: object) => {
    const text = `${part(head)}.${part(body)}`;
    return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const realHead = JSON.parse(Buffer.from(header, "base64url").toString());
  const elsewhere = await createShop(server);
  const foreign = await signedInCustomer(server, elsewhere);
  const forged = [
    `${part({ ...realHead, alg: "none" })}.${payload}.`,
    `${part({ ...realHead, alg: "HS256" })}.${payload}.${signature}`,
    `${header}.${part({ ...claims, sub: foreign.userId })}.${signature}`,
    forge(realHead, claims),
    forge({ ...realHead, kid: "kid_unknown" }, claims),
    `${header}.${payload}`,
    "a.b.c",
    foreign.accessToken,
    session.refreshToken,
  ];
  for (const token of forged) {
    expect(await tryToken(token), token.slice(0, 60)).toMatchObject({
      status: 401,
      body: { code: "invalid_token" },
    });
  }
  expect(await works(session)).toBe(true);
  server.clock.advance({ hours: 1 });
  expect(await tryToken(session.accessToken)).toMatchObject({ status: 401, body: { code: "invalid_token" } });
});

test("no refresh token is stored in the clear", async () => {
  const session = await signedInCustomer(server, shop);
  const rows = await server.deps.db.query<{ hash: Buffer }>(
    sql`select hash from refresh_tokens where session_id = ${session.sessionId}`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]!.hash.toString("latin1")).not.toContain(session.refreshToken);
});
