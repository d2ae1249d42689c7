import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createLoginClients, loggedIn } from "../../../test/login.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { findCustomerById, findCustomerByUuid, hashPassword } from "../identity/index.ts";
import { mergeCustomers } from "./index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
});
afterAll(() => server[Symbol.asyncDispose]());

const merge = (from: SignedInCustomer, into: SignedInCustomer, tenantId = shop.tenantId) =>
  server.deps.db.transaction((tx) =>
    mergeCustomers(tx, server.deps, {
      tenantId,
      fromId: from.customer.id,
      intoId: into.customer.id,
      now: server.clock.now(),
    }),
  );

const get = async <T>(who: SignedInCustomer, path: string) => (await server.get<T>(path, who.headers)).body;
const send = (who: SignedInCustomer, method: string, path: string, body: unknown) =>
  server.fetch(path, {
    method,
    headers: { ...who.headers, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

test("everything of the one is the other's, who keeps what both had, and the one is gone", async () => {
  const [old, now] = [await signedInCustomer(server, shop), await signedInCustomer(server, shop)];
  const { db, ids } = server.deps;
  const sale = await buy(server, shop, { email: old.email ?? "", headers: old.headers });
  await send(old, "PATCH", "/profile", { firstName: "Ada", company: "Old Ltd", tags: ["a", "both"] });
  await send(now, "PATCH", "/profile", { company: "New Ltd", tags: ["both", "c"] });
  await send(old, "PUT", "/user-metadata/theme", "dark");
  await send(now, "PUT", "/user-metadata/theme", "light");
  await send(old, "POST", "/tallies", { id: "read", value: ["x"] });
  await db.execute(sql`
    insert into external_references (tenant_id, namespace, external_id, customer_id)
    values (${shop.tenantId}, 'publisher', 'auth0|7', ${old.customer.id})`);
  const passwordHash = await hashPassword("a good long password");
  await db.execute(sql`
    insert into identities (id, tenant_id, customer_id, provider, subject, secret_hash, verified_at, created_at)
    values (${ids.next("identity")}, ${shop.tenantId}, ${old.customer.id}, 'password', ${old.customer.id}, ${passwordHash},
      ${server.clock.now()}, ${server.clock.now()})`);

  expect((await merge(old, now))?.id).toBe(now.customer.id);

  expect((await server.get("/profile", old.headers)).status).toBe(401);
  expect(await findCustomerById(db, shop.tenantId, old.customer.id)).toBeNull();
  // Whoever wrote the old id down finds the one who is left.
  expect((await findCustomerByUuid(db, shop.tenantId, old.userId))?.id).toBe(now.customer.id);
  expect(await get(now, "/profile")).toMatchObject({
    email: now.email,
    firstName: "Ada",
    company: "New Ltd",
    user_metadata: { theme: "light" },
  });
  expect((await get<string[]>(now, "/tags")).sort()).toEqual(["a", "both", "c"]);
  expect(await get(now, "/tallies/read")).toMatchObject({ value: ["x"] });
  expect(await get<{ id: string }[]>(now, "/contracts")).toMatchObject([{ id: sale.contractId }]);
  for (const path of ["/bills", "/transactions", "/entitlements"]) {
    expect(await get<unknown[]>(now, path), path).toHaveLength(1);
  }
  expect((await server.get("/profile/auth0|7", now.headers)).status).toBe(200);
  // The password works for whoever is left, under their address; the other address is free.
  const signIn = (email: string | null) =>
    server.post(shop.api("auth/email/signin"), { email, password: "a good long password" });
  expect((await signIn(now.email)).status).toBe(200);
  expect((await signIn(old.email)).status).not.toBe(200);
  const anew = await loggedIn(server, "daily", old.email ?? "");
  const theirs = { authorization: `Bearer ${anew.answer.access_token}` };
  expect((await server.get<unknown[]>("/contracts", theirs)).body).toEqual([]);
});

test("a guest's account goes into the one with an address, and an address goes over with its proof and without", async () => {
  const guest = await signedInCustomer(server, shop, { email: null });
  const known = await signedInCustomer(server, shop);
  await merge(guest, known);
  expect(await get(known, "/profile")).toMatchObject({ email: known.email, emailVerified: true });
  for (const verified of [true, false]) {
    const [from, into] = [
      await signedInCustomer(server, shop, { verified }),
      await signedInCustomer(server, shop, { email: null }),
    ];
    expect(await merge(from, into)).toMatchObject({ anonymous: false });
    expect(await get(into, "/profile")).toMatchObject({ email: from.email, emailVerified: verified });
  }
});

test("what is one already, is gone, or is another tenant's is not merged", async () => {
  const [a, b, c] = [
    await signedInCustomer(server, shop),
    await signedInCustomer(server, shop),
    await signedInCustomer(server, shop),
  ];
  const other = await createShop(server);
  const abroad = await signedInCustomer(server, other);
  expect(await merge(a, a)).toBeNull();
  expect(await merge(a, abroad)).toBeNull();
  expect(await merge(abroad, a, other.tenantId)).toBeNull();
  expect(await merge(a, b)).not.toBeNull();
  expect(await merge(a, b)).toBeNull();
  expect(await merge(c, a)).toBeNull();
  await send(c, "DELETE", "/profile", {});
  expect(await merge(c, b)).toBeNull();
  expect((await server.get("/profile", b.headers)).status).toBe(200);
});

test("two who are merged into each other at once: one of the merges happens", async () => {
  const [a, b] = [await signedInCustomer(server, shop), await signedInCustomer(server, shop)];
  const both = await Promise.all([merge(a, b), merge(b, a)]);
  expect(both.filter((it) => it !== null)).toHaveLength(1);
});
