import { afterAll, beforeAll, expect, test } from "vitest";
import { newestMail, signedInCustomer } from "../../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../../test/kit.ts";
import { createShop, type Shop } from "../../../../test/shop.ts";
import { findCustomerByUuid } from "../../../domains/identity/index.ts";

let server: TestServer;
let shop: Shop;
let direct: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server, { settings: { allowAnonymous: true } });
  direct = await createShop(server, { settings: { allowAnonymous: true, confirmEmail: false } });
});
afterAll(() => server[Symbol.asyncDispose]());

type Body = Record<string, unknown> & { user: { id: string }; access_token: string; refresh_token: string };
let host = 0;
/** A client address that no other test has used up. */
const freshAddress = () => {
  host += 1;
  return `192.0.2.${host}`;
};
const signIn = (body: unknown = {}, from = freshAddress(), at = shop) =>
  server.post<Body>(at.api("auth/anonymous/signin"), body, undefined, from);
const upgrade = (token: string, body: object, at = shop, headers: object = {}) =>
  server.post<Body>(at.api("auth/anonymous/upgrade"), body, { authorization: `Bearer ${token}`, ...headers });
const passwordSignIn = (email: string, password: string, at = shop) =>
  server.post<Body>(at.api("auth/email/signin"), { email, password });

test("#135 anonymous sign-in works without captcha or body; where it is off it gives 403 anonymous_disabled", async () => {
  const { status, body } = await signIn(undefined);
  expect(status).toBe(200);
  expect(body.user).toMatchObject({ email: null, is_anonymous: true });
  expect(body.user.id).toMatch(/^[0-9a-f-]{36}$/);
  const off = await createShop(server);
  expect(await signIn({}, undefined, off)).toMatchObject({
    status: 403,
    body: { code: "anonymous_disabled" },
  });
});

test("#47 the 31st anonymous sign-in from one client address within an hour gives 429, another address does not", async () => {
  const from = "198.51.100.31";
  const answers = await Promise.all(Array.from({ length: 30 }, () => signIn({}, from)));
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(new Set(answers.map((answer) => answer.body.user.id)).size).toBe(30);
  expect(await signIn({}, from)).toMatchObject({ status: 429, body: { code: "over_request_rate_limit" } });
  expect((await signIn({}, "198.51.100.32")).status).toBe(200);
  // The client's own word about its address changes nothing.
  const spoofed = await server.fetch(shop.api("auth/anonymous/signin"), {
    method: "POST",
    from,
    headers: { "x-forwarded-for": "198.51.100.99", "x-client-ip": "198.51.100.99" },
  });
  expect(spoofed.status).toBe(429);
  server.clock.advance({ hours: 1 });
  expect((await signIn({}, from)).status).toBe(200);
});

test("a device that repeats itself within a minute gets one customer; two devices behind one address get two", async () => {
  const from = freshAddress();
  const device = { visitor_id: "visitor-0123456789ab" };
  const [first, again] = await Promise.all([signIn(device, from), signIn(device, from)]);
  expect(again.body).toEqual(first.body);
  const other = await signIn({ visitor_id: "visitor-ba9876543210" }, from);
  expect(other.body.user.id).not.toBe(first.body.user.id);
  const [one, two] = await Promise.all([signIn({}, from), signIn({}, from)]);
  expect(one.body.user.id).not.toBe(two.body.user.id);
  // A short visitor id is none.
  const [short, short2] = [
    await signIn({ visitor_id: "short" }, from),
    await signIn({ visitor_id: "short" }, from),
  ];
  expect(short.body.user.id).not.toBe(short2.body.user.id);
});

test("a device that signed out and comes back within the minute gets a session that works", async () => {
  const from = freshAddress();
  const device = { visitor_id: "visitor-comes-back-soon" };
  const first = await signIn(device, from);
  await server.post(shop.api("auth/signout"), undefined, {
    authorization: `Bearer ${first.body.access_token}`,
  });
  const second = await signIn(device, from);
  expect(
    (await server.post(shop.api("auth/refresh"), { refresh_token: second.body.refresh_token })).status,
  ).toBe(200);
});

test("#136 an upgrade keeps the user id; with updated the old tokens stay valid and the password works", async () => {
  const { body } = await signIn({}, undefined, direct);
  const upgraded = await upgrade(
    body.access_token,
    { email: "Grown@example.com", password: "long enough" },
    direct,
  );
  expect(upgraded).toMatchObject({
    status: 200,
    body: { status: "updated", user: { id: body.user.id, email: "grown@example.com", is_anonymous: false } },
  });
  const refreshed = await server.post<Body>(direct.api("auth/refresh"), {
    refresh_token: body.refresh_token,
  });
  expect(refreshed).toMatchObject({ status: 200, body: { user: { id: body.user.id, is_anonymous: false } } });
  expect((await passwordSignIn("grown@example.com", "long enough", direct)).body.user.id).toBe(body.user.id);
  expect(
    await upgrade(body.access_token, { email: "x@example.com", password: "long enough" }, direct),
  ).toMatchObject({
    status: 400,
    body: { code: "not_anonymous" },
  });
});

test("#136 with confirmation the customer stays anonymous until the mailed proof is used, then keeps id and sessions", async () => {
  const { body } = await signIn();
  const email = "later@example.com";
  const asked = await upgrade(body.access_token, { email, password: "long enough" });
  expect(asked).toMatchObject({ status: 200, body: { status: "confirmation_required", email } });
  const read = () => findCustomerByUuid(server.deps.db, shop.tenantId, body.user.id);
  expect(await read()).toMatchObject({ anonymous: true, email: null });
  expect(await passwordSignIn(email, "long enough")).toMatchObject({
    status: 401,
    body: { code: "email_not_confirmed" },
  });

  const mail = await newestMail(server, email);
  const verified = await server.post<Body>(shop.api("auth/otp/verify"), {
    email,
    token: mail!.code,
    type: "signup",
  });
  expect(verified.body.user.id).toBe(body.user.id);
  expect(await read()).toMatchObject({ anonymous: false, email, emailVerifiedAt: server.clock.now() });
  expect((await server.post(shop.api("auth/refresh"), { refresh_token: body.refresh_token })).status).toBe(
    200,
  );
  expect((await passwordSignIn(email, "long enough")).body.user.id).toBe(body.user.id);
});

test("an upgrade onto a taken address gives 422 email_exists and changes nothing", async () => {
  const taken = await signedInCustomer(server, shop, { email: "taken@example.com" });
  const { body } = await signIn();
  expect(
    await upgrade(body.access_token, { email: "taken@example.com", password: "long enough" }),
  ).toMatchObject({
    status: 422,
    body: { code: "email_exists" },
  });
  expect(await findCustomerByUuid(server.deps.db, shop.tenantId, body.user.id)).toMatchObject({
    anonymous: true,
    email: null,
  });
  expect((await passwordSignIn("taken@example.com", "long enough")).status).toBe(401);
  expect((await server.post(shop.api("auth/refresh"), { refresh_token: taken.refreshToken })).status).toBe(
    200,
  );
});

test("an address that was registered while its upgrade waited is not taken over by the old mail", async () => {
  const { body } = await signIn();
  const email = "contested@example.com";
  await upgrade(body.access_token, { email, password: "long enough" });
  const mail = await newestMail(server, email);
  const owner = await signedInCustomer(server, shop, { email });
  expect(
    (await server.post(shop.api("auth/otp/verify"), { email, token: mail!.code, type: "signup" })).status,
  ).toBe(401);
  expect(await findCustomerByUuid(server.deps.db, shop.tenantId, owner.userId)).toMatchObject({ email });
});

test("an upgrade needs a live Bearer, a sound address and a long password", async () => {
  const { body } = await signIn();
  const good = { email: "strict@example.com", password: "long enough" };
  expect(await server.post(shop.api("auth/anonymous/upgrade"), good)).toMatchObject({ status: 401 });
  expect(await upgrade("dead", good)).toMatchObject({ status: 401, body: { code: "invalid_token" } });
  expect(await upgrade(body.access_token, { ...good, password: "12345" })).toMatchObject({
    status: 400,
    body: { code: "weak_password" },
  });
  expect(await upgrade(body.access_token, { ...good, email: "nope" })).toMatchObject({
    status: 400,
    body: { code: "invalid_email" },
  });
});

test("an upgrade repeated with its Idempotency-Key gives the first answer, to this customer only", async () => {
  const { body } = await signIn({}, undefined, direct);
  const key = { "idempotency-key": "upgrade-1" };
  const first = await upgrade(
    body.access_token,
    { email: "once@example.com", password: "long enough" },
    direct,
    key,
  );
  const again = await upgrade(
    body.access_token,
    { email: "once@example.com", password: "long enough" },
    direct,
    key,
  );
  expect(again.body).toEqual(first.body);
  const stranger = await signIn({}, undefined, direct);
  const theirs = await upgrade(
    stranger.body.access_token,
    { email: "once@example.com", password: "long enough" },
    direct,
    key,
  );
  expect(theirs).toMatchObject({ status: 422, body: { code: "email_exists" } });
});
