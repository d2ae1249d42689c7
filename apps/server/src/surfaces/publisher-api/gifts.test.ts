import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { verifyLinkToken } from "../../domains/signed-links/index.ts";
import { sql } from "../../platform/database/index.ts";

type Gift = { id: string; url: string; link: string; status: string; opens: number; remaining: number };

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const site = "https://daily.example";

let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let giver: SignedInCustomer;
let count = 0;

const tenant = (slug: string, host: string, gifts = "") => `
  - slug: ${slug}
    name: ${slug}
    domains: [{ host: ${host}, verified: true }]
    ${gifts}
    products: [{ sku: all, title: Everything, type: pass, urlPatterns: ["https://${host}/*"], passUrl: "https://${host}/" }]
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: all, purchaseOptions: [{ key: m, interval: month, amount: 5 }] }]
    accessLists: [{ key: l, name: L, grants: [${Array.from({ length: 12 }, (_, i) => `{ email: sub${i}@example.com, product: all }`).join(", ")}] }]`;
const subscriber = (of = ids) =>
  signedInCustomer(
    server,
    { tenantId: of.tenantId, paywallId: of.paywall("news").id },
    { email: `sub${count++}@example.com` },
  );

beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(
    server,
    `tenants:${tenant("daily", "daily.example", "gifts: { perMonth: 3, opens: 2, days: 10 }")}${tenant("none", "none.example", "gifts: { perMonth: 0 }")}`,
  );
  ids = await idsOf(server, "daily");
  giver = await subscriber();
});
afterAll(() => server[Symbol.asyncDispose]());

const give = (who: SignedInCustomer, url: string, more: object = {}) =>
  server.post<Gift>("/gifts", { url, ...more }, who.headers);
const open = async (link: string, headers: Record<string, string> = {}, method = "GET") => {
  const path = new URL(link).pathname;
  const response = await server.fetch(path, { method, headers: { "user-agent": FIREFOX, ...headers } });
  const location = response.headers.get("location");
  const target = location === null ? null : new URL(location);
  return {
    status: response.status,
    page: target && target.origin + target.pathname,
    query: target?.searchParams,
    token: target?.searchParams.get("token") ?? null,
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "",
  };
};

test("a reader with access gives an article, and whoever opens the link gets a signed link to that page alone", async () => {
  const made = await give(giver, `${site}/a?id=7&utm_source=mail#x`, { publisherContentId: "a" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    url: `${site}/a?id=7`,
    status: "ACTIVE",
    maxOpens: 2,
    opens: 0,
    remaining: 2,
    link: expect.stringMatching(/^http:\/\/tollgate\.test\/g\/[\w-]{22}$/),
    expiresAt: "2031-03-11T10:00:00.000Z",
  });
  const opened = await open(made.body.link);
  expect([opened.status, opened.page, opened.query?.get("id")]).toEqual([302, `${site}/a`, "7"]);
  const link = await verifyLinkToken(server.deps, ids.tenantId, opened.token ?? "");
  expect(link).toMatchObject({ url: `${site}/a`, publisherContentId: "a", sku: "" });
  const claims = decodeJwt(opened.token ?? "");
  for (const claim of ["i", "e", "n"]) expect(claims).not.toHaveProperty(claim);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(86_400);
  expect((await server.get<Gift[]>("/gifts", giver.headers)).body).toMatchObject([
    { id: made.body.id, opens: 1, status: "ACTIVE", link: made.body.link },
  ]);
});

test("a gift opens in so many browsers and no more, however many come at once; each opens it again for nothing", async () => {
  const who = await subscriber();
  const { body } = await give(who, `${site}/race`);
  const all = await Promise.all(Array.from({ length: 12 }, () => open(body.link)));
  const inside = all.filter((it) => it.token !== null);
  expect(inside).toHaveLength(2);
  for (const outside of all.filter((it) => it.token === null)) {
    expect([outside.status, outside.page]).toEqual([302, `${site}/race`]);
  }
  for (let i = 0; i < 3; i += 1) {
    expect((await open(body.link, { cookie: inside[0]?.cookie ?? "" })).token).not.toBeNull();
  }
  expect((await open(body.link, { cookie: "tollgate_gifts=AAAAAAAAAAAAAAAAAAAAAA" })).token).toBeNull();
  expect((await server.get<Gift[]>("/gifts", who.headers)).body).toMatchObject([
    { status: "USED", opens: 2 },
  ]);
});

test("programs that only look use nothing up and get no proof", async () => {
  const { body } = await give(await subscriber(), `${site}/looked`);
  const looks: [Record<string, string>, string?][] = [
    [{ "user-agent": "Slackbot-LinkExpanding 1.0" }],
    [{ "user-agent": "WhatsApp/2.23" }],
    [{ "sec-purpose": "prefetch;prerender" }],
    [{}, "HEAD"],
  ];
  for (const [headers, method] of looks) {
    const seen = await open(body.link, headers, method);
    expect([seen.status, seen.page, seen.token]).toEqual([302, `${site}/looked`, null]);
  }
  const row = await server.deps.db.one<{ opens: number }>(
    sql`select opens from gift_links where id = ${body.id}`,
  );
  expect(row.opens).toBe(0);
});

test("without a right of one's own nothing can be given: not by a stranger, nor through a gift", async () => {
  const stranger = await signedInCustomer(server, {
    tenantId: ids.tenantId,
    paywallId: ids.paywall("news").id,
  });
  expect((await give(stranger, `${site}/a`)).status).toBe(403);
  expect((await server.post("/gifts", { url: `${site}/a` })).status).toBe(401);
  for (const url of [
    "https://evil.example/a",
    "javascript:alert(1)",
    "/a",
    "",
    "https://u:p@daily.example/a",
  ]) {
    expect((await give(giver, url)).status, url).toBe(400);
  }
  for (const pass of [`${site}/`, `${site}/?x=1#y`]) {
    expect((await give(giver, pass)).status, "a pass, not an article").toBe(400);
  }
  const none = await idsOf(server, "none");
  expect((await give(await subscriber(none), "https://none.example/a")).status, "switched off").toBe(403);
});

test("the month's allowance is exact, the same article costs it once, and the next month brings another", async () => {
  const who = await subscriber();
  const first = await give(who, `${site}/m1`);
  const again = await give(who, `${site}/m1?utm_source=y`);
  expect([again.status, again.body.link, again.body.remaining]).toEqual([200, first.body.link, 2]);
  const rest = await Promise.all(Array.from({ length: 8 }, (_, i) => give(who, `${site}/x${i}`)));
  expect(rest.map((it) => it.status).filter((it) => it === 201)).toHaveLength(2);
  expect(rest.filter((it) => it.status === 403)).toHaveLength(6);
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = ${32 * 86_400_000} where id = ${ids.tenantId}`,
  );
  expect((await give(who, `${site}/m2`)).status).toBe(201);
  await server.deps.db.execute(sql`update tenants set clock_offset_ms = 0 where id = ${ids.tenantId}`);
});

test("a gift that is over, taken back, or whose giver has lost their access opens nothing; an unknown one is 404", async () => {
  const [who, other] = [await subscriber(), await subscriber()];
  const [taken, lost] = [await give(who, `${site}/taken`), await give(other, `${site}/lost`)];
  expect(
    (await server.fetch(`/gifts/${taken.body.id}`, { method: "DELETE", headers: other.headers })).status,
  ).toBe(404);
  for (let i = 0; i < 2; i += 1) {
    const gone = await server.fetch(`/gifts/${taken.body.id}`, { method: "DELETE", headers: who.headers });
    expect(gone.status).toBe(204);
  }
  expect((await open(taken.body.link)).token).toBeNull();
  expect((await open(lost.body.link)).token).not.toBeNull();
  await server.deps.db.execute(sql`delete from entitlements where customer_id = ${other.customer.id}`);
  expect((await open(lost.body.link)).token).toBeNull();
  const late = await give(who, `${site}/late`);
  server.clock.advance({ days: 10 });
  expect((await open(late.body.link)).token).toBeNull();
  for (const code of ["AAAAAAAAAAAAAAAAAAAAAA", "x", "%00"]) {
    expect((await open(`http://tollgate.test/g/${code}`)).status, code).toBe(404);
  }
});

test("whoever deletes their account takes their gifts with them", async () => {
  const who = await subscriber();
  const { body } = await give(who, `${site}/left`);
  await server.fetch("/profile", { method: "DELETE", headers: who.headers });
  await server.settle();
  expect((await open(body.link)).status).toBe(404);
});

test("every gift and every opening is on record, without who opened it", async () => {
  const events = await server.deps.db.query<{ type: string; data: Record<string, unknown> }>(sql`
    select type, data from events where tenant_id = ${ids.tenantId} and type like 'gift_link.%'`);
  const of = (type: string) => events.filter((it) => it.type === `gift_link.${type}`);
  expect(of("created").length).toBeGreaterThan(5);
  expect(of("revoked")).toHaveLength(1);
  expect(of("opened")[0]?.data).toEqual({ opens: 1, maxOpens: 2, country: null });
  await server.settle();
  server.clock.advance({ days: 110 });
  await server.settle();
  expect(await server.deps.db.query(sql`select 1 from gift_links`)).toEqual([]);
});
