import { managementPaywall } from "@tollgate/protocol/management-api/paywalls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf, machineTokenOf } from "../../../test/management.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

const FILE = `
tenants:
  - slug: lantern
    name: The Lantern
    currency: EUR
    brandColor: "#b32"
    products:
      - { sku: all, title: Everything, type: pass }
    processors: [{ key: box, kind: sandbox }]
    meters:
      - { key: free, limit: 3, period: month }
    paywalls:
      - key: news
        name: News
        surface: publisher
        product: all
        meter: free
        publisher: { headline: Read on, features: [Everything], footerPaymentMethods: [visa], options: { yearly: { selected: true, tag: Best } } }
        purchaseOptions:
          - { key: monthly, interval: month, amount: 4.90, label: Monthly }
          - { key: yearly, interval: year, amount: 49, label: Yearly }
`;

type Refusal = { error: { code: string; message: string; details?: { field?: string; scope?: string } } };

let server: TestServer;
let tenantId: string;
let id: string;
let other: Shop;
let all: { authorization: string };

beforeAll(async () => {
  server = await startTestServer({ env: { TOLLGATE_RATE_LIMIT_PER_MINUTE: "100000" } });
  await applyYaml(server, FILE);
  const ids = await idsOf(server, "lantern");
  tenantId = ids.tenantId;
  id = ids.paywall("news").id;
  other = await createShop(server);
  all = await keyOf(server, tenantId);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const get = <T = Record<string, unknown>>(headers: Record<string, string>, paywall = id) =>
  call<T>(server, "GET", `/management/paywalls/${paywall}`, headers);

describe("GET /management/paywalls/{id}", () => {
  test("P-138: it answers every documented member with the documented type, and no envelope", async () => {
    const { status, body, headers } = await get(all);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("application/json");
    expect(body).toEqual(managementPaywall.parse(body));
    expect(body).toMatchObject({
      id,
      vendorId: "lantern",
      currency: "EUR",
      headline: "Read on",
      logoUrl: "",
      mainColor: "#bb3322",
      features: ["Everything"],
      showLoginButton: expect.any(Boolean),
      settings: {
        template: "BOXES",
        useDefaultLogo: expect.any(Boolean),
        useDefaultCurrency: true,
        useDefaultColor: true,
        styling: expect.any(Object),
      },
      singlePurchase: { enabled: false, title: "", description: "", discountCode: "" },
      footerPaymentMethods: ["visa"],
    });
    expect(body.version).toSatisfy(Number.isInteger);
    const options = body.subscriptions as Record<string, unknown>[];
    expect(options.map((it) => it.price)).toEqual([4.9, 49]);
    expect(options.filter((it) => it.selected)).toHaveLength(1);
    for (const option of options) {
      expect(option).toMatchObject({
        id: expect.any(String),
        title: expect.any(String),
        description: expect.any(String),
        sku: "all",
        periodText: expect.any(String),
        poId: expect.any(String),
        tag: expect.any(String),
        discountCode: "",
      });
    }
  });

  test("P-139, P-140: a back end may keep it for an hour, until its credentials or timestamp change", async () => {
    const { headers } = await get(all);
    expect(headers.get("cache-control")).toBe("private, max-age=3600");
    const vary = headers.get("vary")?.split(/,\s*/);
    expect(vary).toContain("Authorization");
    expect(vary).toContain("Cache-Timestamp");
  });

  test("P-141: without a token it answers 401 unauthorized, and so it does for one that is none", async () => {
    const bad = ["Bearer nonsense", "Bearer sk_test_unknown", "Basic eDp5", "Basic bGFudGVybi13ZWJ8YWJjOg=="];
    for (const headers of [{}, ...bad.map((authorization) => ({ authorization }))]) {
      const { status, body, headers: answered } = await get<Refusal>(headers as Record<string, string>);
      expect([status, body.error.code]).toEqual([401, "unauthorized"]);
      expect(answered.get("cache-control")).toBe("no-store");
      expect(answered.get("x-ratelimit-limit")).toBe("100");
    }
  });

  test("P-142: a key, a token or a reader without the permission is answered 403 forbidden", async () => {
    const reader = await signedInCustomer(server, { tenantId, paywallId: id });
    const poor = [
      await keyOf(server, tenantId, ["paywall:write", "user:read"]),
      await machineTokenOf(server, tenantId, ["user:read"]),
      await machineTokenOf(server, tenantId, []),
      reader.headers,
    ];
    for (const headers of poor) {
      const { status, body, headers: answered } = await get<Refusal>(headers);
      expect([status, body.error.code]).toEqual([403, "forbidden"]);
      expect(answered.get("cache-control")).toBe("no-store");
    }
    // Permission is looked at before existence.
    expect((await get(poor[0] as Record<string, string>, "pw_unknown")).status).toBe(403);
  });

  test("a scope opens it by its name, by its plural and as one of all", async () => {
    for (const scope of ["paywall:read", "paywalls:read", "management:read"]) {
      expect((await get(await keyOf(server, tenantId, [scope]))).status, scope).toBe(200);
      expect((await get(await machineTokenOf(server, tenantId, [scope]))).status, scope).toBe(200);
    }
  });

  test("P-143: another vendor's paywall is answered 403 forbidden", async () => {
    const { status, body } = await get<Refusal>(all, other.paywallId);
    expect([status, body.error.code]).toEqual([403, "forbidden"]);
    const { status: mine } = await get({ authorization: `Bearer ${other.secretKey}` }, other.paywallId);
    expect(mine).toBe(200);
  });

  test("P-144: an unknown id is answered 404 not_found", async () => {
    for (const unknown of ["pw_01K9ZJ3V6Q8R2T4W6Y8A0C2E4G", "V1StGXR8_Z5jdHi6B-myT", "999999", "%20"]) {
      const { status, body, headers } = await get<Refusal>(all, unknown);
      expect([status, body.error.code]).toEqual([404, "not_found"]);
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("P-145: a failure of ours is answered 500 internal_error, in words that say nothing about it", async () => {
    await server.deps.db.execute(sql`alter table meters rename to meters_gone`);
    try {
      const { status, body, headers } = await get<Refusal>(all);
      expect([status, body.error.code]).toEqual([500, "internal_error"]);
      expect(body.error.message).not.toContain("meters");
      expect(headers.get("cache-control")).toBe("no-store");
    } finally {
      await server.deps.db.execute(sql`alter table meters_gone rename to meters`);
    }
    expect((await get(all)).status).toBe(200);
  });

  test("P-15: the management limit is reached earlier than the client limit, and before anything else is looked at", async () => {
    const key = await keyOf(server, tenantId);
    const first = await get(key);
    expect(first.headers.get("x-ratelimit-limit")).toBe("100");
    const client = await server.get("/vendor", key);
    expect(client.headers.get("x-ratelimit-limit")).toBe("300");
    let served = 1;
    let last = first;
    while (last.status === 200 && served < 400) {
      last = await get(key);
      served += 1;
    }
    // The burst, and then nothing while the clock stands still.
    expect([last.status, served]).toEqual([429, 201]);
    expect(last.body).toMatchObject({
      error: { code: "rate_limit_exceeded", retry_after: expect.any(Number) },
    });
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    // 200 client requests are not too many.
    for (let i = 0; i < 201; i += 1) expect((await server.get("/vendor", key)).status).toBe(200);
    // Others are not held back, and a minute gives a hundred more.
    expect((await get(all)).status).toBe(200);
    server.clock.advance({ minutes: 1 });
    expect((await get(key)).status).toBe(200);
  });
});

test("what a back end made is left alone when the file is applied again, and what the file made is as the file says", async () => {
  const make = async (path: string, body: object) => {
    const { status, body: made } = await call<{ id: string }>(
      server,
      "POST",
      `/management/${path}`,
      all,
      body,
    );
    expect(status, path).toBe(201);
    return made.id;
  };
  await make("products", { sku: "own", title: "Own" });
  const paywall = await make("paywalls", { sku: "own", key: "own", name: "Own" });
  const own = await make("purchase-options", { sku: "own", paywallId: paywall, key: "own", price: 2 });
  const added = await make("purchase-options", { sku: "all", paywallId: id, key: "added", price: 3 });
  const meter = await make("meters", { key: "own", limit: 7 });
  const webhook = await make("webhooks", { url: "https://93.184.216.34/hook" });
  await call(server, "PATCH", "/management/products/all", all, { title: "Renamed" });

  // The clients are this test's own, which the file does not know.
  const changes = (await applyYaml(server, FILE)).filter(({ kind }) => kind !== "client");
  expect(changes.map(({ kind, key, action }) => [kind, key, action])).toEqual([["product", "all", "update"]]);
  const read = async (path: string) => (await call(server, "GET", `/management/${path}`, all)).body;
  expect(await read("products/all")).toMatchObject({ title: "Everything" });
  expect(await read("products/own")).toMatchObject({ status: "ACTIVE" });
  expect(await read(`paywalls/${paywall}`)).toMatchObject({ status: "ACTIVE" });
  for (const option of [own, added]) {
    expect(await read(`purchase-options/${option}`)).toMatchObject({ status: "ACTIVE" });
  }
  expect(await read(`meters/${meter}`)).toMatchObject({ status: "ACTIVE", limit: 7 });
  expect(await read(`webhooks/${webhook}`)).toMatchObject({ status: "ACTIVE" });
});
