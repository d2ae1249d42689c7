import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { hmacSha256 } from "../../platform/crypto.ts";
import { sql } from "../../platform/database/index.ts";
import { findTenant } from "../tenants/index.ts";
import {
  findCustomerByWireIdentity,
  findOrCreateCustomer,
  identityJobs,
  linkToPaywall,
  resolveHybridIdentity,
  trustAddress,
} from "./index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const HOME = "203.0.113.50";
const SECRET = "merchant-secret";

/** What an `X-User-Email` of this value shows at a tenant with this setting, as the e-mail of the customer found. */
async function seen(
  mode: string,
  headerValue: string | undefined,
  clientAddress = HOME,
): Promise<string | null> {
  const { deps } = server;
  const sealed = deps.keys.seal(SECRET, `tenant-hybrid:${shop.tenantId}`);
  await deps.db.execute(
    sql`update tenants set hybrid_trust = ${mode}, hybrid_secret_sealed = ${sealed} where id = ${shop.tenantId}`,
  );
  const tenant = (await findTenant(deps.db, shop.tenantId))!;
  const found = await resolveHybridIdentity(deps.db, deps, {
    tenant,
    headerValue,
    clientAddress,
    now: deps.clock.now(),
  });
  return found?.email ?? null;
}
const trust = (customerId: string, address = HOME) =>
  server.deps.db.transaction((tx) =>
    trustAddress(tx, server.deps, { tenantId: shop.tenantId, customerId, address, now: server.clock.now() }),
  );
const unixIn = (seconds: number) => Math.floor(server.clock.now().getTime() / 1000) + seconds;
const compact = (email: string, expires: number, secret = SECRET) =>
  `${email};${expires};${hmacSha256(secret, `${email};${expires}`).toString("hex")}`;

test("under recent, a plain e-mail is believed from an address the customer proved themselves at, and from no other", async () => {
  const { customer } = await signedInCustomer(server, shop, { email: "recent@example.com" });
  const { customer: other } = await signedInCustomer(server, shop, { email: "other@example.com" });
  expect(await seen("recent", "recent@example.com")).toBeNull();
  await trust(customer.id);
  expect(await seen("recent", " Recent@Example.com ")).toBe("recent@example.com");
  expect(await seen("recent", "recent@example.com", "203.0.113.51")).toBeNull();
  expect(await seen("recent", other.email!)).toBeNull();
  expect(await seen("recent", "unknown@example.com")).toBeNull();
});

test("trust ends 30 days after the last use, and every use starts the 30 days anew", async () => {
  const { customer } = await signedInCustomer(server, shop, { email: "sliding@example.com" });
  await trust(customer.id);
  for (let month = 0; month < 3; month += 1) {
    server.clock.advance({ days: 29 });
    expect(await seen("recent", "sliding@example.com")).toBe("sliding@example.com");
  }
  server.clock.advance({ days: 30 });
  expect(await seen("recent", "sliding@example.com")).toBeNull();
});

test("under none nobody is believed, under legacy everybody, under signed only the merchant's signature", async () => {
  const { customer } = await signedInCustomer(server, shop, { email: "modes@example.com" });
  await trust(customer.id);
  const signed = compact("modes@example.com", unixIn(300));
  expect(await seen("none", "modes@example.com")).toBeNull();
  expect(await seen("none", signed)).toBeNull();
  expect(await seen("legacy", "modes@example.com", "198.51.100.200")).toBe("modes@example.com");
  expect(await seen("signed", "modes@example.com")).toBeNull();
  expect(await seen("signed", signed, "198.51.100.200")).toBe("modes@example.com");
  expect(await seen("recent", signed, "198.51.100.200")).toBe("modes@example.com");
});

test("a signed e-mail must be genuine, unchanged and unexpired, in both of its forms", async () => {
  await signedInCustomer(server, shop, { email: "signed@example.com" });
  await signedInCustomer(server, shop, { email: "victim@example.com" });
  const key = (secret: string) => new TextEncoder().encode(secret);
  const jwt = (claims: Record<string, unknown>, alg = "HS256", secret = SECRET) =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(key(secret));
  const genuine = compact("signed@example.com", unixIn(60));
  expect(await seen("signed", genuine)).toBe("signed@example.com");
  expect(await seen("signed", await jwt({ email: "signed@example.com", exp: unixIn(60) }))).toBe(
    "signed@example.com",
  );

  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(
    JSON.stringify({ email: "victim@example.com", exp: unixIn(60) }),
  ).toString("base64url")}.`;
  const bad = [
    compact("signed@example.com", unixIn(0)),
    compact("signed@example.com", unixIn(60), "another secret"),
    genuine.replace("signed@", "victim@"),
    genuine.replace(/;(\d+);/, `;${unixIn(600)};`),
    `${genuine.slice(0, -1)}${genuine.endsWith("0") ? "1" : "0"}`,
    "signed@example.com;;",
    await jwt({ email: "signed@example.com", exp: unixIn(0) }),
    await jwt({ email: "signed@example.com" }),
    await jwt({ email: "signed@example.com", exp: unixIn(60) }, "HS256", "another secret"),
    await jwt({ email: "signed@example.com", exp: unixIn(60) }, "HS384", SECRET.repeat(4)),
    await jwt({ exp: unixIn(60) }),
    unsigned,
    "x".repeat(5000),
    "",
    undefined,
  ];
  for (const value of bad) expect(await seen("signed", value), String(value).slice(0, 80)).toBeNull();
});

test("many callers who name one new e-mail at once get one customer, and one of them created it", async () => {
  const { deps } = server;
  const results = await Promise.all(
    Array.from({ length: 12 }, () =>
      deps.db.transaction((tx) =>
        findOrCreateCustomer(tx, deps, {
          tenantId: shop.tenantId,
          email: "Twelve@Example.com",
          now: deps.clock.now(),
        }),
      ),
    ),
  );
  expect(new Set(results.map((result) => result.customer.id)).size).toBe(1);
  expect(results.filter((result) => result.created)).toHaveLength(1);
  const events = await deps.db.query(
    sql`select 1 from events where type = 'customer.created' and object_id = ${results[0]!.customer.id}`,
  );
  expect(events).toHaveLength(1);
});

test("two merchants' customers with one e-mail are two customers", async () => {
  const elsewhere = await createShop(server);
  const here = await signedInCustomer(server, shop, { email: "both@example.com" });
  const there = await signedInCustomer(server, elsewhere, { email: "both@example.com" });
  expect(here.userId).not.toBe(there.userId);
});

test("the merchant's id for a customer is first come, first kept, and the map of metadata stops growing at 50 entries", async () => {
  const { deps } = server;
  const first = await signedInCustomer(server, shop);
  const second = await signedInCustomer(server, shop);
  const link = (customerId: string, userMeta: Record<string, string>) =>
    deps.db.transaction((tx) =>
      linkToPaywall(tx, {
        tenantId: shop.tenantId,
        paywallId: shop.paywallId,
        customerId,
        userMeta,
        now: deps.clock.now(),
      }),
    );
  await link(first.customer.id, { userId: "m-1" });
  await link(second.customer.id, { userId: "m-1" });
  expect((await findCustomerByWireIdentity(deps.db, shop.tenantId, { userId: "m-1" }))?.id).toBe(
    first.customer.id,
  );

  const fifty = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${i}`, "v"]));
  await link(first.customer.id, fifty);
  await link(first.customer.id, { oneMore: "v" });
  await link(first.customer.id, { k0: "changed" });
  const row = await deps.db.one<{ count: number; k0: string }>(sql`
    select (select count(*)::int from jsonb_object_keys(user_meta)) count, user_meta ->> 'k0' k0
    from paywall_links where paywall_id = ${shop.paywallId} and customer_id = ${first.customer.id}`);
  expect(row).toEqual({ count: 50, k0: "changed" });
});

test("cleaning up keeps what can still be asked for", async () => {
  const { deps } = server;
  await server.post(shop.api("auth/otp/send"), { email: "clean@example.com" });
  const session = await signedInCustomer(server, shop);
  await server.post(shop.api("auth/refresh"), { refresh_token: session.refreshToken });
  const count = () =>
    deps.db.one<{ codes: number; tokens: number }>(sql`
      select (select count(*)::int from one_time_codes where email = 'clean@example.com') codes,
        (select count(*)::int from refresh_tokens where session_id = ${session.sessionId}) tokens`);
  const run = () => Promise.all(identityJobs(deps).map((job) => job.run()));
  await run();
  expect(await count()).toEqual({ codes: 1, tokens: 2 });
  server.clock.advance({ days: 32 });
  await run();
  expect(await count()).toEqual({ codes: 0, tokens: 1 });
});
