import { management, wretch } from "@sesamy/sdk";
import { MANAGEMENT_ENDPOINTS } from "@tollgate/protocol/management-api/endpoints";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { mailedCode, newestMail, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { buy } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";

let server: TestServer;
let shop: Shop;
let key: { authorization: string };
let sdk: ReturnType<typeof management>;
let sale: Awaited<ReturnType<typeof buy>>;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  key = await keyOf(server, shop.tenantId);
  sale = await buy(server, shop, { email: "buyer@example.com" });
  // The published client without a socket: its requests go to the real router.
  wretch.polyfills({ fetch: (url: string, init: RequestInit) => server.fetch(url, init) });
  sdk = management({
    baseUrl: server.deps.config.baseUrl,
    tokenProvider: async () => key.authorization,
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** What an answer must be by the published table; unknown members are allowed. */
function fits(id: string, value: unknown): void {
  const endpoint = MANAGEMENT_ENDPOINTS.find((it) => it.id === id);
  const schema = Object.values(endpoint?.responses ?? {})[0] as z.ZodType | null | undefined;
  expect(schema, id).toBeDefined();
  if (schema === null) expect(value, id).toBeNull();
  else expect(value, id).toEqual(schema?.parse(value));
}

describe("the published SDK's management()", () => {
  test("P-150: users are made, found, changed and listed", async () => {
    const made = await sdk.users.create({ email: "Robin@Example.com", name: "Robin Reader" });
    fits("managementCreateUser", made);
    expect(made).toMatchObject({ email: "robin@example.com", name: "Robin Reader" });
    expect(made.id).toMatch(/^[0-9a-f-]{36}$/);
    const found = await sdk.users.get(made.id);
    fits("managementGetUser", found);
    expect(found).toEqual(made);
    const changed = await sdk.users.update(made.id, { firstName: "Robin", lastName: "R" });
    fits("managementUpdateUser", changed);
    expect(changed).toMatchObject({
      id: made.id,
      firstName: "Robin",
      lastName: "R",
      email: "robin@example.com",
    });
    const listed = await sdk.users.list({ search: "robin@", limit: 10, offset: 0 });
    fits("managementListUsers", listed);
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([made.id]);
    expect((await sdk.users.list({})).length).toBeGreaterThan(1);
    // What cannot be kept leaves nobody behind.
    const bad = { email: "half@example.com", user_metadata: { "no spaces": "x" } };
    await expect(sdk.users.create(bad)).rejects.toMatchObject({ status: 400 });
    expect(await sdk.users.list({ search: "half@" })).toEqual([]);
    const tagged = await sdk.users.create({
      email: "half@example.com",
      tags: ["a"],
      user_metadata: { k: 1 },
    });
    expect(tagged).toMatchObject({ tags: ["a"], user_metadata: { k: 1 } });
    await expect(sdk.users.create({ email: "robin@example.com" })).rejects.toMatchObject({ status: 409 });
    await expect(sdk.users.get("nobody")).rejects.toMatchObject({ status: 404 });
  });

  test("P-150: a user gets a password that works, another address, and forgets the sessions before", async () => {
    const reader = await signedInCustomer(server, shop, { email: "pw@example.com" });
    expect(await sdk.users.setPassword(reader.userId, "a long new password")).toBeNull();
    expect((await server.get("/profile", reader.headers)).status).toBe(401);
    const signIn = { email: "pw@example.com", password: "a long new password" };
    expect((await server.post(shop.api("auth/email/signin"), signIn)).status).toBe(200);
    expect((await newestMail(server, "pw@example.com"))?.subject).toMatch(/password/i);
    await expect(sdk.users.setPassword(reader.userId, "short")).rejects.toMatchObject({ status: 400 });

    expect(await sdk.users.changeLoginIdentifier(reader.userId, "New@Example.com")).toBeNull();
    expect(await sdk.users.get(reader.userId)).toMatchObject({
      email: "new@example.com",
      emailVerified: false,
    });
    await expect(sdk.users.changeLoginIdentifier(reader.userId, "buyer@example.com")).rejects.toMatchObject({
      status: 409,
    });
  });

  test("P-146: a deleted user is answered 204, and is nobody from then on", async () => {
    const { id } = await sdk.users.create({ email: "gone@example.com" });
    const { status, body } = await call(server, "DELETE", `/management/users/${id}`, key);
    expect([status, body]).toEqual([204, null]);
    await expect(sdk.users.get(id)).rejects.toMatchObject({ status: 404 });
    const again = await sdk.users.create({ email: "gone@example.com" });
    expect(again.id).not.toBe(id);
    expect(await sdk.users.delete(again.id)).toBeNull();
  });

  test("P-147: metadata is put as plain text and comes back as it was, and goes", async () => {
    const { id } = await sdk.users.create({ email: "meta@example.com" });
    expect(await sdk.users.metadata.set(id, "theme", "dark mode")).toBeNull();
    expect(await sdk.users.metadata.set(id, "answer", "42")).toBeNull();
    const path = `/management/users/${id}/user_metadata/plain`;
    const { status } = await call(server, "PUT", path, { ...key, "content-type": "text/plain" }, "å text");
    expect(status).toBe(204);
    expect(await sdk.users.get(id)).toMatchObject({
      user_metadata: { theme: "dark mode", answer: "42", plain: "å text" },
    });
    expect(await sdk.users.metadata.delete(id, "theme")).toBeNull();
    expect(await sdk.users.metadata.delete(id, "theme")).toBeNull();
    const { user_metadata: kept } = (await sdk.users.get(id)) as unknown as { user_metadata: object };
    expect(Object.keys(kept).sort()).toEqual(["answer", "plain"]);
    await expect(sdk.users.metadata.set(id, "no spaces", "x")).rejects.toMatchObject({ status: 400 });
  });

  test("P-150: products are made, found by a sku with a colon, changed and listed", async () => {
    const made = await sdk.products.create({
      sku: "sid:story",
      title: "A story",
      productType: "article",
      publisherContentId: "story-1",
      url: "https://www.gazette.example/story",
      cover: "https://www.gazette.example/story.jpg",
      language: "en",
    });
    fits("managementCreateProduct", made);
    fits("managementGetProduct", await sdk.products.get("sid:story"));
    expect(await sdk.products.get("sid%3Astory")).toEqual(made);
    const changed = await sdk.products.update("sid:story", { title: "Another story" });
    fits("managementUpdateProduct", changed);
    expect(changed).toEqual({
      ...made,
      title: "Another story",
      name: "Another story",
      updatedAt: changed.updatedAt,
    });
    const listed = await sdk.products.list({ search: "another", limit: 5 });
    fits("managementListProducts", listed);
    expect(listed).toEqual([changed]);
    fits("managementListFulfillments", await sdk.products.getFulfillments("sid:story"));
    await expect(sdk.products.create({ sku: "sid:story", title: "x" })).rejects.toMatchObject({
      status: 409,
    });
    await expect(sdk.products.get("sid:none")).rejects.toMatchObject({ status: 404 });
  });

  test("P-150: a sale is a contract, a bill, a transaction and a right, each found by user and by id", async () => {
    const contracts = await sdk.contracts.list({ userId: sale.userId, status: "ACTIVE" });
    fits("managementListContracts", contracts);
    expect(contracts).toMatchObject([
      { id: sale.contractId, userId: sale.userId, price: 9.99, isActive: true },
    ]);
    expect(await sdk.contracts.list({ status: "CANCELED" })).toEqual([]);
    expect(await sdk.contracts.get(sale.contractId)).toEqual(contracts[0]);

    const bills = await sdk.bills.list({ userId: sale.userId, status: "PAID" });
    fits("managementListBills", bills);
    expect(bills).toMatchObject([{ contractId: sale.contractId, price: 9.99, status: "PAID" }]);
    expect(await sdk.bills.get(bills[0]?.id)).toEqual(bills[0]);
    expect(await sdk.bills.list({ status: "OVERDUE" })).toEqual([]);

    const transactions = await sdk.transactions.list({
      userId: sale.userId,
      type: "charge",
      status: "SUCCEEDED",
    });
    fits("managementListTransactions", transactions);
    expect(transactions).toMatchObject([{ amount: 9.99, isRefund: false, billId: bills[0]?.id }]);
    expect(await sdk.transactions.list({ status: "FAILED" })).toEqual([]);

    const rights = await sdk.entitlements.list({ userId: sale.userId, sku: "pro", type: "pass" });
    fits("managementListEntitlements", rights);
    expect(rights).toMatchObject([
      { hasAccess: true, origin: { type: "PAYMENTS", contractId: sale.contractId }, userId: sale.userId },
    ]);
    expect(await sdk.entitlements.list({ userId: sale.userId, type: "article" })).toEqual([]);
    for (const unknown of [() => sdk.contracts.get("con_none"), () => sdk.bills.get("bil_none")]) {
      await expect(unknown()).rejects.toMatchObject({ status: 404 });
    }
  });

  test("P-148: a customer is a JSON string with XML in it, and XML itself for whoever asks for that", async () => {
    const text = await sdk.customers.get(sale.userId);
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<customer id="/);
    expect(text).toContain("<email>buyer@example.com</email>");
    expect(text).toContain(`<contractId>${sale.contractId}</contractId>`);
    const { id } = await sdk.users.create({ email: "xml@example.com", name: `<b>"R" & 'J'</b>` });
    expect(await sdk.customers.get(id)).toContain(
      "<name>&lt;b&gt;&quot;R&quot; &amp; &apos;J&apos;&lt;/b&gt;</name>",
    );
    const xml = await server.get<string>(`/management/customers/${sale.userId}`, {
      ...key,
      accept: "application/xml",
    });
    expect(xml.headers.get("content-type")).toContain("application/xml");
    expect(xml.body).toBe(text);
    await expect(sdk.customers.get("nobody")).rejects.toMatchObject({ status: 404 });
  });

  test("P-150: vendors are the caller's own, and a new one starts empty and is not the caller's", async () => {
    const vendors = await sdk.vendors.list();
    fits("managementListVendors", vendors);
    expect(vendors).toMatchObject([{ id: shop.slug }]);
    const made = await sdk.vendors.create({
      name: "The Herald",
      id: "herald",
      website: "https://herald.example",
      country: "SE",
    });
    fits("managementCreateVendor", made);
    expect(made).toMatchObject({
      id: "herald",
      name: "The Herald",
      website: "https://herald.example",
      country: "SE",
    });
    expect(await sdk.vendors.list()).toEqual(vendors);
    await expect(sdk.vendors.create({ name: "x", id: "herald" })).rejects.toMatchObject({ status: 409 });
    expect((await sdk.vendors.create({ name: "Ångström & Co" })).id).toMatch(/^angstrom-co-[0-9a-z]{6}$/);
  });

  test("P-149: an active grant makes an EXTERNAL entitlement appear for its address, and goes with it", async () => {
    const list = await sdk.accessLists.create({ name: "Press", type: "MANUAL", status: "ACTIVE" });
    fits("managementListAccessLists", await sdk.accessLists.list());
    const grant = await sdk.accessLists.grants.create(list.id, {
      email: "press@example.com",
      sku: "pro",
      poId: "",
      status: "ACTIVE",
      source: list.id,
    });
    expect(await sdk.accessLists.get(list.id)).toMatchObject({ id: list.id, name: "Press" });
    expect(await sdk.accessLists.grants.list(list.id)).toMatchObject([{ id: grant.id }]);
    expect(await sdk.accessLists.grants.get(list.id, grant.id)).toEqual(grant);

    const reader = await signedInCustomer(server, shop, { email: "press@example.com" });
    const external = { type: "EXTERNAL", id: grant.id, listId: list.id, name: "Press" };
    const own = await server.get<unknown[]>("/entitlements", reader.headers);
    expect(own.body).toMatchObject([{ sku: "pro", hasAccess: true, origin: external }]);
    const seen = await sdk.entitlements.list({ userId: reader.userId });
    expect(seen).toMatchObject([{ sku: "pro", hasAccess: true, origin: external }]);

    await sdk.accessLists.grants.update(list.id, grant.id, { status: "INACTIVE" });
    expect(await sdk.entitlements.list({ userId: reader.userId })).toEqual([]);
    await sdk.accessLists.grants.update(list.id, grant.id, { status: "ACTIVE" });
    expect(await sdk.entitlements.list({ userId: reader.userId })).toHaveLength(1);
    await sdk.accessLists.update(list.id, { name: "Newsroom", type: "MANUAL", status: "ACTIVE" });
    expect(await sdk.accessLists.patch(list.id, { description: "Ours" })).toMatchObject({ name: "Newsroom" });
    expect(await sdk.accessLists.grants.delete(list.id, grant.id)).toBeNull();
    expect(await sdk.entitlements.list({ userId: reader.userId })).toEqual([]);
  });

  test("a user who was made by the back end signs in with a code, and is then proven", async () => {
    const { id } = await sdk.users.create({ email: "fresh@example.com" });
    const token = await mailedCode(server, shop, "fresh@example.com");
    const verified = await server.post(shop.api("auth/otp/verify"), {
      email: "fresh@example.com",
      token,
      type: "email",
    });
    expect(verified.status).toBe(200);
    expect(await sdk.users.get(id)).toMatchObject({ email: "fresh@example.com", emailVerified: true });
  });
});
