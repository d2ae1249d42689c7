import { PAYWALL_API_ENDPOINTS } from "@tollgate/protocol/paywall-api/endpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let other: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  other = await createShop(server);
  // The first use of a key is noted on it; from here on the clock stands still.
  await server.get(shop.api("user?email=nobody@example.com"), { "x-api-key": shop.secretKey });
});
afterAll(() => server[Symbol.asyncDispose]());

// Counters and locks may move on a refusal; what a merchant or customer owns may not.
const BOOKKEEPING = new Set([
  "rate_limits",
  "idempotency_keys",
  "schema_migrations",
  "encryption_keys",
  "signing_keys",
]);

/** A hash of all rows of each table: equal before and after means that nothing was written. */
async function census(): Promise<Record<string, string>> {
  const { db } = server.deps;
  const tables = await db.query<{ name: string }>(sql`
    select c.relname name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`);
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    if (BOOKKEEPING.has(name)) continue;
    const statement = {
      text: `select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text hash from "${name}" t`,
      values: [],
      name: undefined,
    };
    hashes[name] = (await db.one<{ hash: string }>(statement)).hash;
  }
  return hashes;
}

const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const BODIES: [string, string | Uint8Array][] = [
  ["broken JSON", '{"email": "a@example.com",'],
  ["not JSON", "email=a@example.com"],
  ["an array", "[1,2,3]"],
  ["a number", "42"],
  ["null", "null"],
  ["nested without end", `{"email": ${deep}}`],
  ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  [
    "NUL characters",
    '{"email":"a\\u0000@example.com","priceId":101,"subject":"abc\\u0000","content":"abc","token":"123456","type":"email"}',
  ],
  [
    "wrong types",
    '{"email":{},"priceId":[],"password":1,"token":true,"type":7,"events":{"a":1},"refresh_token":[],"subject":9,"content":{},"subscriptionId":{},"cancellationReason":[],"paywallId":{}}',
  ],
  [
    "numbers out of range",
    '{"email":"a@","priceId":1e308,"trial_days":-5,"events":[{"type":"paywall_opened","ts":1e300}]}',
  ],
  [
    "SQL in every field",
    `{"email":"a'); drop table customers;--","priceId":"1 or 1=1","subject":"'; --","content":"$1","refresh_token":"' or 1=1"}`,
  ],
  ["prototype keys", '{"__proto__":{"admin":true},"constructor":{"prototype":{}},"email":5}'],
  ["a text of a megabyte", `{"email":"${"a".repeat(1_000_000)}@example.com"}`],
  [
    "lone surrogates",
    '{"email":"\\ud800@example.com","subject":"\\udfff\\udfff\\udfff","content":"\\ud800","password":"\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800"}',
  ],
];

for (const { id, method, path } of PAYWALL_API_ENDPOINTS.filter((endpoint) => endpoint.method === "POST")) {
  test(`${id} refuses bad bodies with a readable 4xx and changes nothing`, async () => {
    const before = await census();
    for (const [name, body] of BODIES) {
      // Each from an address of its own, so that the limits of sign-in do not answer for the parser.
      const from = `198.51.100.${1 + Math.floor(Math.abs(Math.sin(name.length + id.length)) * 250)}`;
      for (const credentials of [
        {},
        { "x-api-key": shop.secretKey },
        { authorization: "Bearer forged.forged.forged" },
      ]) {
        const response = await server.fetch(path.replace(/\{id\}/, shop.paywall), {
          method,
          body: body as RequestInit["body"],
          from,
          headers: { "content-type": "application/json", ...credentials },
        });
        const text = await response.text();
        expect(response.status, `${name}: ${text.slice(0, 200)}`).toBeLessThan(500);
        if (response.status >= 400) {
          expect(JSON.parse(text), name).toMatchObject({ message: expect.any(String) });
        }
      }
    }
    const after = await census();
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect(changed).toEqual([]);
  });
}

test("ids of another tenant are answered as ids that do not exist", async () => {
  const mine = { "x-api-key": shop.secretKey };
  const checkout = { email: "buyer@example.com", priceId: Number(other.prices.monthly) };
  const foreign = await server.post(shop.api("start-checkout"), checkout, mine);
  const missing = await server.post(shop.api("start-checkout"), { ...checkout, priceId: 999_999_999 }, mine);
  expect(foreign.status).toBe(404);
  expect(foreign.body).toEqual(missing.body);

  const key = await server.post(other.api("start-checkout"), { ...checkout }, mine);
  expect(key.status).toBe(403);
});

test("strange paths never reach the database as ids", async () => {
  for (const id of ["0", "-1", "1e3", "1.0", "%00", "..%2f..", "' or 1=1", "9".repeat(400), "pw_%27", "１"]) {
    const { status } = await server.get(`/api/v1/paywall/${encodeURIComponent(id)}/bootstrap`);
    expect(status, id).toBe(404);
  }
});

test("absurd headers are ignored or refused, never a failure of ours", async () => {
  const strange: Record<string, string>[] = [
    { authorization: "Bearer" },
    { authorization: "Basic YTpi" },
    { authorization: `Bearer ${"a".repeat(6000)}` },
    { "x-user-email": `${"a".repeat(5000)}@example.com` },
    { "x-user-email": "not an address" },
    { "x-client-ip": "999.999.999.999", "x-api-key": shop.secretKey },
    { "idempotency-key": "k".repeat(5000) },
    { "x-api-key": "sk_test_'; drop table api_keys" },
    { "x-forwarded-for": "1, 2, 3, , ,", "cf-ipcountry": "DE" },
    { "accept-language": "x".repeat(4000) },
  ];
  for (const headers of strange) {
    for (const path of ["bootstrap", "user-state", "user?email=a@example.com"]) {
      const { status } = await server.get(shop.api(path), headers);
      expect(status, JSON.stringify(headers).slice(0, 80)).toBeLessThan(500);
    }
    const { status } = await server.post(shop.api("start-checkout"), { email: "a@example.com" }, headers);
    expect(status).toBeLessThan(500);
  }
});
