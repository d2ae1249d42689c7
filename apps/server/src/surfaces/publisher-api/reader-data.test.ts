import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;
let reader: Record<string, string>;

const anonymous = (id: string, client = "daily") => ({
  authorization: `Basic ${Buffer.from(`${client}|${id}:`).toString("base64")}`,
  "content-type": "application/json",
});

beforeAll(async () => {
  server = await startTestServer({ env: { TOLLGATE_RATE_LIMIT_PER_MINUTE: "100000" } });
  shop = await createShop(server);
  other = await createShop(server);
  await server.deps.db.transaction(async (tx) => {
    for (const [clientId, owner] of [
      ["daily", shop],
      ["weekly", other],
    ] as const) {
      await saveOAuthClient(tx, server.deps, {
        tenantId: owner.tenantId,
        clientId,
        name: clientId,
        kind: "browser",
        origins: [`https://www.${clientId}.example`],
        scopes: ["openid"],
      });
    }
    await saveOAuthClient(tx, server.deps, {
      tenantId: shop.tenantId,
      clientId: "daily-backend",
      name: "Back end",
      kind: "machine",
      origins: [],
      scopes: [],
      secret: "a secret that nobody guesses",
    });
  });
  reader = { ...(await signedInCustomer(server, shop)).headers, "content-type": "application/json" };
});
afterAll(() => server[Symbol.asyncDispose]());

const send = async (
  method: string,
  path: string,
  body: string | object | undefined,
  headers: Record<string, string>,
  from?: string,
) => {
  const response = await server.fetch(path, {
    method,
    from,
    headers,
    body: typeof body === "object" ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as never,
  };
};

describe("the conventions of the publisher API", () => {
  test("P-9, P-10, P-11: a preflight is answered without credentials for every header and method of the clients", async () => {
    const preflight = await send("OPTIONS", "/tallies/x/push", undefined, {
      "access-control-request-headers":
        "authorization, content-type, cache-timestamp, x-sesamy-client, auth0-client",
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toBe(
      "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    );
    expect(preflight.headers.get("access-control-allow-headers")).toContain("cache-timestamp");
  });

  test("P-12, P-18, P-25: without credentials 401 in the envelope, readable by any origin and never cached", async () => {
    const refused = await send("GET", "/tallies", undefined, {});
    expect(refused.status).toBe(401);
    expect(refused.json()).toMatchObject({
      error: { code: "authentication_required", request_id: expect.any(String) },
    });
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(refused.headers.get("cache-control")).toBe("no-store");
  });

  test("P-13: every answer says what is left of the limit", async () => {
    const { headers } = await send("GET", "/vendor", undefined, anonymous("a"));
    expect(headers.get("x-ratelimit-limit")).toBe("300");
    expect(Number(headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
    expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(0);
  });

  test("P-14: a browser that asks too often is told when to come back, and others are not held up", async () => {
    const busy = anonymous("busy");
    let refused: Awaited<ReturnType<typeof send>> | null = null;
    for (let i = 0; i < 501; i++) refused = await send("GET", "/vendor", undefined, busy);
    expect(refused?.status).toBe(429);
    expect(refused?.json()).toMatchObject({
      error: { code: "rate_limit_exceeded", retry_after: expect.any(Number) },
    });
    expect(refused?.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await send("GET", "/vendor", undefined, anonymous("calm"))).status).toBe(200);
  });

  test("P-16: an unknown path is 404 in the envelope", async () => {
    const missing = await send("GET", "/nothing-here", undefined, { accept: "application/json" });
    expect(missing.status).toBe(404);
    expect(missing.json()).toMatchObject({ error: { code: "resource_not_found" } });
  });

  test("P-17: malformed JSON is 400", async () => {
    const refused = await send("POST", "/tallies", "{", anonymous("a"));
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ error: { code: "validation_error" } });
  });

  test("P-19: forged credentials of every kind are 401", async () => {
    const forged = [
      "Bearer eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.x",
      "Bearer sk_test_nothing",
      `Basic ${Buffer.from("nobody|x:").toString("base64")}`,
      `Basic ${Buffer.from("daily-backend:wrong").toString("base64")}`,
      `Basic ${Buffer.from("daily:").toString("base64")}`,
      "Digest x",
    ];
    for (const authorization of forged) {
      expect((await send("GET", "/vendor", undefined, { authorization })).status, authorization).toBe(401);
    }
  });

  test("a vendor whose account is closed has no readers, browsers or back ends any more", async () => {
    const closed = await createShop(server);
    const signedIn = (await signedInCustomer(server, closed)).headers;
    await server.deps.db.transaction((tx) =>
      saveOAuthClient(tx, server.deps, {
        tenantId: closed.tenantId,
        clientId: "closed",
        name: "closed",
        kind: "browser",
        origins: [],
        scopes: [],
      }),
    );
    expect((await send("GET", "/tallies", undefined, anonymous("me", "closed"))).status).toBe(200);
    expect((await send("GET", "/tallies", undefined, signedIn)).status).toBe(200);
    await server.deps.db.execute(sql`update tenants set status = 'suspended' where id = ${closed.tenantId}`);
    expect((await send("GET", "/tallies", undefined, anonymous("me", "closed"))).status).toBe(401);
    expect((await send("GET", "/tallies", undefined, signedIn)).status).toBe(401);
  });

  test("P-21: an anonymous id is the same with and without its quotes", async () => {
    await send("POST", "/tallies/quotes/push", { value: 1 }, anonymous('"abc"'));
    expect((await send("GET", "/tallies/quotes", undefined, anonymous("abc"))).json()).toMatchObject({
      value: [1],
    });
  });

  test("P-22: the id null is accepted, and nothing of it is kept", async () => {
    const pushed = await send("POST", "/tallies/kept/push", { value: "x" }, anonymous("null"));
    expect(pushed.status).toBe(200);
    expect(pushed.json()).toEqual(["x"]);
    expect((await send("GET", "/tallies", undefined, anonymous("null"))).json()).toEqual([]);
  });

  test("P-23, P-99: the vendor follows from the client id", async () => {
    expect((await send("GET", "/vendor", undefined, anonymous("a"))).json()).toMatchObject({ id: shop.slug });
    expect((await send("GET", "/vendor", undefined, anonymous("a", "weekly"))).json()).toMatchObject({
      id: other.slug,
    });
    const backend = `Basic ${Buffer.from("daily-backend:a secret that nobody guesses").toString("base64")}`;
    expect((await send("GET", "/vendor", undefined, { authorization: backend })).json()).toMatchObject({
      id: shop.slug,
    });
    const key = { authorization: `Bearer ${other.secretKey}` };
    expect((await send("GET", "/vendor", undefined, key)).json()).toMatchObject({ id: other.slug });
  });

  test("P-24: reads may be kept by the reader's browser until its timestamp changes", async () => {
    const { headers } = await send("GET", "/tags", undefined, reader);
    expect(headers.get("cache-control")).toBe("private, max-age=300");
    expect(headers.get("vary")).toBe("Authorization, Cache-Timestamp");
  });

  test("P-100: a token of one vendor does not list vendors", async () => {
    const refused = await send("GET", "/vendors", undefined, reader);
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ error: { code: "insufficient_permissions" } });
  });

  test("a back end has no reader's things", async () => {
    const headers = { authorization: `Bearer ${shop.secretKey}` };
    expect((await send("GET", "/tags", undefined, headers)).status).toBe(403);
  });
});

describe("tallies", () => {
  test("P-86, P-1, P-2: what was created is read back bare, alone and in the list", async () => {
    const me = anonymous("p86");
    const created = await send(
      "POST",
      "/tallies",
      { id: "read", value: ["a", 2], policies: { maxItems: 5 } },
      me,
    );
    expect(created.status).toBe(201);
    expect((await send("GET", "/tallies/read", undefined, me)).json()).toMatchObject({
      id: "read",
      value: ["a", 2],
      policies: { maxItems: 5 },
    });
    expect((await send("GET", "/tallies", undefined, me)).json()).toMatchObject([{ id: "read" }]);
    expect((await send("POST", "/tallies", { id: "read" }, me)).status).toBe(409);
  });

  test("P-87, P-92: a push answers the bare array and takes one value or several", async () => {
    const me = anonymous("p87");
    expect((await send("POST", "/tallies/t/push", { value: "a" }, me)).json()).toEqual(["a"]);
    expect((await send("POST", "/tallies/t/push", { value: ["b", 3] }, me)).json()).toEqual(["a", "b", 3]);
  });

  test("P-88, P-89, P-90: unique adds nothing twice, fifo drops the oldest, block takes no more", async () => {
    const me = anonymous("p88");
    const push = async (id: string, value: unknown, policies?: object) =>
      (await send("POST", `/tallies/${id}/push`, { value, policies }, me)).json() as unknown;
    await push("u", ["a", "b"], { unique: true });
    expect(await push("u", "a")).toEqual(["a", "b"]);
    await push("f", [1, 2, 3], { maxItems: 3, overflow: "fifo" });
    expect(await push("f", 4)).toEqual([2, 3, 4]);
    await push("b", [1, 2], { maxItems: 2, overflow: "block" });
    expect(await push("b", 3)).toEqual([1, 2]);
  });

  test("P-91: past its ttl a tally is gone, and the next push begins anew", async () => {
    const me = anonymous("p91");
    await send("POST", "/tallies/t/push", { value: 1, policies: { ttl: 60 } }, me);
    server.clock.advance({ seconds: 61 });
    expect((await send("GET", "/tallies/t", undefined, me)).status).toBe(404);
    expect((await send("POST", "/tallies/t/push", { value: 2 }, me)).json()).toEqual([2]);
  });

  test("what is past its time is deleted, and nothing else", async () => {
    const me = anonymous("forget");
    await send("POST", "/tallies/old/push", { value: 1, policies: { ttl: 60 } }, me);
    await send("POST", "/tallies/new/push", { value: 1, policies: { ttl: 6000 } }, me);
    server.clock.advance({ seconds: 61 });
    await server.settle();
    const left = await server.deps.db.query<{ id: string }>(
      sql`select id from tallies where reader = 'anonymous:forget'`,
    );
    expect(left).toEqual([{ id: "new" }]);
  });

  test("P-93, P-3: a DELETE with a content type and no body is accepted", async () => {
    const me = anonymous("p93");
    await send("PUT", "/tallies/t", { value: [1] }, me);
    expect((await send("DELETE", "/tallies/t", undefined, me)).status).toBe(204);
    expect((await send("GET", "/tallies/t", undefined, me)).status).toBe(404);
  });

  test("fifty pushes at once lose none of their values", async () => {
    const me = anonymous("race");
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => send("POST", "/tallies/t/push", { value: i }, me)),
    );
    const { value } = (await send("GET", "/tallies/t", undefined, me)).json() as { value: number[] };
    expect(value.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test("readers behind one address share a tally that asks for it, and no other", async () => {
    const cafe = "198.51.100.77";
    await send(
      "POST",
      "/tallies/shared/push",
      { value: 1, policies: { ipSessionSharing: true } },
      anonymous("one"),
      cafe,
    );
    await send("POST", "/tallies/mine/push", { value: 1 }, anonymous("one"), cafe);
    expect((await send("POST", "/tallies/shared/push", { value: 2 }, anonymous("two"), cafe)).json()).toEqual(
      [1, 2],
    );
    expect((await send("GET", "/tallies/mine", undefined, anonymous("two"), cafe)).status).toBe(404);
    expect((await send("GET", "/tallies/shared", undefined, anonymous("one"))).status).toBe(404);
  });

  test("no made-up id names the list that an address shares", async () => {
    const cafe = "198.51.100.78";
    const policies = { ipSessionSharing: true };
    await send("POST", "/tallies/shared/push", { value: 1, policies }, anonymous("one"), cafe);
    const rows = await server.deps.db.query<{ reader: string }>(
      sql`select distinct reader from tallies where reader like '%address:%'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      for (const id of [row.reader, row.reader.replace(/^\w+:/, "")])
        expect((await send("GET", "/tallies/shared", undefined, anonymous(id))).status).toBe(404);
  });

  test("a tally has a size that no number of pushes exceeds", async () => {
    const me = anonymous("hoarder");
    const value = Array.from({ length: 60 }, (_, i) => `${i}`.padEnd(1000, "x"));
    expect((await send("POST", "/tallies/big/push", { value }, me)).status).toBe(200);
    const more = await send("POST", "/tallies/big/push", { value }, me);
    expect([more.status, more.json()]).toMatchObject([
      400,
      { error: { details: { reason: "tally_too_large" } } },
    ]);
    expect((await send("PUT", "/tallies/big", { value: [...value, ...value] }, me)).status).toBe(400);
    expect((await send("POST", "/tallies", { id: "new", value: [...value, ...value] }, me)).status).toBe(400);
    expect((await send("GET", "/tallies/big", undefined, me)).json()).toMatchObject({ value });
  });

  test("the same id at another vendor is another tally", async () => {
    await send("POST", "/tallies/x/push", { value: 1 }, anonymous("same"));
    expect((await send("GET", "/tallies/x", undefined, anonymous("same", "weekly"))).status).toBe(404);
  });

  test.each([
    ["value: {}", { id: "x", value: {} }],
    ["too many values", { id: "x", value: Array.from({ length: 1001 }, () => 1) }],
    ["no id", { value: [1] }],
    ["a ttl below a second", { id: "x", policies: { ttl: 0 } }],
  ])("bad input is refused and changes nothing: %s", async (_name, body) => {
    const me = anonymous("bad");
    expect((await send("POST", "/tallies", body, me)).status).toBe(400);
    expect((await send("GET", "/tallies", undefined, me)).json()).toEqual([]);
  });

  test("P-28, P-29, P-30: a list is sliced, its total said, and a bad number refused", async () => {
    const me = anonymous("slice");
    for (const id of ["a", "b", "c"]) await send("POST", "/tallies", { id }, me);
    const sliced = await send("GET", "/tallies?limit=1&offset=1", undefined, me);
    expect(sliced.json()).toMatchObject([{ id: "b" }]);
    expect(sliced.headers.get("x-total-count")).toBe("3");
    expect(sliced.headers.get("link")).toContain('rel="next"');
    expect((await send("GET", "/tallies?limit=-1", undefined, me)).status).toBe(400);
    expect((await send("GET", "/tallies?limit=x", undefined, me)).status).toBe(400);
  });
});

describe("tags and metadata", () => {
  test("P-94, P-95, P-96: an object and raw percent-encoded text add the same tag, once, and it goes again", async () => {
    expect((await send("POST", "/tags", { tag: "a b" }, reader)).status).toBe(204);
    expect((await send("POST", "/tags", "a%20b", reader)).status).toBe(204);
    expect((await send("GET", "/tags", undefined, reader)).json()).toEqual(["a b"]);
    expect((await send("DELETE", "/tags/a%20b", undefined, reader)).status).toBe(204);
    expect((await send("DELETE", "/tags/a%20b", undefined, reader)).status).toBe(204);
    expect((await send("GET", "/tags", undefined, reader)).json()).toEqual([]);
  });

  test("P-97, P-98: a raw value comes back as the text it was, an object as an object", async () => {
    for (const [key, value] of [
      ["theme", "dark"],
      ["n", "42"],
      ["yes", "true"],
      ["o", '{"a":1}'],
    ] as const) {
      expect((await send("PUT", `/user-metadata/${key}`, value, reader)).status).toBe(204);
    }
    expect((await send("GET", "/user-metadata", undefined, reader)).json()).toEqual({
      theme: "dark",
      n: "42",
      yes: "true",
      o: { a: 1 },
    });
    expect((await send("DELETE", "/user-metadata/n", undefined, reader)).status).toBe(204);
    expect((await send("GET", "/user-metadata", undefined, reader)).json()).not.toHaveProperty("n");
    expect((await send("PUT", "/user-metadata/a%20b", "x", reader)).status).toBe(400);
    expect((await send("PUT", "/user-metadata/big", "x".repeat(5000), reader)).status).toBe(400);
  });

  test("another customer and another vendor see none of it", async () => {
    await send("POST", "/tags", { tag: "mine" }, reader);
    const someone = (await signedInCustomer(server, shop)).headers;
    const elsewhere = (await signedInCustomer(server, other)).headers;
    for (const headers of [someone, elsewhere]) {
      expect((await send("GET", "/tags", undefined, headers)).json()).toEqual([]);
      expect((await send("GET", "/user-metadata", undefined, headers)).json()).toEqual({});
    }
  });
});

describe("short links", () => {
  const target = "https://www.daily.example/story?a=1#access_token=secret";

  test("P-133: a short link leads to its address, fragment included", async () => {
    const made = await send("POST", "/shorten", { url: target }, {});
    const { shortlink } = made.json() as { shortlink: string };
    const followed = await send("GET", new URL(shortlink).pathname, undefined, {});
    expect(followed.status).toBe(302);
    expect(followed.headers.get("location")).toBe(target);
    expect(followed.headers.get("cache-control")).toBe("no-store");
  });

  test("P-134: past its ttl it is 404", async () => {
    const made = await send("POST", "/", { url: target, ttl: 60 }, {});
    const { shortlink } = made.json() as { shortlink: string };
    server.clock.advance({ seconds: 61 });
    expect((await send("GET", new URL(shortlink).pathname, undefined, {})).status).toBe(404);
  });

  test.each([
    "https://evil.example/",
    "javascript:alert(1)",
    "https://www.daily.example@evil.example/",
    "https://www.daily.example.evil.example/",
    "//www.daily.example/",
    "https://user:pass@www.daily.example/",
  ])("nobody shortens a way out: %s", async (url) => {
    expect((await send("POST", "/shorten", { url }, {})).status).toBe(400);
  });

  test("one place makes so many links in an hour, by either address, and others are not held up", async () => {
    const target = { url: `${server.deps.config.baseUrl}/paywall/v3/x` };
    const make = (path: string, from?: string) =>
      send("POST", path, target, { "content-type": "application/json" }, from);
    const place = "198.51.100.88";
    expect((await make("/shorten", place)).status).toBe(200);
    await server.deps.db.execute(sql`update rate_limits set count = 300 where key like 'short-links:%'`);
    expect((await make("/shorten", place)).status).toBe(429);
    expect((await make("/", place)).status).toBe(429);
    expect((await make("/shorten", "198.51.100.89")).status).toBe(200);
  });

  test("what is stored reveals neither code nor address", async () => {
    await send("POST", "/shorten", { url: target }, {});
    const rows = await server.deps.db.query(sql`select row_to_json(s)::text it from short_links s`);
    expect(JSON.stringify(rows)).not.toContain("daily.example");
  });
});
