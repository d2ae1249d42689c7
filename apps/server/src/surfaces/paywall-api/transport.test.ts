import { PAYWALL_API_ENDPOINTS } from "@tollgate/protocol/paywall-api/endpoints";
import { CORS_ALLOW_HEADERS } from "@tollgate/protocol/paywall-api/headers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const pathOf = (template: string) => template.replace(/\{id\}|:id\b/, shop.paywall);
const endpoints = PAYWALL_API_ENDPOINTS.map(({ method, path }) => ({ method: method.toUpperCase(), path }));

const preflight = (path: string, headers: Record<string, string> = {}) =>
  server.fetch(path, {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "POST", ...headers },
  });

test("#1 a preflight of any API path, known or not, answers 204 without credentials", async () => {
  for (const path of [
    ...endpoints.map((e) => pathOf(e.path)),
    "/api/v1/nothing/here",
    "/api/v1/paywall/999999/bootstrap",
  ]) {
    const response = await preflight(path);
    expect(response.status, path).toBe(204);
    expect(await response.text()).toBe("");
  }
});

test("#2 every API answer, errors included, may be read by any origin and never with credentials", async () => {
  const answers = await Promise.all([
    server.get(shop.api("bootstrap")),
    server.get(shop.api("user-state")),
    server.get("/api/v1/paywall/999999/bootstrap"),
    server.get("/api/v1/nothing/here"),
    server.post(shop.api("start-checkout"), {}),
    server.get(shop.api("user"), { authorization: "Bearer forged" }),
    server.get(shop.api("user"), { "x-api-key": "sk_test_unknown" }),
    server.get(shop.api("balances")),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 404]));
  for (const { headers } of answers) {
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  }
});

test("#3 the allowed headers are spelled out, Authorization among them", async () => {
  const response = await preflight(shop.api("bootstrap"));
  const allowed = response.headers.get("access-control-allow-headers")!.toLowerCase().split(/,\s*/);
  for (const name of CORS_ALLOW_HEADERS) expect(allowed).toContain(name.toLowerCase());
  expect(allowed).not.toContain("*");
  expect(response.headers.get("access-control-max-age")).toBe("86400");
});

test("#4 a browser may call cancel-subscription, which lives outside /api/v1", async () => {
  const response = await preflight("/api/paywall/cancel-subscription", {
    "access-control-request-headers": "authorization,content-type",
  });
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-headers")!.toLowerCase()).toMatch(
    /authorization.*content-type/,
  );
  expect(response.headers.get("access-control-allow-methods")).toContain("POST");
});

test("#5 a gateway preflight lets hosts send headers of their own and use every method of a provider", async () => {
  const response = await preflight("/api/v1/api-gateway/5b0e0f3e-0000-4000-8000-000000000001/v1/chat", {
    "access-control-request-headers": "authorization,x-my-own,openai-beta",
  });
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-headers")).toBe("authorization,x-my-own,openai-beta");
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    expect(response.headers.get("access-control-allow-methods")).toContain(method);
  }
});

test("#6 scripts may read X-Query-Type on whatever the gateway answers", async () => {
  const { headers } = await server.get("/api/v1/api-gateway/5b0e0f3e-0000-4000-8000-000000000001");
  expect(headers.get("access-control-expose-headers")).toContain("X-Query-Type");
});

test("#7 a successful answer with a body says that it is JSON", async () => {
  for (const path of ["bootstrap", "user-state"]) {
    const { status, headers } = await server.get(shop.api(path));
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("application/json");
  }
  const checkout = await server.post(shop.api("start-checkout"), {
    email: "json@example.com",
    priceId: Number(shop.prices.monthly),
  });
  expect(checkout.status).toBe(200);
  expect(checkout.headers.get("content-type")).toContain("application/json");
});

test("#8 no 3.x endpoint sets a cookie, and none changes its answer because of one", async () => {
  for (const { method, path } of endpoints) {
    const init = { method, body: method === "GET" ? undefined : "{}" };
    const plain = await server.fetch(pathOf(path), { ...init, from: "198.51.100.20" });
    const withCookie = await server.fetch(pathOf(path), {
      ...init,
      from: "198.51.100.21",
      headers: { cookie: "session=1" },
    });
    expect(plain.headers.get("set-cookie"), path).toBeNull();
    expect(withCookie.headers.get("set-cookie"), path).toBeNull();
    expect(withCookie.status, path).toBe(plain.status);
  }
});

test("#9 a request without any of the client's headers is served", async () => {
  const response = await server.fetch(shop.api("bootstrap"));
  expect(response.status).toBe(200);
  await response.text();
});

test("#10 unknown headers, query keys and fields are ignored", async () => {
  const bootstrap = await server.get(shop.api("bootstrap?utm=1&x[]=2"), {
    "x-unknown": "1",
    "x-sdk-version": "99.0.0",
  });
  expect(bootstrap.status).toBe(200);
  const checkout = await server.post(shop.api("start-checkout?y=2"), {
    email: "unknown-fields@example.com",
    priceId: shop.prices.monthly,
    somethingNew: { deep: [1, 2, 3] },
  });
  expect(checkout.status).toBe(200);
});

test("#11 a paywall id in a JSON body may be a string or a number", async () => {
  for (const paywallId of [shop.paywall, Number(shop.paywall)]) {
    const { status, body } = await server.post<{ code: string }>(
      "/api/paywall/cancel-subscription",
      { subscriptionId: "con_none", cancellationReason: "other", email: "nobody@example.com", paywallId },
      { "x-api-key": shop.secretKey },
    );
    // The id was understood: what is missing is the customer.
    expect([status, body.code]).toEqual([404, "identity_not_on_paywall"]);
  }
});

test("#12 answers with user data are never stored, and bootstrap never by a shared cache", async () => {
  const state = await server.get(shop.api("user-state"), { "x-user-email": "a@example.com" });
  expect(state.headers.get("cache-control")).toContain("no-store");
  const bootstrap = await server.get(shop.api("bootstrap"));
  expect(bootstrap.headers.get("cache-control")).toMatch(/private|no-store/);
});

test("#15 every refusal is JSON with a slug and a sentence", async () => {
  const refusals = await Promise.all([
    server.get("/api/v1/paywall/999999/bootstrap"),
    server.get("/api/v1/paywall/not-an-id/user-state"),
    server.get("/api/v1/nothing/here"),
    server.post(shop.api("start-checkout"), { email: "a@example.com" }),
    server.post(shop.api("get-customer-portal"), { email: "a@example.com" }),
    server.post("/api/paywall/cancel-subscription", {}),
    server.post(shop.api("support/ticket"), {}),
    server.post(shop.api("events"), { events: "no" }),
    server.post(shop.api("auth/email/signin"), { email: "x" }),
    server.post(shop.api("auth/refresh"), { refresh_token: "x" }),
    server.get(shop.api("user")),
    server.get(shop.api("balances")),
  ]);
  for (const { status, headers, body } of refusals) {
    const { code, error, message } = body as { code: string; error: string; message: string };
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers.get("content-type")).toContain("application/json");
    expect(code ?? error).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    expect(message.length).toBeGreaterThan(5);
  }
});

test("#30 a session, a refresh token and an idempotency key of one host work on its mirror", async () => {
  const mirrored = await createShop(server, { host: "pay.mirrored.example" });
  const reader = await signedInCustomer(server, mirrored);
  const on = (host: string, path: string, body: unknown, headers: Record<string, string>) =>
    server
      .fetch(mirrored.api(path), {
        method: "POST",
        host,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      })
      .then(async (response) => ({
        status: response.status,
        body: (await response.json()) as Record<string, string>,
      }));

  const checkout = { priceId: Number(mirrored.prices.monthly) };
  const headers = { ...reader.headers, "idempotency-key": "7d3c1d0e-4a8a-4f6a-9f5e-0d3a4b1c2d3e" };
  const primary = await on("pay.mirrored.example", "start-checkout", checkout, headers);
  const mirror = await on("edge.pay.mirrored.example", "start-checkout", checkout, headers);
  expect(primary.status).toBe(200);
  expect(mirror).toEqual(primary);

  const refreshed = await on(
    "pay.mirrored.example",
    "auth/refresh",
    { refresh_token: reader.refreshToken },
    {},
  );
  const again = await on(
    "edge.pay.mirrored.example",
    "auth/refresh",
    { refresh_token: refreshed.body.refresh_token },
    {},
  );
  expect([refreshed.status, again.status]).toEqual([200, 200]);
});

test("a caller who asks for problem details gets RFC 9457 with the contract's fields beside it", async () => {
  const { status, headers, body } = await server.get<Record<string, unknown>>(
    "/api/v1/paywall/999999/bootstrap",
    {
      accept: "application/problem+json",
    },
  );
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(body).toMatchObject({
    code: "not_found",
    error: "not_found",
    status,
    title: "not_found",
    type: "about:blank",
  });
});

test("a flood from one address is slowed down and its neighbours are not", async () => {
  await using strict = await startTestServer({ env: { TOLLGATE_RATE_LIMIT_PER_MINUTE: "5" } });
  const quiet = await createShop(strict);
  const call = (from: string) => strict.fetch(quiet.api("user-state"), { from });
  const statuses: number[] = [];
  for (let i = 0; i < 7; i += 1) statuses.push((await call("198.51.100.1")).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  const refused = await call("198.51.100.1");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.headers.get("access-control-allow-origin")).toBe("*");
  expect((await call("198.51.100.2")).status).toBe(200);
  // A forged header does not make a new address of an untrusted caller.
  const forged = await strict.fetch(quiet.api("user-state"), {
    from: "198.51.100.1",
    headers: { "x-forwarded-for": "203.0.113.99" },
  });
  expect(forged.status).toBe(429);
});
