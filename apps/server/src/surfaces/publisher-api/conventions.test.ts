// What holds for every endpoint, shown on those where it would hurt most.
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { loggedIn } from "../../../test/login.ts";
import { keyOf } from "../../../test/management.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { saveOAuthClient } from "../../domains/tenants/index.ts";
import { type Statement, sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let backEnd: { authorization: string };

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  backEnd = await keyOf(server, shop.tenantId);
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId: shop.tenantId,
      clientId: "daily",
      name: "The Daily",
      kind: "browser",
      origins: ["https://www.daily.example"],
      scopes: [],
    }),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

const count = async (query: Statement): Promise<number> => (await server.deps.db.one<{ n: number }>(query)).n;

test("P-20: a token works until its end and is 401 from then on, wherever it is shown", async () => {
  const { answer } = await loggedIn(server, "daily", "early@example.com");
  const headers = { authorization: `Bearer ${answer.access_token}` };
  server.clock.advance({ seconds: answer.expires_in - 1 });
  expect((await server.get("/profile", headers)).status).toBe(200);
  server.clock.advance({ seconds: 2 });
  for (const path of ["/profile", "/entitlements", "/tags", "/contracts", "/vendor"]) {
    const { status, body } = await server.get<{ error: { code: string } }>(path, headers);
    expect([status, body.error.code], path).toEqual([401, "authentication_required"]);
  }
});

test("P-26: a creation that is repeated with its key happens once, also when both arrive together", async () => {
  const reader = await signedInCustomer(server, shop);
  const key = { "idempotency-key": "one-creation" };
  const checkout = { items: [{ sku: "pro" }], redirectUrl: "https://www.daily.example/" };
  const create = () => server.post<{ id: string }>("/checkouts", checkout, { ...reader.headers, ...key });
  const made = [...(await Promise.all([create(), create()])), await create()];
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
  const user = { email: "created-once@example.com" };
  const users = [];
  for (let i = 0; i < 2; i += 1)
    users.push(await server.post<{ id: string }>("/management/users", user, { ...backEnd, ...key }));
  expect(users.map(({ status }) => status)).toEqual([201, 201]);
  expect(users[1]?.body).toEqual(users[0]?.body);
  // Another's key is another key, and another key makes another.
  const other = await signedInCustomer(server, shop);
  const theirs = await server.post<{ id: string }>("/checkouts", checkout, { ...other.headers, ...key });
  expect(theirs.body.id).not.toBe(made[0]?.body.id);
  const again = { ...reader.headers, "idempotency-key": "another-creation" };
  expect((await server.post<{ id: string }>("/checkouts", checkout, again)).body.id).not.toBe(
    made[0]?.body.id,
  );
});

test("P-27: where the answer is 500, nothing was written", async () => {
  const reader = await signedInCustomer(server, shop);
  const { headers } = reader;
  const lists = await server.post<{ id: string }>(
    "/management/access-lists",
    { name: "Partners", type: "MANUAL", status: "ACTIVE" },
    backEnd,
  );
  const kept = async () => ({
    customers: await count(sql`select count(*)::int n from customers`),
    grants: await count(sql`select count(*)::int n from access_grants`),
    sessions: await count(sql`select count(*)::int n from sessions where revoked_at is null`),
    keys: await count(sql`select count(*)::int n from idempotency_keys`),
    profile: (await server.get("/profile", headers)).body,
    entitlements: (await server.get("/entitlements", headers)).body,
  });
  const before = await kept();
  // Every change tells its news in its own transaction, at the end of it.
  await server.deps.db.execute(sql`alter table events rename to events_gone`);
  try {
    const refused = [
      await server.post("/management/users", { email: "never@example.com", firstName: "N" }, backEnd),
      await server.post(
        `/management/access-lists/${lists.body.id}/grants`,
        { email: reader.email, sku: "pro", poId: "", status: "ACTIVE" },
        backEnd,
      ),
      await server.fetch(`/management/users/${reader.userId}`, { method: "DELETE", headers: backEnd }),
      await server.fetch("/profile", { method: "DELETE", headers }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
  } finally {
    await server.deps.db.execute(sql`alter table events_gone rename to events`);
  }
  expect(await kept()).toEqual(before);
});
