import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newestMail, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createLoginClients, loggedIn, tokens } from "../../../test/login.ts";
import { buy, moveClock } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { findOrCreateCustomer, resolveAccessToken } from "../../domains/identity/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
});
afterAll(() => server[Symbol.asyncDispose]());

type Reader = Awaited<ReturnType<typeof signedInCustomer>>;

const call = async (reader: Pick<Reader, "headers"> | null, method: string, path: string, body?: unknown) => {
  const response = await server.fetch(path, {
    method,
    headers: { ...reader?.headers, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: (text ? JSON.parse(text) : null) as Record<string, unknown> & { error?: { code: string } },
    headers: response.headers,
  };
};

describe("a reader's profile", () => {
  test("P-68: it is shown to its reader by any of their names, and to nobody else", async () => {
    const me = await signedInCustomer(server, shop);
    const you = await signedInCustomer(server, shop);
    const whole = await call(me, "GET", "/profile");
    expect(whole.status).toBe(200);
    expect(whole.body).toMatchObject({
      userId: me.userId,
      sub: me.userId,
      email: me.email,
      emailVerified: true,
      createdAt: expect.stringMatching(/^20\d\d-.*Z$/),
      updatedAt: expect.stringMatching(/^20\d\d-.*Z$/),
    });
    for (const name of [me.userId, "me", me.userId.toUpperCase()]) {
      expect((await call(me, "GET", `/profile/${name}`)).body).toEqual(whole.body);
    }
    for (const name of [you.userId, "nobody", encodeURIComponent("auth0|42")]) {
      for (const method of ["GET", "PATCH"]) {
        const refused = await call(me, method, `/profile/${name}`, method === "GET" ? undefined : {});
        expect(refused.status, name).toBe(403);
        expect(refused.body.error?.code).toBe("insufficient_permissions");
      }
    }
    expect((await call(null, "GET", "/profile")).status).toBe(401);
  });

  test("P-7: GET /profile/auth0|42 finds whom the publisher knows by that name, with the bar as it is or encoded", async () => {
    const me = await signedInCustomer(server, shop);
    await server.deps.db.execute(sql`
      insert into external_references (tenant_id, namespace, external_id, customer_id)
      values (${shop.tenantId}, 'publisher', 'auth0|42', ${me.customer.id})`);
    for (const path of ["/profile/auth0|42", "/profile/auth0%7C42"]) {
      const found = await call(me, "GET", path);
      expect(found.status, path).toBe(200);
      expect(found.body.userId).toBe(me.userId);
    }
    // Decoded once and no further.
    expect((await call(me, "GET", "/profile/auth0%257C42")).status).toBe(403);
    const other = await signedInCustomer(server, shop);
    expect((await call(other, "GET", "/profile/auth0|42")).status).toBe(403);
  });

  test("P-69: PATCH changes the given fields and no others, by whichever spelling they have", async () => {
    const me = await signedInCustomer(server, shop);
    const address = { country: "se", zip: "111 22", city: "Stockholm", street: "Gatan 1" };
    const filled = await call(me, "PATCH", "/profile", {
      firstName: "Ada",
      lastName: "Ek",
      mobilePhone: "+46 70 123",
      company: "Ek AB",
      locale: "sv-SE",
      billingAddress: address,
      deliveryAddress: { ...address, co: "Bo" },
      tags: ["a", "b"],
      user_metadata: { theme: "dark", size: 3 },
    });
    expect(filled.status).toBe(200);
    expect(filled.body).toMatchObject({
      firstName: "Ada",
      given_name: "Ada",
      givenName: "Ada",
      lastName: "Ek",
      name: "Ada Ek",
      phone_number: "+46 70 123",
      billingAddress: { ...address, country: "SE" },
      tags: ["a", "b"],
      user_metadata: { theme: "dark", size: 3 },
    });
    server.clock.advance({ seconds: 5 });
    const { firstName: _, given_name: _g, givenName: _n, name: _f, updatedAt, ...rest } = filled.body;
    const changed = await call(me, "PATCH", `/profile/${me.userId}`, { givenName: "Eva", unheardOf: 1 });
    expect(changed.body).toMatchObject({ ...rest, firstName: "Eva", name: "Eva Ek" });
    expect(changed.body.updatedAt).not.toBe(updatedAt);
    expect((await call(me, "GET", "/profile")).body).toEqual(changed.body);
    // A picture may be where everybody begins.
    const picture = "http://localhost:4400/me.png";
    expect((await call(me, "PATCH", "/profile", { picture })).body.picture).toBe(picture);
    // Null takes a value away.
    const emptied = await call(me, "PATCH", "/profile", { company: null, deliveryAddress: null });
    expect(emptied.body).not.toHaveProperty("company");
    expect(emptied.body).not.toHaveProperty("deliveryAddress");
    expect(emptied.body.billingAddress).toEqual({ ...address, country: "SE" });
  });

  test("ids, instants and what is proven about an address cannot be written", async () => {
    const me = await signedInCustomer(server, shop, { verified: false });
    const before = (await call(me, "GET", "/profile")).body;
    const tried = await call(me, "PATCH", "/profile", {
      userId: "x",
      sub: "x",
      emailVerified: true,
      createdAt: "2020-01-01T00:00:00.000Z",
      tenantId: "x",
    });
    expect(tried.body).toEqual(before);
    expect(before.emailVerified).toBe(false);
  });

  test("what is no profile is refused with its field, and nothing of it is kept", async () => {
    const me = await signedInCustomer(server, shop);
    const bad: [unknown, string][] = [
      [{ email: "nobody" }, "email"],
      [{ firstName: "x".repeat(101) }, "firstName"],
      [{ billingAddress: { country: "Sweden" } }, "billingAddress.country"],
      [{ picture: "javascript:alert(1)" }, "picture"],
      [{ firstName: "Kept?", user_metadata: { "no key": 1 } }, ""],
    ];
    for (const [body, field] of bad) {
      const refused = await call(me, "PATCH", "/profile", body);
      expect(refused.status, field).toBe(400);
      expect(refused.text).toContain(field);
    }
    // In words of ours, not of the library that looked.
    expect((await call(me, "PATCH", "/profile", { firstName: 7 })).text).toContain(
      "firstName: must be text, not a number",
    );
    expect((await call(me, "PATCH", "/profile", { email: "nobody" })).text).toContain(
      "email: must be an e-mail address",
    );
    expect((await call(me, "PATCH", "/profile", [])).status).toBe(400);
    expect((await call(me, "GET", "/profile")).body).not.toHaveProperty("firstName");
  });

  test("P-70, P-71: whether Spotify is linked is a boolean, and unlinking succeeds, again as well", async () => {
    const me = await signedInCustomer(server, shop);
    const other = await signedInCustomer(server, shop);
    expect((await call(me, "GET", "/profile/spotify-link")).body).toEqual({ isSpotifyLinked: false });
    for (const it of [me, other]) {
      await server.deps.db.execute(sql`
        insert into external_references (tenant_id, namespace, external_id, customer_id)
        values (${shop.tenantId}, 'spotify', ${`user-${it.userId}`}, ${it.customer.id})`);
    }
    expect((await call(me, "GET", "/profile/spotify-link")).body).toEqual({ isSpotifyLinked: true });
    for (let i = 0; i < 2; i++) {
      expect((await call(me, "POST", "/profile/unlink-spotify")).body).toEqual({ success: true });
    }
    expect((await call(me, "GET", "/profile/spotify-link")).body).toEqual({ isSpotifyLinked: false });
    expect((await call(other, "GET", "/profile/spotify-link")).body).toEqual({ isSpotifyLinked: true });
  });
});

describe("another e-mail address", () => {
  test("is unproven at first; its mail proves it, and the address before is told", async () => {
    const me = await signedInCustomer(server, shop);
    const changed = await call(me, "PATCH", "/profile", { email: " New.Address@Example.com " });
    expect(changed.body).toMatchObject({ email: "new.address@example.com", emailVerified: false });
    expect((await newestMail(server, me.email ?? ""))?.subject).toMatch(/address .* was changed/i);
    const mail = await newestMail(server, "new.address@example.com");
    expect(mail?.code).toMatch(/^\d{6}$/);
    // The same address again is no change: still proven when it was.
    const same = await signedInCustomer(server, shop);
    const again = await call(same, "PATCH", "/profile", { email: same.email?.toUpperCase() });
    expect(again.body).toMatchObject({ email: same.email, emailVerified: true });
  });

  test("is refused with 409 when somebody has it, proven or not, and each try counts", async () => {
    const me = await signedInCustomer(server, shop);
    const you = await signedInCustomer(server, shop);
    const guest = `guest-${me.userId}@example.com`;
    await server.deps.db.transaction((tx) =>
      findOrCreateCustomer(tx, server.deps, {
        tenantId: shop.tenantId,
        email: guest,
        now: server.clock.now(),
      }),
    );
    for (const email of [you.email?.toUpperCase(), guest]) {
      const refused = await call(me, "PATCH", "/profile", { email, firstName: "Mallory" });
      expect(refused.status).toBe(409);
      expect(refused.body.error?.code).toBe("conflict");
    }
    expect((await call(me, "GET", "/profile")).body).toMatchObject({ email: me.email, emailVerified: true });
    expect((await call(me, "GET", "/profile")).body).not.toHaveProperty("firstName");
    for (let i = 0; i < 3; i++) await call(me, "PATCH", "/profile", { email: you.email });
    const stopped = await call(me, "PATCH", "/profile", { email: you.email });
    expect(stopped.status).toBe(429);
    expect(stopped.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  test("of two readers who take one address at once, one gets it", async () => {
    const readers = [await signedInCustomer(server, shop), await signedInCustomer(server, shop)];
    const both = await Promise.all(
      readers.map((it) => call(it, "PATCH", "/profile", { email: "contested@example.com" })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("of a stranger opens nothing of theirs, and whoever proves it ends every way in that was there before", async () => {
    const mallory = await signedInCustomer(server, shop);
    await call(mallory, "PATCH", "/profile", { email: "victim@example.com" });
    // An access list knows the victim's address; a guess of it is worth nothing.
    const entitled = await server.get<unknown[]>("/entitlements", mallory.headers);
    expect(entitled.body).toEqual([]);
    const victim = await loggedIn(server, "daily", "victim@example.com");
    expect(victim.answer.access_token).toBeTruthy();
    expect((await call(mallory, "GET", "/profile")).status).toBe(401);
    const { db } = server.deps;
    const left = await db.one<{ verified: Date | null }>(
      sql`select email_verified_at verified from customers where tenant_id = ${shop.tenantId} and email = 'victim@example.com'`,
    );
    expect(left.verified).not.toBeNull();
  });

  test("leaves the one before to whoever reads its mail: they get an account of their own", async () => {
    const me = await signedInCustomer(server, shop);
    await call(me, "PATCH", "/profile", { email: `moved-${me.userId}@example.com` });
    const later = await loggedIn(server, "daily", me.email ?? "");
    const theirs = await call(
      { headers: { authorization: `Bearer ${later.answer.access_token}` } },
      "GET",
      "/profile",
    );
    expect(theirs.body.userId).not.toBe(me.userId);
    expect((await call(me, "GET", "/profile")).status).toBe(200);
  });
});

describe("deleting a profile", () => {
  test("P-72: answers 204 and ends every session, those of the login service with their refresh tokens", async () => {
    const email = "leaving@example.com";
    const { answer, browser } = await loggedIn(server, "daily", email);
    const reader = { headers: { authorization: `Bearer ${answer.access_token}` } };
    expect((await call(reader, "GET", "/profile")).status).toBe(200);
    const second = await signedInCustomer(server, shop, { email });
    const gone = await call(reader, "DELETE", "/profile");
    expect(gone.status).toBe(204);
    expect(gone.text).toBe("");
    for (const it of [reader, second]) expect((await call(it, "GET", "/profile")).status).toBe(401);
    expect(await resolveAccessToken(server.deps, shop.tenantId, second.accessToken)).toBeNull();
    const refresh = { grant_type: "refresh_token", client_id: "daily", refresh_token: answer.refresh_token };
    expect((await tokens(server, refresh)).body.error_description).toBe("Invalid refresh token");
    expect((await server.post(shop.api("auth/refresh"), { refresh_token: second.refreshToken })).status).toBe(
      401,
    );
    const silent = await browser.authorize({
      client_id: "daily",
      response_type: "code",
      prompt: "none",
      redirect_uri: "https://www.daily.example/",
      scope: "openid",
      state: "s",
      code_challenge: "x".repeat(43),
      code_challenge_method: "S256",
    });
    expect(silent.headers.get("location")).toContain("error=login_required");
  });

  test("nothing more is charged, bills stay, and nothing in the books says who it was", async () => {
    const email = "erased@example.com";
    const me = await signedInCustomer(server, shop, { email });
    const sale = await buy(server, shop, { email, headers: me.headers });
    await call(me, "PATCH", "/profile", {
      firstName: "Erasmus",
      billingAddress: { street: "Erasmus lane 1" },
      tags: ["erasmus"],
      user_metadata: { k: "erasmus" },
    });
    await server.settle();
    expect((await call(me, "DELETE", "/profile")).status).toBe(204);
    await moveClock(server, shop, { days: 40 });
    const { db } = server.deps;
    const row = await db.one<{ text: string }>(
      sql`select row_to_json(c)::text "text" from customers c where id = ${me.customer.id}`,
    );
    expect(row.text).not.toMatch(/erased@|erasmus/i);
    const bills = await db.query<{ state: string }>(
      sql`select state from bills where contract_id = ${sale.contractId}`,
    );
    expect(bills).toEqual([{ state: "paid" }]);
    for (const table of [
      "events",
      "mails",
      "identities",
      "reader_metadata",
      "reader_tags",
      "one_time_codes",
    ]) {
      const name = { ...sql``, text: table, values: [] };
      const { n } = await db.one<{ n: number }>(sql`
        select count(*) n from ${name} t where t.tenant_id = ${shop.tenantId}
          and row_to_json(t)::text ~* ${table === "events" ? `${email}|erasmus` : `${email}|erasmus|${me.customer.id}`}`);
      expect(n, table).toBe(0);
    }
    // Whoever has the address later begins anew.
    const anew = await loggedIn(server, "daily", email);
    const theirs = { headers: { authorization: `Bearer ${anew.answer.access_token}` } };
    expect((await call(theirs, "GET", "/profile")).body.userId).not.toBe(me.userId);
    expect((await server.get<unknown[]>("/entitlements", theirs.headers)).body).toEqual([]);
  });

  test("only the reader can do it: not a back end, not a browser without a session", async () => {
    const basic = (text: string) => ({
      headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` },
    });
    for (const caller of [
      null,
      basic("daily|anon:"),
      { headers: { authorization: `Bearer ${shop.secretKey}` } },
    ]) {
      for (const [method, path] of [
        ["DELETE", "/profile"],
        ["PATCH", "/profile"],
        ["GET", "/profile/me"],
      ] as const) {
        expect((await call(caller, method, path, method === "PATCH" ? {} : undefined)).status).toBe(401);
      }
    }
  });
});
